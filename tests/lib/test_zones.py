from datetime import UTC

import pytest
from django.utils.translation import override

from maarifa.lib.zones import is_zone, time_zones, zone_or_utc


@pytest.mark.parametrize(
    ("language", "zone", "shown"),
    [
        ("en", "Africa/Nairobi", "Kenya"),
        ("fr", "Africa/Nairobi", "Kenya"),
        ("fr", "Africa/Cairo", "Égypte"),
        ("ar", "Africa/Nairobi", "كينيا"),
        ("en", "Africa/Kinshasa", "Congo - Kinshasa, Kinshasa"),
        ("en", "America/Sao_Paulo", "Brazil, Sao Paulo"),
        ("ar", "America/Sao_Paulo", "البرازيل، ساو باولو"),
        ("en", "UTC", "UTC"),
    ],
)
def test_time_zones_are_named_by_country_and_city_in_the_readers_language(language, zone, shown):
    with override(language):
        assert dict(time_zones())[zone] == shown


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_time_zones_are_few_enough_to_look_through_and_each_is_there_once(language):
    with override(language):
        listed = time_zones()
    labels = [label for _zone, label in listed]
    assert len(set(labels)) == len(labels)
    assert 250 < len(listed) < 350
    assert all(is_zone(zone) for zone, _label in listed)


def test_time_zones_stand_in_the_order_of_the_alphabet_accents_or_not():
    with override("fr"):
        labels = [label for _zone, label in time_zones()]
    assert labels.index("Égypte") < labels.index("Ghana") < labels.index("Kenya")
    assert labels[-1] == "UTC"


@pytest.mark.parametrize("name", ["", "Mars/X", "../etc/passwd", "/etc", "Africa", "a\0b"])
def test_what_is_no_zone_is_utc(name):
    assert not is_zone(name)
    assert zone_or_utc(name) is UTC


@pytest.mark.parametrize("name", ["Asia/Calcutta", "America/Argentina/Salta", "Africa/Bamako"])
def test_a_zone_that_no_line_names_is_one_all_the_same(name):
    assert is_zone(name)
    assert str(zone_or_utc(name)) == name
