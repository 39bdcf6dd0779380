"""Which questions count as ones whose right answer the length of its choices may give away."""

import pytest

from maarifa.quizzes.kinds import kind_named
from tests.factories.quizzes import STRUCTURES, words_of


@pytest.mark.parametrize(("kind", "guessed"), [("single", True), ("multiple", False), ("truefalse", False)])
def test_only_one_right_answer_among_several_can_be_guessed_by_its_length(kind, guessed):
    words = words_of(kind, STRUCTURES[kind], "question", "en")
    assert (kind_named(kind).guessed(STRUCTURES[kind], words) is not None) == guessed
    choices = [{"text": text, "correct": text == "True", "feedback": "Look."} for text in ("True", "False")]
    practice = kind_named(kind).practice(key="a", kind=kind, stem="So?", choices=choices)
    assert (practice.guessed() is not None) == guessed
