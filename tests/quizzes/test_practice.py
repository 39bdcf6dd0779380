"""Questions for practice: their form in a document, and that an answer is worth what its kind says."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maarifa.curriculum.text.blocks import blocks
from maarifa.curriculum.text.markdown import canonical, practice_outline, problems
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import KINDS, kind_named
from maarifa.quizzes.practice import (
    PracticeForm,
    practice_html,
    question_digest,
    read,
    sent_answer,
    sent_form,
)
from tests.factories.practice import (
    BLOCKS,
    GAPS,
    KEYS,
    MULTIPLE,
    NUMBER,
    ORDER,
    PAIRS,
    SINGLE,
    SITUATIONS,
    TEXT,
    fenced,
    practice,
)

NOT_PRACTICE = {"case"}

QUESTIONS = [practice(block) for block in BLOCKS]
every_question = pytest.mark.parametrize("question", QUESTIONS, ids=KEYS)


def answer(question, *, right):
    kind = kind_named(question["kind"])
    return kind.sample(question["structure"], {"en": question["texts"]}, right=right)


def fields(question, response):
    return {name: list(values) for name, values in PracticeForm(question, "en", response).said.items()}


def test_lessons_use_every_kind():
    assert {block.split("kind: ")[1].split("\n")[0] for block in BLOCKS} == set(KINDS) - NOT_PRACTICE


@every_question
@pytest.mark.parametrize("right", [True, False])
def test_what_fields_say_is_the_answer_and_is_judged_as_its_kind_does(question, right):
    response = answer(question, right=right)
    form = sent_form(question, "en", fields(question, response))
    assert form.response == response
    assert form.right is right
    assert form.partly_right is False


@every_question
def test_form_in_a_document_tells_nothing_of_what_is_right(question):
    html = practice_html(question, "en")
    texts = str(question["texts"])
    for feedback in re.findall(r"'(?:feedback|correct|wrong)': '([^']+)'", texts):
        assert feedback not in html
    assert "checked" not in html
    assert "selected" not in html
    for accepted in re.findall(r"'accepted': \[([^\]]+)\]", texts):
        assert accepted.strip("'") not in html
    assert practice_html(question, "en") == html


@every_question
def test_no_answer_is_asked_for_and_is_not_wrong(question):
    form = sent_form(question, "en", {"csrfmiddlewaretoken": ["x"]})
    assert form.problem is not None
    assert form.problem.code == "NO_ANSWER"
    assert not form.answered


def test_order_in_a_document_is_not_the_right_one():
    question = practice(ORDER)
    assert question["order"] != question["structure"]["items"]
    assert sorted(question["order"]) == sorted(question["structure"]["items"])


def test_choices_of_other_kinds_stand_as_their_author_wrote_them():
    for block in (SINGLE, MULTIPLE, SITUATIONS):
        question = practice(block)
        assert question["order"] == question["structure"]["choices"]


@pytest.mark.parametrize(
    ("block", "sent", "code"),
    [
        (SINGLE, {"q1": ["9"]}, "UNKNOWN_CHOICE"),
        (SINGLE, {"q1": ["1", "2"]}, "ONE_CHOICE_ONLY"),
        (NUMBER, {"q1": ["many"]}, "NOT_A_NUMBER"),
        (NUMBER, {"q1": ["3 kg"]}, "UNKNOWN_UNIT"),
        (TEXT, {"q1": ["x" * 201]}, "TOO_LONG"),
        (PAIRS, {"q1_A": ["Z"]}, "UNKNOWN_CHOICE"),
        (PAIRS, {"q1_X": ["A"]}, "NOT_AN_ANSWER"),
        (ORDER, {"q1_A": ["1"], "q1_B": ["1"]}, "SAME_POSITION"),
        (GAPS, {"q1_1": ["9"]}, "UNKNOWN_CHOICE"),
    ],
)
def test_what_cannot_be_read_is_said_and_not_judged(block, sent, code):
    form = sent_form(practice(block), "en", sent)
    assert form.problem is not None
    assert form.problem.code == code
    assert not form.answered


def test_feedback_is_that_of_the_answer():
    form = sent_form(practice(TEXT), "en", {"q1": ["ram"]})
    assert (form.right, form.reviewed.feedback) == (False, "That is where it lies.")
    form = sent_form(practice(NUMBER), "en", {"q1": ["3500 MB"]})
    assert (form.right, form.reviewed.feedback) == (True, "Half a byte for each weight.")


@given(st.sampled_from(QUESTIONS), st.data())
def test_check_says_what_its_kind_grades(question, data):
    """Whatever the fields of the form say."""
    names = re.findall(r'name="([^"]+)"', practice_html(question, "en"))
    values = st.sampled_from(
        ["", "1", "2", "3", "A", "B", "C", "D", "cache", "kv CACHE", "3.5", "3,5", "99", "3500 MB"]
    )
    sent = data.draw(
        st.dictionaries(st.sampled_from(sorted(set(names))), st.lists(values, min_size=1, max_size=3))
    )
    form = sent_form(question, "en", sent)
    kind, structure = kind_named(question["kind"]), question["structure"]
    try:
        response = read(question, "en", sent_answer(question, sent))
    except AnswerError:
        assert form.problem is not None
        return
    if response is None:
        assert form.problem is not None
        return
    score = kind.grade(structure, 1, response, {"en": question["texts"]})
    assert (form.response, form.score) == (response, score)
    assert form.right is (score == kind.maximum(1))
    assert form.partly_right is (0 < score < kind.maximum(1))
    # What is stored fills in the same form, and says the same again.
    again = sent_form(question, "en", fields(question, response))
    assert (again.response, again.right) == (form.response, form.right)


def test_digest_changes_with_what_is_right_and_not_with_the_language():
    question = practice(SINGLE)
    assert question_digest(question) == question_digest({**question, "texts": {"stem": "Autre chose"}})
    turned = SINGLE.replace("true", "not-so").replace("false", "true").replace("not-so", "false")
    assert question_digest(practice(turned)) != question_digest(question)


# As authors write them -------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", BLOCKS, ids=KEYS)
def test_block_is_canonical_and_has_no_problems(block):
    assert problems(f"Text.\n\n{fenced(block)}") == []
    written = canonical(fenced(block), language="en")
    assert canonical(written, language="en") == written
    (found,) = blocks(written)
    assert practice(block) == practice(found.yaml.strip())


@pytest.mark.parametrize("block", BLOCKS, ids=KEYS)
def test_outline_is_what_languages_share(block):
    (outline,) = practice_outline(fenced(block))
    assert practice_outline(fenced(re.sub(r"(stem|feedback|wrong|item): .*", r"\1: autre chose", block))) in (
        [outline],
        [],  # items that say the same are none
    )
    assert practice_outline(fenced(block.replace("key: ", "key: other-"))) != [outline]


@pytest.mark.parametrize(
    ("block", "old", "new", "line", "code"),
    [
        (NUMBER, "'3.5'", "35", 7, "number"),
        (NUMBER, "'3.5'", "'3,5'", 7, "number"),
        (NUMBER, "'0.1'", "'-1'", 8, "tolerance"),
        (NUMBER, "'1000'", "'0'", 10, "factor"),
        (NUMBER, "  MB:", "  gb:", 9, "UNIT_TWICE"),
        (NUMBER, "  wrong: Multiply the weights by half a byte.", "", 12, "missing"),
        (TEXT, "- KV cache", "- '*'", 8, "accepts_anything"),
        (TEXT, "- text: RAM", "- text: Cache", 10, "ACCEPTED_AND_WRONG"),
        (TEXT, "accepted:\n- KV cache\n- cache\n", "", 4, "missing"),
        (GAPS, "[[2]]", "[[3]]", 7, "marker_unknown"),
        (GAPS, "      correct: true", "      correct: false", 10, "one_right"),
        (GAPS, "    accepted:\n    - cache\n", "", 17, "practice_gap_neither"),
        (PAIRS, "- is never needed", "- are loaded once", 17, "other_twice"),
        (PAIRS, "The cache", "The weights", 7, "SAME_ITEMS"),
        (SITUATIONS, "  choice: Bias", "  choice: Chance", 12, "choice_not_listed"),
        (SITUATIONS, "- Failure", "- bias", 8, "SAME_CHOICES"),
        (ORDER, "- Watching\n- Stopping\n", "", 7, "too_short"),
        (ORDER, "- Watching", "- Design", 7, "SAME_ITEMS"),
        (ORDER, "items:", "steps:", 7, "extra_forbidden"),
    ],
)
def test_problems_name_line_and_field(block, old, new, line, code):
    assert old in block
    found = problems(f"Text.\n\n{fenced(block.replace(old, new, 1))}")
    assert code in {one.code for one in found}
    (first,) = [one for one in found if one.code == code][:1]
    assert (first.line, bool(first.message)) == (line, True)


def test_examples_for_authors_are_right():
    readme = Path(__file__).parents[2] / "courses/README.md"
    examples = re.findall(r"(?ms)^```practice\n.*?^```$", readme.read_text())
    assert [problems(example) for example in examples] == [[] for _example in examples]
    kinds = [re.search(r"kind: (\w+)", example)[1] for example in examples]
    assert set(kinds) >= {"multiple", *(set(KINDS) - {"single", "truefalse"} - NOT_PRACTICE)}
