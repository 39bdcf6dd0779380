"""Each file of customs is whole, and says what the rest of the code can use."""

import re

import pytest
from babel import Locale
from django.conf import settings

from maarifa.cohorts.actions.vocabulary import HEADINGS, language_words, vocabulary
from maarifa.lib import customs
from maarifa.lib.spreadsheets import header_key

ALL = customs.customs()


def test_languages_of_the_interface_are_those_that_have_customs():
    assert [(code, own.name) for code, own in ALL.items()] == settings.LANGUAGES
    assert [own.name for own in ALL.values()] == sorted((own.name for own in ALL.values()), key=str.casefold)
    assert customs.customs_of("xx") is None


@pytest.mark.parametrize("code", ALL)
def test_customs_are_whole(code):
    own = ALL[code]
    assert Locale.parse(own.locale).language == Locale.parse(code, sep="-").language
    assert 0 <= own.least_translated <= 100
    for signs in (own.thousands, own.decimals):
        assert re.fullmatch(f"[{signs}]", signs[0])
    assert own.columns.keys() <= HEADINGS.keys()
    assert own.languages.keys() <= ALL.keys()
    assert all(word == word.lower() for word in own.absolute_words)
    whole_names = customs.words(own.columns.get("name", ""))
    assert {*customs.words(own.family_name_beside_first)} <= {*whole_names}


def test_no_heading_means_two_columns():
    keys = [(header_key(word), field) for field, words in vocabulary().items() for word in {*words}]
    for key, field in keys:
        assert {other for one, other in keys if one == key} == {field}, key


@pytest.mark.parametrize("code", ALL)
def test_language_is_known_by_its_code_and_its_name(code):
    assert language_words()[header_key(code)] == code
    assert language_words()[header_key(ALL[code].name)] == code
