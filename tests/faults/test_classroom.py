"""The first morning: everybody at once, from one address."""

import random
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.contrib.auth.hashers import make_password

from maarifa.accounts.models import User
from maarifa.learning.actions import enrol_many
from maarifa.learning.models import EnrolmentAttempt, Event
from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import Attempt, AttemptQuestion
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, RIGHT
from tests.faults.clients import Answer, Browser, percentile
from tests.faults.parts import CORES, sized

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

LEARNERS = sized(small=60, large=600)
SECONDS = sized(small=6, large=60)
WINDOW = 15 * 60


@pytest.fixture
def web(instance):
    """With as many workers as a server of this machine's size runs."""
    program = instance.web(workers=CORES)
    instance.start()
    return program


@pytest.fixture
def pupils(transactional_db):
    password = make_password(PASSWORD)
    return User.objects.bulk_create(
        [User(username=f"pupil{n}", name=f"Pupil {n}", password=password) for n in range(LEARNERS)]
    )


def test_classroom_signs_in_while_somebody_guesses(web, pupils, figures):
    """Section 8: limits are per account first and per network last, lenient to a school, hard on one who guesses.

    Five in a hundred mistype at first. All of them get in within the limits' window; who guesses one account's password
    from their address is stopped, and only for that account.
    """
    UserFactory(username="coordinator")
    login = "/en/account/login/"
    dice = random.Random(20261123)
    mistyping = set(dice.sample([pupil.username for pupil in pupils], LEARNERS // 20))

    def come_in(pupil):
        browser = Browser(web.url)
        if pupil.username in mistyping:
            assert browser.post(login, {"login": pupil.username, "password": "mistyped"}).status == 200
        answer = browser.post(login, {"login": pupil.username, "password": PASSWORD})
        return answer.status, "sessionid" in browser.cookies, answer.seconds

    def guess():
        return [
            Browser(web.url).post(login, {"login": "coordinator", "password": f"guess {n}"})
            for n in range(12)
        ]

    began = time.monotonic()
    with ThreadPoolExecutor(9) as pool:
        guesses = pool.submit(guess)
        came = list(pool.map(come_in, pupils))
        guesses = guesses.result()
    took = time.monotonic() - began
    right = Browser(web.url).post(login, {"login": "coordinator", "password": PASSWORD})

    seconds = [one[2] for one in came]
    figures(
        learners=LEARNERS,
        mistyped=len(mistyping),
        seconds=round(took, 1),
        p50=percentile(seconds, 0.5),
        p95=percentile(seconds, 0.95),
        workers=CORES,
    )
    assert [one[:2] for one in came] == [(302, True)] * LEARNERS
    assert took < WINDOW
    assert ["Too many sign-in attempts" in one.body for one in guesses] == [False] * 8 + [True] * 4
    assert (right.status, "Too many sign-in attempts" in right.body) == (200, True)
    assert " ERROR " not in web.output


def test_classroom_takes_one_timed_quiz(web, pupils, figures):
    """Sections 1, 7 and 8: six hundred start one timed quiz within a minute, and submit it within another; nothing is
    lost, nobody gets an error, and each has one result.

    They come evenly over the time, whether or not the server has answered those before them.
    """
    course = published_course(key="rules-that-work", at=MONDAY, time_limit=30)
    enrol_many(learners=pupils, course=course.course, languages=["en"] * LEARNERS, at=MONDAY)
    browsers = [Browser(web.url, pupil) for pupil in pupils]
    page = "/en/learn/rules-that-work/quiz/basics-quiz/"
    # Each worker has the course in hand before the morning begins.
    for browser in browsers[: 4 * CORES]:
        assert browser.get(page).status == 200

    started, starts = evenly(lambda number: browsers[number].post(page, {}))
    assert [one.status for one in started if one.status != 302] == []
    attempts = Attempt.objects.open()
    assert {one.location for one in started} == {f"{page}{attempt.public_id}/" for attempt in attempts}
    assert attempts.values("learner").distinct().count() == EnrolmentAttempt.objects.count() == LEARNERS
    assert Event.objects.filter(kind="quiz-started").count() == LEARNERS
    assert AttemptQuestion.objects.count() == 3 * LEARNERS

    forms = [filled_in(one.location) for one in started]
    submitted, submissions = evenly(
        lambda number: browsers[number].post(started[number].location, forms[number])
    )
    figures(starts=starts, submissions=submissions, each=LEARNERS, within=SECONDS, workers=CORES)
    assert {(one.status, one.location) for one in submitted} == {
        (302, f"{one.location}result/") for one in started
    }
    results = Attempt.objects.values_list("score", "maximum", "passed")
    assert list(results) == [(3 * POINT, 3 * POINT, True)] * LEARNERS
    assert Event.objects.filter(kind="quiz-submitted").count() == LEARNERS
    assert " ERROR " not in web.output


def evenly(ask) -> tuple[list[Answer], dict[str, float]]:
    """What `ask` is answered for each learner's number, and how long after they came, in seconds."""
    began = time.monotonic() + 0.5

    def come(number):
        due = began + number * SECONDS / LEARNERS
        time.sleep(max(0, due - time.monotonic()))
        return ask(number), time.monotonic() - due

    with ThreadPoolExecutor(min(LEARNERS, 100)) as pool:
        answers, waits = zip(*pool.map(come, range(LEARNERS)), strict=True)
    shown = {"p50": percentile(waits, 0.5), "p95": percentile(waits, 0.95), "worst": round(max(waits), 3)}
    return list(answers), shown


def filled_in(address) -> dict:
    """The attempt's form with the right answers, as its button sends it."""
    questions = AttemptQuestion.objects.filter(attempt__public_id=address.rstrip("/").rpartition("/")[2])
    kinds = questions.values_list("position", "question_version__kind")
    return {"event": str(uuid4()), "send": "1"} | {f"q{position}": RIGHT[kind] for position, kind in kinds}
