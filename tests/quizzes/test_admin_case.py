"""How an author writes a branching case in the admin, without a script."""

import pytest
from django.urls import reverse

from maarifa.quizzes.models import Question
from tests.factories.quizzes import STRUCTURES, BankFactory, make_question, words_of
from tests.quizzes.pages import change_url, form_of, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def question(desk):
    desk.post(
        reverse("admin:quizzes_question_add"),
        {"bank": BankFactory().pk, "key": "dry-field", "kind": "case", "points": 1, "position": 1},
    )
    return Question.objects.get()


def save(desk, question, **fields):
    """Save the page with these fields; what it says, and the question as it is now."""
    form = form_of(desk, change_url(question)) | {
        name.replace("__", "-"): one for name, one in fields.items()
    }
    response = desk.post(change_url(question), form, follow=True)
    question.refresh_from_db()
    return said(response) if response.redirect_chain else response.text


def text_fields(**fields):
    return {f"texts-0-{name.replace('__', '-')}": value for name, value in fields.items()}


def test_author_writes_a_case_step_by_step(desk, question):
    assert list(question.structure["steps"]) == ["1", "2"]
    messages = save(
        desk,
        question,
        **text_fields(
            language="en",
            state="source",
            stem="A dry field.",
            step__1__facts="No water.",
            step__1__stem="What first?",
            step__1__text_a="Ask",
            step__1__text_b="Wait",
            step__1__text_c="Leave",
            step__1__text_d="Shout",
        ),
        step__1__correct="a",
        step__2__kind="shorttext",
        more_steps="1",
    )
    assert question.texts.get().texts == {
        "stem": "A dry field.",
        "steps": {
            "1": {
                "facts": "No water.",
                "stem": "What first?",
                "choices": {
                    key: {"text": text}
                    for key, text in zip("abcd", ("Ask", "Wait", "Leave", "Shout"), strict=True)
                },
            }
        },
    }
    assert "This question is not complete yet. Step 3: Correct choice: No choice is marked" in "".join(
        messages
    )
    assert question.structure["steps"]["2"] == {"kind": "shorttext", "next": "end"}
    assert question.structure["steps"]["3"]["kind"] == "single"

    # The next steps are named by what they say.
    page = desk.get(change_url(question)).content.decode()
    assert "<option value=1 selected>Step 1: No water." in page
    # What is written cannot become another kind; what is not, can.
    messages = save(
        desk,
        question,
        step__1__next_a="2",
        step__1__next="3",
        step__3__kind="truefalse",
        step__3__next="2",
        step__1__weight="2",
        step__1__kind="numeric",
        **text_fields(step__2__stem="What can she file?", step__2__accepted="appeal"),
    )
    steps = question.structure["steps"]
    assert steps["1"]["kind"] == "single"
    assert steps["1"]["weight"] == 2
    assert steps["1"]["next"] == {"a": "2", "b": "3", "c": "3", "d": "3"}
    assert steps["3"] == {"kind": "truefalse", "correct": [], "next": "2"}
    messages = save(
        desk,
        question,
        **text_fields(step__3__stem="The supplier explains."),
        step__3__correct="false",
    )
    assert not [message for message in messages if "not complete" in message]
    assert question.texts.get().texts["steps"]["2"] == {"stem": "What can she file?", "accepted": ["appeal"]}


def test_author_is_asked_before_a_written_step_is_removed(desk):
    question = make_question("case", arabic=False)
    page = save(desk, question, remove=["late", "triage.a"])
    assert "the text of “Step late: Facts of late in question" in page
    assert "”, “Step triage, choice a: Choice a of triage in question" in page
    form = form_of(desk, change_url(question)) | {"remove": ["late", "triage.a"], "sure": "late triage.a"}
    assert desk.post(change_url(question), form).status_code == 302
    question.refresh_from_db()
    assert set(question.structure["steps"]) == {"triage", "check", "report"}
    assert question.structure["steps"]["triage"]["choices"] == ["b", "c"]
    assert question.structure["steps"]["triage"]["next"] == {"b": "check", "c": "check"}
    assert set(question.texts.get().texts["steps"]) == {"triage", "check", "report"}
    assert set(question.texts.get().texts["steps"]["triage"]["choices"]) == {"b", "c"}


def test_page_that_nobody_touched_changes_nothing(desk):
    question = make_question("case")
    assert save(desk, question)[-1].startswith("The question")
    assert question.structure == STRUCTURES["case"]
    assert question.texts.get(language="en").texts == words_of("case", STRUCTURES["case"], question.key, "en")


def test_two_choices_of_a_step_that_say_the_same_are_refused_at_the_field(desk):
    question = make_question("case", arabic=False)
    page = save(desk, question, **text_fields(step__triage__text_b="Choice a of triage in " + question.key))
    assert "Choices a and b have the same text. Change one of them." in page


def test_loop_is_said_to_the_author(desk):
    question = make_question("case", arabic=False)
    messages = save(desk, question, step__report__next="check")
    assert any(
        "Step report: Next step: This step leads back to itself: report → check → report." in m
        for m in messages
    )
