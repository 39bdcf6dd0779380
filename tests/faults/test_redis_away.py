"""Learning goes on while Redis is gone, or there and silent."""

import time
from statistics import median

import pytest
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.certificates.models import Certificate
from maarifa.learning.models import LessonCompletion
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import RIGHT, enrolled, read_lesson, responses, start_quiz
from tests.faults.clients import Browser, event
from tests.faults.parts import sized

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

LEARNERS = sized(small=3, large=30)
# Once so long after a failure somebody tries Redis again, and waits for it.
REST = 5.2
NOISE = 0.25


class Learners:
    """So many people who do each thing once, and how long each answer took, by what was done."""

    def __init__(self, web, course, name, *, wait=0.0):
        self.web, self.course, self.wait = web, course, wait
        self.key = course.course.key
        self.users = [
            UserFactory(username=f"{name}{n}", email=f"{name}{n}@example.org") for n in range(LEARNERS)
        ]
        began = timezone.now()
        self.attempts = {}
        for user in self.users:
            enrolment = enrolled(course=course, learner=user, at=began)
            read_lesson(enrolment, "first", at=began)
            self.attempts[user.pk] = start_quiz(enrolment, at=began)
        self.browsers = {user.pk: Browser(web.url, user) for user in self.users}
        self.took = {}

    def walk(self):
        things = [self.read, self.answer, self.finish, self.sign_in, self.ask_for_code]
        for number, thing in enumerate(things):
            # The first of each kind is the one that finds Redis away.
            time.sleep(self.wait if number else 0)
            self.took[thing.__name__] = [thing(user, self.browsers[user.pk]) for user in self.users]
        return self

    def read(self, user, browser):
        answer = browser.get(f"/en/learn/{self.key}/second/")
        assert answer.status == 200
        done = browser.post(f"/en/learn/{self.key}/second/", {"event": answer.event})
        assert done.status == 302
        return max(answer.seconds, done.seconds)

    def answer(self, user, browser):
        return self._send(user, browser, "answer-saved")

    def finish(self, user, browser):
        """The last step of the course: a certificate is pending."""
        return self._send(user, browser, "quiz-submitted")

    def _send(self, user, browser, kind):
        attempt = self.attempts[user.pk]
        payload = {"attempt": str(attempt.public_id), "responses": responses(attempt, RIGHT)}
        answer = browser.send_events(event(kind, payload))
        assert answer.outcomes[0]["status"] == "accepted"
        return answer.seconds

    def sign_in(self, user, browser):
        fresh = Browser(self.web.url)
        answer = fresh.post("/en/account/login/", {"login": user.username, "password": PASSWORD})
        assert answer.status == 302
        assert fresh.get(f"/en/learn/{self.key}/second/").status == 200
        return answer.seconds

    def ask_for_code(self, user, browser):
        answer = Browser(self.web.url).post("/en/account/login/code/", {"email": user.email})
        assert answer.status == 302
        return answer.seconds

    def summary(self):
        return {name: [round(median(took), 3), round(max(took), 3)] for name, took in self.took.items()}


def assert_nobody_waited(away, there):
    for name, took in away.took.items():
        usual = there.took[name]
        assert max(took) < max(usual) + 1, (name, took, usual)
        assert median(took) < max(usual) + NOISE, (name, took, usual)


def test_learning_goes_on_without_redis(instance, redis, postbox, figures):
    """Section 2.3: with Redis refused or silent, reading, answering and signing in go on.

    No answer comes a second later because of it, not even the first that finds it away. A code to sign in with is sent
    all the same.
    """
    course = published_course(key="rules-that-work", at=timezone.now())
    web = instance.web()
    instance.start()
    Learners(web, course, "warming").walk()
    there = Learners(web, course, "there").walk()
    silent = Learners(web, course, "silent", wait=REST)
    redis.freeze()
    silent.walk()
    redis.thaw()
    gone = Learners(web, course, "gone", wait=sized(small=0, large=REST))
    redis.stop()
    gone.walk()
    redis.start()
    time.sleep(REST)
    back = Learners(web, course, "back").walk()

    figures(
        seconds_median_and_worst={
            "there": there.summary(),
            "silent": silent.summary(),
            "gone": gone.summary(),
            "back": back.summary(),
        }
    )
    assert_nobody_waited(silent, there)
    assert_nobody_waited(gone, there)
    people = User.objects.count()
    assert people == 5 * LEARNERS
    assert LessonCompletion.objects.count() == 2 * people
    assert Attempt.objects.passed().count() == Certificate.objects.count() == people
    # There is no worker: what arrives was sent from within the request, which the queue could not take.
    codes = postbox.wait_for(2 * LEARNERS)
    asked = {letter.recipients[0] for letter in codes}
    assert asked == {user.email for walked in (silent, gone) for user in walked.users}
    assert " ERROR " not in web.output
