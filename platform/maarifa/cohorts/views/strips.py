"""How far each learner is, drawn and in words."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maarifa.cohorts.models import Cohort
from maarifa.cohorts.queries import Figures
from maarifa.curriculum.editions import outline
from maarifa.learning.progress import Step, steps_of
from maarifa.lib import numbers
from maarifa.lib.languages import direction

# One mark and the gap after it, and the height of all.
PITCH, HEIGHT = 13, 18


def strips(figures: dict[int, Figures], cohort: Cohort) -> dict[int, SafeString]:
    """The drawings by the member's id; none where the course has no edition."""
    if not cohort.edition_id:
        return {}
    steps = list(steps_of(outline(cohort.edition_id)))
    return {pk: draw(one, steps) for pk, one in figures.items()}


def draw(one: Figures, steps: Sequence[Step]) -> SafeString:
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


def in_words(one: Figures, steps: Sequence[Step]) -> str:
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
