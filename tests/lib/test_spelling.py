"""When two typed texts are one answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.lib import spelling
from maarifa.lib.spelling import (
    as_answer,
    has_wildcard,
    matches,
    matches_anything,
    matches_one,
    spelling_key,
)

STRICT = {"case": True, "diacritics": True}
texts = st.one_of(st.text(max_size=30), st.text("aAéßñłŁiİıنأةى\u064eй\u0301’'-*\\ .٣", max_size=20))


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("Nairobi", "  Nairobi "),
        ("Nairobi", "Nairobi."),
        ("Nairobi", "“Nairobi”"),
        ("Nairobi", "¿Nairobi?"),
        ("نيروبي", "نيروبي؟"),
        ("नैरोबी", "नैरोबी।"),
        ("data base", "data \u00a0 base"),
        ("L’eau", "L'eau"),
        ("Qurʾān", "Qur'ān"),
        ("self-service", "self‑service"),
        ("3.5", "٣٫٥"),
        ("2027", "२०२७"),
        ("CO₂", "CO2"),
        ("e\u0301te", "éte"),
        ("ｗｉｄｅ", "wide"),
        ("می\u200cخواهم", "میخواهم"),
        ("50 %", "50 ٪"),
        ("?", "?"),
    ],
)
def test_what_never_counts(accepted, typed):
    assert matches(accepted, typed, **STRICT)
    assert matches(accepted, typed)


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("Ségou", "Segou"),
        ("Łódź", "Lodz"),
        ("smørrebrød", "smorrebrod"),
        ("Œuvre", "OEuvre"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("إجابة", "اجابه"),
        ("مصطفى", "مصطفي"),
        ("سؤال", "سوال"),
        ("کریم", "كريم"),
    ],
)
def test_diacritics_of_latin_and_arabic_count_only_where_they_shall(accepted, typed):
    assert matches(accepted, typed, case=True)
    assert matches(typed, accepted, case=True)
    assert not matches(accepted, typed, diacritics=True)


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [("Nairobi", "NAIROBI"), ("Straße", "STRASSE"), ("İzmir", "izmir"), ("ΑΘΗΝΑ", "αθηνα")],
)
def test_capitals_count_only_where_they_shall(accepted, typed):
    assert matches(accepted, typed, diacritics=True)
    assert not matches(accepted, typed, case=True)


@pytest.mark.parametrize(
    ("accepted", "typed"),
    [
        ("Nairobi", "Nairob"),
        ("C#", "C"),
        ("50%", "50"),
        ("-5", "5"),
        ("?", "!"),
        # Marks of other scripts make other letters.
        ("мой", "мои"),
        ("が", "か"),
        ("हिन्दी", "हिनदी"),
        ("ء", "ا"),
    ],
)
def test_what_always_counts(accepted, typed):
    assert not matches(accepted, typed)


@pytest.mark.parametrize(
    ("accepted", "typed", "is_right"),
    [
        ("colo*r", "colour", True),
        ("colo*r", "COLOR", True),
        ("colo*r", "colourful", False),
        ("*eau*", "de l’eau douce", True),
        (r"2 \* 3", "2 * 3", True),
        (r"2 \* 3", "2 x 3", False),
        # Other signs of patterns mean themselves.
        ("wh?t", "what", False),
        ("a[bc]*", "ab", False),
        ("a[bc]*", "a[bc]d", True),
    ],
)
def test_asterisk_stands_for_any_text(accepted, typed, is_right):
    assert matches(accepted, typed) is is_right


def test_many_wildcards_take_no_longer_than_their_text():
    assert not matches("*a" * 60 + "b", "a" * 200)


def test_asterisks_alone_accept_everything():
    assert [matches_anything(one) for one in ("*", " * *. ", "a*", r"\*", "", "?")] == [
        *(True, True, False, False, False, False)
    ]


def test_accepted_text_is_shown_without_its_signs():
    assert (as_answer("colo*r"), as_answer(r"2 \* 3"), as_answer("Nairobi")) == ("colo…r", "2 * 3", "Nairobi")
    assert [has_wildcard(one) for one in ("colo*r", r"2 \* 3")] == [True, False]


@pytest.mark.parametrize("asterisk", ["\uff0a", "\ufe61"])
def test_wide_asterisk_is_one_everywhere(asterisk):
    assert matches(f"colo{asterisk}r", "colour")
    assert has_wildcard(f"colo{asterisk}r")
    assert as_answer(f"colo{asterisk}r") == "colo…r"
    assert matches_anything(asterisk)
    assert matches(f"2 \\{asterisk} 3", f"2 {asterisk} 3")
    assert not matches(f"2 \\{asterisk} 3", "2 x 3")
    assert as_answer(f"2 \\{asterisk} 3") == "2 * 3"


def test_typed_text_is_read_once_for_all_accepted_ones(monkeypatch):
    read = []

    def reading(text, **more):
        read.append(text)
        return spelling_key(text, **more)

    monkeypatch.setattr(spelling, "spelling_key", reading)
    accepted = [f"answer {number}" for number in range(500)]
    assert matches_one(accepted, "Answer 499")
    assert not matches_one(accepted, "Answer 500")
    assert [read.count(text) for text in ("Answer 499", "Answer 500", "answer 7")] == [1, 1, 1]


@given(texts, st.booleans(), st.booleans())
def test_text_is_the_same_as_itself(text, case, diacritics):
    key = spelling_key(text, case=case, diacritics=diacritics)
    assert spelling_key(f"  {text}\u00a0", case=case, diacritics=diacritics) == key
    if not set("*\uff0a\ufe61") & set(text):
        assert matches(text, text, case=case, diacritics=diacritics)


@given(texts, texts)
def test_looser_comparison_accepts_all_that_a_stricter_one_does(one, other):
    if spelling_key(one, **STRICT) == spelling_key(other, **STRICT):
        assert spelling_key(one, case=True) == spelling_key(other, case=True)
        assert spelling_key(one) == spelling_key(other)
