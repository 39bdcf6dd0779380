import pytest
from django.core.validators import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from maarifa.lib.emails import AddressProblem, address_key, normalise_address, suggest_address


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("amina@example.org", "amina@example.org"),
        ("  Amina.Yusuf@Example.ORG ", "Amina.Yusuf@example.org"),
        ("\u200b\u202aamina@example.org\u202c\u00a0", "amina@example.org"),
        ("mailto:amina@example.org", "amina@example.org"),
        ("MAILTO:amina%40example.org?subject=Hello", "amina@example.org"),
        ("Amina Yusuf <amina@example.org>", "amina@example.org"),
        ('"Yusuf, Amina" <mailto:amina@example.org>;', "amina@example.org"),
        ("<amina@example.org>", "amina@example.org"),
        ("'amina@example.org'", "amina@example.org"),
        ("“amina@example.org”", "amina@example.org"),
        ("amina@example.org.", "amina@example.org"),
        ("amina@example.org,", "amina@example.org"),
        ("amina@example.org؛", "amina@example.org"),
        ("ａｍｉｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "amina@example.org"),
        ("fang@example。org", "fang@example.org"),
        ("o’neil+list@example.org", "o'neil+list@example.org"),
        ("info@Café.example", "info@café.example"),
        ("info@xn--caf-dma.example", "info@café.example"),
        ("info@cafe\u0301.example", "info@café.example"),
        ("amina@مثال.example", "amina@مثال.example"),
    ],
)
def test_address_is_taken_where_it_means_one_without_doubt(typed, address):
    assert normalise_address(typed) == address
    validate_email(address)


@pytest.mark.parametrize(
    ("typed", "code", "suggestion"),
    [
        ("", "missing", ""),
        (" \u00a0\u200b", "missing", ""),
        ("amina.example.org", "no_at", ""),
        ("amina@@example.org", "several_ats", ""),
        ("amina@home@example.org", "several_ats", ""),
        ("amina@example.org; yusuf@example.org", "several_addresses", "amina@example.org"),
        ("amina@example.org yusuf@example.org", "several_addresses", "amina@example.org"),
        ("amina@example.org/yusuf@example.org", "several_addresses", "amina@example.org"),
        ("amina@example.org\nyusuf@example.org", "several_addresses", "amina@example.org"),
        ("Amina <amina@example.org>, Yusuf <yusuf@example.org>", "several_addresses", "amina@example.org"),
        ("@example.org", "nothing_before_at", ""),
        ("amina@", "nothing_after_at", ""),
        ("amina yusuf@example.org", "space_inside", "aminayusuf@example.org"),
        ("amina@ example.org", "space_inside", "amina@example.org"),
        ("amina @ example . org", "space_inside", "amina@example.org"),
        ("Amina Yusuf amina@example.org", "space_inside", "amina@example.org"),
        ("amina@example,org", "comma_for_dot", "amina@example.org"),
        ("amina@example،org", "comma_for_dot", "amina@example.org"),
        ("amina;yusuf@example.org", "comma_for_dot", "amina.yusuf@example.org"),
        (".amina@example.org", "dot_at_edge", "amina@example.org"),
        ("amina.@example.org", "dot_at_edge", "amina@example.org"),
        ("amina@.example.org", "dot_at_edge", "amina@example.org"),
        ("amina@example..org", "double_dot", "amina@example.org"),
        ("amina@example", "domain_without_dot", ""),
        ("aminé@example.org", "letters_before_at", ""),
        ("أمينة@example.org", "letters_before_at", ""),
        ("١٢٣@example.org", "letters_before_at", ""),
        ("ami(na@example.org", "bad_character", ""),
        ("ami\\na@example.org", "bad_character", ""),
        ("amina@exam_ple.org", "bad_domain", ""),
        ("amina@-example.org", "bad_domain", ""),
        ("amina@example.o", "bad_domain", ""),
        ("amina@192.168.0.1", "bad_domain", ""),
        (f"amina@{'x' * 64}.org", "bad_domain", ""),
        (f"{'x' * 65}@example.org", "too_long", ""),
        (f"a@{'.'.join(['x' * 60] * 5)}.org", "too_long", ""),
    ],
)
def test_what_is_no_address_is_refused_by_its_code_with_what_may_be_meant(typed, code, suggestion):
    with pytest.raises(AddressProblem) as caught:
        normalise_address(typed)
    assert (caught.value.code, caught.value.params["suggestion"]) == (code, suggestion)


def test_message_names_the_value_and_what_would_be_right():
    with pytest.raises(AddressProblem) as caught:
        normalise_address("amina@example,org")
    assert caught.value.message == (
        "“amina@example,org” has a comma or semicolon in it. Write a dot instead. Did you mean "
        "amina@example.org?"
    )
    with pytest.raises(AddressProblem) as caught:
        normalise_address("100% amina")
    assert caught.value.message == "“100% amina” has no @. An address looks like name@example.org."


@pytest.mark.parametrize(
    "typed",
    [
        "Amina.Yusuf@Example.org",
        "AMINA.YUSUF@EXAMPLE.ORG",
        " amina.yusuf@example.org",
        "Amina <amina.yusuf@example.org>",
        "ａmina．yusuf＠example.org",
    ],
)
def test_spellings_of_one_address_have_one_key(typed):
    assert address_key(typed) == "amina.yusuf@example.org"


def test_key_of_a_domain_is_in_its_own_script():
    assert address_key("info@CAFÉ.example") == address_key("info@xn--caf-dma.example") == "info@café.example"


def test_text_that_is_no_address_has_a_key():
    assert [address_key(text) for text in ["", " Amina ", "a b@c", "a@x..y"]] == [
        "",
        "amina",
        "a b@c",
        "a@x..y",
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("amina@gmial.com", "amina@gmail.com"),
        ("amina@gmai.com", "amina@gmail.com"),
        ("amina@gmaill.com", "amina@gmail.com"),
        ("amina@gmail.con", "amina@gmail.com"),
        ("amina@gmail.co", "amina@gmail.com"),
        ("amina@gmail.cm", "amina@gmail.com"),
        ("amina@yaho.com", "amina@yahoo.com"),
        ("amina@hotmial.com", "amina@hotmail.com"),
        ("amina@outlok.com", "amina@outlook.com"),
        ("amina@Gmail.com", ""),
        ("amina@ymail.com", ""),
        ("amina@mail.com", ""),
        ("amina@email.com", ""),
        ("amina@yahoo.fr", ""),
        ("amina@example.org", ""),
        ("no address", ""),
    ],
)
def test_slip_in_a_well_known_domain_is_a_suggestion_and_no_correction(typed, meant):
    assert suggest_address(typed) == meant
    if "@" in typed:
        assert normalise_address(typed).casefold() == typed.casefold()


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.text("ab.@,; <>'\"mailto:é،＠xn--", max_size=40),
        st.builds("{}@{}.org".format, st.text(max_size=10), st.text(max_size=20)),
    )
)
def test_any_text_is_an_address_that_can_be_stored_or_a_problem_that_can_be_read(text):
    try:
        address = normalise_address(text)
    except AddressProblem as problem:
        said, suggestion = problem.message, problem.params["suggestion"]
    else:
        said, suggestion = address, address
    assert said
    if suggestion:
        validate_email(suggestion)
        assert normalise_address(suggestion) == suggestion
        assert address_key(suggestion) == address_key(address_key(suggestion))
