"""The embedded database, when the power goes while everybody writes."""

import http.client
import json
import random
import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connection
from django.db.backends.sqlite3._functions import register
from django.utils import timezone

from maarifa.delivery.models import Delivery
from maarifa.lib.queues import QUEUES
from maarifa.operations import processes
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.delivery import DeliveryFactory
from tests.factories.learning import RIGHT, WRONG, enrolled, responses, start_quiz
from tests.faults.clients import Browser, event
from tests.faults.parts import copy_of_database, sized

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault, pytest.mark.sqlite_only]

CUTS = sized(small=8, large=100)
WRITERS = 3
MAILS = 100 * CUTS


class Writer(threading.Thread):
    """Sends answers one after the other until the line is dead, and remembers which were acknowledged."""

    def __init__(self, browser, attempt, answers):
        super().__init__(daemon=True)
        self.browser, self.attempt, self.answers = browser, str(attempt.public_id), answers
        self.acknowledged, self.strange, self.stopping = [], [], False

    def run(self):
        number = 0
        while not self.stopping:
            number += 1
            sent = event(
                "answer-saved",
                {"attempt": self.attempt, "responses": self.answers[number % len(self.answers)]},
            )
            try:
                answer = self.browser.send_events(sent)
            except (OSError, http.client.HTTPException):
                return
            if answer.status == 200 and answer.outcomes[0]["status"] == "accepted":
                self.acknowledged.append((sent["id"], sent["payload"]["responses"]))
            else:
                self.strange.append((answer.status, answer.body[:300]))


def look(file, learner, attempt):
    """What the database says when it is opened after the cut: its health, the ids it has, the answers it keeps."""
    with closing(sqlite3.connect(file)) as opened:
        register(opened)  # constraints call Django's own functions
        health = opened.execute("PRAGMA integrity_check").fetchall()
        assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
        ids = opened.execute(
            "SELECT client_id FROM learning_event WHERE learner_id = ?", [learner]
        ).fetchall()
        kept = opened.execute(
            "SELECT position, response FROM quizzes_attemptquestion WHERE attempt_id = ?", [attempt]
        ).fetchall()
    return (
        health,
        {one for (one,) in ids},
        {str(position): json.loads(response) for position, response in kept},
    )


def count(file, rows):
    with closing(sqlite3.connect(file)) as opened:
        return opened.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]


def test_everything_is_killed_while_everybody_writes(instance, tmp_path, figures):
    """Sections 6 and 8: kill web, worker and beat at any moment, and the database opens, is sound, and has every answer
    that was acknowledged. While they live, "database is locked" reaches nobody.
    """
    course = published_course(key="rules-that-work", at=timezone.now())
    writers = []
    for n in range(WRITERS):
        enrolment = enrolled(course=course, learner=UserFactory(username=f"writer{n}"), at=timezone.now())
        writers.append((enrolment.learner, start_quiz(enrolment, at=timezone.now())))
    # Some mail falls due at every moment, so that the worker always has something to write.
    DeliveryFactory.reset_sequence()
    now = timezone.now()
    Delivery.objects.bulk_create(
        DeliveryFactory.build(due_at=now + timedelta(seconds=n / 10), created_at=now) for n in range(MAILS)
    )
    url = instance.web(workers=2).url
    people = [
        (
            learner,
            attempt,
            Browser(url, learner, patience=30),
            [responses(attempt, each) for each in (RIGHT, WRONG)],
        )
        for learner, attempt in writers
    ]
    name = connection.settings_dict["NAME"]
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    file = copy_of_database(name, tmp_path / "instance.sqlite3")
    instance.worker()
    instance.beat()
    for program in instance.programs:
        program.environment = program.environment | {"TEST_DATABASE_NAME": str(file), "TEST_POWER_CUTS": "1"}

    dice = random.Random(20261123)
    acknowledged = 0
    expected = {learner.pk: set() for learner, _attempt in writers}
    began = time.monotonic()
    for _ in range(CUTS):
        instance.start()
        threads = [Writer(browser, attempt, answers) for _learner, attempt, browser, answers in people]
        for thread in threads:
            thread.start()
        everybody_writes = processes.wait_until(
            lambda threads=threads: all(thread.acknowledged or thread.strange for thread in threads),
            seconds=60,
        )
        time.sleep(dice.random())
        instance.kill()
        for thread in threads:
            thread.stopping = True
            thread.join(timeout=60)
            assert thread.strange == []
        assert everybody_writes
        for (learner, attempt, _browser, answers), thread in zip(people, threads, strict=True):
            expected[learner.pk] |= {one.replace("-", "") for one, _responses in thread.acknowledged}
            acknowledged += len(thread.acknowledged)
            health, ids, kept = look(file, learner.pk, attempt.pk)
            assert health == [("ok",)]
            assert expected[learner.pk] <= ids
            # The last one acknowledged, or the one that was under way and had been committed.
            assert kept in answers
            if len(ids) == len(expected[learner.pk]):
                assert kept == thread.acknowledged[-1][1]
            expected[learner.pk] = ids
        said = instance.output()
        assert "database is locked" not in said
        assert "raised unexpected" not in said
        assert "Internal Server Error" not in said
    sent = count(file, "delivery_delivery WHERE state = 'done'")
    # And after all of it every queue's worker is at work.
    instance.start()
    at_work = processes.wait_until(lambda: count(file, "operations_heartbeat") == len(QUEUES), seconds=120)
    instance.kill()
    figures(cuts=CUTS, acknowledged=acknowledged, mails_sent=sent, seconds=round(time.monotonic() - began, 1))
    assert sent > 0
    assert at_work
