import pytest

from maarifa.lib.numbers import locale_for, number, numbers_in, percent, size

LANGUAGES = ["ar", "en", "es", "fr", "hi", "pt", "ru", "sw", "zh-hans"]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("ar", "1,234,567.5"),
        ("en", "1,234,567.5"),
        ("es", "1.234.567,5"),
        ("fr", "1\u202f234\u202f567,5"),
        ("hi", "12,34,567.5"),
        ("pt", "1\xa0234\xa0567,5"),
        ("ru", "1\xa0234\xa0567,5"),
        ("sw", "1,234,567.5"),
        ("zh-hans", "1,234,567.5"),
    ],
)
def test_number_has_the_separators_of_its_language(language, shown):
    assert number(1_234_567.5, language=language) == shown


def test_number_takes_any_kind_and_rounds_half_up():
    assert number("3.10", language="en") == "3.1"
    assert number(2.345, language="en", decimals=2) == "2.35"
    assert number(2.5, language="en", decimals=0) == "3"
    assert number(-7, language="en") == "-7"


def test_number_in_an_unknown_language_is_as_in_english():
    assert number(1234.5, language="xx") == "1,234.5"


def test_locale_is_the_one_for_the_people_served():
    assert str(locale_for("ar")) == "ar_EG"
    assert str(locale_for("pt")) == "pt_PT"
    assert str(locale_for("zh-hans")) == "zh_Hans"
    assert str(locale_for("fr-ca")) == "fr_CA"


def test_percent_is_rounded_down_so_that_a_pass_mark_is_never_promised():
    assert percent(69.99, language="en") == "69%"
    assert percent(70, language="en") == "70%"


def test_percent_has_the_sign_of_its_language():
    assert percent(48, language="ar").strip("\u200e") == "48%"
    assert percent(48, language="fr") == "48\xa0%"


@pytest.mark.parametrize("language", [*LANGUAGES, "fa", "bn", "my"])
def test_digits_are_0_to_9_in_every_language(language):
    shown = number(1_234_567_890, language=language) + percent(48, language=language)
    digits = [sign for sign in shown if sign.isdigit()]
    assert "".join(digits) == "123456789048"


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 kB"),
        (640, "0.6 kB"),
        (6_440, "6.4 kB"),
        (9_960, "10 kB"),
        (310_000, "310 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (1_250_000, "1.3 MB"),
        (52_300_000, "52 MB"),
        (4_000_000_000, "4 GB"),
        (5_200_000_000_000, "5,200 GB"),
    ],
)
def test_size_is_in_thousands_of_bytes(count, shown):
    assert size(count, language="en") == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_size_is_a_number_of_its_language_and_a_unit(language):
    shown = number(310, language=language)
    text = size(310_000, language=language)
    bare = text.strip("\u2066\u2069")
    assert bare.startswith(shown) or bare.endswith(shown)
    assert len(text) > len(shown) + 2


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        (
            "en",
            "1,024 × 1.5 = 1,536 (18,000 s), 7,8 and 3,2000",
            ["1024", "1.5", "1536", "18000", "7", "8", "3", "2000"],
        ),
        ("fr", "1\u00a0024 × 1,5 = 1\u202f536, 12 345", ["1024", "1.5", "1536", "12345"]),
        ("ar", "١٬٠٢٤ و 1,024 و ٣٫٥ %", ["1024", "1024", "3.5"]),
        ("en", "v4.1.2 of 2026-11-26", ["4.1.2", "2026", "11", "26"]),
    ],
)
def test_numbers_are_found_however_a_language_writes_them(language, text, found):
    assert numbers_in(text, language=language) == found
