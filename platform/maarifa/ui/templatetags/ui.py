"""Words of the frame: each filter hands the reader's language to a function of `lib`."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal, TypedDict
from zoneinfo import ZoneInfo

from django import template
from django.contrib.admin.utils import flatten
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from maarifa.lib import dates, numbers

if TYPE_CHECKING:
    from django.contrib.admin.helpers import AdminForm, InlineAdminFormSet
    from django_stubs_ext import StrOrPromise

# What a template has where nothing is.
Nothing = Literal[""] | None

register = template.Library()

# What an attribute may be without quotes, and no template can turn into anything else.
_PLAIN = re.compile(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*")


def _language() -> str:
    return get_language() or "en"


class ErrorLink(TypedDict):
    label: "StrOrPromise"
    error: "StrOrPromise"
    place: str


@register.simple_tag
def error_links(adminform: "AdminForm", inlines: "Iterable[InlineAdminFormSet] | None") -> list[ErrorLink]:
    """What is wrong in the forms of an admin page, in the order of the page: the field's label, its first error, and
    the id of the place.
    """
    links = _errors_of(adminform)
    for inline in inlines or ():
        rows = inline.formset
        links += [
            {"label": inline.opts.verbose_name_plural, "error": str(error), "place": f"{rows.prefix}-group"}
            for error in rows.non_form_errors()
        ]
        for row in inline:
            if row.form.is_bound:
                links += _errors_of(row)
    return links


def _errors_of(adminform: "AdminForm") -> list[ErrorLink]:
    form = adminform.form
    links: list[ErrorLink] = []
    if form.prefix and form.non_field_errors():
        links.append({"label": "", "error": str(form.non_field_errors()[0]), "place": form.prefix})
    # Those of fields that the page does not lay out come last.
    laid_out = [name for _title, options in adminform.fieldsets for name in flatten(list(options["fields"]))]
    for name in dict.fromkeys([*laid_out, *form.errors]):
        if name in form.fields and name in form.errors:
            field = form[name]
            links.append({"label": field.label, "error": str(field.errors[0]), "place": field.auto_id})
    return links


@register.filter(is_safe=True)
def number(value: numbers.Number | None, decimals: int = 3) -> str:
    return (
        "" if value is None or value == "" else numbers.number(value, decimals=decimals, language=_language())
    )


@register.filter(is_safe=True)
def percent(value: numbers.Number | None) -> str:
    return "" if value is None or value == "" else numbers.percent(value, language=_language())


@register.filter(is_safe=True)
def size(count: int | Nothing) -> str:
    return "" if count is None or count == "" else numbers.size(count, language=_language())


@register.filter(is_safe=True)
def day(value: date | Nothing, zone: str | None = None) -> str:
    """A date; or a moment, as the day that it is in the named zone, or in the reader's."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value, ZoneInfo(zone) if zone else None)
    return dates.day(value, language=_language())


@register.filter(is_safe=True)
def iso_date(text: str) -> str:
    """A day, month or year of ISO 8601 (2026-11-23) as a date in the reader's language."""
    return dates.iso_date(text, language=_language())


@register.filter(is_safe=True)
def moment(value: datetime | Nothing, zone: str | None = None) -> str:
    """A moment in the named zone, or in the reader's."""
    if not value:
        return ""
    return dates.moment(value, zone=zone or timezone.get_current_timezone(), language=_language())


@register.filter(is_safe=True)
def until(value: datetime | Nothing, at: datetime | None = None) -> str:
    """When something will be, for who waits for it: "in 59 minutes", "tomorrow at 08:00" on the reader's clocks."""
    if not value:
        return ""
    zone = timezone.get_current_timezone()
    return dates.until(value, at=at or timezone.now(), zone=zone, language=_language())


@register.filter(is_safe=True)
def ago(value: datetime | Nothing, at: datetime | None = None) -> str:
    return "" if not value else dates.ago(value, at=at or timezone.now(), language=_language())


@register.filter(is_safe=True)
def duration_minutes(minutes: int | Nothing) -> str:
    return "" if minutes is None or minutes == "" else dates.about_minutes(minutes, language=_language())


@register.filter
def isolate(text: object) -> SafeString:
    """A name, or anything in a script of its own, kept from turning the words around it."""
    return format_html('<bdi dir="auto">{}</bdi>', text)


@register.filter
def attribute_value(value: object) -> SafeString:
    """An attribute's value, with quotes only where HTML asks for them."""
    return format_html("{}" if _PLAIN.fullmatch(str(value)) else '"{}"', value)
