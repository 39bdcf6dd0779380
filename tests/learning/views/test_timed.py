"""Pages of timed quizzes: what is said before, during and after, and that nothing typed is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maarifa.accounts.actions import keep_post
from maarifa.accounts.keeping import page_of
from maarifa.accounts.models import KeptPost
from maarifa.learning.actions import end_timed_attempts, timing
from maarifa.learning.models import Event
from maarifa.quizzes.actions import note_presence
from maarifa.quizzes.models import Attempt, LateAnswers
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import MONDAY, RIGHT, enrolled, start_quiz
from tests.learning.answering import answers_page, field_of, kept_of, load, post
from tests.learning.reading import QUIZ, attempt_page, result_page, words

pytestmark = pytest.mark.django_db
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
OVER = "The time is over, so these answers were not counted."


@pytest.fixture(autouse=True)
def clock(db):
    timing._Heeded.at = None
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def course():
    return published_course(key="rules-that-work", at=MONDAY, time_limit=20)


@pytest.fixture
def attempt(enrolment):
    return start_quiz(enrolment)


def go_on(clock, minutes):
    """The worker is at work all the time."""
    now = MONDAY
    while now < MONDAY + minutes * MINUTE:
        note_presence(at=now)
        now += 30 * SECOND
    clock.move_to(MONDAY + minutes * MINUTE)


def time_page(attempt):
    return f"{attempt_page(attempt)}time/"


def test_quiz_page_says_how_long_the_time_is_before_it_runs(browser, enrolment):
    said = words(browser.get(QUIZ))
    assert "Time limit: 20 minutes." in said
    assert "It does not stop if you close the page or lose the connection." in said
    assert "There is no time limit." not in said
    type(enrolment).objects.update(extra_time_percent=50)
    said = words(browser.get(QUIZ))
    assert "Time limit: 30 minutes." in said
    assert "Your extra time is included." in said


def test_attempt_page_says_when_the_time_is_over(browser, attempt, clock):
    go_on(clock, 5)
    page = browser.get(attempt_page(attempt))
    assert "The time ends in 15 minutes, on 23 November 2026" in words(page)
    assert 'data-left="900"' in page.content.decode()


def test_untimed_attempt_has_neither_the_line_nor_the_script(client):
    enrolment = enrolled()
    client.force_login(enrolment.learner)
    page = client.get(attempt_page(start_quiz(enrolment)))
    assert 'id="time"' not in page.content.decode()
    assert "time.js" not in page.content.decode()


def test_script_is_told_how_long_it_is_and_when_it_is_over(browser, attempt, clock):
    assert browser.get(time_page(attempt)).json() == {"left": 1200}
    go_on(clock, 20)
    assert browser.get(time_page(attempt)).json() == {"left": 0}
    go_on(clock, 21.5)
    answer = browser.get(time_page(attempt))
    assert answer.json() == {"ended": True}
    assert len(answer.content) < 30
    assert Attempt.objects.get().timed_out


def test_time_of_somebody_else_is_nobody_s_business(client, attempt):
    client.force_login(UserFactory())
    assert client.get(time_page(attempt)).status_code == 404


def test_answers_sent_within_the_minute_after_the_end_count(browser, attempt, clock):
    form = load(browser, attempt)
    go_on(clock, 20.5)
    form |= {field_of(attempt, kind): answer for kind, answer in RIGHT.items()}
    assert post(browser, attempt, form, press="send")["Location"] == result_page(attempt)
    attempt.refresh_from_db()
    assert (attempt.passed, attempt.timed_out) == (True, False)


def test_answers_sent_later_are_kept_and_the_page_says_so(browser, attempt, clock):
    form = load(browser, attempt)
    go_on(clock, 30)
    form |= {field_of(attempt, "numeric"): "193"}
    response = post(browser, attempt, form, press="send", follow=True)
    said = words(response)
    assert response.redirect_chain == [(result_page(attempt), 302)]
    assert OVER in said
    assert "Time ran out, so the attempt was ended." in said
    assert "Some of your answers arrived later. They are kept, and do not count yet." in said
    assert "ask help@example.org to count them" in said
    assert list(LateAnswers.objects.get().responses.values()) == ["193"]
    assert kept_of(attempt)["numeric"] is None


def test_whom_to_ask_is_the_institution(client, course, clock):
    institution = InstitutionFactory(contact="Mme Traoré", contact_email="desk@example.org")
    enrolment = enrolled(course=course, institution=institution)
    client.force_login(enrolment.learner)
    attempt = start_quiz(enrolment)
    form = load(client, attempt)
    go_on(clock, 30)
    said = words(post(client, attempt, {**form, field_of(attempt, "numeric"): "193"}, follow=True))
    assert "ask Mme Traoré" in said


def test_form_that_says_nothing_new_after_the_end_leads_to_the_result(browser, attempt, clock):
    form = load(browser, attempt)
    go_on(clock, 30)
    said = words(post(browser, attempt, form, press="send", follow=True))
    assert OVER not in said
    assert not LateAnswers.objects.exists()
    assert Attempt.objects.get().timed_out


def test_form_that_was_taken_in_and_is_sent_again_after_the_end_counted(browser, attempt, clock):
    form = load(browser, attempt)
    form |= {field_of(attempt, kind): answer for kind, answer in RIGHT.items()}
    kept = keep_post(person=attempt.learner, page=page_of(attempt_page(attempt)), fields={"q1": ["x"]})
    post(browser, attempt, form)
    go_on(clock, 30)
    again = {**form, "kept": str(kept.public_id)}
    assert OVER not in words(post(browser, attempt, again, press="send", follow=True))
    assert Attempt.objects.get().passed
    assert not LateAnswers.objects.exists()
    # What stood beside the questions of that page is answered, as at any time.
    assert not KeptPost.objects.exists()


def test_what_was_sent_without_a_session_after_the_end_is_kept(browser, client, attempt, clock):
    form = load(browser, attempt)
    learner = attempt.learner
    del browser.cookies["sessionid"]
    go_on(clock, 25)
    sent = client.post(answers_page(attempt), {**form, field_of(attempt, "numeric"): "193", "save": "1"})
    assert "/account/login/" in sent["Location"]
    end_timed_attempts(at=MONDAY + 25 * MINUTE)
    client.force_login(learner)
    page = client.get(attempt_page(attempt), follow=True)
    assert page.redirect_chain[-1][0] == result_page(attempt)
    assert OVER in words(page)
    assert list(LateAnswers.objects.get().responses.values()) == ["193"]


def test_what_was_sent_without_a_session_was_given_when_the_server_kept_it(browser, client, attempt, clock):
    form = load(browser, attempt)
    del browser.cookies["sessionid"]
    go_on(clock, 19)
    client.post(answers_page(attempt), {**form, field_of(attempt, "numeric"): "193", "save": "1"})
    go_on(clock, 25)
    client.force_login(attempt.learner)
    assert OVER in words(client.get(attempt_page(attempt), follow=True))
    late = LateAnswers.objects.get()
    assert (late.happened_at, late.arrived_at) == (MONDAY + 19 * MINUTE, MONDAY + 25 * MINUTE)


@pytest.mark.parametrize(
    ("age", "given"),
    [
        (12 * MINUTE, 18),
        # Never after arrival, nor before the attempt began.
        (-15 * MINUTE, 30),
        (60 * MINUTE, 0),
        # What cannot be read says nothing.
        ("", 30),
        ("NaN", 30),
        ("9" * 30, 30),
    ],
)
def test_form_of_a_script_says_when_its_answers_were_given(browser, attempt, clock, age, given):
    form = load(browser, attempt)
    go_on(clock, 30)
    said = {"X-Age": age if isinstance(age, str) else str(age // (SECOND / 1000))}
    sent = {**form, field_of(attempt, "numeric"): "193", "send": "1"}
    answer = browser.post(answers_page(attempt), sent, headers=said)
    assert answer["Location"] == result_page(attempt)
    late = LateAnswers.objects.get()
    assert (late.happened_at, late.arrived_at) == (MONDAY + given * MINUTE, MONDAY + 30 * MINUTE)


def test_submission_is_made_when_it_arrives_whatever_the_form_says(browser, attempt, clock):
    form = load(browser, attempt)
    go_on(clock, 10)
    sent = {**form, **{field_of(attempt, kind): answer for kind, answer in RIGHT.items()}, "send": "1"}
    browser.post(answers_page(attempt), sent, headers={"X-Age": "600000"})
    attempt.refresh_from_db()
    assert attempt.submitted_at == MONDAY + 10 * MINUTE
    assert Event.objects.get(kind="quiz-submitted").happened_at == MONDAY + 10 * MINUTE


def test_page_and_result_end_what_is_over_without_a_worker(browser, attempt, clock):
    go_on(clock, 22)
    assert browser.get(attempt_page(attempt))["Location"] == result_page(attempt)
    assert browser.get(result_page(attempt)).status_code == 200


def test_saving_an_answer_takes_no_query_more_than_without_a_time_limit(browser, attempt, client):
    def queries(browser, attempt):
        body = {
            "events": [
                {
                    "id": "6f1c3c1e-2f5c-4a7e-9a43-0d8b6d7f0003",
                    "kind": "answer-saved",
                    "payload": {
                        "attempt": str(attempt.public_id),
                        "responses": {
                            str(attempt.questions.get(question_version__kind="numeric").position): "193"
                        },
                    },
                }
            ]
        }
        browser.get(attempt_page(attempt))
        with CaptureQueriesContext(
            connection,
        ) as caught:
            answer = browser.post("/en/learn/events/", body, content_type="application/json")
        assert answer.json()["outcomes"][0]["status"] == "accepted"
        return len([one for one in caught if "SAVEPOINT" not in one["sql"]])

    timed = queries(browser, attempt)
    enrolment = enrolled()
    client.force_login(enrolment.learner)
    assert timed == queries(client, start_quiz(enrolment))
