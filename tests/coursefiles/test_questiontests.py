"""Tests of questions in files: checked in every language, loaded, and written again."""

import pytest

from maarifa.coursefiles.actions import LoadingError, export_course, load_course
from maarifa.coursefiles.checking import check
from maarifa.coursefiles.reading import read_folder
from maarifa.curriculum.models import Course
from maarifa.quizzes.models import Question
from tests.coursefiles.conftest import replace

BANK = "banks/basics.yaml"


def folder_of(tiny):
    folder = read_folder(tiny)
    check(folder)
    return folder


def problems(tiny):
    return [str(one).removeprefix(f"{tiny}/") for one in folder_of(tiny).in_order()]


def first_single(tiny):
    """The lines of the first question of the kind in the bank, and its number."""
    text = (tiny / BANK).read_text()
    questions = text.split("- key: ")[1:]
    number = next(place for place, one in enumerate(questions) if "kind: single" in one)
    return "- key: " + questions[number]


def with_tests(tiny, tests):
    question = first_single(tiny)
    replace(tiny / BANK, question, question.rstrip("\n") + "\n" + tests)
    return question.split("\n")[0].removeprefix("- key: ")


def right_of(tiny):
    return first_single(tiny).split("correct: [")[1].split("]")[0]


def wrong_of(tiny):
    choices = first_single(tiny).split("choices: [")[1].split("]")[0].split(", ")
    return next(key for key in choices if key != right_of(tiny))


def as_yaml(*tests):
    return "  tests:\n" + "".join(f"  - answer: [{key}]\n    score: {score}\n" for key, score in tests)


@pytest.mark.django_db
def test_tests_are_loaded_and_written_again_byte_by_byte(tiny, tmp_path):
    key = with_tests(tiny, as_yaml((right_of(tiny), 100), (wrong_of(tiny), 0)))
    assert problems(tiny) == []
    load_course(folder=folder_of(tiny), by=None)
    question = Question.objects.get(key=key)
    assert question.tests == [
        {"answer": [right_of(tiny)], "score": 100},
        {"answer": [wrong_of(tiny)], "score": 0},
    ]
    export_course(course=Course.objects.get(), folder=tmp_path / "out")
    assert (tmp_path / "out/tiny" / BANK).read_bytes() == (tiny / BANK).read_bytes()


@pytest.mark.django_db
def test_failed_test_is_named_with_its_line_language_and_what_was_found_and_keeps_the_course_out(tiny):
    key = with_tests(tiny, as_yaml((right_of(tiny), 100), (wrong_of(tiny), 100)))
    lines = (tiny / BANK).read_text().split("\n")
    line = 1 + max(place for place, text in enumerate(lines) if text == f"  - answer: [{wrong_of(tiny)}]")
    assert problems(tiny) == [
        f"{BANK}:{line}: {key} → en: Test 2: the answer “{wrong_of(tiny)}” gets 0% of the points, but the test "
        "expects 100%. Correct the question or the test."
    ]
    with pytest.raises(LoadingError):
        load_course(folder=folder_of(tiny), by=None)
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("tests", "said"),
    [
        ("  tests: yes please\n", "tests: “yes please” is not a list."),
        ("  tests:\n  - answer: [a]\n", "tests.1.score: This field is missing. Add it."),
        ("  tests:\n  - score: 5\n", "tests.1.answer: This field is missing. Add it."),
        (
            "  tests:\n  - answer: 5\n    score: 5\n",
            "tests.1.answer: “5” is not an answer. Write text in quotation marks, a list such as [a, b]",
        ),
        (
            "  tests:\n  - answer: [a]\n    score: 101\n",
            "tests.1.score: 101 is too large. Write at most 100.",
        ),
        ("  tests:\n  - answer: [a]\n    score: half\n", "tests.1.score: “half” is not a whole number."),
        (
            "  tests:\n  - answer: [a]\n    score: 1\n    hint: x\n",
            "tests.1.hint: There is no field with this name here. The fields are: answer, score, feedback.",
        ),
        ("  tests:\n  - answer: [zz]\n    score: 0\n", "Test 1: “zz” cannot be an answer to this question."),
    ],
)
def test_test_that_is_no_test_is_refused_by_its_field(tiny, tests, said):
    with_tests(tiny, tests)
    found = problems(tiny)
    assert any(said in one for one in found), found
    assert all(one.startswith(f"{BANK}:") for one in found if "test" in one.lower())
