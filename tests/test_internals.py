"""The sentences of `tests/internals.py` themselves."""

import re

import pytest

from tests.internals import what_changed

pytestmark = pytest.mark.once

TAKES = "django.db.models.query:QuerySet.first"


@pytest.mark.parametrize(
    ("path", "parameters", "said"),
    [
        (TAKES, "self", ""),
        (TAKES, "self by", r"django.* takes \(self\), not \(self by\), on which Prepared depends\."),
        (
            "django.db.models.query:QuerySet._gone",
            "self",
            r"has no django.*_gone any more, on which Prepared",
        ),
        ("django.gone:any", "", r"has no django\.gone:any any more"),
    ],
)
def test_what_changed_is_said_in_a_sentence(path, parameters, said):
    sentence = what_changed(path, parameters, library="django", used_by="Prepared")
    assert re.search(said, sentence) if said else sentence == ""
