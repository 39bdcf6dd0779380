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
                    "points, lesson, outcome, level, answer, tolerance, near, units, tests."
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
                    "questions.1.correct.1: “1” is not text. Write text. To use a number as text, put it in "
                    "quotation marks."
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


PAIRS = "items: [a, b], choices: [x, y]"


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            f"{{key: q, kind: matching, points: 1, {PAIRS}, pairs: {{a: x}}}}",
            "questions.1.pairs: These items have no pair: b. Say which choice belongs to each.",
        ),
        (
            f"{{key: q, kind: matching, points: 1, {PAIRS}, pairs: {{a: x, b: z}}}}",
            "questions.1.pairs: “z” is not one of the choices. The choices are: x, y.",
        ),
        (
            f"{{key: q, kind: matching, points: 1, {PAIRS}, pairs: {{a: x, b: y, c: x}}}}",
            "questions.1.pairs: “c” is not one of the items. The items are: a, b.",
        ),
        (
            f"{{key: q, kind: matching, points: 1, {PAIRS}, pairs: {{a: x, b: y}}, also: {{a: {{y: 50}}}}}}",
            "questions.1.also: Questions of the kind “matching” do not have this field. Remove it.",
        ),
        (
            f"{{key: q, kind: extended, points: 1, {PAIRS}, pairs: {{a: x, b: y}}, also: {{a: {{y: half}}}}}}",
            (
                "questions.1.also.a.y: “half” is not a percentage from 1 to 99. Write a whole number without "
                "quotes, such as 50."
            ),
        ),
        (
            f"{{key: q, kind: extended, points: 1, {PAIRS}, pairs: {{a: x, b: y}}, also: {{a: {{x: 50}}}}}}",
            "questions.1.also: The choice “x” is already the best one for “a”. Name another, or remove it here.",
        ),
        (
            f"{{key: q, kind: extended, points: 1, {PAIRS}}}",
            "questions.1.pairs: Questions of the kind “extended” need this field. Add it.",
        ),
        (
            "{key: q, kind: ordering, points: 1, items: [a, b]}",
            "questions.1.items: There are too few items here. Write at least 3.",
        ),
    ],
)
def test_question_with_items_that_is_wrong_is_said_field_by_field(question, said):
    read, problems = shape(BankFile, load(f"{HEAD}  - {question}\n"))
    assert read is None
    assert [(str(problem), problem.line) for problem in problems] == [(said, 5)]


def test_extended_matching_is_written_without_what_it_does_not_say():
    (entry,) = [entry_of("extended")]
    written = canonical(BankFile(format=1, bank="basics", kind="module", questions=[entry]))
    assert "shuffle" not in written
    assert "  also:\n    fever:\n      typhoid: 40\n" in written
    assert "  pairs:\n    fever: malaria\n    cough: flu\n" in written
