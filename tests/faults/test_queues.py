"""A sign-in code behind everything else that is to be sent."""

import json
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
import redis as redis_client
from django.utils import timezone

from maarifa.accounts.actions import queue_mail
from maarifa.delivery.actions import queue_messages
from maarifa.delivery.models import Delivery
from maarifa.lib.jobs import WINDOW
from maarifa.lib.queues import BULK, QUEUES
from maarifa.operations import processes
from maarifa.reminders.tasks import plan
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import enrolled
from tests.faults.parts import sized

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

MAILS = sized(small=1_000, large=10_000)
IDLE = sized(small=600, large=200_000)
# What one mail takes.
SECONDS = 0.5
WITHIN = 10.0
INVITED = {
    "kind": "invitation",
    "language": "en",
    "template": "delivery/account/login_code",
    "context": {"code": "1234-5678"},
}


@pytest.fixture
def slow(postbox):
    """The mail server takes half a second over each message."""
    postbox.delay = SECONDS
    return postbox


@pytest.fixture
def workers(instance):
    """As `make run` has them."""
    instance.environment["REQUEUE_SECONDS"] = "5"
    # As in production: longer than any task takes.
    instance.environment["QUEUE_VISIBILITY_SECONDS"] = "300"
    made = [
        instance.worker("--queues", "urgent", "--pool", "threads", "--concurrency", 4),
        instance.worker("--queues", "default,bulk", "--concurrency", 1),
    ]
    instance.beat()
    return made


class Watch(threading.Thread):
    """Looks into the queues again and again: how many mails each held at most, and which stood in it twice."""

    def __init__(self, url):
        super().__init__(daemon=True)
        self.client = redis_client.Redis.from_url(url)
        self.longest, self.twice, self.over = Counter(), [], threading.Event()

    def run(self):
        while not self.over.wait(0.1):
            self.look()

    def look(self):
        for queue in QUEUES:
            waiting = Counter(map(_asked_for, self.client.lrange(f"maarifa.{queue}", 0, -1)))
            # What beat puts there expires, and stays until a worker comes to it.
            mails = {job: times for job, times in waiting.items() if "delivery" in job[0]}
            self.longest[queue] = max(self.longest[queue], sum(mails.values()))
            self.twice += [job for job, times in mails.items() if times > 1]

    def stop(self):
        self.over.set()
        self.join()
        self.client.close()


def _asked_for(message) -> tuple:
    headers = json.loads(message)["headers"]
    return headers["task"], headers["argsrepr"]


@pytest.fixture
def watch(redis):
    made = Watch(redis.url)
    made.start()
    yield made
    made.stop()


def seconds_until_code(postbox, name) -> float:
    address = f"{name}@example.org"
    began = time.monotonic()
    queue_mail(
        message="login_code", kind="sign-in", address=address, language="en", context={"code": "1234-5678"}
    )
    assert processes.wait_until(lambda: postbox.to(address), seconds=60), f"no code for {name}"
    return round(time.monotonic() - began, 2)


def invite(count):
    queue_messages(
        messages=[
            {"key": f"invited/{n}", "address": f"invited{n}@example.org", **INVITED} for n in range(count)
        ]
    )


def idle_learners(count):
    """So many who have done nothing for a month, made in bulk."""
    from maarifa.accounts.models import User
    from maarifa.learning.models import Enrolment

    course = published_course(key="rules-that-work", at=timezone.now() - timedelta(days=60))
    first = enrolled(course=course, learner=UserFactory(), at=timezone.now() - timedelta(days=30))
    fields = [f.attname for f in Enrolment._meta.concrete_fields if f.attname not in ("id", "learner_id")]
    same = {name: getattr(first, name) for name in fields}
    same.pop("public_id", None)
    for start in range(0, count, 5_000):
        numbers = range(start, min(count, start + 5_000))
        people = User.objects.bulk_create(
            [
                User(username=f"idle{n}", name=f"Idle {n}", email=f"idle{n}@example.org", password="!")
                for n in numbers
            ]
        )
        Enrolment.objects.bulk_create([Enrolment(learner=person, **same) for person in people])


def test_code_is_sent_within_ten_seconds_behind_ten_thousand_mails(instance, workers, slow, watch, figures):
    """Section 7. The mails' own worker sends two a second, and the queue holds no more than it soon takes."""
    instance.start()
    invite(MAILS)
    slow.wait_for(5)
    took = [seconds_until_code(slow, f"nene{n}") for n in range(3)]

    figures(mails=MAILS, seconds_until_code=took, longest=dict(watch.longest))
    assert max(took) < WITHIN
    assert Delivery.objects.filter(state="done").count() < MAILS
    assert watch.twice == []
    assert watch.longest[BULK] <= WINDOW


def test_code_is_sent_within_ten_seconds_after_a_worker_was_away(
    instance, workers, slow, redis, watch, figures
):
    """Beat went on asking while nobody worked: that is left now, and no row stands in a queue twice."""
    away = sized(small=8, large=600)
    (beat,) = [program for program in instance.programs if program not in workers]
    beat.start()
    invite(MAILS)
    for n in range(40):
        queue_messages(messages=[{"key": f"one/{n}", "address": f"one{n}@example.org", **INVITED}])
    time.sleep(away)
    waiting = watch.longest.total()
    for worker in workers:
        worker.launch()
    for worker in workers:
        worker.wait()
    took = seconds_until_code(slow, "nene")

    figures(mails=MAILS, away=away, waiting=waiting, seconds_until_code=took, longest=dict(watch.longest))
    assert took < WITHIN
    assert processes.wait_until(lambda: len(slow.letters) > 20, seconds=60)
    assert watch.twice == []
    sent = Counter(letter.recipients[0] for letter in slow.letters)
    assert max(sent.values()) == 1


def test_code_is_sent_within_ten_seconds_while_reminders_are_due(instance, workers, slow, watch, figures):
    """They are decided on and written in pieces, by another worker."""
    idle_learners(IDLE)
    instance.start()
    plan.apply_async(queue=BULK)
    took = []
    for n in range(3):
        took.append(seconds_until_code(slow, f"nene{n}"))
        time.sleep(sized(small=1, large=20))

    assert processes.wait_until(
        lambda: Delivery.objects.filter(kind="reminder").count() >= IDLE,
        seconds=sized(small=60, large=3000),
    )
    took.append(seconds_until_code(slow, "last"))
    figures(reminders=IDLE, seconds_until_code=took, longest=dict(watch.longest))
    assert max(took) < WITHIN
    assert watch.twice == []
    assert watch.longest[BULK] <= WINDOW
