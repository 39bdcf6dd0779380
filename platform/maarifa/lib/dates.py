"""Days, moments and durations: when they are, and how each language says them."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import (
    format_date,
    format_skeleton,
    format_timedelta,
    get_datetime_format,
    get_timezone_location,
)
from django.utils.translation import gettext, ngettext, override, pgettext

from maarifa.lib.customs import customs_of
from maarifa.lib.numbers import locale_for, number


def start_of_day(day: date, *, zone: str) -> datetime:
    """The moment, in UTC, at which a day begins there: the first of two equal midnights, and where clocks leap over
    midnight, the leap.
    """
    return datetime.combine(day, time(0, 0), ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, *, zone: str) -> datetime:
    """The last minute of a day there, as a moment in UTC: the later one where the clocks show 23:59 twice, and the last
    that there is where they leap over it.
    """
    return datetime.combine(day, time(23, 59, fold=1), ZoneInfo(zone)).astimezone(UTC)


def moment_there(local_time: datetime, *, zone: str) -> datetime:
    """The moment, in UTC, at which the clocks of a zone show a time without a zone: the later one where they show it
    twice, and as long after the leap where they leap over it.
    """
    either = (local_time.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1))
    return max(moment.astimezone(UTC) for moment in either)


def wall_time(value: datetime, *, zone: str) -> str:
    """What the clocks of a zone show at a moment: 2027-10-28T23:59:00."""
    return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%dT%H:%M:%S}"


def day(value: date, *, language: str) -> str:
    """A day in full: 12 December 2026. A moment is a day only in some zone: bring it there first."""
    locale = locale_for(language)
    text = format_date(value, "long", locale=locale)
    own = customs_of(language)
    if own and own.first_of_month and value.day == 1:
        # CLDR has no ordinals.
        text = text.replace("1 ", f"{own.first_of_month} ", 1)
    return text


def iso_date(text: str, *, language: str) -> str:
    """A date of ISO 8601 as a language writes it: 2024-05-03, or a month (2024-05), or a year (2024)."""
    if len(text) > len("2024-05"):
        return day(date.fromisoformat(text), language=language)
    if len(text) > len("2024"):
        return format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=locale_for(language))
    return text


def moment(value: datetime, *, zone: str | tzinfo, language: str) -> str:
    """A moment on the clocks of a zone, and whose clocks: 12 December 2026, 23:59 (Nairobi time, UTC+3)."""
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone
    local_time = value.astimezone(zone)
    # Twenty-four hours everywhere: "11:59" alone has cost people their deadline.
    clock = f"{local_time:%H:%M}"
    # Babel calls it a pattern, and has it as a text.
    pattern = str(get_datetime_format("medium", locale=locale_for(language)))
    when = pattern.replace("{1}", day(local_time, language=language)).replace("{0}", clock)
    offset = _offset(local_time.utcoffset())
    key = getattr(zone, "key", "")
    city = "" if "/" not in key or key.startswith("Etc/") else _city(zone, language)
    with override(language):
        if not city:
            text = gettext("%(moment)s (UTC%(offset)s)")
            return text % {"moment": when, "offset": "" if offset == "+0" else offset}
        text = gettext("%(moment)s (%(city)s time, UTC%(offset)s)")
        return text % {"moment": when, "city": city, "offset": offset}


def about_minutes(minutes: int, *, language: str) -> str:
    """How long something takes, as one says it: "about 12 minutes", "about 3 hours"."""
    amount, unit = rounded(minutes)
    shown = number(amount, language=language)
    with override(language):
        if unit == "minutes":
            text = ngettext("about %(minutes)s minute", "about %(minutes)s minutes", minutes)
            return text % {"minutes": shown}
        return ngettext("about %(hours)s hour", "about %(hours)s hours", plural_of(amount)) % {"hours": shown}


def plural_of(amount: int | float) -> int:
    """The whole number whose plural a fraction takes: Arabic says "2.5 hour", as with a hundred."""
    return 100 if amount % 1 else int(amount)


def rounded(minutes: int) -> tuple[int | float, str]:
    """A length as pages and certificates say it: minutes below two hours, from there hours to the nearest half."""
    if minutes < 120:
        return minutes, "minutes"
    halves = (minutes + 15) // 30
    return halves / 2 if halves % 2 else halves // 2, "hours"


def ago(value: datetime, *, at: datetime, language: str) -> str:
    """How long before (or after) the moment `at` something was: "11 days ago". Never in weeks."""
    gap = value - at
    if abs(gap) < timedelta(minutes=1):
        gap = timedelta(minutes=-1)
    units: list[tuple[timedelta, Literal["minute", "hour", "day"]]]
    units = [(timedelta(hours=1), "minute"), (timedelta(days=1), "hour"), (timedelta(days=60), "day")]
    unit: Literal["minute", "hour", "day", "month"]
    unit = next((unit for limit, unit in units if abs(gap) < limit), "month")
    text = format_timedelta(
        gap, granularity=unit, threshold=float("inf"), add_direction=True, locale=locale_for(language)
    )
    return text


def until(value: datetime, *, at: datetime, zone: str | tzinfo, language: str) -> str:
    """When something will be, as one says it to who waits: "in 59 minutes", "in 3 hours", "tomorrow at 08:00".

    Minutes and hours are rounded up, so that nobody comes too early. Beyond twelve hours it is the clock of the zone
    that tells, and beyond tomorrow the day. "now" where the moment has come.
    """
    gap = value - at
    minutes, hours = -(-gap // timedelta(minutes=1)), -(-gap // timedelta(hours=1))
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone
    local_time = value.astimezone(zone)
    days = (local_time.date() - at.astimezone(zone).date()).days
    with override(language):
        if gap <= timedelta(0):
            return pgettext("when", "now")
        if minutes < 120:
            return ngettext("in %(minutes)d minute", "in %(minutes)d minutes", minutes) % {"minutes": minutes}
        if hours <= 12:
            return ngettext("in %(hours)d hour", "in %(hours)d hours", hours) % {"hours": hours}
        if days == 0:
            return pgettext("when", "today at %(clock)s") % {"clock": f"{local_time:%H:%M}"}
        if days == 1:
            return pgettext("when", "tomorrow at %(clock)s") % {"clock": f"{local_time:%H:%M}"}
        return pgettext("when", "on %(moment)s") % {"moment": moment(value, zone=zone, language=language)}


def _city(zone: tzinfo, language: str) -> str:
    return get_timezone_location(zone, locale=locale_for(language), return_city=True)


def _offset(offset: timedelta | None) -> str:
    minutes = int(offset.total_seconds()) // 60 if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    return f"{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
