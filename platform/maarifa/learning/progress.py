"""How far a learner is, and what comes next. What kinds of activity there are, `activities` knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import cast

from django.urls import reverse
from django.utils import timezone

from maarifa.curriculum import editions
from maarifa.curriculum.activities import Place
from maarifa.curriculum.editions import Outline
from maarifa.learning.activities import KINDS, LESSON, QUIZ, LessonRecord, QuizRecord, Record
from maarifa.learning.models import Enrolment
from maarifa.lib.prepared import Prepared
from maarifa.quizzes.eligibility import Eligibility


@dataclass(frozen=True)
class Step:
    """An activity in the order of the course."""

    kind: str
    key: str
    module: str


@dataclass
class Progress:
    """`records` say by the kind of activity how the learner stands with those of the edition."""

    enrolment: Enrolment
    outline: Outline
    records: dict[str, Record]
    at: datetime

    @classmethod
    def of(cls, enrolment: Enrolment) -> "Progress":
        """A query for each kind of activity, whatever the size of the course."""
        (progress,) = cls.of_all([enrolment])
        return progress

    @classmethod
    def at_a_glance(cls, enrolment: Enrolment, outline: Outline) -> "Progress":
        """One query, for the hot path; a second one where the next activity depends on who may try what again."""
        keys = tuple((kind.name, kind.keys_at_a_glance(outline)) for kind in KINDS.values())
        rows = _finished(outline.course, keys).rows(enrolment=enrolment.pk, learner=enrolment.learner_id)
        at = timezone.now()
        rows_by_kind: dict[str, list[tuple[str, str]]] = {name: [] for name in KINDS}
        for name, key, text in rows:
            rows_by_kind[name].append((_own(key), text))
        records = {
            kind.name: kind.record_at_a_glance(rows_by_kind[kind.name], enrolment, outline, at)
            for kind in KINDS.values()
        }
        return cls(enrolment, outline, records, at)

    @classmethod
    def of_all(cls, enrolments: Iterable[Enrolment], *, at: datetime | None = None) -> "list[Progress]":
        """Of many enrolments, of one learner or of several: a query for each kind of activity."""
        enrolments, at = list(enrolments), at or timezone.now()
        records = {kind.name: kind.records(enrolments, at) for kind in KINDS.values()}
        return [
            cls(
                one,
                editions.outline(one.edition_id),
                {name: by_enrolment[one.pk] for name, by_enrolment in records.items()},
                at,
            )
            for one in enrolments
        ]

    @property
    def done(self) -> dict[str, str]:
        """Of each finished lesson, whether it came late."""
        return cast(LessonRecord, self.records[LESSON.name]).done

    @property
    def quizzes(self) -> dict[str, Eligibility]:
        """Where the learner stands with each quiz of the edition, by its key."""
        return cast(QuizRecord, self.records[QUIZ.name]).eligibilities

    @property
    def lessons_total(self) -> int:
        return len(self.outline.lesson_keys)

    @property
    def lessons_done(self) -> int:
        return len(self.outline.lesson_keys & self.done.keys())

    @property
    def done_keys(self) -> list[list[str]]:
        """Of each kind, the keys of what is done."""
        return [sorted(record.done_keys) for record in self.records.values()]

    @property
    def has_begun(self) -> bool:
        """Something in the edition is done."""
        return any(self.is_done(step) for step in self.steps)

    @property
    def awaiting(self) -> bool:
        """Something came late, and nobody has decided yet."""
        return any(record.awaiting for record in self.records.values())

    @cached_property
    def steps(self) -> list[Step]:
        return list(steps_of(self.outline))

    def counts(self, place: Place) -> bool:
        """Whether it counts for completion: done in time, or late and accepted."""
        return self.records[place.kind].counts(place.key)

    def is_done(self, step: Step) -> bool:
        return step.key in self.records[step.kind].done_keys

    def is_locked(self, step: Step) -> bool:
        """True where it cannot be done now: all attempts used, or still to wait."""
        return self.records[step.kind].locked(step.key) is not None

    def next_activity(self, after: Step | None = None) -> Step | None:
        """The first activity that can be done now and is not, behind `after`, else the first one anywhere; None when
        all is done, or nothing can be done now: `locked` says which.
        """
        steps = self.steps
        if after in steps:
            position = steps.index(after)
            steps = steps[position + 1 :] + steps[:position]
        return next((step for step in steps if not self.is_done(step) and not self.is_locked(step)), None)

    def locked(self) -> list[tuple[Step, Eligibility]]:
        """What cannot be tried now; what only needs waiting for first, the soonest of it ahead."""
        locked_steps = [
            (step, stands)
            for step in self.steps
            if not self.is_done(step) and (stands := self.records[step.kind].locked(step.key))
        ]
        return sorted(locked_steps, key=lambda one: (one[1].next_at is None, one[1].next_at or self.at))

    def previous_activity(self, step: Step) -> Step | None:
        """The activity before in the order of the course; None before the first, and for a step it has no more."""
        position = self.steps.index(step) if step in self.steps else 0
        return self.steps[position - 1] if position else None


@lru_cache(maxsize=500)
def _finished(course: str, keys: tuple[tuple[str, tuple[str, ...]], ...]) -> Prepared:
    """What is done, of every kind: on the hot path."""

    def make(enrolment: int, learner: int):  # type: ignore[no-untyped-def]
        first, *others = (
            KINDS[name].at_a_glance(course, kind_keys, enrolment=enrolment, learner=learner)
            for name, kind_keys in keys
        )
        return first.union(*others, all=True)

    return Prepared(make, enrolment=int, learner=int)


def _own(key: str) -> str:
    """A key without that of the course, which is before the slash."""
    return key.rpartition("/")[2]


def steps_of(outline: Outline) -> Iterator[Step]:
    """Every activity in order."""
    for one in outline.activities:
        yield Step(one.kind, one.key, one.module)


def step_url(course: str, step: Step | None, enrolment: Enrolment | None = None, language: str = "") -> str:
    """Where a step is; the course where there is none. A lesson keeps the language that was asked for."""
    if step is None:
        return reverse("course", args=[course])
    url = reverse(KINDS[step.kind].url_name, args=[course, step.key])
    return f"{url}?in={language}" if enrolment and language and language != enrolment.language else url


def step_texts(outline: Outline, step: Step | None, language: str) -> dict[str, str]:
    """The title of a step and the language that it is in; empty where there is no step."""
    return KINDS[step.kind].title(outline, step.key, language) if step else {}


def locked_texts(progress: Progress, language: str) -> list[dict[str, object]]:
    """What stands in the way of who cannot go on now: quizzes, each with its title, its address and how it stands.
    Empty where there is a next activity.
    """
    if progress.next_activity() is not None:
        return []
    outline = progress.outline
    return [
        {
            "key": step.key,
            "title": step_texts(outline, step, language),
            "url": step_url(outline.course, step),
            "eligibility": stands,
        }
        for step, stands in progress.locked()
    ]
