"""How far each learner is, as a progress strip and in words."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maarifa.cohorts.models import Cohort
from maarifa.cohorts.queries import Figures
from maarifa.curriculum.editions import outline
from maarifa.learning.activities import KINDS, State
from maarifa.learning.progress import steps_of
from maarifa.lib.languages import direction

# One mark and the gap after it, and the height of all.
PITCH, HEIGHT = 13, 18
# At this distance from the left.
_MARKS = {
    State.DONE: '<rect x="{left}" y="1" width="10" height="16" rx="2"/>',
    State.FAILED: '<path d="M{inside} 4l8 10m0-10l-8 10"/>',
    State.BEGUN: '<rect x="{left}" y="9" width="10" height="8" rx="2"/>',
    State.NOT_YET: '<circle cx="{middle}" cy="15" r="1.5"/>',
}


def progress_strips(figures: dict[int, Figures], cohort: Cohort) -> dict[int, SafeString]:
    """A progress strip for each member, by the member's id; none where the course has no edition."""
    if not cohort.edition_id:
        return {}
    steps = list(steps_of(outline(cohort.edition_id)))
    return {pk: _render([(step.kind, one.state(step)) for step in steps]) for pk, one in figures.items()}


def _render(states: Sequence[tuple[str, State]]) -> SafeString:
    """A mark for each activity in order, given as kind and state: full bar finished, half begun, cross failed, dot not
    yet.
    """
    marks, width = [], PITCH * len(states)
    for place, (_kind, state) in enumerate(states):
        x = width - PITCH * (place + 1) if direction(get_language()) == "rtl" else PITCH * place
        marks.append(_MARKS[state].format(left=x, inside=x + 1, middle=x + 5))
    return format_html(
        '<svg class="strip" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        width,
        HEIGHT,
        width,
        HEIGHT,
        _in_words(states),
        mark_safe("".join(marks)),  # noqa: S308 - made above, of numbers only
    )


def _in_words(states: Sequence[tuple[str, State]]) -> str:
    """What the strip shows, for who hears it."""
    return _(", ").join(
        tally
        for kind in KINDS.values()
        for tally in kind.tally_words([state for name, state in states if name == kind.name])
    )
