import pytest

from maarifa.lib.typography import no_break_spaces

NO_BREAK = "\u00a0"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Attention : lisez !", "Attention_: lisez_!"),
        ("Qui ? Vous ; moi.", "Qui_? Vous_; moi."),
        ("« oui » et «non»", "«_oui_» et «_non_»"),
        ("15 % de 8 Gio, 23 h 59, 20 min", "15_% de 8_Gio, 23_h 59, 20_min"),
        ("**Un cas :** le reste", "**Un cas_:** le reste"),
        # What is not text of the language stays.
        ("`a : b` puis c : d", "`a : b` puis c_: d"),
        ('<a href="x : y">z : </a>', '<a href="x : y">z_: </a>'),
        ("| un | deux |\n| :--- | ---: |", "| un | deux |\n| :--- | ---: |"),
        ("```\na : b ; c\n```\nd : e", "```\na : b ; c\n```\nd_: e"),
        ("```practice\nkey : a", "```practice\nkey : a"),
        ("cle: valeur", "cle: valeur"),
        ("à 10:30", "à 10:30"),
        ("une somme de 3 sommes", "une somme de 3 sommes"),
        ("déjà\u202f! et là\u00a0?", "déjà\u202f! et là_?"),
    ],
)
def test_french_has_its_no_break_spaces(typed, right):
    there = no_break_spaces(typed, language="fr")
    assert there == right.replace("_", NO_BREAK)
    assert no_break_spaces(there, language="fr") == there


def test_arabic_keeps_a_number_and_its_unit_together():
    assert no_break_spaces("15 % من 8 GiB : نعم", language="ar") == "15_% من 8_GiB : نعم".replace(
        "_", NO_BREAK
    )


@pytest.mark.parametrize("language", ["en", "pt", "xx"])
def test_other_languages_stay_as_typed(language):
    assert no_break_spaces("15 % : « yes »", language=language) == "15 % : « yes »"


def test_placeholder_and_its_unit_stay_together():
    assert no_break_spaces(
        "%(limit)s Mo et %(percent)s %%", language="fr"
    ) == "%(limit)s_Mo et %(percent)s_%%".replace("_", NO_BREAK)
