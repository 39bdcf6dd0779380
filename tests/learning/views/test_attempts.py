"""The questions of an attempt: what is sent is kept, and sent off only where nothing is in the way."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maarifa.accounts.models import KeptPost
from maarifa.curriculum.actions import publish_course
from maarifa.learning.models import Event
from maarifa.quizzes.models import Attempt, Question, QuestionText
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, RIGHT, WRONG, enrolled, form_of, send_answers, start_quiz
from tests.learning.answering import (
    answers_page,
    field_of,
    form_on,
    kept_of,
    load,
    post,
    send_page,
)
from tests.learning.reading import (
    COURSE,
    QUIZ,
    attempt_page,
    heading,
    main,
    next_steps,
    result_page,
    words,
)

SECRETS = ("Right.", "Nobody looks there.", "Without a name nobody acts.", "193")
FOR_GOOD = "After you submit, you cannot change the answers of this attempt."


@pytest.fixture
def attempt(enrolment):
    return start_quiz(enrolment, at=timezone.now())


def is_open(attempt) -> bool:
    attempt.refresh_from_db()
    return attempt.submitted_at is None


# Saving ---------------------------------------------------------------------------------------------------


def test_no_page_of_an_open_attempt_holds_a_key_or_feedback(browser, attempt):
    single, numeric = field_of(attempt, "single"), field_of(attempt, "numeric")
    form = {**load(browser, attempt), single: ["c"], numeric: "two"}
    saved = post(browser, attempt, form, press="send", follow=True)
    assert "“two” is not a number." in words(saved)
    pages = [browser.get(attempt_page(attempt)), saved]
    post(browser, attempt, {**load(browser, attempt), numeric: "2"})
    pages += [browser.get(send_page(attempt)), post(browser, attempt, load(browser, attempt), press="send")]
    pages.append(browser.post(answers_page(attempt), form, headers={"accept": "application/json"}))
    for page in pages:
        for secret in SECRETS:
            # Ids and seals have digits by chance.
            assert secret not in re.sub(r"[\w-]{20,}", "", page.content.decode())
    assert "Where must a rule stand?" in words(pages[0])
    assert pages[0]["Cache-Control"] == "private, no-cache"


def test_answers_are_saved_and_found_again_at_the_question(browser, attempt):
    response = post(browser, attempt, {**load(browser, attempt), **form_of(attempt, RIGHT)})
    last = attempt.questions.select_related("question_version").get(position=3)
    first_field = "id_q3" if last.question_version.kind == "numeric" else "id_q3_0"
    assert response["Location"] == f"{attempt_page(attempt)}#{first_field}"
    page = browser.get(attempt_page(attempt))
    assert "Done: Your answers are saved." in words(page)
    assert "3 of 3 questions answered and saved." in words(page)
    assert page.content.decode().count(" checked") == 2
    assert 'value="193"' in page.content.decode()


def test_first_button_of_the_form_saves_and_stays(browser, attempt):
    html = main(browser.get(attempt_page(attempt)))
    assert html.index('name="save"') < html.index('name="later"') < html.index('name="send"')
    numeric = field_of(attempt, "numeric")
    response = post(browser, attempt, {**load(browser, attempt), numeric: "7"})
    assert response["Location"] == f"{attempt_page(attempt)}#id_{numeric}"
    assert is_open(attempt)


def test_saving_for_later_leads_to_the_course_and_back(browser, attempt):
    response = post(browser, attempt, {**load(browser, attempt), **form_of(attempt, RIGHT)}, press="later")
    assert response["Location"] == COURSE
    assert browser.get(QUIZ).content.decode().count(attempt_page(attempt)) == 1


def test_address_of_the_answers_leads_back_to_the_questions(browser, attempt):
    assert browser.get(answers_page(attempt))["Location"] == attempt_page(attempt)


def test_page_loaded_before_answers_had_an_address_is_taken_in(browser, attempt):
    response = browser.post(attempt_page(attempt), {**form_of(attempt, RIGHT), "send": "1"})
    assert response["Location"] == result_page(attempt)


def test_script_is_told_where_it_goes_on(browser, attempt):
    ask = {"headers": {"accept": "application/json"}}
    form = load(browser, attempt)
    said = post(browser, attempt, {**form, field_of(attempt, "numeric"): "two"}, **ask).json()
    assert said == {"url": attempt_page(attempt), "done": False}
    said = post(browser, attempt, {**load(browser, attempt), **form_of(attempt, RIGHT)}, press="send", **ask)
    assert said.json() == {"url": result_page(attempt), "done": True}


# Unreadable -----------------------------------------------------------------------------------------------


NO_NUMBER = "“%s” is not a number. Write it in digits, for example 12.5."
NO_UNIT = "We do not know the unit in “%s”. Write the number alone, or with one of these units: countries."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        *(("two", NO_NUMBER), ("½", NO_NUMBER), ("190 or 5", NO_NUMBER)),
        *(("5 %", NO_UNIT), ("12 kg", NO_UNIT), ("about 190", NO_UNIT)),
    ],
)
def test_number_that_cannot_be_read_keeps_the_rest_and_stands_in_its_field(browser, attempt, typed, sentence):
    numeric = field_of(attempt, "numeric")
    form = {**load(browser, attempt), **form_of(attempt, RIGHT), numeric: typed}
    response = post(browser, attempt, form, press="send")
    assert response["Location"] == attempt_page(attempt)
    assert kept_of(attempt) == {**RIGHT, "numeric": None}
    assert is_open(attempt)
    # Also after loading it again, and on another device.
    for _twice in range(2):
        page = browser.get(attempt_page(attempt))
        assert "<title>Error: Attempt 1 of 3 · Basics: quiz" in page.content.decode()
        assert f"Question {numeric[1:]}: {sentence % typed}" in words(page)
        assert f'href="#id_{numeric}"' in page.content.decode()
        assert form_on(page)[numeric] == typed
    response = post(browser, attempt, {**form_on(page), numeric: "193"}, press="send")
    assert response["Location"] == result_page(attempt)
    assert KeptPost.objects.count() == 0
    assert Attempt.objects.get().passed


def test_number_that_cannot_be_read_can_be_taken_out(browser, attempt):
    numeric = field_of(attempt, "numeric")
    post(browser, attempt, {**load(browser, attempt), numeric: "two"})
    post(browser, attempt, {**load(browser, attempt), numeric: ""})
    assert form_on(browser.get(attempt_page(attempt)))[numeric] == ""


def test_number_that_cannot_be_read_here_is_not_dropped_by_another_window(browser, attempt):
    numeric, single = field_of(attempt, "numeric"), field_of(attempt, "single")
    other = load(browser, attempt)
    post(browser, attempt, {**load(browser, attempt), numeric: "two"})
    post(browser, attempt, {**other, single: ["a"]})
    assert load(browser, attempt)[numeric] == "two"


# Blanks ---------------------------------------------------------------------------------------------------


def test_questions_without_an_answer_are_named_before_anything_is_sent(browser, attempt):
    single = field_of(attempt, "single")
    response = post(browser, attempt, {**load(browser, attempt), single: ["a"]}, press="send")
    assert response["Location"] == send_page(attempt)
    assert is_open(attempt)
    page = browser.get(send_page(attempt))
    empty = sorted({1, 2, 3} - {int(single[1:])})
    assert heading(page) == f"You have not answered questions {empty[0]} and {empty[1]}."
    for position in empty:
        assert f'href="{attempt_page(attempt)}#id_q{position}' in main(page)
    assert "Go back and answer" in words(page)
    response = browser.post(answers_page(attempt), {**form_on(page), "send": "anyway"})
    assert response["Location"] == result_page(attempt)
    assert kept_of(attempt) == {"single": ["a"], "truefalse": None, "numeric": None}


def test_one_question_without_an_answer_is_named_alone(browser, attempt):
    numeric = field_of(attempt, "numeric")
    post(browser, attempt, {**load(browser, attempt), **form_of(attempt, RIGHT), numeric: ""}, press="send")
    page = browser.get(send_page(attempt))
    assert heading(page) == f"You have not answered question {numeric[1:]}."
    assert f"Questions without an answer count as incorrect. {FOR_GOOD}" in words(page)
    # Meanwhile all are answered.
    send_answers(attempt, RIGHT, kind="answer-saved", at=timezone.now())
    page = browser.get(send_page(attempt))
    assert (heading(page), next_steps(page)) == ("Every question has an answer.", ["Submit answers"])
    assert f"{FOR_GOOD} Submit answers" in words(page)


def test_page_of_the_questions_says_before_its_buttons_that_submitting_is_for_good(browser, attempt):
    assert f"{FOR_GOOD} Save Save and continue later Submit answers" in words(
        browser.get(attempt_page(attempt))
    )


@pytest.mark.parametrize("value", ["1", "anyway"])
def test_empty_form_uses_no_attempt(browser, attempt, value):
    response = post(browser, attempt, load(browser, attempt), press="send", value=value)
    assert response["Location"] == attempt_page(attempt)
    assert "You have not answered any questions yet." in words(browser.get(attempt_page(attempt)))
    assert is_open(attempt)
    outcome = send_answers(attempt, dict.fromkeys(RIGHT), at=timezone.now())
    assert (outcome["status"], outcome["code"]) == ("refused", "EMPTY")
    assert is_open(attempt)


# Two windows ----------------------------------------------------------------------------------------------


def test_old_window_does_not_blank_what_a_newer_one_saved(browser, attempt):
    old = load(browser, attempt)
    post(browser, attempt, {**load(browser, attempt), **form_of(attempt, RIGHT)})
    # Nothing was touched in it; then one question that stands empty there is answered as it is kept.
    post(browser, attempt, old)
    single = field_of(attempt, "single")
    post(browser, attempt, {**old, single: RIGHT["single"]})
    assert kept_of(attempt) == RIGHT
    response = post(browser, attempt, old, press="send")
    assert response["Location"] == result_page(attempt)
    assert Attempt.objects.get().passed


def test_two_windows_merge_by_question(browser, attempt):
    here, there = load(browser, attempt), load(browser, attempt)
    post(browser, attempt, {**here, field_of(attempt, "single"): ["a"]})
    post(browser, attempt, {**there, field_of(attempt, "numeric"): "193"})
    assert kept_of(attempt) == {"single": ["a"], "truefalse": None, "numeric": "193"}


def test_question_answered_differently_in_two_windows_is_shown_with_both_and_never_sent(browser, attempt):
    numeric, single = field_of(attempt, "numeric"), field_of(attempt, "single")
    old = load(browser, attempt)
    post(browser, attempt, {**load(browser, attempt), numeric: "193", single: ["a"]})
    truth = {field_of(attempt, "truefalse"): ["true"]}
    response = post(browser, attempt, {**old, **truth, single: ["a"], numeric: "7"}, press="send")
    assert response["Location"] == attempt_page(attempt)
    assert is_open(attempt)
    assert kept_of(attempt) == RIGHT
    page = browser.get(attempt_page(attempt))
    assert "Nothing was submitted. Your other answers are saved." in words(page)
    assert f"Question {numeric[1:]} has two different answers." in words(page)
    assert "Already saved: 193" in words(page)
    assert "Not saved yet: 7" in words(page)
    assert form_on(page)[numeric] == "7"
    # Nothing was decided: it is there again.
    page = browser.get(attempt_page(attempt))
    assert form_on(page)[numeric] == "7"
    response = post(browser, attempt, form_on(page), press="send")
    assert response["Location"] == result_page(attempt)
    assert kept_of(attempt)["numeric"] == "7"


def test_conflict_is_over_with_the_answer_of_the_other_window(browser, attempt):
    numeric = field_of(attempt, "numeric")
    old = load(browser, attempt)
    post(browser, attempt, {**load(browser, attempt), numeric: "193"})
    post(browser, attempt, {**old, numeric: "7"})
    page = browser.get(attempt_page(attempt))
    response = post(browser, attempt, {**form_on(page), numeric: "193"})
    assert response.status_code == 302
    assert kept_of(attempt)["numeric"] == "193"
    assert "has two different answers" not in words(browser.get(attempt_page(attempt)))


def test_going_back_and_changing_the_same_question_again_is_no_conflict(browser, attempt):
    form = load(browser, attempt)
    numeric = field_of(attempt, "numeric")
    for typed in ("7", "8", "7"):
        post(browser, attempt, {**form, numeric: typed})
        assert kept_of(attempt)["numeric"] == typed
    assert KeptPost.objects.count() == 0


# Once -----------------------------------------------------------------------------------------------------


def test_attempt_is_sent_once_and_shows_its_result(browser, attempt):
    form = {**load(browser, attempt), **form_of(attempt, RIGHT)}
    for _twice in range(2):
        assert post(browser, attempt, form, press="send")["Location"] == result_page(attempt)
    assert Event.objects.filter(kind="quiz-submitted").count() == 1
    assert browser.get(attempt_page(attempt))["Location"] == result_page(attempt)
    assert browser.get(send_page(attempt))["Location"] == result_page(attempt)
    page = browser.get(result_page(attempt))
    assert heading(page) == "Passed: 3 of 3 points"
    assert next_steps(page) == ["Next: Rules that can be found"]


def test_form_saved_twice_is_one_event(browser, attempt):
    form = {**load(browser, attempt), **form_of(attempt, RIGHT)}
    for _twice in range(2):
        post(browser, attempt, form)
    assert Event.objects.filter(kind="answer-saved").count() == 1


def test_page_sent_twice_with_other_answers_counts_as_it_was_sent_last(browser, attempt):
    form = load(browser, attempt)
    post(browser, attempt, {**form, **form_of(attempt, WRONG)})
    response = post(browser, attempt, {**form, **form_of(attempt, RIGHT)}, press="send")
    assert response["Location"] == result_page(attempt)
    assert Attempt.objects.get().passed is True


def test_answers_sent_from_a_second_window_after_submission_lead_to_the_result(browser, attempt):
    form = load(browser, attempt)
    send_answers(attempt, WRONG, at=timezone.now())
    response = post(browser, attempt, {**form, **form_of(attempt, RIGHT)})
    assert response["Location"] == result_page(attempt)
    assert kept_of(attempt) == WRONG


@pytest.mark.parametrize(
    "broken",
    [{"event": "x"}, {"event": ""}, {"seen": "x"}, {"seen": '{"1": 1.5}'}, {"kept": "x"}, {"keep": "x"}],
)
def test_form_with_hidden_fields_that_cannot_be_read_is_taken_in_all_the_same(browser, attempt, broken):
    form = {**load(browser, attempt), **form_of(attempt, RIGHT), **broken}
    assert post(browser, attempt, form).status_code == 302
    assert kept_of(attempt) == RIGHT


# Budgets --------------------------------------------------------------------------------------------------


def test_ten_questions_on_one_page_take_three_requests_and_25_queries(browser, learner):
    course = published_course(draw=3)
    bank = course.quiz.bank
    model = bank.questions.get(kind="single")
    words_of_it = model.texts.get(language="en").texts
    for number in range(4, 11):
        question = Question.objects.create(
            bank=bank,
            key=f"more-{number}",
            position=number,
            kind="single",
            lesson_key="first",
            structure=model.structure,
        )
        QuestionText.objects.create(question=question, language="en", texts=words_of_it)
    course.quiz.draw = 10
    course.quiz.save()
    publish_course(course=course.course, by=None)
    enrolment = enrolled(course=course, learner=learner)
    quiz = f"/en/learn/{course.course.key}/quiz/basics-quiz/"
    browser.get(quiz)
    with CaptureQueriesContext(connection) as asked:
        page = browser.post(quiz)["Location"]
        loaded = browser.get(page)
    assert loaded.status_code == 200
    attempt = Attempt.objects.get(learner=enrolment.learner)
    assert attempt.questions.count() == 10
    form = {**form_on(loaded), **form_of(attempt, RIGHT), "send": "1"}
    with CaptureQueriesContext(connection) as asked_at_the_end:
        assert browser.post(f"{page}answers/", form)["Location"] == f"{page}result/"
    queries = [
        query["sql"]
        for query in asked.captured_queries + asked_at_the_end.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    assert len(queries) <= 25


def test_late_rule_counts_from_the_start_of_the_attempt_whatever_the_form_says(browser, course, learner):
    due = {
        "due_at": MONDAY + timedelta(days=1),
        "due_zone": "Africa/Nairobi",
        "due_local": "2026-11-24T11:00:00",
    }
    enrolment = enrolled(course=course, learner=learner, **due)
    attempt = start_quiz(enrolment, at=MONDAY + timedelta(days=3))
    form = {**load(browser, attempt), **form_of(attempt, RIGHT), "happened": MONDAY.isoformat()}
    post(browser, attempt, form, press="send")
    attempt.refresh_from_db()
    assert attempt.late == "awaiting"


def test_kept_form_of_another_person_is_neither_shown_nor_dropped(browser, attempt, course):
    numeric = field_of(attempt, "numeric")
    post(browser, attempt, {**load(browser, attempt), numeric: "two"})
    kept = KeptPost.objects.get()
    other = enrolled(course=course)
    theirs = start_quiz(other, at=timezone.now())
    browser.force_login(other.learner)
    post(browser, theirs, {**load(browser, theirs), "kept": str(kept.public_id), "event": str(uuid4())})
    assert KeptPost.objects.get() == kept
    assert browser.get(attempt_page(attempt)).status_code == 404
