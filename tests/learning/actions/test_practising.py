"""Answers to practice as the event intake takes them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from maarifa.accounts.actions import erase_account
from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import LessonText
from maarifa.learning.actions import EventError, record_event
from maarifa.learning.models import Enrolment, Event, LessonCompletion, PracticeAnswer
from maarifa.learning.practice import answered, practice_in
from maarifa.quizzes.errors import AnswerError
from tests.factories.accounts import UserFactory
from tests.factories.learning import MONDAY, enrolled
from tests.factories.practice import practice_course

MINUTE = timedelta(minutes=1)


@pytest.fixture
def enrolment(db):
    return enrolled(course=practice_course(), learner=UserFactory())


def answer(enrolment, key, given, *, client_id=None, at=MONDAY, **more):
    payload = {"course": "practice", "lesson": "first", "language": "en", "key": key, "answer": given, **more}
    return record_event(
        learner=enrolment.learner,
        client_id=client_id or uuid4(),
        kind="practice-answered",
        payload=payload,
        at=at,
    )


def remembered(enrolment, key):
    return answered(enrolment, "first", practice_in(enrolment, "first", "en"), key).get(key)


@pytest.mark.parametrize(
    ("key", "given", "right"),
    [
        ("which-one", ["2"], True),
        ("which-one", ["1"], False),
        ("which-some", ["1"], False),
        ("how-many", "3.5", True),
        ("which-word", "KV-cache", False),
        ("fill-in", {"1": "1", "2": "cache"}, True),
        ("which-pairs", {"A": "A"}, False),
    ],
)
def test_answer_is_judged_and_remembered(enrolment, key, given, right):
    outcome = answer(enrolment, key, given)
    assert outcome == {"status": "accepted", "lesson": "first", "practice": key, "right": right}
    assert remembered(enrolment, key).right is right


def test_the_same_event_twice_counts_once(enrolment):
    event_id = uuid4()
    first = answer(enrolment, "which-one", ["1"], client_id=event_id)
    answer(enrolment, "which-one", ["2"], at=MONDAY + MINUTE)
    assert answer(enrolment, "which-one", ["1"], client_id=event_id, at=MONDAY + 2 * MINUTE) == first
    assert remembered(enrolment, "which-one").response == ["2"]
    assert Event.objects.filter(kind="practice-answered").count() == 2
    with pytest.raises(EventError) as refusal:
        answer(enrolment, "which-one", ["2"], client_id=event_id)
    assert refusal.value.code == "EVENT_REUSED"


def test_the_answer_that_was_given_last_stands_in_whichever_order_they_arrive(enrolment):
    late = {"client_time": MONDAY.isoformat(), "at": MONDAY + 9 * MINUTE}
    answer(enrolment, "which-one", ["2"], at=MONDAY + 5 * MINUTE)
    record_event(
        learner=enrolment.learner,
        client_id=uuid4(),
        kind="practice-answered",
        payload={
            "course": "practice",
            "lesson": "first",
            "language": "en",
            "key": "which-one",
            "answer": ["1"],
        },
        **late,
    )
    assert remembered(enrolment, "which-one").response == ["2"]
    assert PracticeAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"course": "none"}, "NOT_ENROLLED"),
        ({"lesson": "none"}, "UNKNOWN_LESSON"),
        ({"lesson": "second"}, "UNKNOWN_PRACTICE"),
        ({"key": "none"}, "UNKNOWN_PRACTICE"),
        ({"key": None}, "BAD_PAYLOAD"),
        ({"answer": None}, "BAD_PAYLOAD"),
        ({"answer": []}, "BAD_PAYLOAD"),
    ],
)
def test_what_names_nothing_or_says_nothing_is_refused_and_not_kept(enrolment, change, code):
    payload = {"course": "practice", "lesson": "first", "key": "which-one", "answer": ["1"], **change}
    with pytest.raises(EventError) as refusal:
        record_event(
            learner=enrolment.learner, client_id=uuid4(), kind="practice-answered", payload=payload, at=MONDAY
        )
    assert refusal.value.code == code
    assert not Event.objects.exists()
    assert not PracticeAnswer.objects.exists()


@pytest.mark.parametrize("given", [7, "1", {"a": "b"}, ["9"], ["1", "2"], [["1"]]])
def test_what_cannot_be_an_answer_is_refused(enrolment, given):
    with pytest.raises(AnswerError):
        answer(enrolment, "which-one", given)
    assert not Event.objects.exists()


def test_practice_finishes_nothing_and_moves_no_date_that_others_see(enrolment):
    before = Enrolment.objects.get().last_activity_at
    answer(enrolment, "which-one", ["2"], at=MONDAY + timedelta(days=3))
    assert Enrolment.objects.get().last_activity_at == before
    assert not LessonCompletion.objects.exists()


def test_answer_to_what_is_no_longer_asked_is_not_shown(enrolment):
    answer(enrolment, "which-one", ["2"])
    for text in LessonText.objects.filter(lesson__key="first"):
        text.body = text.body.replace(
            "  correct: false\n  feedback: Then nobody acts.",
            "  correct: true\n  feedback: Then nobody acts.",
        ).replace("  correct: true\n  feedback: Somebody", "  correct: false\n  feedback: Somebody")
        text.save()
    publish_course(course=enrolment.course, by=None)
    fresh = Enrolment.objects.select_related("course").get()
    assert practice_in(fresh, "first", "en").questions["which-one"]["structure"]["correct"] == ["1"]
    assert remembered(fresh, "which-one") is None


def test_answers_go_with_their_learner(enrolment):
    answer(enrolment, "which-one", ["2"])
    erase_account(user=enrolment.learner, by=None)
    assert not PracticeAnswer.objects.exists()
