"""Questions in files: what each kind says of itself, there and back."""

import pytest

from maarifa.coursefiles.shapes import BankFile, BankTextsFile, QuestionEntry, QuestionTexts
from maarifa.coursefiles.writing import canonical
from maarifa.lib.shapes import shape
from maarifa.lib.strict_yaml import load
from maarifa.quizzes.kinds import KINDS
from tests.factories.quizzes import STRUCTURES, words_of

HEAD = "format: 1\nbank: basics\nkind: module\nquestions:\n"


def entry_of(kind):
    head = {"key": "q", "kind": kind, "points": 1}
    return QuestionEntry.model_validate(head | KINDS[kind].to_file(STRUCTURES[kind]))


@pytest.mark.parametrize("kind", list(KINDS))
def test_structure_comes_back_from_a_file_as_it_is_stored(kind):
    written = canonical(BankFile(format=1, bank="basics", kind="module", questions=[entry_of(kind)]))
    read, problems = shape(BankFile, load(written))
    assert problems == []
    assert read.questions[0].structure.stored() == STRUCTURES[kind]
    assert canonical(read) == written


@pytest.mark.parametrize("kind", list(KINDS))
def test_words_come_back_from_a_file_as_they_are_stored(kind):
    words = words_of(kind, STRUCTURES[kind], "q", "ar")
    file = BankTextsFile(
        format=1, bank="basics", language="ar", questions={"q": QuestionTexts.model_validate(words)}
    )
    read, problems = shape(BankTextsFile, load(canonical(file)))
    assert problems == []
    assert read.questions["q"].texts() == words


@pytest.mark.parametrize("kind", list(KINDS))
def test_draft_of_each_kind_can_be_written_or_says_why_not(kind):
    fields = KINDS[kind].to_file(KINDS[kind].blank())
    _read, problems = shape(BankFile, load(f"{HEAD}  - {{key: q, kind: {kind}, points: 1}}\n"))
    assert {one.where for one in problems} == {f"questions.1.{name}" for name in fields}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "{key: q, kind: essay, points: 0, answer: '1'}",
            {
                f"questions.1.kind: “essay” is not allowed here. Write one of these: {', '.join(KINDS)}.",
                "questions.1.points: 0 is too small. Write at least 1.",
            },
        ),
        ("{key: q, points: 1}", {"questions.1.kind: This field is missing. Add it."}),
        (
            "five",
            {
                (
                    "questions.1: “five” has no fields. Write lines such as “name: value”, indented by two spaces."
                )
            },
        ),
        (
            "{key: q, kind: numeric, points: 1, answer: '1', tolerance: '0', unit: GB}",
            {
                (
                    "questions.1.unit: There is no field with this name here. The fields are: key, kind, "
                    "points, lesson, outcome, level, answer, tolerance, tests."
                )
            },
        ),
        (
            "{key: q, kind: numeric, points: 1, answer: '1'}",
            {"questions.1.tolerance: Questions of the kind “numeric” need this field. Add it."},
        ),
        (
            "{key: q, kind: truefalse, points: 1, choices: [a, b], correct: [true]}",
            {"questions.1.choices: Questions of the kind “truefalse” do not have this field. Remove it."},
        ),
        (
            "{key: q, kind: single, points: 1, choices: [a, b], correct: []}",
            {"questions.1.correct: 0 choices are marked as correct. Mark exactly one."},
        ),
        (
            "{key: q, kind: multiple, points: 1, choices: [a, b], correct: []}",
            {"questions.1.correct: No choice is marked as correct. Mark at least one."},
        ),
        (
            "{key: q, kind: multiple, points: 1, choices: [a, b], correct: [1]}",
            {
                (
                    "questions.1.correct.1: “1” is not text. Write text. If a number is meant as text, put "
                    "it in quotes."
                )
            },
        ),
    ],
)
def test_question_that_is_wrong_is_said_field_by_field(question, said):
    read, problems = shape(BankFile, load(f"{HEAD}  - {question}\n"))
    assert read is None
    assert {str(problem) for problem in problems} == said
    assert {problem.line for problem in problems} == {5}
