"""Figures of statistics as people read them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from maarifa.lib import numbers
from maarifa.quizzes.statistics import flags
from maarifa.ui import pictures

register = template.Library()
NOTHING = "–"


@register.filter(is_safe=True)
def share(value: float | None) -> str:
    """A share from 0 to 1 as so many in a hundred, rounded to the nearest."""
    return NOTHING if value is None else flags.percent(value)


@register.filter
def figure(value: float | None) -> SafeString | str:
    """With two decimals at most; its sign stays before it where the page runs right to left."""
    if value is None:
        return NOTHING
    text = numbers.number(value, decimals=2, language=get_language() or "en")
    return format_html('<bdi dir="ltr">{}</bdi>', text)


@register.filter
def bar(value: float | None) -> SafeString:
    """Of a share."""
    return pictures.share_bar(value)


@register.filter
def signed(value: float | None) -> SafeString:
    """Of a correlation, or of a difference of shares."""
    return pictures.signed_bar(value)
