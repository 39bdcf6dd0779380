from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maarifa.lib.dates import about_minutes, ago, day, moment

END = datetime(2026, 12, 12, 20, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("ar", "١٢ ديسمبر ٢٠٢٦"),
        ("en", "12 December 2026"),
        ("es", "12 de diciembre de 2026"),
        ("fr", "12 décembre 2026"),
        ("hi", "12 दिसंबर 2026"),
        ("pt", "12 de dezembro de 2026"),
        ("ru", "12 декабря 2026\u202fг."),
        ("sw", "12 Desemba 2026"),
        ("zh-hans", "2026年12月12日"),
    ],
)
def test_day_is_said_as_in_its_language(language, shown):
    assert day(date(2026, 12, 12), language=language) == shown


def test_day_first_of_a_month_is_an_ordinal_in_french_only():
    assert day(date(2026, 10, 1), language="fr") == "1er octobre 2026"
    assert day(date(2026, 10, 11), language="fr") == "11 octobre 2026"
    assert day(date(2026, 10, 1), language="es") == "1 de octubre de 2026"


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("Africa/Nairobi", "12 December 2026, 23:59 (Nairobi time, UTC+3)"),
        ("Africa/Ouagadougou", "12 December 2026, 20:59 (Ouagadougou time, UTC+0)"),
        ("Asia/Kolkata", "13 December 2026, 02:29 (Kolkata time, UTC+5:30)"),
        ("America/Bogota", "12 December 2026, 15:59 (Bogota time, UTC−5)"),
        ("America/St_Johns", "12 December 2026, 17:29 (St John’s time, UTC−3:30)"),
        ("Etc/GMT-3", "12 December 2026, 23:59 (UTC+3)"),
        ("UTC", "12 December 2026, 20:59 (UTC)"),
        (UTC, "12 December 2026, 20:59 (UTC)"),
        (ZoneInfo("Africa/Nairobi"), "12 December 2026, 23:59 (Nairobi time, UTC+3)"),
    ],
)
def test_moment_is_on_the_clocks_of_a_zone_and_names_it(zone, shown):
    assert moment(END, zone=zone, language="en") == shown


def test_moment_has_the_digits_and_the_city_of_its_language():
    shown = moment(END, zone="Africa/Nouakchott", language="ar")
    assert shown.startswith("١٢ ديسمبر ٢٠٢٦، ٢٠:٥٩ (")
    assert "نواكشوط" in shown
    assert shown.endswith("UTC+0)")


def test_moment_follows_summer_time():
    zone = "Africa/Cairo"
    assert moment(datetime(2026, 7, 1, 9, tzinfo=UTC), zone=zone, language="en").endswith("UTC+3)")
    assert moment(datetime(2026, 12, 1, 9, tzinfo=UTC), zone=zone, language="en").endswith("UTC+2)")


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (1, "about 1 minute"),
        (12, "about 12 minutes"),
        (119, "about 119 minutes"),
        (120, "about 2 hours"),
        (700, "about 12 hours"),
    ],
)
def test_about_minutes_says_hours_from_two_on(minutes, shown):
    assert about_minutes(minutes, language="en") == shown


def test_about_minutes_has_the_digits_of_its_language():
    assert "١٢" in about_minutes(12, language="ar")


@pytest.mark.parametrize(
    ("gap", "shown"),
    [
        (timedelta(seconds=5), "1 minute ago"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=23), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=11), "11 days ago"),
        (timedelta(days=59), "59 days ago"),
        (timedelta(days=100), "3 months ago"),
        (timedelta(days=-3), "in 3 days"),
    ],
)
def test_ago_counts_days_and_never_weeks(gap, shown):
    assert ago(END - gap, at=END, language="en") == shown


def test_ago_has_the_words_and_digits_of_its_language():
    assert ago(END - timedelta(days=11), at=END, language="ar") == "قبل ١١ يومًا"
    assert ago(END - timedelta(days=11), at=END, language="sw") == "siku 11 zilizopita"
