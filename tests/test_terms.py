"""One thing has one word: what docs/style says about terms, held in the catalogues."""

import re

import pytest
from babel.messages.pofile import read_po

from maarifa.operations import catalogues
from tests.services import ROOT

pytestmark = pytest.mark.once

# What the English says, the word for it, and the words that must not stand there.
TERMS = {
    "fr": (
        (r"\bcohorts?\b", r"\bcohortes?\b", r"promotion|\bgroupes?\b"),
        (r"\bmy groups\b|\b(the|this) group\b", r"\bgroupes?\b", r"cohorte|promotion"),
        (r"\brecovery codes?\b", r"\bcodes? de récupération\b", r"secours"),
        (r"\bbackup codes?\b", r"\bcodes? de secours\b", r"récupération"),
    ),
    "ar": (
        (r"\bcohorts?\b|\bgroups?\b", r"مجموع", r"دفعة|الدفع|فوج"),
        (r"\brecovery codes?\b", r"رمز الاسترداد|رمز استرداد|رموز الاسترداد", r"احتياطي"),
        (r"\bbackup codes?\b", r"احتياطي", r"استرداد"),
    ),
}


def _joined(forms) -> str:
    return forms if isinstance(forms, str) else " ".join(forms)


@pytest.mark.parametrize("language", TERMS)
def test_one_thing_has_one_word_in_a_catalogue(language):
    with catalogues.catalogue_path(ROOT / "locale", language).open("rb") as file:
        said = [(_joined(message.id), _joined(message.string)) for message in read_po(file) if message.id]
    for english, right, wrong in TERMS[language]:
        # A placeholder is no word.
        about = [
            pair for pair in said if re.search(english, re.sub(r"%\(\w+\)s", "", pair[0]), re.IGNORECASE)
        ]
        assert about, english
        assert [pair for pair in about if not re.search(right, pair[1], re.IGNORECASE)] == []
        assert [pair for pair in about if re.search(wrong, pair[1], re.IGNORECASE)] == []


# Words of ours that the glossary has replaced: as a whole word, or as a part of a name.
REPLACED = re.compile(
    r"(?<![A-Za-z])(house|shelf|seats?|seated|seating|sweeps?|owe[ds]?|owing|WorkRow|WrittenOnce|SameOwner|nudges?)(?![a-z])"
)


def test_no_word_comes_back_that_the_glossary_has_replaced():
    files = [
        *(path for folder in ("platform", "tests", "docs") for path in (ROOT / folder).rglob("*")),
        *ROOT.glob("*.md"),
    ]
    found = [
        f"{path.relative_to(ROOT)}: {word[1]}"
        for path in files
        if path.suffix in (".py", ".html", ".md", ".txt", ".js") and path.name != "test_terms.py"
        # The table of words that are not to be used names them.
        if "style" not in path.parts
        for word in REPLACED.finditer(path.read_text())
    ]
    assert found == []
