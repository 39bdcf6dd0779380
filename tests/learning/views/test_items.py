"""Pairs, extended matching and orders on the pages of an attempt: bytes, queries, and what no browser may read."""

import gzip
import json
import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maarifa.quizzes.models import Bank, Question, QuestionText
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.items import EXTENDED, MATCHING, ORDERING, QUESTIONS, RIGHT
from tests.factories.learning import MONDAY, enrolled, responses, start_quiz
from tests.learning.answering import kept_of, send_page
from tests.learning.reading import EVENTS, attempt_page, result_page

# What is left of 6 kB when the headers are off.
MOST = 5_400
# No text has these words in it; `finds`, `binds` and the like are words of texts as well.
KEYS = ("lost-card", "wrong-name", '"rule"', '"register"', '"draft"', '"consult"', '"review"', '"appeal"')
FEEDBACK = ("Rules bind offices", "That is what it is for", "A correction costs nothing", "Read again how")


@pytest.fixture
def course(db):
    return published_course(key="rules-that-work", at=MONDAY, questions=QUESTIONS)


@pytest.fixture
def attempt(course, learner):
    return start_quiz(enrolled(course=course, learner=learner), at=timezone.now())


def send(browser, attempt, answers, base=None):
    payload = {"attempt": str(attempt.public_id), "form": str(uuid4()), "responses": answers}
    payload["base"] = base or dict.fromkeys(answers)
    event = {"id": str(uuid4()), "kind": "answer-saved", "payload": payload}
    body = json.dumps({"clock": timezone.now().isoformat(), "events": [event]})
    return browser.post(EVENTS, body, content_type="application/json")


def as_on_page(attempt, answers):
    """The answers as a script reads them off the page."""
    rows = {str(row.position): row for row in attempt.questions.select_related("question_version")}
    return {position: rows[position].masked(given) for position, given in answers.items()}


def test_nothing_that_a_browser_reads_before_submission_has_a_key_or_feedback(browser, attempt):
    everything = as_on_page(attempt, responses(attempt, RIGHT))
    answers = [browser.get(attempt_page(attempt)), send(browser, attempt, everything)]
    assert answers[1].json()["outcomes"][0]["status"] == "accepted"
    assert kept_of(attempt) == RIGHT
    # In conflict with what stands there, and what cannot be read.
    half = {position: dict(list(given.items())[:1]) for position, given in everything.items()}
    answers += [send(browser, attempt, half), send(browser, attempt, {key: {"Z": "Z"} for key in half})]
    assert answers[2].json()["outcomes"][0]["conflicts"] == everything
    answers += [browser.get(attempt_page(attempt)), browser.get(send_page(attempt))]
    for answer in answers:
        html = answer.content.decode()
        assert not [words for words in (*KEYS, *FEEDBACK) if words in html.replace("&quot;", '"')]
    # What could leak is there.
    assert {"lost-card", "wrong-name"} == set(EXTENDED["items"])
    assert {"rule", "register"} < set(MATCHING["items"])
    assert {"draft", "review"} < set(ORDERING["items"])


def test_script_of_an_order_comes_with_an_order_alone(browser, attempt, learner):
    def scripts(page):
        return re.findall(r'<script[^>]* src="[^"]*?(\w+)(?:\.\w+)?\.js"', page.content.decode())

    assert scripts(browser.get(attempt_page(attempt))) == ["frame", "answers", "ordering"]
    other = start_quiz(enrolled(course=published_course(key="without", at=MONDAY), learner=learner))
    address = attempt_page(other).replace("rules-that-work", "without")
    assert scripts(browser.get(address)) == ["frame", "answers"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_page_of_ten_questions_with_items_weighs_six_kilobytes_at_most(client, language, db):
    """Three or four of each kind, with the texts that people write."""
    ten = [
        (f"{key}-{number}", kind, lesson, structure, _other(words, number))
        for number in range(4)
        for key, kind, lesson, structure, words in QUESTIONS
    ][:10]
    course = published_course(key="rules-that-work", at=MONDAY, questions=ten, draw=10)
    learner = UserFactory(language=language)
    client.force_login(learner)
    attempt = start_quiz(enrolled(course=course, learner=learner, language=language), language=language)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(f"/{language}{attempt_page(attempt).removeprefix('/en')}")
    assert page.status_code == 200
    assert page.content.decode().count("<fieldset") == 10
    weight = len(gzip.compress(page.content, 6))
    assert weight < MOST
    few = start_quiz(
        enrolled(course=published_course(key="few", at=MONDAY), learner=learner, language=language),
        language=language,
    )
    address = f"/{language}{attempt_page(few).removeprefix('/en')}".replace("rules-that-work", "few")
    with CaptureQueriesContext(connection) as of_few:
        client.get(address)
    assert len(queries) == len(of_few)


LETTERS = ("abcdefghijklmnopqrstuvwxyz", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي")


def _other(words, number):
    """Other texts of the same lengths, so that four questions do not compress as one."""
    turned = {}
    for letters in LETTERS:
        turned |= dict(zip(letters, letters[number * 5 :] + letters[: number * 5], strict=True))

    def turn(value):
        if isinstance(value, dict):
            return {key: turn(inner) for key, inner in value.items()}
        return "".join(turned.get(letter, letter) for letter in value)

    return turn(words)


def test_stranger_reaches_neither_the_page_nor_the_answers(client, attempt):
    client.force_login(UserFactory())
    assert client.get(attempt_page(attempt)).status_code == 404
    assert client.get(result_page(attempt)).status_code == 404
    everything = as_on_page(attempt, responses(attempt, RIGHT))
    assert send(client, attempt, everything).json()["outcomes"][0]["status"] == "refused"
    assert set(kept_of(attempt).values()) == {None}


def test_answers_are_read_by_the_version_that_was_asked(browser, attempt):
    """Who edits the question meanwhile changes neither what the letters of the page mean nor the score."""
    everything = as_on_page(attempt, responses(attempt, RIGHT))
    question = Question.objects.get(kind="matching")
    question.structure = {**MATCHING, "items": MATCHING["items"][::-1], "choices": MATCHING["choices"][::-1]}
    question.save()
    send(browser, attempt, everything)
    assert kept_of(attempt) == RIGHT
    assert Bank.objects.count() == 1
    assert QuestionText.objects.filter(question=question).count() == 2
