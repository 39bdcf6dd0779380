"""The glossary speaks of code that is there, and says each term once."""

import re
from collections import Counter

import pytest

from tests.services import ROOT

pytestmark = pytest.mark.once
# The last column of every table that has one for the code; terms that no code knows yet have none.
ROWS = [
    [cell.strip() for cell in line.strip().strip("|").split("|")]
    for line in (ROOT / "docs/glossary.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| term ")
]
CODE = "\n".join(
    path.read_text()
    for folder in ("platform", "tests")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if path.name != "test_glossary.py"
)


def test_there_is_a_glossary():
    assert len(ROWS) > 100


def test_each_term_stands_once():
    times = Counter(row[0] for row in ROWS)
    assert [term for term, count in times.items() if count > 1] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_the_glossary_names_is_there(row):
    for name in re.findall(r"`([^`]+)`", row[-1]):
        if "/" in name or name.endswith((".py", ".toml")):
            inside = [
                ROOT / name,
                *(ROOT / "platform/maarifa").glob(name),
                *(ROOT / "platform/maarifa").glob(f"*/{name}"),
            ]
            assert any(path.exists() for path in inside), name
        else:
            # `Membership.Role.OBSERVER`: each of its parts.
            for part in name.split("."):
                assert re.search(rf"(?<![A-Za-z0-9_]){re.escape(part)}(?![A-Za-z0-9_])", CODE), name
