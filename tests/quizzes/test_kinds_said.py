"""What kinds of question say to learners and authors."""

import pytest

from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import kind_named
from tests.factories.quizzes import STRUCTURES


def test_learner_reads_no_value_of_the_program_in_a_refusal():
    with pytest.raises(AnswerError) as caught:
        kind_named("multiple").read(STRUCTURES["multiple"], ["a", None])
    assert str(caught.value) == "We could not read this answer. Answer the question again."


def test_missing_feedback_of_a_number_is_named_as_its_author_knows_it():
    found = kind_named("numeric").feedback_problems(STRUCTURES["numeric"], {"feedback": {"correct": "Yes."}})
    assert [one.message for one in found] == ["There is no feedback for an incorrect answer. Add it."]
