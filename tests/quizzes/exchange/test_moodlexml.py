"""Moodle XML, as https://docs.moodle.org/en/Moodle_XML_format describes it and Moodle 4 writes it."""

import pytest

from maarifa.quizzes.exchange import gift, moodlexml
from maarifa.quizzes.exchange.moodlexml.tree import DEEPEST
from maarifa.quizzes.exchange.planning import mapped_question
from maarifa.quizzes.exchange.problems import ExchangeError, Refused

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'


def xml(kind, inside, *, stem="Which?", name="Rivers"):
    return (
        f'{HEAD}<question type="{kind}"><name><text>{name}</text></name>'
        f'<questiontext format="html"><text><![CDATA[<p>{stem}</p>]]></text></questiontext>'
        f"{inside}</question></quiz>"
    )


def answer(text, fraction, feedback="", inside=""):
    return (
        f'<answer fraction="{fraction}" format="html"><text>{text}</text>{inside}'
        f'<feedback format="html"><text>{feedback}</text></feedback></answer>'
    )


@pytest.fixture
def only(only):
    return lambda text: only(text, "moodle-xml")


@pytest.fixture
def problem(reading):
    def of(text):
        (found,) = reading(text, "moodle-xml").problems
        return found

    return of


def test_single_choice(only, mapped):
    question = only(
        xml(
            "multichoice",
            "<generalfeedback><text>Look at a map.</text></generalfeedback><defaultgrade>2.0000000</defaultgrade>"
            "<idnumber>nile</idnumber><single>true</single><shuffleanswers>true</shuffleanswers>"
            "<correctfeedback format='html'><text>Your answer is correct.</text></correctfeedback>"
            + answer("Nile", 100, "Yes.")
            + answer("&lt;b&gt;Niger&lt;/b&gt;", 0),
        )
    )
    assert (question.type, question.name, question.key, question.line) == ("single", "Rivers", "nile", 3)
    assert (question.points, question.explanation) == (2, "Look at a map.")
    assert [note.code for note in question.notes] == ["FORMATTING"]
    assert [(one.text, one.percent, one.feedback) for one in question.answers] == [
        ("Nile", 100, "Yes."),
        ("Niger", 0, ""),
    ]


def test_several_right_choices_with_fractions(only, mapped):
    inside = "<single>false</single>" + answer("a", 50) + answer("b", 50) + answer("c", -50)
    kind, structure, _texts = mapped(only(xml("multichoice", inside)))
    assert (kind, structure) == ("multiple", {"choices": ["a", "b", "c"], "correct": ["a", "b"]})


def test_thirds_as_moodle_writes_them(only, mapped):
    inside = "<single>false</single>" + "".join(answer(text, "33.33333") for text in "abc") + answer("d", 0)
    assert mapped(only(xml("multichoice", inside)))[1]["correct"] == ["a", "b", "c"]


def test_order_that_is_fixed_is_kept(only):
    question = only(
        xml("multichoice", "<shuffleanswers>0</shuffleanswers>" + answer("a", 100) + answer("b", 0))
    )
    assert question.shuffle is False
    _kind, result = mapped_question(question)
    assert result.structure["last"] == ["a", "b"]


@pytest.mark.parametrize(
    ("sign", "kept"),
    [("\x85", ""), ("&#133;", ""), ("\x7f", ""), ("\ufdd0", ""), ("\u2028", "\n"), ("&#8232;", "\n")],
)
def test_control_characters_are_removed_so_that_the_question_can_be_written(reading, sign, kept):
    answers = answer(f"{sign}true", 100, f"Yes,{sign}it is.") + answer("false", 0)
    found = reading(
        xml("truefalse", f"<generalfeedback><text>a{sign}b</text></generalfeedback>{answers}"), "moodle-xml"
    )
    (question,) = found.questions
    assert question.explanation.replace(" ", "\n") == f"a{kept}b"
    for writer in (gift, moodlexml):
        writer.check(question)
    assert [note.code for note in found.notes] == ([] if kept else ["CONTROL"])


def test_true_or_false(only, mapped):
    inside = answer("true", 0, "No.") + answer("false", 100, "Yes.")
    assert mapped(only(xml("truefalse", inside))) == (
        "truefalse",
        {"correct": ["false"]},
        {"stem": "Which?", "choices": {"true": {"feedback": "No."}, "false": {"feedback": "Yes."}}},
    )


def test_number_with_tolerance_and_unit(only, mapped):
    inside = (
        answer("12.50", 100, "Yes.", "<tolerance>0.5</tolerance>")
        + answer("*", 0, "No.")
        + "<units><unit><multiplier>1</multiplier><unit_name>GB</unit_name></unit></units>"
        "<unitgradingtype>0</unitgradingtype>"
    )
    assert mapped(only(xml("numerical", inside))) == (
        "numeric",
        {"answer": "12.5", "tolerance": "0.5"},
        {"stem": "Which?", "unit": "GB", "feedback": {"correct": "Yes.", "wrong": "No."}},
    )


def test_short_answer_with_case(only):
    question = only(
        xml("shortanswer", "<usecase>1</usecase>" + answer("Bamako", 100) + answer("*", 0, "No."))
    )
    assert (question.type, question.case) == ("shorttext", True)
    assert [(one.text, one.percent, one.feedback) for one in question.answers] == [
        ("Bamako", 100, ""),
        ("*", 0, "No."),
    ]


def test_pairs(only):
    inside = "".join(
        f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'
        for left, right in (("&lt;p&gt;Kenya&lt;/p&gt;", "Nairobi"), ("Mali", "Bamako"), ("", "Lagos"))
    )
    question = only(xml("matching", inside))
    assert [(pair.left, pair.right) for pair in question.pairs] == [
        ("Kenya", "Nairobi"),
        ("Mali", "Bamako"),
        ("", "Lagos"),
    ]


def test_order(only):
    inside = (
        "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype><gradingtype>ABSOLUTE_POSITION</gradingtype>"
        "<correctfeedback format='html'><text>All right.</text></correctfeedback>"
        + answer("first", 1) + answer("second", 2) + answer("third", 3)
    )  # fmt: skip
    question = only(xml("ordering", inside))
    assert (question.type, question.items) == ("ordering", ("first", "second", "third"))
    assert question.right_feedback == "All right."
    assert [note.code for note in question.notes] == ["ORDER_GRADED"]


def test_order_of_which_only_some_items_are_shown_is_refused(problem):
    found = problem(xml("ordering", "<selecttype>RANDOM</selecttype>" + answer("a", 1) + answer("b", 2)))
    assert found.code == "ORDER_KIND"


def test_picture_of_an_old_moodle_is_refused_too(problem):
    inside = "<image>nile.png</image><image_base64>iVBORw0KGgo=</image_base64>" + answer("true", 100)
    assert "“nile.png”" in problem(xml("truefalse", inside)).message


def test_cloze(only):
    stem = (
        "Fill in.</p><p>The capital of Kenya is {1:MULTICHOICE:=Nairobi#Yes.~%0%Mombasa#No.}, "
        "of Mali {1:SHORTANSWER:=Bamako~%100%Bamakou~*#Not {that\\}.} \\o/."
    )
    question = only(xml("cloze", "", stem=stem))
    assert question.stem == "Fill in.\nThe capital of Kenya is [[1]], of Mali [[2]] \\o/."
    first, second = question.gaps
    assert not first.typed
    assert [(one.text, one.percent, one.feedback) for one in first.answers] == [
        ("Nairobi", 100, "Yes."),
        ("Mombasa", 0, "No."),
    ]
    assert second.typed
    assert [(one.text, one.percent, one.feedback) for one in second.answers] == [
        ("Bamako", 100, ""),
        ("Bamakou", 100, ""),
        ("*", 0, "Not {that}."),
    ]


@pytest.mark.parametrize(
    ("stem", "code"),
    [
        ("The answer is {1:NUMERICAL:=3:0}.", "GAP_KIND"),
        ("The answer is {1:MULTIRESPONSE:=a~=b}.", "GAP_KIND"),
        ("The answer is {1:SHORTANSWER:=a.", "CLOZE_BROKEN"),
        ("The answer is {1:SHORTANSWER:}.", "CLOZE_BROKEN"),
        ("No gap at all.", "GAP_MISSING"),
        ("The answer is [[1]] or {1:SA:=a}.", "MARKER_IN_TEXT"),
    ],
)
def test_cloze_that_is_none_of_ours(problem, stem, code):
    assert problem(xml("cloze", "", stem=stem)).code == code


def test_choices_in_gaps(only):
    options = "".join(
        f"<selectoption><text>{text}</text><group>{group}</group></selectoption>"
        for text, group in (("Nairobi", 1), ("Nile", 2), ("Mombasa", 1), ("Congo", 2))
    )
    question = only(xml("gapselect", options, stem="[[1]] is a city and [[4]] a river."))
    assert question.stem == "[[1]] is a city and [[2]] a river."
    assert [[(one.text, one.percent) for one in gap.answers] for gap in question.gaps] == [
        [("Nairobi", 100), ("Mombasa", 0)],
        [("Nile", 0), ("Congo", 100)],
    ]


def option(text):
    return f"<selectoption><text>{text}</text><group>1</group></selectoption>"


def pair(text):
    return f"<subquestion><text>{text}</text><answer><text>{text}</text></answer></subquestion>"


@pytest.mark.parametrize(
    ("kind", "inside", "stem"),
    [
        ("multichoice", "".join(answer(number, 0) for number in range(101)), "Which?"),
        ("matching", "".join(map(pair, range(101))), "Which?"),
        ("gapselect", "".join(map(option, range(101))), "[[1]]"),
        ("cloze", "", f"{{1:SA:{'~'.join(map(str, range(101)))}}}"),
    ],
)
def test_more_answers_than_anybody_writes(problem, kind, inside, stem):
    found = problem(xml(kind, inside, stem=stem))
    assert found.message == "There are too many answers. Write at most 100."


@pytest.mark.parametrize(
    ("kind", "inside", "stem"),
    [("gapselect", option("a") + option("b"), "[[1]] " * 21), ("cloze", "", "{1:SA:=a} " * 21)],
)
def test_more_gaps_than_a_question_has(problem, kind, inside, stem):
    assert problem(xml(kind, inside, stem=stem)).message == (
        "There are 21 gaps. A question can have at most 20."
    )


def test_words_to_drag(only):
    boxes = "".join(
        f"<dragbox><text>{text}</text><group>1</group><infinite/></dragbox>" for text in ("one", "two")
    )
    question = only(xml("ddwtos", boxes, stem="[[2]], [[1]], [[1]]"))
    assert question.stem == "[[1]], [[2]], [[3]]"
    assert len(question.gaps) == 3


def test_gap_without_a_choice(problem):
    assert problem(xml("gapselect", "", stem="[[1]] is a city.")).code == "GAP_UNKNOWN"


@pytest.mark.parametrize("kind", ["essay", "description", "calculated", "ddimageortext", "random", "stack"])
def test_kinds_that_we_do_not_have_are_refused_by_name(only, kind):
    with pytest.raises(Refused) as refusal:
        mapped_question(only(xml(kind, "")))
    assert f"“{kind}”" in refusal.value.problem().message


def test_embedded_picture_is_refused_by_its_name(problem):
    text = xml("truefalse", answer("true", 100) + answer("false", 0)).replace(
        "</questiontext>", '<file name="nile.png" encoding="base64">iVBORw0KGgo=</file></questiontext>'
    )
    found = problem(text)
    assert found.where == "Rivers"
    assert found.message.startswith("The question comes with the file “nile.png”.")


def test_tags_categories_and_hints(reading):
    text = xml(
        "truefalse",
        answer("true", 100) + answer("false", 0) + "<hint><text>Think.</text></hint>"
        "<tags><tag><text>maarifa:outcome:rivers</text></tag><tag><text>other</text></tag></tags>",
    ).replace(
        HEAD, f'{HEAD}<question type="category"><category><text>$course$/x</text></category></question>'
    )
    found = reading(text, "moodle-xml")
    (question,) = found.questions
    assert (question.outcome, question.category) == ("rivers", "$course$/x")
    assert [note.code for note in question.notes] == ["TAGS", "HINTS"]
    assert [note.code for note in found.notes] == ["CATEGORIES"]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (f"{HEAD}<question type='essay'>", "XML_BROKEN", 3),
        (f"{HEAD}<question>&nbsp;</question></quiz>", "XML_BROKEN", 3),
        ("<?xml version='1.0' encoding='no-such'?><quiz></quiz>", "XML_BROKEN", 1),
        ("<?xml version='1.0'?>\n<!DOCTYPE quiz [<!ENTITY a 'aaaa'>]>\n<quiz>&a;</quiz>", "XML_DOCTYPE", 2),
        ("<!DOCTYPE quiz SYSTEM 'file:///etc/passwd'><quiz></quiz>", "XML_DOCTYPE", 1),
        ("<quiz>" + "<a>" * (DEEPEST + 1) + "</a>" * (DEEPEST + 1) + "</quiz>", "XML_DEEP", 1),
        ("<?xml version='1.0'?><html></html>", "XML_NOT_QUIZ", None),
    ],
)
def test_xml_that_is_broken_or_dangerous(reading, text, code, line):
    with pytest.raises(ExchangeError) as refusal:
        reading(text, "moodle-xml", name="x.xml")
    assert refusal.value.code == code
    assert refusal.value.params.get("line") == line
    assert refusal.value.message.startswith("x.xml")


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (answer("", 100), "ANSWER_EMPTY"),
        (answer("a", "much") + answer("b", 0), "NOT_A_NUMBER"),
        (answer("a", 200) + answer("b", 0), "BAD_WEIGHT"),
    ],
)
def test_answers_that_are_wrong(problem, inside, code):
    found = problem(xml("multichoice", inside))
    assert (found.code, found.line, found.where) == (code, 3, "Rivers")


def test_question_without_a_type_or_a_text(reading):
    found = reading(
        f"{HEAD}<question><name><text>A</text></name></question>\n"
        '<question type="truefalse"><name><text>B</text></name></question>\n'
        '<question type="truefalse"><name><text>C</text></name><questiontext><text> </text></questiontext>'
        f"{answer('true', 100)}{answer('false', 0)}</question></quiz>",
        "moodle-xml",
    )
    assert [(one.where, one.line, one.code) for one in found.problems] == [
        ("A", 3, "XML_NO_TYPE"),
        ("B", 4, "XML_FIELD"),
        ("C", 5, "NO_STEM"),
    ]
