"""How far a learner is, and what comes next."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone

from maarifa.curriculum.editions import Outline, outline
from maarifa.learning.models import Enrolment, LessonCompletion
from maarifa.lib.prepared import Prepared
from maarifa.quizzes.eligibility import Eligibility, Rules, attempts_with_grants, eligibility_from
from maarifa.quizzes.models import Attempt

if TYPE_CHECKING:
    from maarifa.quizzes.eligibility import AttemptWithGrants

FAILED = "failed"


@dataclass(frozen=True)
class Step:
    """A lesson or a quiz in the order of the course."""

    kind: str  # "lesson" or "quiz"
    key: str
    module: str


@dataclass
class Progress:
    """`done` says of each finished lesson whether it came late; `passed` are the keys of the passed quizzes, `failed`
    of those of which an attempt was sent that does not count as passed.
    """

    enrolment: Enrolment
    outline: Outline
    done: dict[str, str]
    passed: frozenset[str]
    failed: frozenset[str]
    at: datetime

    @classmethod
    def of(cls, enrolment: Enrolment, read: Outline, *, with_quizzes: bool = True) -> "Progress":
        """One query, whatever the size of the course; a second one for `quizzes`, unless told otherwise: then it is
        made where the next step depends on them.
        """
        if with_quizzes:
            return cls.from_rows(enrolment, dict(_lessons(enrolment.pk)), _attempts_of(enrolment, read))
        # Keys of lessons have no slash; those of quizzes begin with the course's.
        prefix = f"{read.course}/"
        rows = _finished(tuple(sorted(read.quiz_keys)), read.course).rows(
            enrolment=enrolment.pk, learner=enrolment.learner_id
        )
        done: dict[str, str] = {}
        sent: dict[str, set[str]] = {}
        for key, late in rows:
            if key.startswith(prefix):
                sent.setdefault(key.removeprefix(prefix), set()).add(late)
            else:
                done[key] = late
        passed = frozenset(key for key, states in sent.items() if states - {FAILED})
        return cls(enrolment, read, done, passed, frozenset(sent) - passed, timezone.now())

    @classmethod
    def of_all(cls, enrolments: Collection[Enrolment], *, at: datetime | None = None) -> "list[Progress]":
        """Of many enrolments, of one learner or of several, in two queries."""
        done: dict[int, dict[str, str]] = {enrolment.pk: {} for enrolment in enrolments}
        finished = LessonCompletion.objects.filter(enrolment__in=done).order_by()
        for pk, key, late in finished.values_list("enrolment_id", "lesson__key", "late"):
            done[pk][key] = late
        made: dict[int, list[AttemptWithGrants]] = {}
        learners = {enrolment.learner_id for enrolment in enrolments}
        for attempt in attempts_with_grants().filter(learner__in=learners).order_by("number"):
            made.setdefault(attempt.learner_id, []).append(attempt)
        return [cls.from_rows(one, done[one.pk], made.get(one.learner_id, []), at=at) for one in enrolments]

    @classmethod
    def from_rows(
        cls,
        enrolment: Enrolment,
        done: dict[str, str],
        attempts: "Iterable[AttemptWithGrants]",
        *,
        at: datetime | None = None,
    ) -> "Progress":
        """`attempts`: the learner's `attempts_with_grants` in the order of their numbers, also at other quizzes."""
        read = outline(enrolment.edition_id)
        at = at or timezone.now()
        quizzes = _eligibilities(read, attempts, at)
        passed = frozenset(key for key, stands in quizzes.items() if stands.passed)
        failed = frozenset(key for key, stands in quizzes.items() if stands.made) - passed
        progress = cls(enrolment, read, done, passed, failed, at)
        progress.quizzes = quizzes
        return progress

    @cached_property
    def quizzes(self) -> dict[str, Eligibility]:
        """Where the learner stands with each quiz of the edition, by its key."""
        return _eligibilities(self.outline, _attempts_of(self.enrolment, self.outline), self.at)

    @property
    def lessons_total(self) -> int:
        return len(self.outline.lesson_keys)

    @property
    def lessons_done(self) -> int:
        return len(self.outline.lesson_keys & self.done.keys())

    @property
    def counted(self) -> frozenset[str]:
        """The finished lessons that count: done in time, or late and accepted."""
        counts = (Attempt.Late.NO, Attempt.Late.ACCEPTED)
        return frozenset(key for key, late in self.done.items() if late in counts)

    @property
    def awaiting(self) -> bool:
        """Something came late, and nobody has decided yet."""
        return Attempt.Late.AWAITING in self.done.values() or any(
            stands.awaiting for stands in self.quizzes.values()
        )

    def is_done(self, step: Step) -> bool:
        return step.key in (self.done if step.kind == "lesson" else self.passed)

    def is_locked(self, step: Step) -> bool:
        """True for a quiz that cannot be tried now: all attempts used, or still to wait."""
        return step.kind == "quiz" and step.key in self.failed and self.quizzes[step.key].is_locked

    def next_step(self, after: Step | None = None) -> Step | None:
        """The first step that can be done now and is not, behind `after`, else the first one anywhere; None when all
        is done, or nothing can be done now: `locked` says which.
        """
        steps = list(steps_of(self.outline))
        if after in steps:
            position = steps.index(after)
            steps = steps[position + 1 :] + steps[:position]
        return next((step for step in steps if not self.is_done(step) and not self.is_locked(step)), None)

    def locked(self) -> list[tuple[Step, Eligibility]]:
        """The quizzes that cannot be tried now; those that only need waiting for first, the soonest of them ahead."""
        found = [
            (step, self.quizzes[step.key])
            for step in steps_of(self.outline)
            if not self.is_done(step) and self.is_locked(step)
        ]
        return sorted(found, key=lambda one: (one[1].next_at is None, one[1].next_at or self.at))

    def previous_step(self, step: Step) -> Step | None:
        """The step before in the order of the course; None before the first, and for a step it has no more."""
        steps = list(steps_of(self.outline))
        position = steps.index(step) if step in steps else 0
        return steps[position - 1] if position else None


def _lessons(enrolment_id: int) -> QuerySet[LessonCompletion, tuple[str, str]]:
    done = LessonCompletion.objects.filter(enrolment_id=enrolment_id)
    return done.order_by().values_list("lesson__key", "late")


def _attempts_of(enrolment: Enrolment, read: Outline) -> "QuerySet[AttemptWithGrants]":
    keys = [f"{read.course}/{key}" for key in read.quiz_keys]
    return (
        attempts_with_grants().filter(learner_id=enrolment.learner_id, quiz__key__in=keys).order_by("number")
    )


@lru_cache(maxsize=500)
def _finished(quiz_keys: tuple[str, ...], course: str) -> Prepared:
    """The keys of the lessons done and of the attempts sent, and what came late of both, or that an attempt does not
    count: on the hot path.
    """
    keys = [f"{course}/{key}" for key in quiz_keys]
    counts = Q(passed=True, late__in=[Attempt.Late.NO, Attempt.Late.ACCEPTED])
    state = Case(When(counts, then=F("late")), default=Value(FAILED), output_field=CharField())

    def make(enrolment: int, learner: int) -> QuerySet[Any, tuple[str, str]]:
        sent = Attempt.objects.submitted().filter(learner_id=learner, quiz__key__in=keys).order_by()
        return _lessons(enrolment).union(sent.values_list("quiz__key", state), all=True)

    return Prepared(make, enrolment=int, learner=int)


def _eligibilities(
    read: Outline, attempts: "Iterable[AttemptWithGrants]", at: datetime
) -> dict[str, Eligibility]:
    quizzes = [quiz for key in read.quiz_keys if (quiz := read.quiz(key))]
    rules = {quiz.id: Rules(quiz.pass_percent, quiz.attempts, quiz.wait_minutes) for quiz in quizzes}
    stands = eligibility_from(rules=rules, attempts=[a for a in attempts if a.quiz_id in rules], at=at)
    return {quiz.key: stands[quiz.id] for quiz in quizzes}


def steps_of(read: Outline) -> Iterator[Step]:
    """Every lesson and quiz in order."""
    for module in read.modules:
        for lesson in module.lessons:
            yield Step("lesson", lesson.key, module.key)
        if module.quiz:
            yield Step("quiz", module.quiz.key, module.key)


def step_url(course: str, step: Step | None, enrolment: Enrolment | None = None, language: str = "") -> str:
    """Where a step is; the course where there is none. A lesson keeps the language that was asked for."""
    if step is None:
        return reverse("course", args=[course])
    url = reverse("lesson" if step.kind == "lesson" else "quiz", args=[course, step.key])
    return f"{url}?in={language}" if enrolment and language and language != enrolment.language else url


def step_words(read: Outline, step: Step | None, language: str) -> dict[str, str]:
    """The title of a step and the language that it is in; empty where there is no step."""
    if step is None:
        return {}
    if step.kind == "quiz":
        return read.quiz_words(step.key, language)
    lesson = read.lesson(step.key)
    if lesson is None:
        return {}
    return {"title": lesson.words(language)["title"], "language": lesson.language(language)}


def locked_words(progress: Progress, language: str) -> list[dict[str, Any]]:
    """What stands in the way of who cannot go on now: quizzes, each with its title, its address and how it stands.
    Empty where there is a next step.
    """
    if progress.next_step() is not None:
        return []
    read = progress.outline
    return [
        {
            "key": step.key,
            "title": step_words(read, step, language),
            "url": step_url(read.course, step),
            "eligibility": stands,
        }
        for step, stands in progress.locked()
    ]
