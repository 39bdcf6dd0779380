"""Quizzes: done once they are passed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from maarifa.curriculum import editions
from maarifa.curriculum.activities import OutlineActivity
from maarifa.curriculum.activities.quiz import OutlineQuiz
from maarifa.curriculum.editions import Outline
from maarifa.curriculum.models import EditionQuiz
from maarifa.learning.activities.base import ActivityKind, Mark, Record, Requirement, Result, Row, State
from maarifa.learning.attempts import last_attempts_of_who_used_all
from maarifa.learning.models import Enrolment, EnrolmentQuerySet
from maarifa.learning.templatetags.learning import content_attributes, titled
from maarifa.quizzes.actions import decide_late
from maarifa.quizzes.eligibility import Eligibility, Rules, attempts_with_grants, eligibility_from
from maarifa.quizzes.models import Attempt
from maarifa.ui.templatetags.ui import number, percent, until

if TYPE_CHECKING:
    from maarifa.quizzes.eligibility import AttemptWithGrants

FAILED = "failed"


@dataclass
class QuizRecord(Record):
    """`passed` are the keys of the passed quizzes, `failed` of those of which an attempt was sent that does not count
    as passed.
    """

    enrolment: Enrolment
    outline: Outline
    passed: frozenset[str]
    failed: frozenset[str]
    at: datetime

    @cached_property
    def eligibilities(self) -> dict[str, Eligibility]:
        """Where the learner stands with each quiz of the edition, by its key. One query, where it is not known yet."""
        return _eligibilities(self.outline, _attempts([self.enrolment]), self.at)

    @property
    def done_keys(self) -> frozenset[str]:
        return self.passed

    @property
    def awaiting(self) -> bool:
        return any(stands.awaiting for stands in self.eligibilities.values())

    def counts(self, key: str) -> bool:
        return key in self.passed

    def locked(self, key: str) -> Eligibility | None:
        """All attempts are used, or the wait is not over."""
        if key not in self.failed:
            return None
        stands = self.eligibilities[key]
        return stands if stands.is_locked else None


class QuizKind(ActivityKind):
    name = "quiz"
    url_name = "quiz"

    def title(self, outline: Outline, key: str, language: str) -> dict[str, str]:
        return outline.quiz_texts(key, language)

    def row(
        self,
        outline: Outline,
        activity: OutlineActivity,
        language: str,
        record: Record | None,
        *,
        is_next: bool,
        url: str,
    ) -> Row:
        quiz = cast(OutlineQuiz, activity)
        title = outline.quiz_texts(quiz.key, language)
        stands = cast(QuizRecord, record).eligibilities[quiz.key] if record else None
        again = ""
        if stands and stands.next_at:
            again = _("You can try again %(when)s.") % {"when": until(stands.next_at)}
        questions = ngettext("1 question", "%(number)s questions", quiz.draw)
        return Row(
            mark=_mark(stands),
            url=url,
            title=title["title"],
            attributes=content_attributes(title["language"]),
            aside=questions % {"number": number(quiz.draw)},
            below=again,
        )

    def requirements(
        self, outline: Outline, keys: Sequence[str], record: Record, language: str
    ) -> Iterator[Requirement]:
        for key in keys:
            stands = cast(QuizRecord, record).eligibilities[key]
            text = _("Pass “%(title)s” with at least %(percent)s") % {
                "title": titled(outline.quiz_texts(key, language)),
                "percent": percent(stands.pass_percent),
            }
            yield Requirement(
                mark_safe(text),  # noqa: S308 - ours, with a title that `titled` has escaped
                met=stands.passed,
                awaiting=stands.awaiting and not stands.passed,
            )

    def state_words(self, state: State) -> str:
        texts = {
            State.DONE: pgettext("quiz", "passed"),
            State.FAILED: pgettext("quiz", "not passed"),
            State.BEGUN: pgettext("quiz", "in progress"),
        }
        return texts.get(state) or _("not yet")

    def tally_words(self, states: Collection[State]) -> Iterator[str]:
        failed = sum(state == State.FAILED for state in states)
        passed = sum(state == State.DONE for state in states)
        if failed:
            yield ngettext("%(count)s quiz not passed", "%(count)s quizzes not passed", failed) % {
                "count": number(failed)
            }
        if passed:
            yield ngettext("%(count)s quiz passed", "%(count)s quizzes passed", passed) % {
                "count": number(passed)
            }

    def records(self, enrolments: Iterable[Enrolment], at: datetime) -> dict[int, QuizRecord]:
        enrolments = list(enrolments)
        attempts_by_learner: dict[int, list[AttemptWithGrants]] = {}
        for attempt in _attempts(enrolments):
            attempts_by_learner.setdefault(attempt.learner_id, []).append(attempt)
        return {one.pk: _record(one, attempts_by_learner.get(one.learner_id, []), at) for one in enrolments}

    def keys_at_a_glance(self, outline: Outline) -> tuple[str, ...]:
        return tuple(sorted(outline.quiz_keys))

    def at_a_glance(
        self, course: str, keys: tuple[str, ...], *, enrolment: int, learner: int
    ) -> QuerySet[Any, tuple[Any, ...]]:
        """The text is what came late of it, or that it does not count."""
        counts = Q(passed=True, late__in=Attempt.COUNTED)
        state = Case(When(counts, then=F("late")), default=Value(FAILED), output_field=CharField())
        attempts = Attempt.objects.submitted().filter(
            learner_id=learner, quiz__key__in=_named_in(course, keys)
        )
        return attempts.order_by().values_list(self.named, "quiz__key", state)

    def record_at_a_glance(
        self, rows: Iterable[tuple[str, str]], enrolment: Enrolment, outline: Outline, at: datetime
    ) -> QuizRecord:
        states_by_key: dict[str, set[str]] = {}
        for key, late in rows:
            states_by_key.setdefault(key, set()).add(late)
        passed = frozenset(key for key, states in states_by_key.items() if states - {FAILED})
        return QuizRecord(enrolment, outline, passed, frozenset(states_by_key) - passed, at)

    def results(self, enrolments: Collection[int]) -> Iterator[Result]:
        states: dict[tuple[int, str], State] = {}
        best: dict[tuple[int, str], float] = {}
        attempts = Attempt.objects.filter(enrolment_attempt__enrolment__in=enrolments).order_by("number")
        for enrolment, key, submitted_at, passed, score, maximum in attempts.values_list(
            "enrolment_attempt__enrolment_id", "quiz__key", "submitted_at", "passed", "score", "maximum"
        ):
            place = enrolment, key.rpartition("/")[2]
            if submitted_at is None:
                states.setdefault(place, State.BEGUN)
                continue
            if passed or states.get(place) != State.DONE:
                states[place] = State.DONE if passed else State.FAILED
            if maximum and score is not None:
                best[place] = max(best.get(place, 0), 100 * score / maximum)
        for (enrolment, key), state in states.items():
            yield Result(enrolment, key, state, best.get((enrolment, key)))

    def moments(
        self, enrolment: Enrolment, course: str, keys: Collection[str]
    ) -> QuerySet[Any, tuple[Any, ...]]:
        attempts = Attempt.objects.passed().filter(
            learner_id=enrolment.learner_id, quiz__key__in=_named_in(course, keys)
        )
        return attempts.order_by().values_list(self.named, "quiz__key", "submitted_at")

    def have_done(
        self, enrolments: EnrolmentQuerySet, course: str, keys: Collection[str]
    ) -> EnrolmentQuerySet:
        attempts = Attempt.objects.passed().filter(quiz__key__in=_named_in(course, keys))
        counts = attempts.order_by().values("learner").annotate(number=Count("quiz", distinct=True))
        return enrolments.filter(learner__in=counts.filter(number=len(keys)).values("learner"))

    def still_to_do(self, edition: Any) -> QuerySet[Any]:
        attempts = Attempt.objects.passed().filter(
            learner=OuterRef(OuterRef("learner")), quiz=OuterRef("quiz")
        )
        last_attempts = last_attempts_of_who_used_all().filter(
            enrolment_attempt__enrolment=OuterRef(OuterRef("pk")), quiz=OuterRef("quiz")
        )
        quizzes = EditionQuiz.objects.filter(edition=edition)
        return quizzes.exclude(Exists(attempts)).exclude(Exists(last_attempts)).order_by()

    def late(self, enrolment: OuterRef | F | int) -> QuerySet[Any]:
        return Attempt.objects.filter(enrolment_attempt__enrolment=enrolment, late=Attempt.Late.AWAITING)

    def accept_late(self, enrolment: Enrolment) -> int:
        return sum(decide_late(attempt=attempt, accept=True) for attempt in self.late(enrolment.pk))


def _named_in(course: str, keys: Iterable[str]) -> list[str]:
    """As quizzes are named among those of all courses."""
    return [f"{course}/{key}" for key in keys]


def _attempts(enrolments: Collection[Enrolment]) -> "QuerySet[AttemptWithGrants]":
    """At the quizzes of their editions, in the order of their numbers."""
    outlines = [editions.outline(one.edition_id) for one in enrolments]
    keys = {name for one in outlines for name in _named_in(one.course, one.quiz_keys)}
    learners = {one.learner_id for one in enrolments}
    return attempts_with_grants().filter(learner__in=learners, quiz__key__in=sorted(keys)).order_by("number")


def _record(enrolment: Enrolment, attempts: "Iterable[AttemptWithGrants]", at: datetime) -> QuizRecord:
    outline = editions.outline(enrolment.edition_id)
    stands = _eligibilities(outline, attempts, at)
    passed = frozenset(key for key, one in stands.items() if one.passed)
    failed = frozenset(key for key, one in stands.items() if one.submissions) - passed
    record = QuizRecord(enrolment, outline, passed, failed, at)
    record.eligibilities = stands
    return record


def _eligibilities(
    outline: Outline, attempts: "Iterable[AttemptWithGrants]", at: datetime
) -> dict[str, Eligibility]:
    quizzes = [one for one in outline.activities if isinstance(one, OutlineQuiz)]
    rules = {quiz.id: Rules(quiz.pass_percent, quiz.attempts, quiz.wait_minutes) for quiz in quizzes}
    stands = eligibility_from(rules=rules, attempts=[a for a in attempts if a.quiz_id in rules], at=at)
    return {quiz.key: stands[quiz.id] for quiz in quizzes}


def _mark(stands: Eligibility | None) -> Mark:
    if stands and stands.passed:
        return Mark("✓", "done", pgettext("quiz", "passed"))
    if stands and stands.is_locked:
        return Mark("✗", "bad", pgettext("quiz", "not passed"))
    if stands and stands.submissions:
        return Mark("●", "now", pgettext("quiz", "in progress"))
    return Mark("○", "", pgettext("quiz", "not yet done"))
