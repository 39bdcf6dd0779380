"""Whom reminders reach, once, and whom not."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from maarifa.accounts.actions import create_account
from maarifa.curriculum.models import Course
from maarifa.delivery.actions import suppress
from maarifa.delivery.models import Delivery
from maarifa.learning.actions import enrol, grant_attempt, record_event
from maarifa.learning.models import CourseCompletion, Enrolment
from maarifa.lib.dates import moment, wall_time
from maarifa.reminders.actions import inactivity as reminders
from maarifa.reminders.models import Reminder
from maarifa.reminders.tasks import plan
from tests.factories.curriculum import published_course
from tests.factories.learning import WRONG, read_lesson, send_answers, start_quiz
from tests.factories.reminders import plan_reminders, write_reminders

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=8)


@pytest.fixture
def course(db):
    return published_course(at=LONG_AGO - timedelta(days=30))


@pytest.fixture
def idle(course):
    """A learner who began and then did nothing for eight days."""

    def make(username="tadesse", *, at=LONG_AGO, language="en", email="", **changes):
        learner = create_account(
            username=username,
            name="Tadesse Bekele",
            email=f"{username}@example.org" if email == "" else email,
            language=language,
        )
        enrolment = enrol(learner=learner, course=course.course, language=language, at=at)
        if changes:
            Enrolment.objects.filter(pk=enrolment.pk).update(**changes)
        enrolment.refresh_from_db()
        return enrolment

    return make


def test_plan_reminders_decides_once_for_one_pause(idle):
    enrolment = idle()
    assert plan_reminders(at=NOW) == 1
    assert plan_reminders(at=NOW) == 0
    assert plan_reminders(at=NOW + timedelta(days=30)) == 0
    reminder = Reminder.objects.get()
    assert (reminder.enrolment, reminder.kind, reminder.occasion) == (enrolment, "inactivity", LONG_AGO)


def test_reminder_counts_in_the_digits_of_its_language(idle):
    idle(language="ar")
    plan_reminders(at=NOW)
    write_reminders(at=NOW)
    message = Delivery.objects.get()
    for words in (message.text, message.html):
        sentence = next(line for line in words.splitlines() if "قواعد نافعة" in line)
        plain = re.sub(r"<[^>]*>|&#?\w+;", "", sentence)
        assert "8" in plain
        assert not set("٠١٢٣٤٥٦٧٨٩") & set(plain)


def test_reminder_says_the_deadline_where_there_is_one(idle):
    due = NOW + timedelta(days=9)
    idle(due_at=due, due_zone="Africa/Addis_Ababa", due_local=wall_time(due, zone="Africa/Addis_Ababa"))
    idle(username="chaltu")
    plan_reminders(at=NOW)
    write_reminders(at=NOW)
    without, with_deadline = Delivery.objects.order_by("address")
    said = f"Deadline: {moment(due, zone='Africa/Addis_Ababa', language='en')}."
    assert said in with_deadline.text
    assert said in with_deadline.html
    assert "Deadline:" not in without.text + without.html


def test_write_reminders_says_how_long_it_really_was(idle):
    idle(last_activity_at=NOW - timedelta(days=14, hours=3))
    plan_reminders(at=NOW)
    write_reminders(at=NOW)
    assert "You have not opened “" in Delivery.objects.get().text
    assert "for 14 days." in Delivery.objects.get().text


def test_plan_reminders_decides_again_for_another_pause(idle, course):
    enrolment = idle()
    plan_reminders(at=NOW)
    record_event(
        learner=enrolment.learner,
        client_id="0a0e1f8e-5f0a-4b43-8a2e-58b6d3c5f001",
        kind="lesson-read",
        payload={"course": course.course.key, "lesson": "first", "language": "en"},
        at=NOW,
    )
    assert plan_reminders(at=NOW + timedelta(days=6)) == 0
    assert plan_reminders(at=NOW + timedelta(days=7)) == 1
    assert Reminder.objects.count() == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"last_activity_at": NOW - timedelta(days=6, hours=23)},
        {"ended_at": NOW - timedelta(days=1)},
        {"opens_at": NOW + timedelta(days=1)},
        {
            "due_at": NOW - timedelta(hours=1),
            "due_zone": "Africa/Addis_Ababa",
            "due_local": "2026-11-20T10:00",
        },
    ],
)
def test_plan_reminders_leaves_alone_who_is_active_gone_not_begun_or_past_the_deadline(idle, changes):
    idle(**changes)
    assert plan_reminders(at=NOW) == 0


def test_plan_reminders_leaves_alone_who_has_finished_or_has_no_address_or_no_account(idle, course):
    finished, _, closed = idle("finished"), idle("silent", email=None), idle("closed")
    CourseCompletion.objects.create(enrolment=finished, edition=course.edition, completed_at=LONG_AGO)
    type(closed.learner).objects.filter(pk=closed.learner_id).update(closed_at=NOW, is_active=False)
    assert plan_reminders(at=NOW) == 0
    idle("reached")
    assert plan_reminders(at=NOW) == 1


def test_plan_reminders_leaves_alone_learners_of_a_retired_course(idle, course):
    idle()
    Course.objects.filter(pk=course.course.pk).update(retired_at=NOW)
    assert plan_reminders(at=NOW) == 0


def test_plan_reminders_asks_the_database_once_whatever_the_number(idle, django_assert_num_queries):
    for number in range(5):
        idle(f"learner{number}")
    # Which enrolments there are; on PostgreSQL by way of a temporary table, inside a savepoint.
    with django_assert_num_queries(6 if connection.vendor == "postgresql" else 2):
        assert plan_reminders(at=NOW) == 5


def test_write_reminders_queues_one_message_in_the_learners_language(idle, course):
    idle("mariem", language="ar")
    plan_reminders(at=NOW)
    assert write_reminders(at=NOW) == 1
    assert write_reminders(at=NOW) == 0
    message = Delivery.objects.get()
    assert (message.kind, message.language, message.address) == ("reminder", "ar", "mariem@example.org")
    assert "قواعد نافعة" in message.subject + message.text
    assert f"/ar/learn/{course.course.key}/first/" in message.text
    reminder = Reminder.objects.get()
    assert (reminder.delivery, reminder.settled_at) == (message, NOW)


def test_write_reminders_withholds_from_who_came_back_meanwhile(idle):
    enrolment = idle()
    plan_reminders(at=NOW)
    Enrolment.objects.filter(pk=enrolment.pk).update(last_activity_at=NOW)
    assert write_reminders(at=NOW) == 0
    assert Delivery.objects.count() == 0
    assert Reminder.objects.get().settled_at == NOW


def test_write_reminders_withholds_from_who_unsubscribed(idle):
    idle()
    suppress(address="tadesse@example.org", kind="reminder", reason="unsubscribed", at=NOW)
    plan_reminders(at=NOW)
    assert write_reminders(at=NOW) == 0
    assert Reminder.objects.get().delivery is None
    assert Reminder.objects.unsettled().count() == 0


def test_write_reminders_takes_up_what_a_dead_process_left(idle):
    idle("first"), idle("second")
    plan_reminders(at=NOW)
    # It died between queueing and settling: the transaction undid both, or the message was there already.
    assert write_reminders(at=NOW) == 2
    Reminder.objects.update(settled_at=None, delivery=None)
    assert write_reminders(at=NOW) == 0
    assert Delivery.objects.count() == 2
    assert Reminder.objects.filter(delivery__isnull=False).count() == 2


def test_write_reminders_asks_the_same_for_one_and_three(idle, django_assert_max_num_queries):
    idle("one")
    plan_reminders(at=NOW)
    write_reminders(at=NOW)
    for name in ("two", "three", "four"):
        idle(name)
    plan_reminders(at=NOW)
    # Eight of them give the messages their turns, and put the first into the queue.
    with django_assert_max_num_queries(24):
        assert write_reminders(at=NOW) == 3


def test_plan_reminders_goes_by_pieces_and_forgets_nobody(idle, monkeypatch):
    for number in range(7):
        idle(f"learner{number}")
    Enrolment.objects.filter(learner__username="learner3").delete()
    monkeypatch.setattr(reminders, "PLANNED_AT_ONCE", 2)
    assert plan_reminders(at=NOW) == 6
    assert plan_reminders(at=NOW) == 0


def test_remind_does_a_piece_and_asks_for_the_next(idle, monkeypatch, django_capture_on_commit_callbacks):
    """Each piece is a task of its own at the end of the bulk queue; where one dies, the next hour begins anew."""
    monkeypatch.setattr(reminders, "PLANNED_AT_ONCE", 2)
    monkeypatch.setattr(reminders, "BATCH", 2)
    monkeypatch.setattr(reminders, "TURN_SECONDS", 1e-9)
    for number in range(4):
        idle(f"learner{number}")
    until = NOW + timedelta(hours=1)

    def step(after=0, planned=False, at=NOW):
        with django_capture_on_commit_callbacks() as callbacks:
            reminders.remind(after=after, planned=planned, until=until, at=at)
        asked = [call.args for call in callbacks if plan in call.args]
        assert all(
            (queue, expires) == ("bulk", until) for _task, _args, queue, _wait, expires, _otherwise in asked
        )
        return Reminder.objects.count(), Delivery.objects.count(), [args[:2] for _task, args, *_how in asked]

    first = Enrolment.objects.order_by("pk").first().pk
    assert step() == (2, 0, [(first + 1, False)])
    assert step(first + 1) == (4, 0, [(0, True)])
    second, fourth = list(Reminder.objects.order_by("pk").values_list("pk", flat=True))[1::2]
    assert step(0, True) == (4, 2, [(second, True)])
    assert step(second, True) == (4, 4, [(fourth, True)])
    assert step(fourth, True) == (4, 4, [])
    # Beat has begun anew meanwhile: this row of tasks ends.
    assert step(0, True, at=until) == (4, 4, [])


def test_beat_and_worker_remind_by_themselves(idle, start_worker, postbox):
    idle(at=datetime.now(UTC) - timedelta(days=8))
    start_worker()
    plan.delay()
    (letter,) = postbox.wait_for(1)
    assert letter.recipients == ["tadesse@example.org"]
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_reminder_stands_once_for_enrolment_kind_and_occasion(idle):
    enrolment = idle()
    plan_reminders(at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.bulk_create([Reminder(enrolment=enrolment, kind="inactivity", occasion=LONG_AGO)])


def test_a_reminder_with_a_message_is_settled(idle):
    idle()
    plan_reminders(at=NOW)
    write_reminders(at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reminder.objects.update(settled_at=None)


def fail_quiz(enrolment, *, at, times=3):
    for number in range(times):
        moment = at + timedelta(hours=number)
        send_answers(start_quiz(enrolment, at=moment), WRONG, at=moment)


def read_everything(enrolment):
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson, at=LONG_AGO)


def test_plan_reminders_leaves_alone_who_can_do_nothing(idle):
    enrolment = idle()
    read_everything(enrolment)
    fail_quiz(enrolment, at=LONG_AGO)
    assert plan_reminders(at=NOW) == 0
    grant_attempt(enrolment=enrolment, quiz="basics-quiz", by=enrolment.learner, at=NOW)
    assert plan_reminders(at=NOW) == 1
    Delivery.objects.all().delete()
    assert write_reminders(at=NOW) == 1
    assert f"/en/learn/{enrolment.course.key}/quiz/basics-quiz/" in Delivery.objects.get().text


def test_write_reminders_withholds_from_who_used_the_last_attempt_since_it_was_decided(idle):
    enrolment = idle()
    read_everything(enrolment)
    fail_quiz(enrolment, at=LONG_AGO, times=2)
    Enrolment.objects.update(last_activity_at=LONG_AGO)
    assert plan_reminders(at=NOW) == 1
    fail_quiz(enrolment, at=NOW, times=1)
    Enrolment.objects.update(last_activity_at=LONG_AGO)
    assert write_reminders(at=NOW) == 0
    assert (Delivery.objects.count(), Reminder.objects.unsettled().count()) == (0, 0)


def test_write_reminders_waits_with_who_has_to_wait(idle):
    enrolment = idle()
    read_everything(enrolment)
    fail_quiz(enrolment, at=LONG_AGO, times=1)
    Enrolment.objects.update(last_activity_at=LONG_AGO)
    assert plan_reminders(at=NOW) == 1
    fail_quiz(enrolment, at=NOW, times=1)
    Enrolment.objects.update(last_activity_at=LONG_AGO)
    assert write_reminders(at=NOW + timedelta(minutes=59)) == 0
    assert Reminder.objects.unsettled().count() == 1
    assert write_reminders(at=NOW + timedelta(minutes=60)) == 1
    assert "Continue with “Basics: quiz”" in Delivery.objects.get().text


@pytest.mark.parametrize(
    "changes",
    [
        {"ended_at": NOW},
        {"due_at": NOW, "due_zone": "Africa/Addis_Ababa", "due_local": "2026-11-20T11:00"},
    ],
    ids=["ended", "past its deadline"],
)
def test_write_reminders_looks_at_the_enrolment_once_more(idle, changes):
    enrolment = idle()
    plan_reminders(at=NOW)
    Enrolment.objects.filter(pk=enrolment.pk).update(**changes)
    assert write_reminders(at=NOW + timedelta(minutes=1)) == 0
    assert (Delivery.objects.count(), Reminder.objects.unsettled().count()) == (0, 0)
