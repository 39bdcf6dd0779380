"""The term bases: each can be read, all have the same terms, and what is wrong in a translation is found."""

import re

import pytest
from babel.messages.pofile import read_po

from maarifa.lib import customs, terms
from maarifa.lib.plain_language import bare
from tests.services import ROOT

ENGLISH = """
- term: access card
  scope: interface
  meaning: a printed card
- term: cohort
  scope: both
  meaning: people who take a course together
"""
FRENCH = """
- term: access card
  scope: interface
  use: carte d’accès
  forms: cartes? d’accès
  forbidden: [cartes? avec un code]
  never: [courriel]
  authority: usage
- term: cohort
  scope: both
  use: [cohorte, cohortes]
  forbidden: [promotion]
  authority: usage
"""
# In no string of the interface: it says “points”, and “requires”.
UNSAID = ["required"]


@pytest.fixture
def french(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    (tmp_path / "terms.en.yaml").write_text(ENGLISH)
    (tmp_path / "terms.fr.yaml").write_text(FRENCH)
    return terms.term_base("fr")


def test_term_that_is_left_out_or_worded_otherwise_is_told(french):
    def faults(english, text, scope="interface"):
        return french.faults(english, text, scope=scope)

    assert faults("Print 3 access cards", "Imprimez 3 cartes d’accès") == []
    assert faults("Print 3 access cards", "Imprimez 3 cartes avec un code") == [
        "“access card” is not “cartes avec un code”: use carte d’accès"
    ]
    assert faults("Access card", "Carte") == ["“access card” is missing: use carte d’accès"]
    assert faults("Your cohort", "Votre promotion") == ["“cohort” is not “promotion”: use cohorte / cohortes"]
    # A whole word, and no word of a placeholder.
    assert faults("Your cohort", "Votre cohorte, et sa promotionnelle") == []
    assert faults("%(cohort)s: open", "%(cohort)s : ouverte") == []
    assert faults("Access card", "Carte", scope="courses") == []


def test_word_that_is_never_right_is_told_whatever_the_english_says(french):
    ((word, term),) = french.never_here("Par courriel", scope="interface")
    assert (word, term.term) == ("courriel", "access card")
    assert french.never_here("Par courriel", scope="courses") == []
    assert french.never_here("Par e-mail", scope="interface") == []


def test_language_without_a_term_base_has_none(french):
    assert terms.term_base("xx") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- term: a\n  scope: nowhere\n  authority: usage\n", "terms.fr.yaml:2"),
        ("- term: a\n  scop: both\n", "terms.fr.yaml:2"),
        ("- term: 'a\n", "terms.fr.yaml:1"),
        ("- {term: a, scope: both}\n- {term: a, scope: both}\n", "twice"),
    ],
)
def test_term_base_that_cannot_be_read_names_its_line(french, settings, text, said):
    (settings.LOCALE_PATHS[0] / "terms.fr.yaml").write_text(text)
    terms.read_term_base.cache_clear()
    with pytest.raises(terms.BadTermBase, match=re.escape(said)):
        terms.term_base("fr")


@pytest.mark.parametrize("language", customs.customs())
def test_term_bases_have_the_same_terms_in_one_order(language):
    english, own = terms.term_base("en"), terms.term_base(language)
    assert [(term.term, term.scope) for term in own.terms] == [
        (term.term, term.scope) for term in english.terms
    ]
    assert len(english.terms) >= 120
    for term in own.terms:
        if language == "en":
            assert term.meaning, term.term
            # What the pattern for the English finds is the term.
            assert term.in_english.search(term.term), term.term
        else:
            assert term.use, term.term
            assert term.authority, term.term
            said = [term.use] if isinstance(term.use, str) else term.use
            assert all(term.right.search(word) for word in said), term.term
            for pattern in (term.wrong, term.outlawed):
                assert not pattern or not any(pattern.search(word) for word in said), term.term


def test_each_term_of_the_interface_stands_in_a_string_of_it():
    """A pattern that finds nothing holds no translation to anything."""
    with (ROOT / "locale/fr/LC_MESSAGES/django.po").open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    said = [bare(form) for forms in ids for form in ([forms] if isinstance(forms, str) else forms)]
    unsaid = [
        term.term
        for term in terms.term_base("en").terms
        if term.holds_for("interface") and not any(term.in_english.search(text) for text in said)
    ]
    assert unsaid == UNSAID
