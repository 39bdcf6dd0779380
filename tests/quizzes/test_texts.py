"""Which language a question is shown in."""

import pytest
from django.utils.translation import override

from maarifa.quizzes.models import QuestionVersion
from maarifa.quizzes.texts import texts_for

VERSION = QuestionVersion(
    source_language="fr",
    texts={code: {"stem": code} for code in ("fr", "pt", "ar", "zh-hans")},
    states={"fr": "source", "pt": "machine", "ar": "stale", "zh-hans": "reviewed"},
)


@pytest.mark.parametrize(
    ("asked", "source", "shown"),
    [
        *(("ar", "", "ar"), ("pt-br", "", "pt"), ("zh-hans", "", "zh-hans")),
        *(("sw", "", "fr"), ("sw", "ar", "ar"), ("sw", "hi", "fr")),
    ],
)
def test_words_fall_back_to_the_source(asked, source, shown):
    words = texts_for(VERSION, asked, source)
    assert (words.language, words.texts) == (shown, {"stem": shown})


def test_words_fall_back_to_anything_rather_than_nothing():
    version = QuestionVersion(source_language="", texts={"sw": {"stem": "sw"}}, states={})
    assert texts_for(version, "en").language == "sw"


def test_words_say_what_became_of_the_translation():
    states = {code: texts_for(VERSION, code) for code in VERSION.texts}
    assert [code for code, words in states.items() if words.is_machine_made] == ["pt"]
    assert [code for code, words in states.items() if words.is_stale] == ["ar"]


def test_words_name_their_language_where_the_page_has_another():
    words = texts_for(VERSION, "ar")
    with override("en"):
        assert words.attributes == ' lang="ar" dir="rtl"'
        assert texts_for(VERSION, "sw").attributes == ' lang="fr" dir="ltr"'
    with override("ar"):
        assert words.attributes == ""
