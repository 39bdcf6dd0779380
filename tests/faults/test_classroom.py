"""The first morning: everybody at once, from one address."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import make_password

from maarifa.accounts.models import User
from maarifa.learning.actions import enrol_many
from maarifa.learning.models import EnrolmentAttempt, Event
from maarifa.quizzes.models import Attempt, AttemptQuestion
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY
from tests.faults.clients import Browser, percentile
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


def test_classroom_starts_one_quiz(web, pupils, figures):
    """Sections 1 and 8: six hundred start one quiz within a minute; nothing is lost and nobody gets an error.

    They come evenly over the time, whether or not the server has answered those before them.
    """
    course = published_course(key="rules-that-work", at=MONDAY)
    enrol_many(learners=pupils, course=course.course, languages=["en"] * LEARNERS, at=MONDAY)
    browsers = [Browser(web.url, pupil) for pupil in pupils]
    page = "/en/learn/rules-that-work/quiz/basics-quiz/"
    # Each worker has the course in hand before the morning begins.
    for browser in browsers[: 4 * CORES]:
        assert browser.get(page).status == 200
    began = time.monotonic() + 0.5

    def start(number):
        due = began + number * SECONDS / LEARNERS
        time.sleep(max(0, due - time.monotonic()))
        answer = browsers[number].post(page, {})
        return answer.status, answer.location, time.monotonic() - due

    with ThreadPoolExecutor(min(LEARNERS, 100)) as pool:
        answers = list(pool.map(start, range(LEARNERS)))

    waits = [one[2] for one in answers]
    errors = [one[:2] for one in answers if one[0] != 302]
    figures(
        starts=LEARNERS,
        within=SECONDS,
        errors=len(errors),
        p50=percentile(waits, 0.5),
        p95=percentile(waits, 0.95),
        worst=round(max(waits), 3),
        workers=CORES,
    )
    assert errors == []
    attempts = Attempt.objects.open()
    assert {one[1] for one in answers} == {f"{page}{attempt.public_id}/" for attempt in attempts}
    assert attempts.values("learner").distinct().count() == EnrolmentAttempt.objects.count() == LEARNERS
    assert Event.objects.filter(kind="quiz-started").count() == LEARNERS
    assert AttemptQuestion.objects.count() == 3 * LEARNERS
    assert " ERROR " not in web.output
