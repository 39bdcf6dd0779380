"""Lessons: done once they are read."""

from collections.abc import Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from maarifa.curriculum.activities import OutlineActivity
from maarifa.curriculum.activities.lesson import OutlineLesson
from maarifa.curriculum.editions import Outline
from maarifa.curriculum.models import EditionEntry
from maarifa.learning.activities.base import ActivityKind, Mark, Record, Requirement, Result, Row, State
from maarifa.learning.models import Enrolment, EnrolmentQuerySet, LessonCompletion
from maarifa.learning.templatetags.learning import content_attributes, language_name_local
from maarifa.quizzes.models import Attempt
from maarifa.ui.templatetags.ui import duration_minutes, number


@dataclass(frozen=True)
class LessonRecord(Record):
    """`done` says of each finished lesson whether it came late."""

    done: dict[str, str]

    @property
    def done_keys(self) -> Set[str]:
        return self.done.keys()

    @property
    def awaiting(self) -> bool:
        return Attempt.Late.AWAITING in self.done.values()

    def counts(self, key: str) -> bool:
        return self.done.get(key) in Attempt.COUNTED


class LessonKind(ActivityKind):
    name = "lesson"
    url_name = "lesson"

    def title(self, outline: Outline, key: str, language: str) -> dict[str, str]:
        lesson = cast(OutlineLesson, outline.lesson(key))
        return {"title": lesson.texts(language)["title"], "language": lesson.language(language)}

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
        lesson = cast(OutlineLesson, activity)
        text_language = lesson.language(language)
        missing = _("in %(language)s, not yet translated") % {"language": language_name_local(text_language)}
        return Row(
            mark=_mark(lesson.key in record.done_keys if record else False, is_next=is_next),
            url=url,
            title=lesson.texts(language)["title"],
            attributes=content_attributes(text_language),
            aside=duration_minutes(lesson.minutes),
            tag=missing if text_language != language else "",
        )

    def requirements(
        self, outline: Outline, keys: Sequence[str], record: Record, language: str
    ) -> Iterator[Requirement]:
        if not keys:
            return
        late = cast(LessonRecord, record).done
        done = sum(record.counts(key) for key in keys)
        text = ngettext(
            "Finish the lesson (%(done)s done)", "Finish the %(total)s lessons (%(done)s done)", len(keys)
        )
        yield Requirement(
            text % {"total": number(len(keys)), "done": number(done)},
            met=done == len(keys),
            awaiting=any(late.get(key) == Attempt.Late.AWAITING for key in keys),
        )

    def state_words(self, state: State) -> str:
        return pgettext("lesson", "done") if state == State.DONE else _("not yet")

    def tally_words(self, states: Collection[State]) -> Iterator[str]:
        done = sum(state == State.DONE for state in states)
        yield ngettext(
            "%(done)s of %(total)s lesson done", "%(done)s of %(total)s lessons done", len(states)
        ) % {
            "done": number(done),
            "total": number(len(states)),
        }

    def records(self, enrolments: Iterable[Enrolment], at: datetime) -> dict[int, LessonRecord]:
        done: dict[int, dict[str, str]] = {enrolment.pk: {} for enrolment in enrolments}
        completions = LessonCompletion.objects.filter(enrolment__in=done).order_by()
        for pk, key, late in completions.values_list("enrolment_id", "lesson__key", "late"):
            done[pk][key] = late
        return {pk: LessonRecord(keys) for pk, keys in done.items()}

    def at_a_glance(
        self, course: str, keys: tuple[str, ...], *, enrolment: int, learner: int
    ) -> QuerySet[Any, tuple[Any, ...]]:
        completions = LessonCompletion.objects.filter(enrolment_id=enrolment).order_by()
        return completions.values_list(self.named, "lesson__key", "late")

    def record_at_a_glance(
        self, rows: Iterable[tuple[str, str]], enrolment: Enrolment, outline: Outline, at: datetime
    ) -> LessonRecord:
        return LessonRecord(dict(rows))

    def results(self, enrolments: Collection[int]) -> Iterator[Result]:
        completions = LessonCompletion.objects.filter(enrolment__in=enrolments)
        for enrolment, key in completions.values_list("enrolment_id", "lesson__key"):
            yield Result(enrolment, key, State.DONE)

    def moments(
        self, enrolment: Enrolment, course: str, keys: Collection[str]
    ) -> QuerySet[Any, tuple[Any, ...]]:
        completions = LessonCompletion.objects.counted().filter(enrolment=enrolment).order_by()
        return completions.values_list(self.named, "lesson__key", "happened_at")

    def have_done(
        self, enrolments: EnrolmentQuerySet, course: str, keys: Collection[str]
    ) -> EnrolmentQuerySet:
        completions = LessonCompletion.objects.counted().filter(
            lesson__course__key=course, lesson__key__in=keys
        )
        counts = completions.order_by().values("enrolment").annotate(number=Count("lesson", distinct=True))
        return enrolments.filter(pk__in=counts.filter(number=len(keys)).values("enrolment"))

    def still_to_do(self, edition: Any) -> QuerySet[Any]:
        completions = LessonCompletion.objects.filter(
            enrolment=OuterRef(OuterRef("pk")), lesson=OuterRef("lesson")
        )
        return EditionEntry.objects.filter(edition=edition).exclude(Exists(completions)).order_by()

    def late(self, enrolment: OuterRef | F | int) -> QuerySet[Any]:
        return LessonCompletion.objects.filter(enrolment=enrolment, late=Attempt.Late.AWAITING)

    def accept_late(self, enrolment: Enrolment) -> int:
        return self.late(enrolment.pk).update(late=Attempt.Late.ACCEPTED)


def _mark(done: bool, *, is_next: bool) -> Mark:
    if done:
        return Mark("✓", "done", pgettext("lesson", "done"))
    if is_next:
        return Mark("●", "now", pgettext("lesson", "next"))
    return Mark("○", "", pgettext("lesson", "not yet done"))
