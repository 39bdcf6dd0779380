"""Time zones as people choose them: by country and, where it has several, by city."""

import zoneinfo
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from importlib.resources import files

from babel.core import get_global
from babel.dates import get_timezone_location
from django.utils.translation import get_language, pgettext

from maarifa.lib.numbers import locale_for
from maarifa.lib.text import sort_key

# Two cities of a country are one choice where their clocks have been the same since.
_SINCE = datetime(2024, 1, 1, tzinfo=UTC)
# Research stations: ten lines in a list that everybody pays for by the byte.
_ANTARCTICA = "AQ"
# CLDR has a region of its own for Bahia, which would stand for all of the coast.
_BRAZIL = "America/Sao_Paulo"
_SAMPLES = [_SINCE + timedelta(days=10 * step) for step in range(110)]


def is_zone(name: str) -> bool:
    """Whether this names a zone, listed or not, such as a browser may tell."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return bool(name)


def zone_or_utc(name: str) -> tzinfo:
    """The zone; UTC where nobody has said which, or it is none."""
    return zoneinfo.ZoneInfo(name) if is_zone(name) else UTC


def time_zones() -> list[tuple[str, str]]:
    """The zones to choose from, by the names of their countries in the language active now, and UTC."""
    return list(_named(get_language() or "en"))


@lru_cache(maxsize=30)
def _named(language: str) -> tuple[tuple[str, str], ...]:
    locale = locale_for(language)
    shown = []
    for country, zones in _by_country().items():
        name = locale.territories.get(country, country)
        for zone in zones:
            city = get_timezone_location(zoneinfo.ZoneInfo(zone), locale=locale, return_city=True)
            both = pgettext("a place", "%(country)s, %(city)s") % {"country": name, "city": city}
            shown.append((zone, both if len(zones) > 1 else name))
    return (*sorted(shown, key=lambda one: sort_key(one[1])), ("UTC", "UTC"))


@lru_cache(maxsize=1)
def _by_country() -> dict[str, list[str]]:
    """From the table of the zone database; of cities that are one choice the one that CLDR takes for the region."""
    large = set(get_global("windows_zone_mapping").values())
    by_country: dict[str, dict[tuple[timedelta | None, ...], str]] = {}
    for line in files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            if country == _ANTARCTICA:
                continue
            clocks = zoneinfo.ZoneInfo(zone)
            shown = tuple(at.astimezone(clocks).utcoffset() for at in _SAMPLES)
            choices = by_country.setdefault(country, {})
            if zone == _BRAZIL or shown not in choices or (zone in large and choices[shown] not in large):
                choices[shown] = zone
    return {country: list(zones.values()) for country, zones in by_country.items()}
