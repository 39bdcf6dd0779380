"""Quizzes: a version of each, with the rules that pages tell."""

from collections.abc import Mapping
from typing import Any, Literal, Self, cast

from maarifa.curriculum.activities.base import ActivityKind, CompiledActivity, OutlineActivity, Work
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import Activity
from maarifa.quizzes.models import Quiz
from maarifa.quizzes.stored import RULES, ReviewName


class PinnedQuiz(CompiledActivity):
    """`version` is None where none has been made yet that says this; never in an edition."""

    kind: Literal["quiz"] = "quiz"
    version: int | None
    draw: int
    pass_percent: int
    attempts: int | None
    wait_minutes: int
    time_limit: int | None = None
    review: ReviewName = "all"

    def pinned(self, versions: Mapping[int, int | None]) -> Self:
        return self.model_copy(update={"version": versions[self.id]})


class OutlineQuiz(OutlineActivity):
    """`version` is the id of the quiz version that the edition pins."""

    kind = "quiz"

    def __init__(self, compiled: PinnedQuiz, module: str) -> None:
        super().__init__(compiled, module)
        self.version = cast(int, compiled.version)
        self.draw = compiled.draw
        self.pass_percent = compiled.pass_percent
        self.attempts = compiled.attempts
        self.wait_minutes = compiled.wait_minutes
        self.time_limit = compiled.time_limit
        self.review = compiled.review


class QuizKind(ActivityKind):
    name = "quiz"
    plural = "quizzes"
    compiled = PinnedQuiz

    def compile(self, activity: Activity, work: Work) -> PinnedQuiz:
        quiz = cast(Quiz, activity.quiz)
        rules = work.quizzes[quiz.pk].rules
        return PinnedQuiz(
            key=quiz.own_key,
            id=quiz.pk,
            version=None,
            **{name: rules[name] for name in RULES if name in rules},
        )

    def outline(self, compiled: CompiledActivity, module: str, source_language: str) -> OutlineQuiz:
        return OutlineQuiz(cast(PinnedQuiz, compiled), module)

    def required(self, requirement: Any, draft: Draft) -> list[str]:
        return list(requirement)
