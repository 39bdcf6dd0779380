"""Words that the glossary has replaced come back nowhere. What a language says for a term, its term base says."""

import re

import pytest

from tests.services import ROOT

pytestmark = pytest.mark.once

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
