"""What course.yaml may say. Fields stand in the order in which they are written."""

from typing import Annotated, Any, ClassVar, Literal, Self, cast

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field, PlainValidator, SerializeAsAny, model_validator

from maarifa.coursefiles.fieldtypes import (
    MOST_MINUTES,
    Keys,
    Language,
    Level,
    Minutes,
    all_or_keys,
    attempts_said,
)
from maarifa.lib.shapes import Key, Line, Shape, once_each, refuse
from maarifa.quizzes.enums import ReviewRule
from maarifa.quizzes.stored import LONGEST_TIME_LIMIT

TWO_LISTS = _(
    "This module has a list of activities, which already contains its lessons and quizzes in order. "
    "Remove this field."
)


class LessonEntry(Shape):
    names: ClassVar = "lesson"

    key: Key
    activity_minutes: Minutes
    outcomes: Keys | None = None


class Cell(Shape):
    """So many questions of one outcome and one level are drawn."""

    outcome: Key
    level: Level
    count: Annotated[int, Field(ge=1, le=500)]


def _unless_usual(review: str) -> str | None:
    """The usual rule is not written: naming it says nothing new."""
    return None if review == ReviewRule.ALL else review


class QuizEntry(Shape):
    names: ClassVar = "quiz"

    key: Key
    bank: Key
    draw: Annotated[int, Field(ge=1, le=500)]
    cells: Annotated[list[Cell], Field(min_length=1)] | None = None
    pass_percent: Annotated[int, Field(ge=1, le=100)]
    attempts: Annotated[int | str, PlainValidator(attempts_said)]
    wait_minutes: Minutes
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]
    time_limit: Annotated[int, Field(ge=1, le=LONGEST_TIME_LIMIT)] | None = None
    review: Annotated[Literal["all", "score", "after-close"], AfterValidator(_unless_usual)] | None = None


class _Kind(Shape):
    kind: str


class LessonActivity(LessonEntry, _Kind):
    kind: Literal["lesson"] = "lesson"


class QuizActivity(QuizEntry, _Kind):
    kind: Literal["quiz"] = "quiz"


ACTIVITIES: dict[str, type[LessonActivity] | type[QuizActivity]] = {
    "lesson": LessonActivity,
    "quiz": QuizActivity,
}
"""What stands in a list of activities, by its kind."""


def _activity(value: Any) -> Shape:
    if not isinstance(value, dict):
        raise refuse("dict_type")
    if "kind" not in value:
        raise refuse("missing", at="kind")
    kind = value["kind"]
    if not isinstance(kind, str) or kind not in ACTIVITIES:
        raise refuse("literal_error", value=str(kind), expected=", ".join(ACTIVITIES), at="kind")
    fields = ACTIVITIES[kind].model_fields
    for name in value:
        if name not in fields:
            raise refuse("extra_forbidden", allowed=", ".join(fields), at=name)
    return ACTIVITIES[kind].model_validate(value)


AnyActivity = Annotated[SerializeAsAny[Shape], PlainValidator(_activity)]


class ModuleEntry(Shape):
    """`lessons`, and the `quiz` that follows them; or `activities`, in any order."""

    key: Key
    lessons: Annotated[list[LessonEntry], Field(min_length=1)] | None = None
    activities: Annotated[list[AnyActivity], Field(min_length=1)] | None = None
    worksheet: Key | None = None
    quiz: QuizEntry | None = None

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        if self.activities is None and self.lessons is None:
            raise refuse("missing", at="lessons")
        if self.activities is not None and (self.lessons or self.quiz):
            raise refuse("two_lists", template=TWO_LISTS, at="lessons" if self.lessons else "quiz")
        return self

    @property
    def placed(self) -> list[tuple[tuple[str | int, ...], LessonEntry | QuizEntry]]:
        """What stands in it, in order, each with its path in the module."""
        if self.activities is not None:
            entries = cast("list[LessonEntry | QuizEntry]", self.activities)
            return [(("activities", number), one) for number, one in enumerate(entries)]
        lessons: list[tuple[tuple[str | int, ...], LessonEntry | QuizEntry]] = [
            (("lessons", number), one) for number, one in enumerate(self.lessons or ())
        ]
        return [*lessons, (("quiz",), self.quiz)] if self.quiz else lessons

    @property
    def in_order(self) -> list[LessonEntry | QuizEntry]:
        return [one for _path, one in self.placed]

    def shortest(self) -> "ModuleEntry":
        """As it is written: without a list of activities, where a quiz or none follows lessons."""
        entries = self.in_order
        quiz = entries[-1] if len(entries) > 1 and isinstance(entries[-1], QuizEntry) else None
        lessons = entries[:-1] if quiz else entries
        if self.activities is None or not all(isinstance(one, LessonEntry) for one in lessons):
            return self
        return ModuleEntry.model_construct(
            key=self.key,
            lessons=[LessonEntry.model_construct(**one.model_dump(exclude={"kind"})) for one in lessons],
            activities=None,
            worksheet=self.worksheet,
            quiz=QuizEntry.model_construct(**_fields(quiz)) if quiz else None,
        )


def _fields(quiz: QuizEntry) -> dict[str, Any]:
    return {name: getattr(quiz, name) for name in QuizEntry.model_fields}


class Requirements(Shape):
    lessons: Annotated[str | list[str], PlainValidator(all_or_keys)]
    quizzes: Keys


class CourseFile(Shape):
    format: Literal[1]
    key: Key
    profile: Literal["maarifa", "partner"] | None = None
    source_language: Language
    languages: Annotated[list[Language], Field(min_length=1), AfterValidator(once_each)]
    licence: Line
    authors: Annotated[list[Line], Field(min_length=1), AfterValidator(once_each)]
    outcomes: Keys
    modules: Annotated[list[ModuleEntry], Field(min_length=1)]
    requirements: Requirements

    @property
    def lesson_keys(self) -> list[str]:
        return [one.key for one in self._in_order if isinstance(one, LessonEntry)]

    @property
    def quizzes(self) -> list[QuizEntry]:
        return [one for one in self._in_order if isinstance(one, QuizEntry)]

    @property
    def _in_order(self) -> list[LessonEntry | QuizEntry]:
        return [one for module in self.modules for one in module.in_order]
