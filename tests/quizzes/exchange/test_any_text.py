"""Files come from strangers: whatever stands in one, a reader answers with questions and problems, or says no."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maarifa.lib.spreadsheets import write_csv
from maarifa.quizzes.exchange import aiken, gift, moodlexml, sheet
from maarifa.quizzes.exchange.formats import FORMATS, read_file
from maarifa.quizzes.exchange.plaintext import MARKUPS, plain_text
from maarifa.quizzes.exchange.planning import mapped_question
from maarifa.quizzes.exchange.problems import ExchangeError, Refused
from tests.quizzes.exchange.test_sheet import HEADINGS, LINES_27

PIECES = [
    *(
        "{",
        "}",
        "=",
        "~",
        "#",
        "####",
        "->",
        "::",
        "%50%",
        "%-33.3%",
        "%999%",
        "\\",
        "\\n",
        "\n",
        "\n\n",
        "//",
    ),
    *(
        "$CATEGORY: x",
        "[html]",
        "[markdown]",
        "[plain]",
        "T",
        "FALSE",
        "1..2",
        "3:0.1",
        "*",
        "_____",
        "[[1]]",
    ),
    *(
        "A. ",
        "B) ",
        "ANSWER: A",
        "<b>",
        "</p>",
        "<img src=x>",
        "&nbsp;",
        "<![if",
        "word",
        "كلمة",
        " ",
        "\u2028",
    ),
    *("{1:SA:=a}", "{1:MC:", "[id:x]", "[tag:maarifa:last:9]", "\x0b", "\ufdd0"),
]
CLOZE = (
    '<quiz><question type="cloze"><questiontext><text><![CDATA[%s]]></text></questiontext></question></quiz>'
)
FEEDBACK = write_csv(
    ["Kind", "Question", "Choices", "Correct answer", "Feedback"],
    [["single", "x", "\n".join("abcdefghijklmnopqrstuvwxyz"), "A", "A: x\n" + "x1:\n" * 4_500]] * 5,
).decode()
TEXTS = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


def is_told(message):
    """Whether a sentence has all its values."""
    assert message
    assert "%(" not in message


def judge(reading):
    """Every question is one of ours, or refused; every problem has its sentence."""
    for problem in reading.problems:
        is_told(problem.message)
    for question in reading.questions:
        try:
            kind, mapped = mapped_question(question)
        except Refused as refusal:
            is_told(refusal.problem().message)
        else:
            assert kind.structure_problems(mapped.structure) == []
            assert kind.texts_problems(mapped.structure, mapped.texts) == []


@given(TEXTS)
@example("::a{::b")
@example("{\n\n}" * 30)
def test_gift(text):
    judge(gift.read(text))


@given(TEXTS)
def test_aiken(text):
    judge(aiken.read(text))


@given(TEXTS, st.sampled_from(["cloze", "multichoice", "numerical", "gapselect", "ordering", "matching"]))
def test_xml_with_any_text_inside(text, kind):
    safe = "".join(sign for sign in text if sign in "\t\n" or sign >= " ").replace("]]>", "")
    safe = safe.encode(errors="ignore").decode().replace("\ufffe", "").replace("\uffff", "")
    content = (
        f'<quiz><question type="{kind}"><name><text>x</text></name>'
        f'<questiontext format="html"><text><![CDATA[{safe}]]></text></questiontext>'
        f'<answer fraction="100"><text><![CDATA[{safe}]]></text></answer>'
        f"<subquestion><text>a</text><answer><text><![CDATA[{safe}]]></text></answer></subquestion>"
        "</question></quiz>"
    )
    judge(moodlexml.read(content.encode(), file="x.xml"))


@given(TEXTS, st.sampled_from(MARKUPS))
def test_plain_text(text, markup):
    try:
        plain = plain_text(text, markup)
    except Refused as refusal:
        is_told(refusal.problem().message)
    else:
        assert plain.text == plain.text.strip()


ROWS = st.lists(
    st.tuples(
        st.sampled_from([*sheet.columns.kinds(), "riddle"]),
        st.lists(
            st.one_of(TEXTS, st.sampled_from([",", "A", "1", "true", LINES_27])), min_size=9, max_size=9
        ),
    ),
    min_size=1,
    max_size=3,
)


@given(ROWS)
@example([("multiple", ["", "x", LINES_27, "A", "", "", "", "", ""])])
@example([("single", ["", "x", "a\nb", ",", "", "", "", "", ""])])
def test_rows_with_any_cells(rows):
    content = write_csv(HEADINGS, [[name, kind, *cells] for kind, (name, *cells) in rows])
    try:
        judge(read_file(content, name="x.csv", language="en", format_name="csv")[1])
    except ExchangeError as refusal:
        is_told(refusal.message)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"xlsx"}))
@given(content=st.one_of(st.binary(max_size=300), TEXTS.map(lambda text: text.encode(errors="replace"))))
def test_any_bytes(name, content):
    for format_name in ("", name):
        try:
            judge(read_file(content, name="x.txt", language="en", format_name=format_name)[1])
        except ExchangeError as refusal:
            is_told(refusal.message)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gift", f"// {'[id:' * 100_000}\nIs it? {{T}}"),
        ("gift", f"It has{' ' * 200_000}two {{=legs}} legs."),
        ("moodle-xml", CLOZE % ("[[" * 100_000)),
        ("csv", FEEDBACK),
        ("csv", f"Kind,Question,{'(' * 100_000}\ntruefalse,x,y\n"),
    ],
)
def test_time_grows_with_the_text_and_not_with_its_square(name, text):
    began = time.process_time()
    try:
        judge(read_file(text.encode(), name="x.txt", language="en", format_name=name)[1])
    except ExchangeError as refusal:
        is_told(refusal.message)
    assert time.process_time() - began < 5


def test_broken_workbook():
    with pytest.raises(ExchangeError) as refusal:
        read_file(b"PK\x03\x04[Content_Types].xml and noise", name="x.xlsx", language="en")
    assert "x.xlsx is damaged" in refusal.value.message
