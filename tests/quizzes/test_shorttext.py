"""Short texts: what is accepted, what their authors write and are told, and what learners read afterwards."""

import pytest
from django.template.loader import render_to_string

from maarifa.accounts.models import User
from maarifa.quizzes import actions
from maarifa.quizzes.answerforms import answer_form
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import POINT, kind_named
from maarifa.quizzes.kinds.typed import LONGEST
from maarifa.quizzes.models import QuestionText
from maarifa.quizzes.reviews import review
from tests.factories.quizzes import MONDAY, make_attempt, make_question, make_quiz, make_version, submit
from tests.quizzes.pages import change_url, form_of, said

KIND = kind_named("shorttext")
TEXTS = {
    "en": {
        "stem": "What is the capital of Egypt?",
        "accepted": ["Cairo", "Al-Qahira"],
        "expected_wrong": [
            {"text": "Alexandria", "feedback": "It was, long ago."},
            {"text": "Al*", "feedback": "Not this city."},
        ],
        "feedback": {"correct": "Yes.", "wrong": "Look at the map."},
    },
    "ar": {"stem": "ما هي عاصمة مصر؟", "accepted": ["القاهرة"]},
}


@pytest.mark.parametrize(
    ("typed", "structure", "is_right"),
    [
        ("cairo", {}, True),
        ("Câiro", {}, True),
        ("القاهره", {}, True),
        ("Le Caire", {}, False),
        ("cairo", {"case": True}, False),
        ("Câiro", {"diacritics": True}, False),
        ("القاهره", {"diacritics": True}, False),
        ("القاهرة", {"case": True, "diacritics": True}, True),
    ],
)
def test_answer_that_any_language_accepts_is_right(typed, structure, is_right):
    assert KIND.grade(structure, 3, typed, TEXTS) == (3 * POINT if is_right else 0)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  New \t  Cairo\n", "New Cairo"),
        ("e\u0301", "é"),
        (" \u200b ", None),
        ("a\0b", "ab"),
        ("\ud800", "?"),
    ],
)
def test_answer_is_kept_as_typed(typed, kept):
    assert KIND.read({}, typed) == kept


def test_answer_that_is_too_long_is_refused_with_what_would_be_right():
    assert KIND.read({}, "a" * LONGEST) == "a" * LONGEST
    with pytest.raises(AnswerError) as caught:
        KIND.read({}, "a" * (LONGEST + 1))
    assert str(caught.value) == f"This answer is too long. Write at most {LONGEST} characters."


@pytest.mark.parametrize(
    ("words", "problems"),
    [
        ({"accepted": ["A"], "unit": "GB"}, [("UNKNOWN_FIELD", "unit")]),
        ({}, [("MISSING", "accepted")]),
        ({"accepted": []}, [("accepted_none", "accepted")]),
        ({"accepted": [" "]}, [("MISSING", "accepted")]),
        ({"accepted": "A"}, [("NOT_A_LIST", "accepted")]),
        ({"accepted": ["A", "B", "A"]}, [("TWICE", "accepted")]),
        ({"accepted": ["A", " *. "]}, [("accepts_anything", "accepted")]),
        ({"accepted": ["a" * 201]}, [("answer_long", "accepted")]),
        ({"accepted": [str(number) for number in range(21)]}, [("accepted_many", "accepted")]),
        (
            {"accepted": ["A"], "expected_wrong": [{"text": " a.", "feedback": "No."}]},
            [("ACCEPTED_AND_WRONG", "expected_wrong")],
        ),
        (
            {"accepted": ["A"], "expected_wrong": [{"text": f"b{n}", "feedback": "No."} for n in range(21)]},
            [("wrong_many", "expected_wrong")],
        ),
    ],
)
def test_words_that_are_wrong_are_said_field_by_field(words, problems):
    found = KIND.texts_problems({}, {"stem": "What?", **words})
    assert [(one.code, one.where) for one in found] == problems
    assert all(one.message and "README" not in one.message for one in found)
    assert all(KIND.place_of(one.where) for one in found if one.code != "UNKNOWN_FIELD")


def test_spelling_that_is_not_strict_is_left_out():
    structure = KIND.structure.model_validate({"case": False, "diacritics": True})
    assert structure.stored() == {"diacritics": True}
    assert KIND.structure_from({"case": False, "diacritics": False}, {}) == {}


def test_sample_is_right_also_where_only_a_wildcard_is():
    texts = {"en": {"accepted": ["* of *"]}}
    assert KIND.grade({}, 1, KIND.sample({}, texts, right=True), texts) == POINT
    texts = {"en": {"accepted": [f"{letter}*" for letter in "abcdefghijklmnopqrst"]}}
    assert KIND.grade({}, 1, KIND.sample({}, texts, right=False), texts) == 0


@pytest.mark.parametrize(
    ("response", "language", "feedback"),
    [
        ("Cairo", "en", "Yes."),
        ("القاهرة", "en", "Yes."),
        ("Memphis", "en", "Look at the map."),
        ("alexandria", "en", "It was, long ago."),
        ("Aleppo", "en", "Not this city."),
    ],
)
def test_review_gives_the_feedback_for_what_was_typed(response, language, feedback):
    reviewed = KIND.review({}, TEXTS[language], [], response, language, TEXTS)
    assert (reviewed.typed, reviewed.answer, reviewed.feedback) == (response, "Cairo", feedback)


@pytest.mark.django_db
@pytest.mark.parametrize("attempts", [1, 2])
def test_page_after_submission_names_the_answer_once_the_rules_reveal_it(attempts):
    version = make_version(make_quiz(["shorttext"], attempts=attempts))
    attempt = make_attempt(learner=User.objects.create_user("amina"), quiz_version=version)
    submit(attempt, {"1": "something else"})
    html = render_to_string("quizzes/review.html", {"review": review(attempt, "en")})
    assert "Incorrect. You wrote:" in html
    assert "SECRET wrong feedback" in html
    assert ("SECRET word" in html) is (attempts == 1)


@pytest.mark.django_db
def test_page_shows_what_was_typed_and_why_it_is_too_long():
    from django.http import QueryDict

    attempt = make_attempt(
        learner=User.objects.create_user("amina"), quiz_version=make_version(make_quiz(["shorttext"]))
    )
    data = QueryDict(mutable=True)
    data["q1"] = "<b>" + "a" * 300
    form = answer_form(attempt, data=data)
    html = render_to_string("quizzes/questions.html", {"answer_form": form})
    assert f'value="&lt;b&gt;{"a" * 300}" aria-invalid="true"' in html
    assert "This answer is too long." in html
    assert form.responses == {}
    actions.save_answers(attempt=attempt, responses={"1": "a  b"}, happened_at=MONDAY, at=MONDAY)
    assert 'value="a b"' in render_to_string("quizzes/questions.html", {"answer_form": answer_form(attempt)})


@pytest.mark.django_db
def test_author_writes_answers_line_by_line(desk):
    question = make_question("shorttext", arabic=False)
    form = form_of(desk, change_url(question)) | {
        "case": "on",
        "texts-0-accepted": " Cairo \r\n\r\nAl-Qahira\r\n",
        "texts-0-expected_wrong-0-text": "Alexandria",
        "texts-0-expected_wrong-0-feedback": "It was, long ago.",
    }
    response = desk.post(change_url(question), form, follow=True)
    assert len(said(response)) == 1, said(response)
    question.refresh_from_db()
    texts = QuestionText.objects.get().texts
    assert question.structure == {"case": True}
    assert texts["accepted"] == ["Cairo", "Al-Qahira"]
    assert texts["expected_wrong"] == [{"text": "Alexandria", "feedback": "It was, long ago."}]
    # What is accepted cannot be wrong; a row is filled in as a whole.
    form = form_of(desk, change_url(question))
    page = desk.post(change_url(question), form | {"texts-0-expected_wrong-0-text": "cairo"})
    assert page.status_code == 302
    page = desk.post(change_url(question), form | {"texts-0-expected_wrong-0-text": "Cairo"})
    assert "“Cairo” is also an accepted answer. Remove one of the two." in page.text
    page = desk.post(change_url(question), form | {"texts-0-expected_wrong-1-text": "Giza"})
    assert "Row 2: fill in “Feedback for this answer” too." in page.text
