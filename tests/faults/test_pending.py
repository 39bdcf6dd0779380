"""Certificates and mail that are pending while everything around them dies."""

import os
import random
import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from maarifa.accounts.actions import confirm_names
from maarifa.certificates import tasks as certificates
from maarifa.certificates.models import Certificate, CertificateVersion
from maarifa.delivery import tasks as deliveries
from maarifa.delivery.actions import queue_messages
from maarifa.delivery.models import Delivery
from maarifa.learning.models import CourseCompletion
from maarifa.learning.signals import course_completed
from maarifa.operations import processes
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, enrolled
from tests.faults.parts import LARGE, children, sized

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

PENDING = sized(small=30, large=300)
KILLS = sized(small=4, large=40)
PATIENCE = sized(small=120, large=1200)
CLAIM = timedelta(minutes=2)


def queue(count, *, twice=False):
    """So many certificates, of which each will queue its mail, and as many mails for their own sake."""
    course = published_course(at=MONDAY)
    for n in range(count):
        learner = UserFactory(username=f"finished{n}", email=f"finished{n}@example.org", password="!")
        confirm_names(user=learner, name=f"Wanjiru Mwangi {n}", name_latin="")
        enrolment = enrolled(course=course, learner=learner)
        with transaction.atomic():
            completion = CourseCompletion.objects.create(
                enrolment=enrolment, edition=course.edition, completed_at=timezone.now()
            )
            course_completed.send(sender=CourseCompletion, completion=completion)
    words = {
        "kind": "account",
        "language": "en",
        "template": "delivery/account/login_code",
        "context": {"code": "1234-5678"},
    }
    queue_messages(
        messages=[
            {"key": f"pending/{n}", "address": f"pending{n}@example.org", **words} for n in range(count)
        ]
    )
    if twice:
        for task, model in ((certificates.issue, Certificate), (deliveries.send, Delivery)):
            for pk in model.objects.values_list("pk", flat=True):
                task.delay(pk)
                task.delay(pk)


def all_is_done():
    """Also lets the two minutes pass after which a claim that a dead process left behind runs out.

    The large size waits for them.
    """
    now = timezone.now()
    if not LARGE:
        left = {"state": "claimed", "claimed_until__range": (now, now + CLAIM - timedelta(seconds=8))}
        for model in (Certificate, Delivery):
            model.objects.filter(**left).update(claimed_until=now - timedelta(minutes=1))
    certificates_done = Certificate.objects.filter(state="done").count()
    return certificates_done == PENDING and Delivery.objects.filter(state="done").count() == 2 * PENDING


def wait_until_all_is_done(instance):
    done = processes.wait_until(all_is_done, seconds=PATIENCE)
    states = [list(model.objects.values_list("state", "tries", "error")) for model in (Certificate, Delivery)]
    assert done, (Counter(states[0]), Counter(states[1]), instance.output()[-6000:])


def doubles(postbox):
    """How many letters came more often than once, each of which is known by its Message-ID."""
    came = Counter(letter.message["Message-ID"] for letter in postbox.letters)
    pending = dict(Delivery.objects.values_list("message_id", "address"))
    assert came.keys() == pending.keys()
    assert all(letter.recipients == [pending[letter.message["Message-ID"]]] for letter in postbox.letters)
    assert len(pending) == 2 * PENDING
    return came.total() - len(came)


def assert_each_certificate_is_one():
    assert Certificate.objects.values("code").distinct().count() == PENDING
    versions = CertificateVersion.objects.filter(certificate__state="done").values_list("number", flat=True)
    assert Counter(versions) == {1: PENDING}
    assert Delivery.objects.filter(kind="certificate").count() == PENDING


def kill(worker, dice):
    """The worker's hand, which it then replaces itself, or all of it, as a machine does that is switched off."""
    hands = children(worker.process)
    if hands and dice.random() < 0.5:
        os.kill(dice.choice(hands), signal.SIGKILL)
    else:
        worker.kill()
        worker.launch()


def test_workers_are_killed_at_random(instance, postbox, figures):
    """Sections 2.3 and 8: kill any process at any moment, deliver every message twice, run two beats.

    Every certificate is made once; no mail is lost, and each death doubles one at most, with the same Message-ID.
    """
    dice = random.Random(20261123)
    queue(PENDING, twice=True)
    began = time.monotonic()
    workers = [instance.worker() for _ in range(2)]
    instance.beat()
    instance.beat()
    instance.start()
    for n in range(1, KILLS + 1):
        postbox.wait_for(n * 2 * PENDING // (KILLS + 2), seconds=PATIENCE)
        time.sleep(dice.random() * 0.1)
        kill(dice.choice(workers), dice)
    wait_until_all_is_done(instance)

    assert_each_certificate_is_one()
    doubled = doubles(postbox)
    figures(pending=3 * PENDING, kills=KILLS, doubles=doubled, seconds=round(time.monotonic() - began, 1))
    assert doubled <= KILLS


def test_redis_is_flushed_frozen_and_stopped(instance, redis, postbox, figures):
    """Section 2.3: Redis may be flushed at any moment; the database owns the work, and a requeue finds what was lost.

    Nobody died who was sending, so nothing comes twice.
    """
    # Longer than a worker waits for an answer: it is in the middle of something when Redis falls silent.
    away = sized(small=7, large=60)
    queue(PENDING)
    began = time.monotonic()
    instance.worker()
    instance.beat()
    instance.start()
    third = 2 * PENDING // 4
    postbox.wait_for(third, seconds=PATIENCE)
    redis.flush()
    postbox.wait_for(2 * third, seconds=PATIENCE)
    redis.freeze()
    time.sleep(away)
    redis.thaw()
    postbox.wait_for(3 * third, seconds=PATIENCE)
    redis.stop()
    time.sleep(away)
    redis.start()
    wait_until_all_is_done(instance)

    assert_each_certificate_is_one()
    figures(
        pending=3 * PENDING, away=away, doubles=doubles(postbox), seconds=round(time.monotonic() - began, 1)
    )
    assert doubles(postbox) == 0


@pytest.mark.postgres_only
def test_postgres_is_restarted(own_postgres, instance, postbox, figures):
    """Sections 2.3 and 8: a database that ends every connection, in order or at once, loses nothing.

    Nor does it double anything: only a process that dies may do that, and a worker outlives its database.
    """
    instance.environment |= own_postgres.environment
    queue(PENDING)
    began = time.monotonic()
    for _ in range(2):
        instance.worker()
    instance.beat()
    instance.start()
    restarts = [signal.SIGINT, signal.SIGQUIT] * sized(small=1, large=4)
    for n, how in enumerate(restarts, start=1):
        postbox.wait_for(n * 2 * PENDING // (len(restarts) + 1), seconds=PATIENCE)
        own_postgres.restart(how)
    wait_until_all_is_done(instance)

    assert_each_certificate_is_one()
    doubled = doubles(postbox)
    figures(
        pending=3 * PENDING,
        restarts=len(restarts),
        written_down_later=instance.output().count("is sent, and the database is away"),
        doubles=doubled,
        seconds=round(time.monotonic() - began, 1),
    )
    assert doubled == 0
