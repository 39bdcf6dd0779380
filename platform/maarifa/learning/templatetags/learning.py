"""Words of a course for its pages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maarifa.curriculum.editions import Outline
from maarifa.learning.models import Enrolment
from maarifa.lib import dates, numbers
from maarifa.lib.languages import direction
from maarifa.quizzes.eligibility import Eligibility
from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import Attempt

if TYPE_CHECKING:
    # Which stands on this module: kinds of activity say things with it.
    from maarifa.learning.progress import Progress

register = template.Library()


@register.filter
def language_name_local(code: str) -> str:
    """A language in its own words; the code where nobody has told Django of it."""
    return dict(settings.LANGUAGES).get(code) or LANG_INFO.get(code, {}).get("name_local", code)


@register.simple_tag
def same_language(code: str) -> bool:
    return code == get_language()


@register.simple_tag
def content_attributes(code: str) -> str:
    """lang and dir for texts of the course, where they are not the page's own."""
    if code == get_language():
        return ""
    return format_html(' lang="{}" dir="{}"', code, direction(code))


@register.simple_tag
def texts_attributes(code: str) -> str:
    """As `content_attributes`, for texts that were copied long ago: their language may not be known."""
    return content_attributes(code) if code else mark_safe(' dir="auto"')


@register.filter
def titled(texts: Mapping[str, str]) -> str:
    """A title of the course within a sentence of the page: apart from it, and in its own language."""
    return (
        format_html("<bdi{}>{}</bdi>", content_attributes(texts["language"]), texts["title"]) if texts else ""
    )


@register.simple_tag
def lessons_done_words(progress: "Progress") -> str:
    language = get_language()
    return ngettext(
        "%(done)s of %(total)s lesson done", "%(done)s of %(total)s lessons done", progress.lessons_total
    ) % {
        "done": numbers.number(progress.lessons_done, language=language),
        "total": numbers.number(progress.lessons_total, language=language),
    }


@register.simple_tag
def whole_course_size(outline: Outline, language: str) -> str:
    return numbers.size(outline.bytes(language), language=get_language())


@register.simple_tag
def deadline_state(enrolment: Enrolment) -> str:
    """How the deadline stands now: see `learning.models.Deadline`."""
    return enrolment.deadline(timezone.now())


@register.simple_tag
def own_moment(enrolment: Enrolment) -> str:
    """The deadline on the clocks that its learner has chosen; "" where they show the same, or none were chosen."""
    own, due = timezone.get_current_timezone(), enrolment.due_at
    if due is None or str(own) == timezone.get_default_timezone_name():
        return ""
    if due.astimezone(own).utcoffset() == due.astimezone(ZoneInfo(enrolment.due_zone)).utcoffset():
        return ""
    return dates.moment(due, zone=own, language=get_language())


@register.simple_tag
def grace_words(enrolment: Enrolment) -> str:
    """Exactly how long after the deadline work still counts: from two on in whole days or hours, else in minutes."""
    minutes = enrolment.grace_minutes
    amount = minutes
    if minutes >= 2 * 1440 and minutes % 1440 == 0:
        amount = minutes // 1440
        text = ngettext(
            "Work that arrives up to %(days)s day after the deadline still counts.",
            "Work that arrives up to %(days)s days after the deadline still counts.",
            amount,
        )
    elif minutes >= 120 and minutes % 60 == 0:
        amount = minutes // 60
        text = ngettext(
            "Work that arrives up to %(hours)s hour after the deadline still counts.",
            "Work that arrives up to %(hours)s hours after the deadline still counts.",
            amount,
        )
    else:
        text = ngettext(
            "Work that arrives up to 1 minute after the deadline still counts.",
            "Work that arrives up to %(minutes)s minutes after the deadline still counts.",
            minutes,
        )
    figure = numbers.number(amount, language=get_language())
    return text % {"days": figure, "hours": figure, "minutes": figure}


@register.simple_tag
def start_words(eligibility: Eligibility) -> str:
    """What the button says that starts an attempt: which one it uses, after the first."""
    if not eligibility.submissions:
        return _("Start the quiz")
    return _which(
        eligibility.last_number + 1,
        eligibility.attempts,
        alone=_("Start attempt %(number)s"),
        among=_("Start attempt %(number)s of %(attempts)s"),
    )


@register.simple_tag
def attempt_words(attempt: Attempt) -> str:
    """Which attempt it is."""
    return _which(
        attempt.number,
        attempt.rules["attempts"],
        alone=_("Attempt %(number)s"),
        among=_("Attempt %(number)s of %(attempts)s"),
    )


def _which(number: int, limit: int | None, *, alone: str, among: str) -> str:
    """The number of an attempt, and of how many where there is a limit: not of one that was granted beyond it."""
    language = get_language()
    figure = numbers.number(number, language=language)
    if limit is None or number > limit:
        return alone % {"number": figure}
    return among % {"number": figure, "attempts": numbers.number(limit, language=language)}


@register.simple_tag
def points(attempt: Attempt) -> dict[str, float]:
    """Score and maximum in points; what was not handed in has none yet."""
    return {"score": (attempt.score or 0) / POINT, "maximum": attempt.maximum / POINT}
