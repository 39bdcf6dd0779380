"""The answer form: what it shows, what comes back, and what it never shows."""

import json
import re
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import override

from maarifa.accounts.models import User
from maarifa.quizzes import actions
from maarifa.quizzes.answerforms import answer_form, leftover, merged
from maarifa.quizzes.kinds import KINDS
from maarifa.quizzes.models import Question
from tests.factories.quizzes import MONDAY, make_attempt, make_quiz, make_version, right_responses

pytestmark = pytest.mark.django_db


@pytest.fixture
def amina():
    return User.objects.create_user("amina")


@pytest.fixture
def attempt(amina):
    return make_attempt(learner=amina)


def sent(responses, *, seen=None, **more) -> QueryDict:
    """A form as a browser sends it; `seen`: what its page had shown as kept."""
    data = QueryDict(mutable=True)
    for position, response in responses.items():
        data.setlist(f"q{position}", response if isinstance(response, list) else [response])
    if seen is not None:
        data["seen"] = json.dumps(seen)
    data.update(more)
    return data


def page(form, language="en") -> str:
    with override(language):
        return render_to_string("quizzes/questions.html", {"answer_form": form})


def position_of(kind, attempt):
    return str(attempt.questions.get(question_version__kind=kind).position)


def test_form_of_a_new_attempt_is_empty(attempt):
    form = answer_form(attempt)
    assert (form.responses, form.seen) == ({}, "{}")
    assert (form.total, form.answered, form.problems, len(form.blanks)) == (4, 0, [], 4)
    html = page(form)
    assert html.count("<fieldset") == 4
    assert " checked" not in html
    assert "required" not in html


def test_form_is_filled_in_as_kept(attempt):
    right = right_responses(attempt)
    actions.save_answers(attempt=attempt, responses=right, happened_at=MONDAY, at=MONDAY)
    form = answer_form(attempt)
    assert (form.responses, form.answered, form.blanks) == ({}, 4, [])
    assert json.loads(form.seen) == right
    html = page(form)
    checked = re.findall(r'name="(q\d)" value="([^"]*)" id="[^"]*" checked', html)
    kept = [(f"q{position}", key) for position, keys in right.items() if keys != "12.5" for key in keys]
    assert sorted(checked) == sorted(kept)
    assert 'value="12.5"' in html


def test_form_reads_back_what_it_shows(attempt):
    right = right_responses(attempt)
    form = answer_form(attempt, data=sent(right))
    assert (form.responses, form.problems, form.answered) == (right, [], 0)


def test_form_partly_filled_in_is_as_good_as_any(attempt):
    right = right_responses(attempt)
    form = answer_form(attempt, data=sent({"2": right["2"]}))
    assert form.responses == {"2": right["2"]}


def test_form_sent_twice_gives_the_same_responses(attempt):
    data = sent({"1": right_responses(attempt)["1"]})
    first = answer_form(attempt, data=data).responses
    actions.save_answers(attempt=attempt, responses=first, happened_at=MONDAY, at=MONDAY)
    assert answer_form(attempt, data=data).responses == first


def test_form_states_what_was_changed_and_nothing_else(attempt):
    right = right_responses(attempt)
    numeric, multiple = position_of("numeric", attempt), position_of("multiple", attempt)
    cleared = {**right, numeric: ""}
    del cleared[multiple]
    form_id = uuid4()
    form = answer_form(attempt, data=sent(cleared, seen=right, event=str(form_id)))
    assert form.responses == {numeric: None, multiple: None}
    assert form.bases == {numeric: "12.5", multiple: ["a", "c"]}
    assert form.form_id == form_id
    untouched = answer_form(attempt, data=sent(right, seen=right))
    assert (untouched.responses, untouched.bases) == ({}, {})


def test_form_of_a_page_that_does_not_say_what_it_saw_never_blanks_an_answer(attempt):
    right = right_responses(attempt)
    actions.save_answers(attempt=attempt, responses=right, happened_at=MONDAY, at=MONDAY)
    for seen in ({}, {"seen": ""}, {"seen": "[1]"}, {"seen": "{"}, {"seen": "[" * 5000}):
        data = sent({})
        data.update(seen)
        form = answer_form(attempt, data=data)
        assert (form.responses, form.bases, form.blanks) == ({}, None, [])


@pytest.mark.parametrize("answer", [1.5, 7, True, {"a": 1}, [1], [None]])
def test_form_takes_no_answer_for_seen_that_cannot_have_stood_there(attempt, answer):
    form = answer_form(attempt, data=sent({}, seen={"1": answer}))
    assert (form.responses, form.bases) == ({}, {})


def test_form_shows_both_answers_where_a_question_was_answered_elsewhere(attempt):
    single, numeric = position_of("single", attempt), position_of("numeric", attempt)
    elsewhere = {single: ["a"], numeric: "3"}
    actions.save_answers(attempt=attempt, responses=elsewhere, happened_at=MONDAY, at=MONDAY)
    form = answer_form(attempt, data=sent({single: ["b"], numeric: "3"}, seen={}))
    assert [(str(one.position), one.elsewhere, one.here) for one in form.conflicts] == [
        (single, "Choice a of single-1", "Choice b of single-1")
    ]
    html = page(form)
    assert f'<a href="#id_q{single}_0">Question {single} has two different answers' in html
    assert html.count("This question has two different answers.") == 1
    # The answer of this page stands in its fields.
    assert re.findall(r'value="(\w)" id="[^"]*" checked', html) == ["b"]
    # What the same page said before is no other place.
    form_id = uuid4()
    actions.save_answers(
        attempt=attempt, responses={single: ["c"]}, form_id=form_id, happened_at=MONDAY, at=MONDAY
    )
    again = answer_form(attempt, data=sent({single: ["b"]}, seen={}, event=str(form_id)))
    assert again.conflicts == []


def test_leftovers_of_forms_say_what_those_forms_said_of_these_questions(attempt):
    first = sent({"1": ["a"], "2": ["b"]}, seen={"1": ["c"], "3": ["x"]}, event="e")
    left = leftover(first, [1])
    assert left == {"q1": ["a"], "seen": ['{"1": ["c"]}'], "event": ["e"]}
    second = sent({"4": "two"}, seen={"4": "7"})
    together = merged([sent({"1": ["a"]}, seen={"1": ["c"]}), second])
    assert (together.getlist("q1"), together["q4"]) == (["a"], "two")
    assert json.loads(together["seen"]) == {"1": ["c"], "4": "7"}


def test_leftovers_keep_all_parts_of_a_question_and_of_no_other():
    first = sent({"1_a": "x", "1_b": "y", "12": ["a"]}, seen={"1": {"b": "y"}, "12": ["b"]})
    left = leftover(first, [1])
    assert left == {
        "q1": [],
        "q1_a": ["x"],
        "q1_b": ["y"],
        "seen": ['{"1": {"b": "y"}}'],
        "event": [],
    }
    # What a later form says of a question replaces all that an earlier one said of it.
    together = merged([first, sent({"1_a": "z"}, seen={})])
    assert {name: values for name, values in together.lists() if name != "seen"} == {
        "q1_a": ["z"],
        "q12": ["a"],
    }


def test_form_keeps_what_was_typed_and_says_what_would_be_right(attempt):
    numeric, single = position_of("numeric", attempt), position_of("single", attempt)
    form = answer_form(attempt, data=sent({numeric: '<b>12"', single: ["b"]}))
    assert form.responses == {single: ["b"]}
    assert [str(question.position) for question in form.blanks] == sorted({*"1234"} - {single})
    assert [problem.as_data() for problem in form.problems] == [
        {"code": "NOT_A_NUMBER", "position": numeric, "value": '<b>12"'}
    ]
    html = page(form)
    assert 'value="&lt;b&gt;12&quot;" aria-invalid="true"' in html
    assert f'<a href="#id_q{numeric}">' in html
    assert f'id="error_q{numeric}"' in html
    assert f'id="id_q{numeric}"' in html
    assert "“&lt;b&gt;12&quot;” is not a number. Write it in digits, for example 12.5." in html
    assert html.count('class="wrong"') == 1


def test_form_refuses_choices_that_it_did_not_show(attempt):
    single = position_of("single", attempt)
    form = answer_form(attempt, data=sent({single: ["z"]}))
    assert [problem.code for problem in form.problems] == ["UNKNOWN_CHOICE"]
    assert single not in form.responses


def test_form_shows_choices_in_the_order_of_the_attempt(attempt):
    row = attempt.questions.get(question_version__kind="multiple")
    html = page(answer_form(attempt))
    assert re.findall(rf'name="q{row.position}" value="([^"]*)"', html) == row.choice_order


@pytest.mark.parametrize("language", ["en", "ar"])
def test_form_shows_neither_keys_nor_feedback(amina, language):
    version = make_version(make_quiz(tuple(KINDS)))
    attempt = make_attempt(learner=amina, quiz_version=version, language=language)
    form = answer_form(attempt)
    html = page(form, language)
    assert "SECRET" not in html
    assert "12.5" not in html
    # The interface's own words, which are no key of the structure.
    html = re.sub(r'<p class="help".*?</p>', "", html).replace("Your answer", "")
    for leak in ("correct", "tolerance", "feedback", "lesson-of", "answer"):
        assert leak not in html
    # What could leak is there.
    assert "SECRET" in str(attempt.questions.first().question_version.texts)


def test_form_says_in_which_language_a_question_is(amina):
    attempt = make_attempt(learner=amina, language="ar")
    form = answer_form(attempt)
    assert (form.is_machine_made, form.is_partly_translated, form.is_stale) == (True, False, False)
    html = page(form, "en")
    assert '<legend lang="ar" dir="rtl">1. <span>ما هو' in html
    assert "Machine translation, not yet reviewed by a person." in html
    assert 'lang="ar"' not in page(form, "ar")
    assert "3. " in page(form, "ar")


def test_form_says_that_a_question_is_not_translated(amina):
    quiz = make_quiz()
    Question.objects.get(key="numeric-4").texts.filter(language="ar").delete()
    attempt = make_attempt(learner=amina, quiz_version=make_version(quiz), language="ar")
    form = answer_form(attempt)
    assert form.is_partly_translated
    assert page(form, "ar").count('lang="en" dir="ltr"') == 2  # the stem and the unit


def test_form_says_points_where_they_differ(amina):
    quiz = make_quiz()
    assert "point" not in page(answer_form(make_attempt(learner=amina, quiz_version=make_version(quiz))))
    other = make_quiz()
    other.bank.questions.filter(kind="single").update(points=3)
    html = page(answer_form(make_attempt(learner=amina, quiz_version=make_version(other))))
    assert html.count(" 1 point.") == 3
    assert html.count(" 3 points.") == 1


def test_form_has_a_label_for_every_field(amina):
    attempt = make_attempt(learner=amina, quiz_version=make_version(make_quiz(tuple(KINDS))))
    html = page(answer_form(attempt))
    ids = re.findall(r"<(?:input|select)[^>]* id=\"([^\"]*)\"", html)
    assert len(ids) == len(set(ids)) >= 3 + 4 + 2 + 1 + 1 + 2
    assert re.findall(r"<label[^>]* for=\"([^\"]*)\"", html) == ids
    assert 'inputmode="decimal"' in html
    assert "style=" not in html
    assert "<script" not in html


@pytest.mark.parametrize("count", [3, 10])
def test_form_takes_one_query(amina, count, django_assert_num_queries):
    quiz = make_quiz([list(KINDS)[number % 4] for number in range(count)])
    attempt = make_attempt(learner=amina, quiz_version=make_version(quiz))
    with django_assert_num_queries(1):
        page(answer_form(attempt))
    with django_assert_num_queries(1):
        page(answer_form(attempt, data=sent({"1": "?"})))
