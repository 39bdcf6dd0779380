from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone
from django.utils.translation import override


def shown(filters, value, language="en", **context):
    with override(language):
        return Template("{% load ui %}{{ value|" + filters + " }}").render(
            Context({"value": value, **context})
        )


@pytest.mark.parametrize("filters", ["number", "percent", "size", "day", "moment", "ago", "duration_minutes"])
def test_filters_say_nothing_of_nothing(filters):
    assert shown(filters, None) == ""


@pytest.mark.parametrize("filters", ["number", "percent", "size", "duration_minutes"])
def test_filters_say_zero(filters):
    assert "0" in shown(filters, 0)


def test_number_is_written_in_the_readers_language():
    assert shown("number", 1234.5) == "1,234.5"
    assert shown("number", 1234.5, "ar") == "1,234.5"
    assert shown("number:0", 2.6) == "3"


def test_percent_is_written_in_the_readers_language():
    assert shown("percent", 48, "fr") == "48\xa0%"


def test_size_is_written_with_a_unit():
    assert shown("size", 290_000) == "290 kB"


def test_moment_is_in_the_named_zone_or_the_readers():
    value = datetime(2026, 12, 12, 20, 59, tzinfo=UTC)
    assert shown("moment:'Africa/Nairobi'", value) == "12 December 2026, 23:59 (Nairobi time, UTC+3)"
    with timezone.override("Asia/Kolkata"):
        assert shown("moment", value) == "13 December 2026, 02:29 (Kolkata time, UTC+5:30)"


def test_day_of_a_moment_is_the_day_in_the_readers_zone():
    value = datetime(2026, 12, 12, 20, 59, tzinfo=UTC)
    with timezone.override("Asia/Kolkata"):
        assert shown("day", value) == "13 December 2026"
    assert shown("day", date(2026, 12, 12)) == "12 December 2026"


def test_ago_counts_from_the_given_moment():
    then, now = datetime(2026, 12, 1, tzinfo=UTC), datetime(2026, 12, 12, tzinfo=UTC)
    assert shown("ago:now", then, now=now) == "11 days ago"


def test_isolate_wraps_a_name_and_escapes_it():
    assert shown("isolate", "<b>محمد</b>") == '<bdi dir="auto">&lt;b&gt;محمد&lt;/b&gt;</bdi>'
