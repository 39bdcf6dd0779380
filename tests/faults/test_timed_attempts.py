"""A timed attempt, when the whole server goes out and comes back."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from maarifa.operations import processes
from maarifa.quizzes.actions.timing import AWAY
from maarifa.quizzes.models import Attempt, Downtime, ServerPresence, TimeExtension
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import RIGHT, enrolled, responses, start_quiz
from tests.faults.clients import Browser, event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

LEFT = timedelta(seconds=30)


def test_power_cut_takes_no_time_from_who_works_on_a_timed_attempt(instance):
    """DESIGN 2.2: timed work runs on the server's clock. What the server was away itself is given back, once, before
    anything is ended; what was acknowledged is there; and a worker alone ends what is over.
    """
    course = published_course(key="rules-that-work", time_limit=20)
    enrolment = enrolled(course=course, learner=UserFactory(username="amina"), at=timezone.now())
    attempt = start_quiz(enrolment, at=timezone.now())
    answers = responses(attempt, RIGHT)
    url = instance.web().url
    instance.worker()
    instance.beat()
    instance.start()
    browser = Browser(url, enrolment.learner, patience=30)

    def save(positions):
        sent = {position: answers[position] for position in positions}
        answer = browser.send_events(
            event("answer-saved", {"attempt": str(attempt.public_id), "responses": sent})
        )
        return answer.outcomes[0]["status"]

    Attempt.objects.update(started_at=timezone.now() - timedelta(minutes=19), ends_at=timezone.now() + LEFT)
    assert save(["1", "2"]) == "accepted"
    assert processes.wait_until(ServerPresence.objects.exists, seconds=30)
    instance.kill()
    before = ServerPresence.objects.get().at
    ends_at = Attempt.objects.get().ends_at
    time.sleep((AWAY + timedelta(seconds=5)).total_seconds())
    assert timezone.now() > ends_at
    instance.start()
    assert processes.wait_until(TimeExtension.objects.exists, seconds=60)
    time.sleep(20)
    downtime = Downtime.objects.get()
    assert downtime.began_at == before
    lost = downtime.ended_at - downtime.began_at
    given = TimeExtension.objects.get()
    assert given.seconds - 1 <= lost.total_seconds() <= given.seconds
    running = Attempt.objects.get()
    assert running.is_open
    assert running.ends_at == ends_at + timedelta(seconds=given.seconds)
    browser = Browser(url, enrolment.learner, patience=30)
    if timezone.now() < running.ends_at:
        assert save(["3"]) == "accepted"
    Attempt.objects.update(ends_at=timezone.now() - timedelta(seconds=61))
    assert processes.wait_until(lambda: Attempt.objects.get().timed_out, seconds=40)
    ended = Attempt.objects.get()
    assert ended.score >= ended.maximum * 2 // 3
