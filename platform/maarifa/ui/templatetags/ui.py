"""Words of the frame: each filter hands the reader's language to a function of `lib`."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language

from maarifa.lib import dates, numbers

register = template.Library()


def _language() -> str:
    return get_language() or "en"


@register.filter(is_safe=True)
def number(value, decimals=3):
    return "" if value in (None, "") else numbers.number(value, decimals=decimals, language=_language())


@register.filter(is_safe=True)
def percent(value):
    return "" if value in (None, "") else numbers.percent(value, language=_language())


@register.filter(is_safe=True)
def size(count):
    return "" if count in (None, "") else numbers.size(count, language=_language())


@register.filter(is_safe=True)
def day(value, zone=None):
    """A date; or a moment, as the day that it is in the named zone, or in the reader's."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value, ZoneInfo(zone) if zone else None)
    return dates.day(value, language=_language())


@register.filter(is_safe=True)
def moment(value, zone=None):
    """A moment in the named zone, or in the reader's."""
    if not value:
        return ""
    return dates.moment(value, zone=zone or timezone.get_current_timezone(), language=_language())


@register.filter(is_safe=True)
def until(value, at=None):
    """When something will be, for who waits for it: "in 59 minutes", "tomorrow at 08:00" on the reader's clocks."""
    if not value:
        return ""
    zone = timezone.get_current_timezone()
    return dates.until(value, at=at or timezone.now(), zone=zone, language=_language())


@register.filter(is_safe=True)
def ago(value, at=None):
    return "" if not value else dates.ago(value, at=at or timezone.now(), language=_language())


@register.filter(is_safe=True)
def duration_minutes(minutes):
    return "" if minutes in (None, "") else dates.about_minutes(minutes, language=_language())


@register.filter
def isolate(text):
    """A name, or anything in a script of its own, kept from turning the words around it."""
    return format_html('<bdi dir="auto">{}</bdi>', text)
