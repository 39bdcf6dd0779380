"""Aiken, as https://docs.moodle.org/en/Aiken_format describes it."""

import pytest

from maarifa.quizzes.exchange.formats import FORMATS, read_file


def test_questions(reading):
    found = reading(
        "Which city is the capital of Kenya?\nA. Mombasa\nB. Nairobi\nANSWER: B\n\n"
        "Which two lines\nare one question?\nA) These\nB) Others\nANSWER: a\n",
        "aiken",
    )
    first, second = found.questions
    assert (first.type, first.stem, first.line) == ("single", "Which city is the capital of Kenya?", 1)
    assert {one.text: one.percent for one in first.answers} == {"Mombasa": 0, "Nairobi": 100}
    assert (second.stem, second.line) == ("Which two lines\nare one question?", 6)
    assert [one.percent for one in second.answers] == [100, 0]
    assert found.problems == []


def test_a_sentence_with_an_abbreviation_is_no_choice(reading):
    (question,) = reading("A.I. is what?\nA. A tool\nB. A person\nANSWER: A\n", "aiken").questions
    assert question.stem == "A.I. is what?"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Which?\nA. one\nB. two\n", 1, "The question has no answer line."),
        ("Which?\nA. one\nB. two\nNext?\nA. one\nB. two\nANSWER: A", 4, "The question has no answer line."),
        ("Which?\nA. one\nANSWER: A", 1, "The question has fewer than two choices."),
        ("Which?\nANSWER: A", 1, "The question has fewer than two choices."),
        ("ANSWER: A\n", 1, "There is an answer line without a question above it."),
        ("A. one\nB. two\nANSWER: A", 1, "The question has no text."),
        ("Which?\nA. one\nC. two\nANSWER: A", 3, "The choice begins with “C”, but “B” is next."),
        ("Which?\nA. one\nB)\nANSWER: A", 3, "Answer 2 has no text."),
        ("Which?\nA. one\nB. two\nANSWER: C", 4, "“C” is not one of the choices."),
        ("Which?\nA. one\nB. two\nANSWER: A, B", 4, "“A, B” is not one of the choices."),
        ("Which?\nA. one\nB. two\nANSWER:", 4, "“” is not one of the choices."),
    ],
)
def test_what_is_wrong_is_named_by_line(reading, text, line, message):
    problem = reading(text, "aiken").problems[0]
    assert problem.line == line
    assert problem.message.startswith(message)


def test_one_broken_question_leaves_the_others(reading):
    found = reading("One?\nA. a\nANSWER: A\n\nTwo?\nA. a\nB. b\nANSWER: B\n", "aiken")
    assert [question.stem for question in found.questions] == ["Two?"]
    assert [problem.where for problem in found.problems] == ["One?"]


def test_it_is_recognised():
    content = b"Which {one}?\nA. one\nB. two\nANSWER: A\n"
    assert read_file(content, name="x.txt", language="en")[0] == FORMATS["aiken"]
