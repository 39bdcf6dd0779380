import pytest

from maarifa.lib import plain_language

MANNERED = [
    "This is no date.",
    "Who has no e-mail address gets a card.",
    "The name stands on the certificate.",
    "This is not your password of now.",
    "The code is good until Friday.",
    "Take it back",
    "The lesson is gone.",
    "Late work awaits you.",
    "Nobody can sign in.",
]
PLAIN = [
    "This is not a date. Write it as 2027-02-28.",
    "There is no table here.",
    "Are there no more attempts?",
    "The certificate is no longer valid.",
    "Who are you?",
    "People who have no e-mail address get an access card.",
    "Save password",
    "%(name)s, row %(row)s: %(problem)s",
]


@pytest.mark.parametrize("text", MANNERED)
def test_mannered_text_is_told(text):
    assert len(list(plain_language.faults(text, language="en"))) == 1


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_is_left_alone(text):
    assert list(plain_language.faults(text, language="en")) == []


def test_sentence_is_measured_without_tags_and_with_each_placeholder_as_a_word():
    words = "one two three four five six seven eight nine ten"
    most = f'<a href="x y z">{words}</a> {words} 21 22 23 24 %(name)s.'
    assert list(plain_language.faults(most, language="en")) == []
    (found,) = plain_language.faults(f"{most[:-1]} more.", language="en")
    assert "26 words" in found
    # A colon and a line end a sentence, a point inside a number does not.
    assert list(plain_language.faults(f"{words} {words}: {words}\n{words} 4.5", language="en")) == []


def test_language_without_a_list_of_its_own_has_its_sentences_measured():
    assert list(plain_language.faults("This is no date.", language="xx")) == []
    assert list(plain_language.faults("w " * 26, language="xx"))


@pytest.mark.parametrize(
    "text", ["Veuillez réessayer.", "Qui n’a pas d’adresse reçoit une carte.", "inscrit·e"]
)
def test_french_has_a_list_of_its_own(text):
    assert list(plain_language.faults(text, language="fr"))


def test_arabic_has_a_list_of_its_own():
    assert list(plain_language.faults("يرجى الانتظار", language="ar"))
    assert list(plain_language.faults("الصف ٣", language="ar"))
    assert list(plain_language.faults("الصف 3", language="ar")) == []
