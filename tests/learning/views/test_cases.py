"""A branching case on the pages of an attempt: step by step, fixed as one goes, and nothing that comes later."""

import gzip
import json
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maarifa.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.cases import FEEDBACK, PERFECT, QUESTIONS, STEP_WORDS
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, enrolled, start_quiz
from tests.learning.answering import form_on, kept_of, load, post, send_page
from tests.learning.reading import EVENTS, attempt_page, result_page, words

# What is left of 6 kB when the headers are off.
MOST = 5_400


@pytest.fixture
def course(db):
    return published_course(key="rules-that-work", at=MONDAY, questions=QUESTIONS, draw=1)


@pytest.fixture
def attempt(course, learner):
    return start_quiz(enrolled(course=course, learner=learner), at=timezone.now())


def send(browser, attempt, answer, base=None, form=None):
    """An answer as the script saves it; the outcome, and the bytes that came."""
    payload = {"attempt": str(attempt.public_id), "form": form or str(uuid4()), "responses": {"1": answer}}
    payload["base"] = {"1": base}
    event = {"id": str(uuid4()), "kind": "answer-saved", "payload": payload}
    body = json.dumps({"clock": timezone.now().isoformat(), "events": [event]})
    response = browser.post(EVENTS, body, content_type="application/json")
    return response.json()["outcomes"][0], response


def go_on(browser, attempt, letter, given, form=None):
    """Answer the open step of the page and press its button; the page that follows."""
    form = form or load(browser, attempt)
    return browser.get(post(browser, attempt, {**form, "q1_Open": given}, value=f"q1_{letter}").url)


def kept(attempt):
    return kept_of(attempt)["case"]


def steps_on(response) -> set[str]:
    """The steps of which any word is in any byte of an answer."""
    html = response.content.decode().replace("&#x27;", "'")
    return {key for key, texts in STEP_WORDS.items() if any(text in html for text in texts)}


def test_later_steps_are_in_no_byte_before_the_earlier_ones_are_fixed(browser, attempt):
    first = browser.get(attempt_page(attempt))
    answers = [(first, {"complaint"})]
    outcome, response = send(browser, attempt, {"Open": "ask"})
    assert outcome["status"] == "accepted"
    answers.append((response, set()))
    answers.append((browser.get(attempt_page(attempt)), {"complaint"}))
    answers.append((browser.get(send_page(attempt)), set()))
    second = go_on(browser, attempt, "A", "switch-off")
    assert kept(attempt) == {"complaint": "switch-off"}
    answers.append((second, {"complaint", "records"}))
    # Answers that cannot be, and another one to the step that is fixed.
    for answer in ({"B": "x"}, {"A": "ask"}, {"A": "switch-off", "B": "log", "C": "x", "D": "y"}, {"Z": "z"}):
        outcome, response = send(browser, attempt, answer)
        assert outcome["status"] == "refused"
        answers.append((response, set()))
    third = go_on(browser, attempt, "B", ["log", "rule"])
    answers.append((third, {"complaint", "records", "decide"}))
    answers.append((go_on(browser, attempt, "C", "an appeal"), {"complaint", "records", "decide"}))
    for response, steps in answers:
        # The right answer of the last step is not there either, but for what was typed.
        assert steps_on(response) - {"decide"} == steps - {"decide"}
        assert ("decide" in steps) == ("wrong for small fields" in response.content.decode())
        html = response.content.decode()
        assert not [text for text in FEEDBACK if text in html]
        # Nor a key of a step: an author may name steps by where they lead.
        assert not re.search(
            r"\bcomplaint\b|\brecords\b|newspaper|\bdecide\b(?!d)", html.replace("wants the", "")
        )
    assert kept(attempt) == {"complaint": "switch-off", "records": "log,rule", "decide": "an appeal"}


def test_path_leads_where_the_answer_leads(browser, attempt):
    page = go_on(browser, attempt, "A", "ignore")
    assert steps_on(page) == {"complaint", "newspaper"}
    page = go_on(browser, attempt, "B", "true")
    assert "newspaper" in steps_on(page)
    assert "wrong for small fields" in words(page)


def test_fixed_steps_are_text_and_the_open_one_has_fields(browser, attempt):
    page = go_on(browser, attempt, "A", "ask")
    html = page.content.decode()
    assert re.findall(r'<input type="hidden" name="(q1_\w+)" value="([^"]*)"', html) == [("q1_A", "ask")]
    assert set(re.findall(r'<input type="checkbox" name="([^"]*)"', html)) == {"q1_Open"}
    assert 'type="radio"' not in html
    text = words(page)
    assert "Your answer: Ask for the reasons" in text
    assert "When you continue, you can no longer change this step." in text
    assert "Switch the system off" not in text


def test_continuing_without_an_answer_says_so_and_stays(browser, attempt):
    form = load(browser, attempt)
    page = browser.get(post(browser, attempt, form, value="q1_A").url)
    assert "Answer this step before you continue." in words(page)
    assert kept(attempt) is None
    assert steps_on(page) == {"complaint"}
    page = go_on(browser, attempt, "A", "ask", form_on(page))
    assert "There is a problem" not in words(page)
    assert kept(attempt) == {"complaint": "ask"}


def test_saving_alone_fixes_nothing(browser, attempt):
    form = load(browser, attempt)
    post(browser, attempt, {**form, "q1_Open": "ask"})
    assert kept(attempt) == {"Open": "ask"}
    page = browser.get(attempt_page(attempt))
    assert re.search(r'value="ask" id="\w+" checked', page.content.decode())
    post(browser, attempt, {**form_on(page), "q1_Open": "ignore"})
    assert kept(attempt) == {"Open": "ignore"}


def test_answer_to_a_fixed_step_is_refused_with_a_sentence(browser, attempt):
    old = load(browser, attempt)
    go_on(browser, attempt, "A", "ask")
    page = go_on(browser, attempt, "A", "ignore", old)
    assert "You have already continued after this step, so its answer cannot be changed." in words(page)
    assert steps_on(page) == {"complaint", "records"}
    assert kept(attempt) == {"complaint": "ask"}
    # The page goes on from there.
    page = go_on(browser, attempt, "B", ["rule"], form_on(page))
    assert "There is a problem" not in words(page)
    assert kept(attempt) == {"complaint": "ask", "records": "rule"}


@pytest.mark.parametrize("answer", [{"A": "ignore"}, {"Open": "ignore"}, None, {}])
def test_event_that_changes_a_fixed_step_is_refused(browser, attempt, answer):
    form = str(uuid4())
    assert send(browser, attempt, {"A": "ask"}, form=form)[0]["status"] == "accepted"
    outcome, _response = send(browser, attempt, answer, base={"Open": "ask"}, form=form)
    assert outcome["code"] == "STEP_FIXED"
    assert "cannot be changed" in outcome["message"]
    assert kept(attempt) == {"complaint": "ask"}


def test_form_that_comes_twice_or_late_changes_nothing(browser, attempt):
    first = load(browser, attempt)
    second = form_on(go_on(browser, attempt, "A", "ask"))
    go_on(browser, attempt, "B", ["log"], second)
    fixed = {"complaint": "ask", "records": "log"}
    assert kept(attempt) == fixed
    for form, letter, given in ((first, "A", "ask"), (second, "B", ["log"])):
        page = go_on(browser, attempt, letter, given, form)
        assert "There is a problem" not in words(page)
        assert kept(attempt) == fixed
    # What the script of the first page had on its way.
    assert send(browser, attempt, {"Open": "ask"})[0]["status"] == "accepted"
    assert kept(attempt) == fixed


def test_two_windows_at_one_step_are_in_conflict(browser, attempt):
    one, other = load(browser, attempt), load(browser, attempt)
    post(browser, attempt, {**one, "q1_Open": "ask"})
    page = browser.get(post(browser, attempt, {**other, "q1_Open": "ignore"}).url)
    assert "This question has two different answers." in words(page)
    assert "Already saved: 1: Ask for the reasons Not saved yet: 1: Wait until next week" in words(page)
    assert kept(attempt) == {"Open": "ask"}
    go_on(browser, attempt, "A", "ignore", form_on(page))
    assert kept(attempt) == {"complaint": "ignore"}


def test_old_window_takes_no_answer_of_the_next_step_back(browser, attempt):
    old = load(browser, attempt)
    post(browser, attempt, {**form_on(go_on(browser, attempt, "A", "ask")), "q1_Open": ["rule"]})
    page = go_on(browser, attempt, "A", "ignore", old)
    assert kept(attempt) == {"complaint": "ask", "Open": "rule"}
    post(browser, attempt, form_on(page))
    assert kept(attempt) == {"complaint": "ask", "Open": "rule"}


def test_case_that_is_not_finished_is_named_before_it_is_submitted(browser, attempt):
    go_on(browser, attempt, "A", "ask")
    answer = post(browser, attempt, load(browser, attempt), press="send")
    page = browser.get(answer.url)
    assert "0 of 1 question answered" in words(browser.get(attempt_page(attempt)))
    text = words(page)
    assert "You have not finished question 1." in text
    assert "Steps that you have not answered count as incorrect." in text
    assert f'href="{attempt_page(attempt)}#id_q1"' in page.content.decode()
    assert 'id="id_q1"' in browser.get(attempt_page(attempt)).content.decode()
    post(browser, attempt, form_on(page), press="send", value="anyway")
    assert Attempt.objects.get().score == 50_000


def test_case_to_its_end_is_submitted_and_reviewed(browser, attempt):
    for letter, given in (("A", "switch-off"), ("B", ["log", "opinion"]), ("C", "Appeal.")):
        page = go_on(browser, attempt, letter, given)
    assert "You have answered all steps of this case." in words(page)
    assert "1 of 1 question answered" in words(page)
    answer = post(browser, attempt, form_on(page), press="send")
    assert answer.url == result_page(attempt)
    # Of four: 1 of 2 for the first step, none for the second, 1 for the last.
    assert Attempt.objects.get().score == 50_000
    text = words(browser.get(result_page(attempt)))
    assert "Amina’s field" in text
    assert "Partly correct, worth 50% of the points. You chose: Switch the system off" in text
    assert "This can be defended" in text
    assert "This step earned 50% of its points. Your answer led to step 2." in text
    assert "This step earned 100% of its points. The case ended with this answer." in text
    # Another attempt is left.
    assert "The best way through this case" not in text
    assert "Ask for the reasons" not in text
    assert "A newspaper" not in text


def test_event_with_the_whole_path_is_taken(browser, attempt):
    assert send(browser, attempt, PERFECT)[0]["status"] == "accepted"
    assert kept(attempt) == PERFECT


@pytest.mark.parametrize("language", ["en", "ar"])
def test_page_of_a_case_weighs_six_kilobytes_at_most(client, course, language):
    learner = UserFactory(language=language)
    client.force_login(learner)
    attempt = start_quiz(enrolled(course=course, learner=learner, language=language), language=language)
    counts = set()
    for answer in ({}, {"A": "ask"}, {"A": "ask", "B": "log,rule"}, {**PERFECT}):
        if answer:
            assert send(client, attempt, answer)[0]["status"] == "accepted"
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/{language}{attempt_page(attempt).removeprefix('/en')}")
        assert len(gzip.compress(page.content, 6)) < MOST
        counts.add(len(queries))
    assert len(counts) == 1


def test_answer_is_saved_in_as_many_queries_as_any_other(browser, attempt, django_assert_max_num_queries):
    send(browser, attempt, {"Open": "ask"})
    with CaptureQueriesContext(connection) as queries:
        send(browser, attempt, {"A": "ask"}, base={"Open": "ask"})
    assert len([one for one in queries if "SAVEPOINT" not in one["sql"]]) <= 12


def test_stranger_reaches_neither_the_page_nor_the_answers(client, attempt):
    client.force_login(UserFactory())
    assert client.get(attempt_page(attempt)).status_code == 404
    assert client.get(result_page(attempt)).status_code == 404
    assert send(client, attempt, {"A": "ask"})[0]["status"] == "refused"
    assert kept(attempt) is None
