from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from maarifa.lib.dates import (
    about_minutes,
    ago,
    day,
    end_of_day,
    iso_date,
    moment,
    moment_there,
    start_of_day,
    until,
    wall_time,
)

END = datetime(2026, 12, 12, 20, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("ar", "12 ديسمبر 2026"),
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


@pytest.mark.parametrize(
    ("text", "shown"), [("2024", "2024"), ("2025-03", "mars 2025"), ("2026-07-01", "1er juillet 2026")]
)
def test_iso_date_may_be_a_month_or_a_year(text, shown):
    assert iso_date(text, language="fr") == shown


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


def test_moment_has_the_words_and_the_city_of_its_language():
    shown = moment(END, zone="Africa/Nouakchott", language="ar")
    assert shown.startswith("12 ديسمبر 2026، 20:59 (")
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
        (256, "about 4.5 hours"),
        (700, "about 11.5 hours"),
    ],
)
def test_about_minutes_says_hours_from_two_on(minutes, shown):
    assert about_minutes(minutes, language="en") == shown


def test_about_minutes_has_the_words_of_its_language():
    assert "12" in about_minutes(12, language="ar")
    assert about_minutes(180, language="ar") == "نحو 3 ساعات"
    # A fraction is no number of things.
    assert about_minutes(150, language="ar") == "نحو 2.5 ساعة"


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


def test_ago_has_the_words_of_its_language():
    assert ago(END - timedelta(days=11), at=END, language="ar") == "قبل 11 يومًا"
    assert ago(END - timedelta(days=11), at=END, language="sw") == "siku 11 zilizopita"


@pytest.mark.parametrize(
    ("zone", "last", "end", "shown"),
    [
        ("Africa/Nairobi", date(2027, 3, 31), "2027-03-31T20:59", "2027-03-31T23:59:00"),
        ("Asia/Kathmandu", date(2027, 3, 31), "2027-03-31T18:14", "2027-03-31T23:59:00"),
        ("America/Bogota", date(2027, 3, 31), "2027-04-01T04:59", "2027-03-31T23:59:00"),
        # Clocks go back from midnight to 23:00, so that the day has two 23:59: the second ends it.
        ("Africa/Cairo", date(2027, 10, 28), "2027-10-28T21:59", "2027-10-28T23:59:00"),
        # The same an hour later, after the day has ended.
        ("Atlantic/Azores", date(2027, 10, 30), "2027-10-30T23:59", "2027-10-30T23:59:00"),
        # Clocks leap from 23:00 over midnight: 22:59 is the last minute of that day.
        ("America/Nuuk", date(2027, 3, 27), "2027-03-28T00:59", "2027-03-27T22:59:00"),
        # Clocks leap from midnight to one: the day before is a whole one.
        ("Africa/Cairo", date(2027, 4, 29), "2027-04-29T21:59", "2027-04-29T23:59:00"),
    ],
)
def test_end_of_day_is_the_last_minute_that_its_clocks_show(zone, last, end, shown):
    ends = end_of_day(last, zone=zone)
    assert f"{ends:%Y-%m-%dT%H:%M}" == end
    assert ends.utcoffset() == timedelta(0)
    assert wall_time(ends, zone=zone) == shown
    # A minute later the next day has begun, or the clocks leap.
    assert start_of_day(last + timedelta(days=1), zone=zone) == ends + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("zone", "first", "begin"),
    [
        ("Africa/Nairobi", date(2027, 2, 1), "2027-01-31T21:00"),
        # No midnight: clocks leap from it to one.
        ("Africa/Cairo", date(2027, 4, 30), "2027-04-29T22:00"),
        # Two midnights: clocks go back from one to it.
        ("America/Havana", date(2027, 11, 7), "2027-11-07T04:00"),
    ],
)
def test_start_of_day_is_the_first_moment_of_it(zone, first, begin):
    begins = start_of_day(first, zone=zone)
    assert f"{begins:%Y-%m-%dT%H:%M}" == begin
    there, before = (at.astimezone(ZoneInfo(zone)).date() for at in (begins, begins - timedelta(seconds=1)))
    assert (there, before) == (first, first - timedelta(days=1))


@pytest.mark.parametrize(
    ("zone", "local_time", "moment_in_utc", "shown"),
    [
        ("Africa/Nairobi", "2027-02-01T09:00", "2027-02-01T06:00", "2027-02-01T09:00:00"),
        # Clocks leap from midnight to one: as long after one as it was to be after midnight.
        ("Africa/Cairo", "2027-04-30T00:00", "2027-04-29T22:00", "2027-04-30T01:00:00"),
        ("Africa/Cairo", "2027-04-30T00:30", "2027-04-29T22:30", "2027-04-30T01:30:00"),
        ("Asia/Beirut", "2027-03-28T00:00", "2027-03-27T22:00", "2027-03-28T01:00:00"),
        ("America/Santiago", "2027-09-05T00:00", "2027-09-05T04:00", "2027-09-05T01:00:00"),
        # Clocks go back over these, and show them twice: the second time.
        ("Africa/Cairo", "2027-10-28T23:30", "2027-10-28T21:30", "2027-10-28T23:30:00"),
        ("Asia/Beirut", "2027-10-30T23:30", "2027-10-30T21:30", "2027-10-30T23:30:00"),
        ("America/Santiago", "2027-04-03T23:30", "2027-04-04T03:30", "2027-04-03T23:30:00"),
    ],
)
def test_moment_there_is_the_later_one_of_two_and_after_a_leap(zone, local_time, moment_in_utc, shown):
    found = moment_there(datetime.fromisoformat(local_time), zone=zone)
    assert f"{found:%Y-%m-%dT%H:%M}" == moment_in_utc
    assert found.utcoffset() == timedelta(0)
    assert wall_time(found, zone=zone) == shown


# 20:59 in UTC is 23:59 in Nairobi.
@pytest.mark.parametrize(
    ("gap", "shown"),
    [
        (timedelta(minutes=-5), "now"),
        (timedelta(0), "now"),
        (timedelta(seconds=1), "in 1 minute"),
        (timedelta(minutes=58, seconds=1), "in 59 minutes"),
        (timedelta(minutes=119), "in 119 minutes"),
        (timedelta(minutes=119, seconds=30), "in 2 hours"),
        (timedelta(hours=2, minutes=1), "in 3 hours"),
        (timedelta(hours=12), "in 12 hours"),
        (timedelta(hours=13), "tomorrow at 12:59"),
        (timedelta(hours=25), "on 14 December 2026, 00:59 (Nairobi time, UTC+3)"),
    ],
)
def test_until_says_how_long_and_from_tomorrow_on_when(gap, shown):
    assert until(END + gap, at=END, zone="Africa/Nairobi", language="en") == shown


def test_until_says_today_on_the_clocks_of_the_zone():
    morning = datetime(2026, 12, 12, 5, tzinfo=UTC)
    assert until(END, at=morning, zone="Africa/Lagos", language="en") == "today at 21:59"
    assert until(END, at=morning, zone="Asia/Kolkata", language="en") == "tomorrow at 02:29"


@pytest.mark.parametrize(
    ("language", "gap", "shown"),
    [
        ("fr", timedelta(minutes=59), "dans 59 minutes"),
        ("fr", timedelta(hours=3), "dans 3 heures"),
        ("fr", timedelta(hours=13), "demain à 12:59"),
        ("ar", timedelta(minutes=59), "بعد 59 دقيقة"),
        ("ar", timedelta(minutes=2), "بعد دقيقتين"),
        ("ar", timedelta(hours=3), "بعد 3 ساعات"),
        ("ar", timedelta(hours=13), "غدًا الساعة 12:59"),
    ],
)
def test_until_speaks_each_language_with_the_digits_0_to_9(language, gap, shown):
    assert until(END + gap, at=END, zone="Africa/Nairobi", language=language) == shown
