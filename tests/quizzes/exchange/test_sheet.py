"""Questions in a spreadsheet: what authors type, and what is wrong with it."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from maarifa.lib.spreadsheets import read_table, write_csv
from maarifa.quizzes.exchange import sheet
from maarifa.quizzes.exchange.problems import ExchangeError, Refused
from maarifa.quizzes.kinds import KINDS

HEADINGS = [
    "Name",
    "Kind",
    "Question",
    "Choices",
    "Correct answer",
    "Tolerance",
    "Unit",
    "Feedback",
    "Points",
    "Level",
]


LINES_27 = "\n".join(map(str, range(27)))


def table(*rows, headings=HEADINGS):
    return write_csv(headings, [[row.get(heading, "") for heading in headings] for row in rows])


@pytest.fixture
def read(reading):
    return lambda *rows: reading(table(*rows), "csv", "q.csv")


@pytest.fixture
def only(read):
    def one(**cells):
        found = read({name.replace("_", " "): value for name, value in cells.items()})
        assert [problem.message for problem in found.problems] == []
        return found.questions[0]

    return one


@pytest.fixture
def problem(read):
    def one(**cells):
        (found,) = read({name.replace("_", " "): value for name, value in cells.items()}).problems
        return found

    return one


def test_choices(only, mapped):
    question = only(
        Name="capital",
        Kind="one correct answer",
        Question="Which city?",
        Choices="A. Mombasa\nB. Nairobi",
        Correct_answer="B",
        Feedback="B: Yes.\nIt is.",
        Points="2",
        Level="recall",
    )
    assert (question.line, question.name, question.points, question.level) == (2, "capital", 2, "recall")
    assert mapped(question) == (
        "single",
        {"choices": ["a", "b"], "correct": ["b"]},
        {
            "stem": "Which city?",
            "choices": {"a": {"text": "Mombasa"}, "b": {"text": "Nairobi", "feedback": "Yes.\nIt is."}},
        },
    )


def test_several_choices_and_feedback_by_order(only, mapped):
    question = only(
        Kind="multiple",
        Question="Which?",
        Choices="one\ntwo\nthree",
        Correct_answer="a, C",
        Feedback="x\ny\nz",
    )
    kind, structure, texts = mapped(question)
    assert (kind, structure["correct"]) == ("multiple", ["a", "c"])
    assert [choice["feedback"] for choice in texts["choices"].values()] == ["x", "y", "z"]


@pytest.mark.parametrize("signs", ["A، B", "A؛B", "A，B", "A；B", "A、B", "A, B"])
def test_letters_are_listed_with_the_signs_of_any_keyboard(only, mapped, signs):
    question = only(Kind="multiple", Question="Which?", Choices="one\ntwo\nthree", Correct_answer=signs)
    assert mapped(question)[1]["correct"] == ["a", "b"]


def test_label_ends_with_the_colon_of_any_keyboard(only):
    cells = {"Kind": "single", "Question": "Which?", "Choices": "one\ntwo", "Correct_answer": "A"}
    question = only(**cells, Feedback="A: Yes.\nB：No.")
    assert [answer.feedback for answer in question.answers] == ["Yes.", "No."]
    answers = (replace(question.answers[0], feedback="Yes.\nB：or no"), question.answers[1])
    with pytest.raises(Refused) as refusal:
        sheet.check(replace(question, answers=answers))
    assert refusal.value.code == "OUT_SYNTAX"


def test_pair_without_an_arrow_is_told_without_the_sign_of_a_formula(problem):
    found = problem(Kind="matching", Question="Which?", Choices="Kenya -> Nairobi\nMali, Bamako")
    assert found.message == (
        "“Mali, Bamako” in column “Choices” cannot be used. Write each pair as left -> right."
    )


@pytest.mark.parametrize("word", ["False", "false", "Faux", "خطأ"])
def test_true_or_false_in_the_words_of_any_language(only, mapped, word):
    question = only(Kind="true or false", Question="It rains.", Correct_answer=word, Feedback="True: No.")
    assert mapped(question)[1:] == (
        {"correct": ["false"]},
        {"stem": "It rains.", "choices": {"true": {"feedback": "No."}}},
    )


def test_number(only, mapped):
    question = only(
        Kind="a number",
        Question="How many?",
        Correct_answer="12,5",
        Tolerance="0.5",
        Unit="GB",
        Feedback="correct: Yes.\nincorrect: No.",
    )
    assert mapped(question) == (
        "numeric",
        {"answer": "12.5", "tolerance": "0.5"},
        {"stem": "How many?", "unit": "GB", "feedback": {"correct": "Yes.", "wrong": "No."}},
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"Kind": "single", "Choices": "a\nb", "Correct_answer": "A"}, "Column “Question” is empty."),
        ({"Question": "x"}, "Column “Kind” is empty. Write one of these: one correct answer"),
        ({"Question": "x", "Kind": "riddle"}, "“riddle” in column “Kind” cannot be used. Write one of these"),
        ({"Question": "x", "Kind": "single", "Choices": "a"}, "Column “Choices” is empty. Write each choice"),
        ({"Question": "x", "Kind": "single", "Choices": "a\nb"}, "Column “Correct answer” is empty."),
        (
            {"Question": "x", "Kind": "single", "Choices": "a\nb", "Correct_answer": "C"},
            "“C” in column “Correct answer” cannot be used. Write one of these: A, B.",
        ),
        (
            {"Question": "x", "Kind": "single", "Choices": "a\nb", "Correct_answer": ","},
            "“,” in column “Correct answer” cannot be used. Write one of these: A, B.",
        ),
        (
            {"Question": "x", "Kind": "multiple", "Choices": LINES_27, "Correct_answer": "A"},
            "There are too many answers. Write at most 26.",
        ),
        (
            {"Question": "x", "Kind": "single", "Choices": "a\nb", "Correct_answer": "A", "Feedback": "only"},
            "“only” in column “Feedback” cannot be used.",
        ),
        ({"Question": "x", "Kind": "truefalse", "Correct_answer": "maybe"}, "“maybe” in column"),
        (
            {"Question": "x", "Kind": "numeric", "Correct_answer": "1,500"},
            "“1,500” in column “Correct answer”",
        ),
        ({"Question": "x", "Kind": "numeric"}, "Column “Correct answer” is empty."),
        (
            {"Question": "x", "Kind": "numeric", "Correct_answer": "1", "Points": "many"},
            "“many” in column “Points” cannot be used.",
        ),
        (
            {"Question": "x", "Kind": "numeric", "Correct_answer": "1", "Level": "deep"},
            "“deep” in column “Level” cannot be used. Write one of these: recall",
        ),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(problem, cells, message):
    found = problem(**cells)
    assert found.line == 2
    assert found.message.startswith(message)


def test_kinds_that_fit_into_no_cells_are_not_offered(problem):
    label = str(KINDS["gaps"].label)
    found = problem(Question="x", Kind=label)
    assert found.message.startswith(f"“{label}” in column “Kind” cannot be used. Write one of these: ")
    offered = found.message.partition("these: ")[2]
    assert offered.startswith(str(KINDS["single"].label))
    assert label not in offered
    assert set(sheet.columns.kinds()) == set(sheet.reading._READS) == set(sheet.writing._CELLS)


def test_row_with_too_many_cells_is_refused_alone(reading):
    content = table(*[{"Kind": "truefalse", "Question": f"x{n}", "Correct answer": "true"} for n in range(4)])
    found = reading(content.replace(b'"x1"', b'"x1","","","","","","","","","","",""'), "csv", "q.csv")
    assert [one.line for one in found.problems] == [3]
    assert len(found.questions) == 3


@pytest.mark.parametrize(
    ("headings", "code"),
    [
        (["Name", "Question"], "NO_COLUMN"),
        (["Kind", "Points"], "NO_COLUMN"),
        (["Kind", "Question", "question"], "COLUMN_TWICE"),
    ],
)
def test_headings_that_are_missing_or_there_twice(reading, headings, code):
    with pytest.raises(ExchangeError) as refusal:
        reading(write_csv(headings, [["x"] * len(headings)]), "csv", "q.csv")
    assert refusal.value.code == code


def test_table_without_rows_speaks_of_questions(reading):
    with pytest.raises(ExchangeError) as refusal:
        reading(write_csv(HEADINGS, []), "csv", "q.csv")
    assert refusal.value.code == "NO_ROWS"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_template_opens_in_the_language_and_its_example_is_left_out(reading, language):
    with override(language):
        content = sheet.template()
    found = sheet.read(content, file="questions.xlsx", language="en")
    assert (found.questions, found.problems) == ([], [])
    assert [note.code for note in found.notes] == ["EXAMPLE"]
    with pytest.raises(ExchangeError) as refusal:
        reading(content, "", "questions.xlsx")
    assert refusal.value.code == "NOTHING_FOUND"
    helped = read_table(content, filename="q.xlsx", language="en", sheet=None)
    assert len(helped.sheets) == 2


def test_template_is_filled_in(reading):
    headings = [str(heading) for heading in sheet.columns.COLUMNS.values()]
    row = {"Kind": "a number", "Question": "How many?", "Correct answer": "=1+1"}
    (problem,) = reading(table(row, headings=headings), "csv", "q.csv").problems
    assert problem.message.startswith("“=1+1” in column “Correct answer” cannot be used.")
