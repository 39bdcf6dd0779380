"""Learners at their phones while PostgreSQL is restarted."""

import http.client
import signal
import threading
import time

import pytest
from django.utils import timezone

from maarifa.learning.models import Event
from maarifa.operations import processes
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import RIGHT, WRONG, enrolled, read_lesson, responses, start_quiz
from tests.faults.clients import Browser, event
from tests.faults.parts import sized

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.postgres_only]

LEARNERS = 3
BETWEEN = sized(small=1.5, large=8)
# So long after the database is back, nobody meets an error any more.
REST = 6


class Phone(threading.Thread):
    """Sends answers one after the other; what was not acknowledged it sends again, as it was, until it is."""

    def __init__(self, url, user, attempt):
        super().__init__(daemon=True)
        self.browser = Browser(url, user, patience=20)
        self.attempt = attempt
        self.answers = [responses(attempt, WRONG), responses(attempt, RIGHT)]
        self.sent, self.errors, self.stopping = [], [], False

    def run(self):
        number = 0
        while not self.stopping:
            number += 1
            given = self.answers[number % 2]
            self.deliver(event("answer-saved", {"attempt": str(self.attempt.public_id), "responses": given}))

    def deliver(self, one):
        while True:
            try:
                answer = self.browser.send_events(one)
                if answer.status == 200 and answer.outcomes[0]["status"] == "accepted":
                    self.sent.append(one)
                    return
                self.errors.append((time.monotonic(), answer.status))
            except (OSError, http.client.HTTPException) as broken:
                self.errors.append((time.monotonic(), type(broken).__name__))
            time.sleep(0.1)


def test_phones_go_on_over_restarts_of_postgres(own_postgres, instance, figures):
    """Sections 2.2 and 8: whoever got an error sends the same again and is accepted once; nothing acknowledged is lost.

    While the database is away the pages answer with an error rather than hang, and soon after it is back nobody
    meets one.
    """
    instance.environment |= own_postgres.environment
    course = published_course(at=timezone.now())
    phones = []
    web = instance.web(workers=2)
    instance.start()
    for n in range(LEARNERS):
        user = UserFactory(username=f"phone{n}")
        enrolment = enrolled(course=course, learner=user, at=timezone.now())
        read_lesson(enrolment, "first", at=timezone.now())
        phones.append(Phone(web.url, user, start_quiz(enrolment, at=timezone.now())))
    for phone in phones:
        phone.start()
    away = []
    for how in [signal.SIGINT, signal.SIGQUIT] * sized(small=1, large=4):
        time.sleep(BETWEEN)
        began = time.monotonic()
        own_postgres.restart(how)
        away.append((began, time.monotonic()))
    time.sleep(REST + BETWEEN)
    for phone in phones:
        phone.stopping = True
    for phone in phones:
        phone.join(timeout=60)
        assert not phone.is_alive()

    errors = [error for phone in phones for error in phone.errors]
    # An error while the database is away is its own; one that comes after is what people would not understand.
    after = [
        when - max(back for _down, back in away if back <= when)
        for when, _what in errors
        if when > away[0][1] and not any(down <= when <= back for down, back in away)
    ]
    figures(
        restarts=len(away),
        acknowledged=sum(len(phone.sent) for phone in phones),
        errors=len(errors),
        seconds_until_the_last_error_after_it_was_back=round(max([0, *after]), 2),
    )
    assert max([0, *after]) < REST
    assert {what for _when, what in errors} <= {500, 503}
    assert processes.wait_until(lambda: Event.objects.exists(), seconds=10)
    for phone in phones:
        assert len(phone.sent) > 5
        kept = set(Event.objects.filter(learner=phone.attempt.learner).values_list("client_id", flat=True))
        assert {one["id"] for one in phone.sent} <= {str(one) for one in kept}
        phone.attempt.refresh_from_db()
        last = phone.sent[-1]["payload"]["responses"]
        saved = {str(row.position): row.response for row in phone.attempt.questions.all()}
        assert saved == last
