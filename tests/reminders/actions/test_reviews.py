"""Whom the weekly message about reviews reaches, and whom not."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from maarifa.accounts.actions import create_account
from maarifa.delivery.actions import delivery_of, opt_in, opt_out, suppress, unsubscribe
from maarifa.delivery.models import Delivery
from maarifa.learning.actions import enrol
from maarifa.learning.models import Enrolment, ReviewCard
from maarifa.quizzes.models import Bank
from maarifa.reminders.actions import reviews
from maarifa.reminders.models import ReviewReminder
from maarifa.reminders.tasks import plan_reviews as plan
from tests.factories.curriculum import published_course
from tests.factories.learning import answer_card, pass_quiz, read_lesson, refresh_all
from tests.factories.reminders import plan_reviews, write_reviews

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LEARNED = NOW - timedelta(days=8)
DAY, WEEK = timedelta(days=1), timedelta(days=7)


@pytest.fixture
def course(db):
    return published_course(at=LEARNED - timedelta(days=30))


@pytest.fixture
def learned(course):
    """A learner who finished a lesson eight days ago: one question is due."""

    def make(username="tadesse", *, language="en", email="", at=LEARNED, **changes):
        learner = create_account(
            username=username,
            name="Tadesse Bekele",
            email=f"{username}@example.org" if email == "" else email,
            language=language,
        )
        enrolment = enrol(learner=learner, course=course.course, language=language, at=at)
        read_lesson(enrolment, "first", at=at)
        refresh_all(at=at)
        if changes:
            type(learner).objects.filter(pk=learner.pk).update(**changes)
        enrolment.refresh_from_db()
        return enrolment

    return make


def test_learner_is_told_that_questions_are_ready(learned):
    enrolment = learned()
    assert plan_reviews(at=NOW) == 1
    assert write_reviews(at=NOW) == 1
    message = Delivery.objects.get()
    assert (message.kind, message.language, message.recipient) == ("review", "en", enrolment.learner)
    assert message.subject == "Questions are ready for review"
    for words in (message.text, message.html):
        assert "1 question from your courses is ready for review. It takes about 1 minute." in words
        assert "/en/review/" in words
    reminder = ReviewReminder.objects.get()
    assert (reminder.number, reminder.settled_at, reminder.delivery) == (1, NOW, message)


def test_message_says_five_questions_at_most_in_the_learners_language(learned):
    for number in range(2):
        enrolment = learned(f"learner{number}", language=("ar", "en")[number])
        pass_quiz(enrolment, at=LEARNED)
    refresh_all(at=LEARNED + DAY)
    other = enrol(
        learner=enrolment.learner, course=published_course(at=LEARNED).course, language="en", at=LEARNED
    )
    pass_quiz(other, at=LEARNED)
    refresh_all(at=LEARNED + DAY)
    plan_reviews(at=NOW)
    write_reviews(at=NOW)
    arabic, english = Delivery.objects.order_by("recipient__username")
    assert "/ar/review/" in arabic.text
    assert "4" in arabic.text
    assert "5 questions from your courses are ready for review. It takes about 3 minutes." in english.text


def test_message_comes_once_a_week_at_most(learned):
    enrolment = learned()
    told = []
    for hours in range(0, 24 * 22, 3):
        at = NOW + timedelta(hours=hours)
        if plan_reviews(at=at):
            told.append(at)
        write_reviews(at=at)
    assert len(told) == 4
    assert all(after - before >= WEEK for before, after in itertools.pairwise(told))
    assert list(ReviewReminder.objects.order_by("pk").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert Delivery.objects.filter(recipient=enrolment.learner).count() == 4


def test_planning_twice_or_after_a_death_tells_once(learned):
    learned("first"), learned("second")
    assert plan_reviews(at=NOW) == 2
    assert plan_reviews(at=NOW) == plan_reviews(at=NOW + DAY) == 0
    assert write_reviews(at=NOW) == 2
    # It died between queueing and settling: the transaction undid both, or the message was there already.
    ReviewReminder.objects.update(settled_at=None, delivery=None)
    assert write_reviews(at=NOW + DAY) == 0
    assert Delivery.objects.count() == 2
    assert ReviewReminder.objects.filter(delivery__isnull=False).count() == 2


def test_two_planners_at_once_decide_on_one(learned):
    """Both saw that nothing had been decided."""
    learner = learned().learner
    plan_reviews(at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewReminder.objects.create(learner=learner, number=1, decided_at=NOW)


def test_nobody_is_told_where_nothing_is_due(learned):
    enrolment = learned()
    assert plan_reviews(at=LEARNED + 3 * DAY) == 0
    answer_card(ReviewCard.objects.get(), ["1"], at=NOW - DAY)
    assert plan_reviews(at=NOW) == 0
    assert enrolment.learner.review_reminders.count() == 0


def test_nobody_is_told_of_questions_that_may_not_be_asked(learned, course):
    enrolment = learned()
    pass_quiz(enrolment, at=LEARNED)
    refresh_all(at=LEARNED + DAY)
    ReviewCard.objects.filter(question__isnull=True).delete()
    assert ReviewCard.objects.due(NOW).count() == 3
    Bank.objects.update(kind="exam")
    assert plan_reviews(at=NOW) == 0


@pytest.mark.parametrize(
    "changes",
    [{"closed_at": NOW, "is_active": False}, {"is_active": False}, {"email": None}],
)
def test_nobody_is_told_without_an_account_or_an_address(learned, changes):
    learned(**changes)
    assert plan_reviews(at=NOW) == 0


def test_nobody_is_told_whose_enrolment_has_ended(learned):
    learned()
    Enrolment.objects.update(ended_at=NOW)
    assert plan_reviews(at=NOW) == 0


def test_nobody_is_told_who_has_stopped_these_messages(learned):
    learner = learned().learner
    opt_out(user=learner, kind="review")
    assert plan_reviews(at=NOW) == 0
    opt_in(user=learner, kind="review")
    assert plan_reviews(at=NOW) == 1


def test_stopping_reminders_does_not_stop_reviews(learned):
    opt_out(user=learned().learner, kind="reminder")
    assert plan_reviews(at=NOW) == 1


def test_link_in_the_message_stops_these_messages(learned):
    learned()
    plan_reviews(at=NOW)
    write_reviews(at=NOW)
    message = Delivery.objects.get()
    link = message.text.split("/unsubscribe/")[1].split()[0].strip("/")
    assert delivery_of(token=link) == message
    unsubscribe(delivery=message)
    assert plan_reviews(at=NOW + 2 * WEEK) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda enrolment: answer_card(ReviewCard.objects.get(), ["1"], at=NOW),
        lambda enrolment: Enrolment.objects.update(ended_at=NOW),
        lambda enrolment: type(enrolment.learner).objects.update(closed_at=NOW, is_active=False),
        lambda enrolment: type(enrolment.learner).objects.update(email=None),
        lambda enrolment: suppress(address=enrolment.learner.email, kind="", reason="refused"),
        lambda enrolment: opt_out(user=enrolment.learner, kind="review"),
    ],
)
def test_what_has_changed_since_the_decision_withholds_the_message(learned, change):
    enrolment = learned()
    plan_reviews(at=NOW)
    change(enrolment)
    assert write_reviews(at=NOW) == 0
    assert not Delivery.objects.exists()
    assert ReviewReminder.objects.get().settled_at == NOW


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("", range(8, 20)),
        ("UTC", range(8, 20)),
        ("Africa/Nairobi", range(5, 17)),
        ("Asia/Kolkata", range(2, 14)),
        ("America/Bogota", range(13, 25)),
    ],
)
def test_it_is_decided_by_day_where_the_learner_is(learned, zone, hours):
    learned(time_zone=zone)
    # In India it is a whole hour then.
    midnight = NOW.replace(hour=0, minute=30)
    by_day = set()
    for hour in range(24):
        if plan_reviews(at=midnight + timedelta(hours=hour)):
            by_day.add(hour)
            ReviewReminder.objects.all().delete()
    assert by_day == {hour % 24 for hour in hours}


def test_message_that_was_decided_by_day_is_not_written_at_night(learned):
    learned(time_zone="Africa/Nairobi")
    assert plan_reviews(at=NOW) == 1
    night = NOW.replace(hour=22)
    assert write_reviews(at=night) == 0
    assert not Delivery.objects.exists()
    assert write_reviews(at=night + timedelta(hours=8)) == 1


def test_planning_asks_the_database_the_same_for_one_and_for_many(learned, django_assert_num_queries):
    learned("one")
    # Which learners there are; on PostgreSQL by way of a temporary table, inside a savepoint.
    queries = 6 if connection.vendor == "postgresql" else 2
    with django_assert_num_queries(queries):
        assert plan_reviews(at=NOW) == 1
    for number in range(5):
        learned(f"learner{number}")
    with django_assert_num_queries(queries):
        assert plan_reviews(at=NOW) == 5


def test_writing_asks_the_same_for_one_and_three(learned, django_assert_max_num_queries):
    learned("one")
    plan_reviews(at=NOW)
    write_reviews(at=NOW)
    for name in ("two", "three", "four"):
        learned(name)
    plan_reviews(at=NOW)
    with django_assert_max_num_queries(24):
        assert write_reviews(at=NOW) == 3


def test_planning_goes_by_pieces_and_forgets_nobody(learned, monkeypatch):
    for number in range(7):
        learned(f"learner{number}")
    monkeypatch.setattr(reviews, "PLANNED_AT_ONCE", 2)
    assert plan_reviews(at=NOW) == 7
    assert plan_reviews(at=NOW) == 0


def test_remind_does_a_piece_and_asks_for_the_next(learned, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(reviews, "PLANNED_AT_ONCE", 2)
    monkeypatch.setattr(reviews, "BATCH", 2)
    monkeypatch.setattr(reviews, "TURN_SECONDS", 1e-9)
    for number in range(4):
        learned(f"learner{number}")
    until = NOW + timedelta(hours=1)

    def step(after=0, planned=False, at=NOW):
        with django_capture_on_commit_callbacks() as callbacks:
            reviews.remind_of_reviews(after=after, planned=planned, until=until, at=at)
        asked = [call.args for call in callbacks if plan in call.args]
        assert all(
            (queue, expires) == ("bulk", until) for _task, _args, queue, _wait, expires, _else in asked
        )
        return (
            ReviewReminder.objects.count(),
            Delivery.objects.count(),
            [args[:2] for _task, args, *_how in asked],
        )

    first = Enrolment.objects.order_by("learner").first().learner_id
    assert step() == (2, 0, [(first + 1, False)])
    assert step(first + 1) == (4, 0, [(0, True)])
    second, fourth = list(ReviewReminder.objects.order_by("pk").values_list("pk", flat=True))[1::2]
    assert step(0, True) == (4, 2, [(second, True)])
    assert step(second, True) == (4, 4, [(fourth, True)])
    assert step(fourth, True) == (4, 4, [])
    assert step(0, True, at=until) == (4, 4, [])


def test_worker_tells_by_itself(learned, start_worker, postbox):
    now = datetime.now(UTC)
    learned(at=now - timedelta(days=8), time_zone=zone_by_day(now))
    start_worker()
    plan.delay()
    (letter,) = postbox.wait_for(1)
    assert letter.recipients == ["tadesse@example.org"]
    assert letter.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def zone_by_day(now) -> str:
    """One in which it is about noon."""
    east = 12 - now.hour
    return f"Etc/GMT{-east:+d}" if east else "Etc/GMT"


def test_reminder_with_a_message_is_settled_and_numbered_from_one(learned):
    learner = learned().learner
    plan_reviews(at=NOW)
    write_reviews(at=NOW)
    for changes in ({"settled_at": None}, {"number": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            learner.review_reminders.update(**changes)
