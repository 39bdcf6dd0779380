"""How far each learner is, drawn and in figures."""

from dataclasses import dataclass, field

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maarifa.curriculum.editions import outline
from maarifa.learning.models import LessonCompletion
from maarifa.learning.progress import steps_of
from maarifa.lib import numbers
from maarifa.lib.languages import direction
from maarifa.quizzes.models import Attempt

# One mark and the gap after it, and the height of all.
PITCH, HEIGHT = 13, 18


@dataclass
class Figures:
    """What the page says of one seat. `best` is the best result of each quiz handed in, in percent."""

    done: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    best: dict[str, float] = field(default_factory=dict)
    strip: SafeString = ""

    @property
    def percent(self) -> int | None:
        """The mean of the best results; None before the first quiz."""
        return int(sum(self.best.values()) / len(self.best)) if self.best else None


def figures(seats, cohort) -> dict[int, Figures]:
    """The figures of the seats whose progress is shared, by the seat's id; two queries, however many there are."""
    shared = {seat.enrolment_id: seat for seat in seats if seat.state == seat.State.ACCEPTED}
    found = {enrolment: Figures() for enrolment in shared}
    for enrolment, key in LessonCompletion.objects.filter(enrolment__in=shared).values_list(
        "enrolment_id", "lesson__key"
    ):
        found[enrolment].done.add(key)
    attempts = Attempt.objects.filter(sitting__enrolment__in=shared).order_by("number")
    for enrolment, key, submitted, passed, score, maximum in attempts.values_list(
        "sitting__enrolment_id", "quiz__key", "submitted_at", "passed", "score", "maximum"
    ):
        _count_attempt(found[enrolment], key.rpartition("/")[2], submitted, passed, score, maximum)
    if cohort.edition_id:
        steps = list(steps_of(outline(cohort.edition_id)))
        for one in found.values():
            one.strip = draw(one, steps)
    return {seat.pk: found[enrolment] for enrolment, seat in shared.items()}


def _count_attempt(one, key, submitted, passed, score, maximum) -> None:
    if submitted is None:
        one.begun.add(key)
        return
    if passed:
        one.passed.add(key)
    (one.failed.discard if key in one.passed else one.failed.add)(key)
    if maximum:
        one.best[key] = max(one.best.get(key, 0), 100 * score / maximum)


def draw(one: Figures, steps) -> SafeString:
    """A mark for each lesson and quiz in order: full bar finished, half begun, cross failed, dot not yet."""
    marks, width = [], PITCH * len(steps)
    for place, step in enumerate(steps):
        left = width - PITCH * (place + 1) if direction(get_language()) == "rtl" else PITCH * place
        done = one.done if step.kind == "lesson" else one.passed
        if step.key in done:
            marks.append(f'<rect x="{left}" y="1" width="10" height="16" rx="2"/>')
        elif step.kind == "quiz" and step.key in one.failed:
            marks.append(f'<path d="M{left + 1} 4l8 10m0-10l-8 10"/>')
        elif step.kind == "quiz" and step.key in one.begun:
            marks.append(f'<rect x="{left}" y="9" width="10" height="8" rx="2"/>')
        else:
            marks.append(f'<circle cx="{left + 5}" cy="15" r="1.5"/>')
    return format_html(
        '<svg class="strip" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        width,
        HEIGHT,
        width,
        HEIGHT,
        in_words(one, steps),
        mark_safe("".join(marks)),  # noqa: S308 - made above, of numbers only
    )


def in_words(one: Figures, steps) -> str:
    """What the drawing shows, for who hears it."""
    language = get_language()
    lessons = {step.key for step in steps if step.kind == "lesson"}
    quizzes = {step.key for step in steps if step.kind == "quiz"}
    words = [
        ngettext(
            "%(done)s of %(total)s lesson finished", "%(done)s of %(total)s lessons finished", len(lessons)
        )
        % {
            "done": numbers.number(len(one.done & lessons), language=language),
            "total": numbers.number(len(lessons), language=language),
        }
    ]
    failed = len(one.failed & quizzes)
    if failed:
        words.append(
            ngettext("%(count)s quiz failed", "%(count)s quizzes failed", failed)
            % {"count": numbers.number(failed, language=language)}
        )
    if one.passed & quizzes:
        words.append(
            ngettext("%(count)s quiz passed", "%(count)s quizzes passed", len(one.passed & quizzes))
            % {"count": numbers.number(len(one.passed & quizzes), language=language)}
        )
    return _(", ").join(words)
