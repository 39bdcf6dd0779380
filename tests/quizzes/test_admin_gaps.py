"""How an author writes a question with gaps: from the markers in its passage, without a script."""

import pytest
from django.urls import reverse

from maarifa.quizzes.models import Question
from tests.factories.quizzes import BankFactory, make_question
from tests.quizzes.pages import change_url, form_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(desk):
    desk.post(
        reverse("admin:quizzes_question_add"),
        {"bank": BankFactory().pk, "key": "capitals", "kind": "gaps", "points": 1, "position": 1},
    )
    return Question.objects.get()


def save(desk, question, **fields):
    """Save the page with these fields; what it says, and the question as it is now."""
    form = form_of(desk, change_url(question)) | fields
    response = desk.post(change_url(question), form, follow=True)
    question.refresh_from_db()
    return said(response) if response.redirect_chain else response.text


def text_fields(**fields):
    return {f"texts-0-{name}": value for name, value in fields.items()}


BEGUN = text_fields(
    language="en", state="source", stem="Fill in.", passage="[[1]] is the capital of Kenya, on the [[river]]."
)


def test_gaps_follow_from_the_markers_in_the_passage(desk, question):
    assert save(desk, question, **BEGUN)[:2] == [
        "This question is not complete yet. Gap 1: This field is empty. Fill it in.",
        "This question is not complete yet. Gap river: This field is empty. Fill it in.",
    ]
    assert question.structure == {"gaps": {"1": {"typed": True}, "river": {"typed": True}}}
    assert question.history.count() == 2

    # One of them is to be chosen from a list.
    save(desk, question, filled_1="choices", **text_fields(accepted_river="Athi\nNairobi River"))
    assert question.structure["gaps"] == {"1": {"choices": ["a", "b", "c"]}, "river": {"typed": True}}
    messages = save(
        desk,
        question,
        more_1="1",
        correct_1="b",
        case_river="on",
        **text_fields(
            choices_1_a="Mombasa", choices_1_b="Nairobi", choices_1_c="Kisumu", feedback_wrong_1="See."
        ),
    )
    assert (
        messages[0] == "This question is not complete yet. Gap 1: choice d: This field is empty. Fill it in."
    )
    assert question.structure["gaps"] == {
        "1": {"choices": ["a", "b", "c", "d"], "correct": "b"},
        "river": {"typed": True, "case": True},
    }
    # What nobody wrote is removed without a question.
    assert len(save(desk, question, remove=["1.d"])) == 1
    assert question.structure["gaps"]["1"] == {"choices": ["a", "b", "c"], "correct": "b"}
    assert question.texts.get().texts == {
        "stem": "Fill in.",
        "passage": "[[1]] is the capital of Kenya, on the [[river]].",
        "gaps": {
            "1": {
                "choices": {"a": "Mombasa", "b": "Nairobi", "c": "Kisumu"},
                "feedback": {"wrong": "See."},
            },
            "river": {"accepted": ["Athi", "Nairobi River"]},
        },
    }


def test_only_a_marker_that_can_be_a_key_makes_a_gap(desk, question):
    messages = save(desk, question, **(BEGUN | text_fields(passage="[[1]] and [[The river]]")))
    assert question.structure == {"gaps": {"1": {"typed": True}}}
    assert any("“The river” cannot be used in a marker." in one for one in messages)


def test_marker_of_a_translation_adds_no_gap(desk):
    question = make_question("gaps")
    form = form_of(desk, change_url(question))
    passage = form["texts-1-passage"]
    messages = save(desk, question, **{"texts-1-passage": f"{passage} [[3]]"})
    assert list(question.structure["gaps"]) == ["1", "2"]
    assert any("The translation into “ar” is incomplete." in one for one in messages)


def test_how_a_gap_is_filled_in_does_not_change_under_its_answers(desk):
    question = make_question("gaps")
    before = question.structure
    page = desk.get(change_url(question)).content.decode()
    assert "To change this, remove the gap below." in page
    assert len(save(desk, question, filled_1="typed", filled_2="choices")) == 1
    assert question.structure == before


def test_how_a_gap_is_filled_in_does_not_change_under_the_answers_of_a_translation(desk):
    question = make_question("gaps")
    before = question.structure
    source = question.texts.get(language="en")
    del source.texts["gaps"]
    source.save()
    translated = question.texts.get(language="ar").texts
    page = desk.get(change_url(question)).content.decode()
    assert page.count("To change this, remove the gap below.") == 2
    save(desk, question, filled_1="typed", filled_2="choices")
    assert question.structure == before
    assert question.texts.get(language="ar").texts == translated


def test_gap_that_is_removed_takes_its_words_along_once_its_author_is_sure(desk):
    question = make_question("gaps")
    passages = {f"texts-{n}-passage": "Only [[2]]." for n in range(2)}
    page = save(desk, question, remove=["1"], **passages)
    assert "If you save again, the text of “Gap 1” is removed in every language." in page
    assert len(save(desk, question, remove=["1"], sure="1", **passages)) == 1
    assert list(question.structure["gaps"]) == ["2"]
    assert [list(text.texts["gaps"]) for text in question.texts.all()] == [["2"], ["2"]]


def test_choice_that_is_removed_is_asked_about_and_is_correct_no_longer(desk):
    question = make_question("gaps", arabic=False)
    page = save(desk, question, remove=["1.b"])
    assert "the text of “Gap 1, b: b of question-" in page
    messages = save(desk, question, remove=["1.b"], sure="1.b")
    assert question.structure["gaps"]["1"] == {"choices": ["a", "c"]}
    assert messages[0] == (
        "This question is not complete yet. Gap 1: correct choice: No choice for this gap is marked as correct. "
        "Mark one."
    )


def test_choices_that_say_the_same_are_refused_where_they_are(desk):
    question = make_question("gaps", arabic=False)
    page = save(desk, question, **text_fields(choices_1_c="B of question-x", choices_1_b="b  of question-x"))
    assert "Choices b and c have the same text. Change one of them." in page
    assert question.texts.get().texts["gaps"]["1"]["choices"]["c"].startswith("c of")


def test_gap_whose_marker_is_gone_stays_until_it_is_removed(desk):
    question = make_question("gaps", arabic=False)
    messages = save(desk, question, **text_fields(passage="Only [[2]]."))
    assert list(question.structure["gaps"]) == ["1", "2"]
    assert messages[0] == (
        "This question is not complete yet. Passage: The passage does not have the marker [[1]]. Write it, or "
        "remove the gap."
    )
