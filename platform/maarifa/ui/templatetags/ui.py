"""Words of the frame: each filter hands the reader's language to a function of `lib`."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.contrib.admin.utils import flatten_fieldsets
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language

from maarifa.lib import dates, numbers

register = template.Library()

# What an attribute may be without quotes, and no template can turn into anything else.
_PLAIN = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


def _language() -> str:
    return get_language() or "en"


@register.simple_tag
def error_links(adminform, inlines) -> list[dict]:
    """What is wrong in the forms of an admin page, in the order of the page: the field's label, its first error, and
    the id of the place.
    """
    found = _errors_of(adminform)
    for inline in inlines or ():
        rows = inline.formset
        found += [
            {"label": inline.opts.verbose_name_plural, "error": error, "place": f"{rows.prefix}-group"}
            for error in rows.non_form_errors()
        ]
        for row in inline:
            if row.form.is_bound:
                found += _errors_of(row)
    return found


def _errors_of(adminform) -> list[dict]:
    form = adminform.form
    found = []
    if form.prefix and form.non_field_errors():
        found.append({"label": "", "error": form.non_field_errors()[0], "place": form.prefix})
    # Those of fields that the page does not lay out come last.
    for name in dict.fromkeys([*flatten_fieldsets(adminform.fieldsets), *form.errors]):
        if name in form.fields and name in form.errors:
            field = form[name]
            found.append({"label": field.label, "error": field.errors[0], "place": field.auto_id})
    return found


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


@register.filter
def attribute_value(value):
    """An attribute's value, with quotes only where HTML asks for them."""
    return format_html("{}" if _PLAIN.fullmatch(str(value)) else '"{}"', value)
