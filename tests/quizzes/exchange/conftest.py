"""What tests of files with questions share."""

import pytest

from maarifa.quizzes.exchange.formats import read_file
from maarifa.quizzes.exchange.planning import mapped_question
from tests.factories.quizzes import BankFactory


@pytest.fixture
def bank(db):
    return BankFactory(key="water-rules/rivers")


@pytest.fixture
def reading():
    """What a file of this text holds."""

    def read(text, format_name="gift", name="questions.txt"):
        content = text if isinstance(text, bytes) else text.encode()
        return read_file(content, name=name, language="en", format_name=format_name)[1]

    return read


@pytest.fixture
def only(reading):
    """The one question of a text."""

    def read(text, format_name="gift"):
        found = reading(text, format_name)
        assert [problem.message for problem in found.problems] == []
        assert len(found.questions) == 1
        return found.questions[0]

    return read


@pytest.fixture
def mapped():
    """A question as its kind has it: the name of the kind, its structure and its texts."""

    def of(question):
        kind, result = mapped_question(question)
        return kind.name, result.structure, result.texts

    return of
