"""The event intake: once, for whom it is, and when."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from maarifa.learning import actions
from maarifa.learning.actions import EventError, record_event
from maarifa.learning.models import CourseCompletion, Enrolment, Event, LessonCompletion
from maarifa.learning.signals import course_completed
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    WRONG,
    enrolled,
    read_lesson,
    responses,
    send_answers,
    start_quiz,
)
from tests.learning.events import DAY, DUE, HOUR, ID, everything, finish_but_quiz, lesson_event

# The event intake: once ------------------------------------------------------------------------------------------


def test_lesson_read_is_kept_with_edition_language_and_moment(course, enrolment, learner):
    outcome = record_event(learner=learner, **lesson_event(course))
    assert outcome == {"status": "accepted", "lesson": "first"}
    done = LessonCompletion.objects.get()
    assert (done.enrolment, done.lesson, done.edition) == (enrolment, course.lessons[0], course.edition)
    assert (done.language, done.happened_at, done.received_at, done.late) == ("en", MONDAY, MONDAY, "")


def test_same_event_again_gives_the_stored_outcome_and_does_nothing(course, enrolment, learner):
    first = record_event(learner=learner, **lesson_event(course))
    before = everything()
    again = record_event(learner=learner, **lesson_event(course, at=MONDAY + HOUR))
    assert again == first
    assert everything() == before
    assert Enrolment.objects.get().last_activity_at == MONDAY


def test_same_event_again_gives_the_stored_outcome_after_the_enrolment_has_ended(course, enrolment, learner):
    first = record_event(learner=learner, **lesson_event(course))
    actions.end_enrolment(enrolment=enrolment)
    assert record_event(learner=learner, **lesson_event(course)) == first


def test_same_id_with_another_payload_is_refused(course, enrolment, learner):
    record_event(learner=learner, **lesson_event(course))
    before = everything()
    for other in ("second", "no-such-lesson"):
        with pytest.raises(EventError) as refused:
            record_event(learner=learner, **lesson_event(course, lesson=other))
        assert refused.value.code == "EVENT_REUSED"
    assert everything() == before


def test_another_learner_may_use_the_same_id(course, enrolment, learner):
    other = enrolled(course=course)
    record_event(learner=learner, **lesson_event(course))
    record_event(learner=other.learner, **lesson_event(course, lesson="second"))
    done = LessonCompletion.objects.order_by("id").values_list("enrolment_id", "lesson__key")
    assert list(done) == [(enrolment.pk, "first"), (other.pk, "second")]


def test_submission_sent_twice_is_graded_once(enrolment):
    attempt = start_quiz(enrolment)
    first = send_answers(attempt, WRONG, client_id=ID)
    before = everything()
    assert send_answers(attempt, WRONG, client_id=ID) == first
    assert first == {"status": "accepted", "attempt": str(attempt.public_id), "passed": False, "late": False}
    assert everything() == before


def test_second_submission_of_an_attempt_has_the_result_of_the_first(enrolment):
    attempt = start_quiz(enrolment)
    first = send_answers(attempt, WRONG)
    assert send_answers(attempt, RIGHT) == first
    assert Attempt.objects.get().passed is False


def test_rule_that_says_no_is_an_outcome_and_kept(enrolment):
    attempt = start_quiz(enrolment)
    send_answers(attempt, WRONG)
    payload = {"course": enrolment.course.key, "quiz": "basics-quiz", "language": "en"}
    event = {"client_id": ID, "kind": "quiz-started", "payload": payload}
    refused = record_event(learner=enrolment.learner, **event, at=MONDAY)
    until = (MONDAY + HOUR).isoformat()
    assert refused == {"status": "refused", "code": "WAIT", "params": {"until": until}}
    # Allowed by now, but this event has had its answer.
    assert record_event(learner=enrolment.learner, **event, at=MONDAY + DAY) == refused
    assert Attempt.objects.count() == 1


def test_answer_saved_after_submission_is_refused_and_kept(enrolment):
    attempt = start_quiz(enrolment)
    send_answers(attempt, WRONG)
    outcome = send_answers(attempt, RIGHT, kind="answer-saved")
    assert outcome == {"status": "refused", "code": "CLOSED", "params": {}}


def test_answer_that_cannot_be_read_is_refused_whole_and_not_kept(enrolment):
    attempt = start_quiz(enrolment)
    before = everything()
    answers = responses(attempt, RIGHT)
    broken = {position: "many" if isinstance(answer, str) else answer for position, answer in answers.items()}
    with pytest.raises(AnswerError):
        record_event(
            learner=enrolment.learner,
            client_id=ID,
            kind="answer-saved",
            payload={"attempt": str(attempt.public_id), "responses": broken},
            at=MONDAY,
        )
    assert everything() == before
    assert list(attempt.questions.values_list("response", flat=True)) == [None, None, None]
    # The same id may be sent again, put right.
    assert send_answers(attempt, RIGHT, kind="answer-saved", client_id=ID)["status"] == "accepted"


def test_failure_in_a_app_above_undoes_event_and_effects(course, enrolment, learner):
    read_lesson(enrolment, "first")
    attempt = start_quiz(enrolment)
    send_answers(attempt, RIGHT)
    before = everything()

    def fail(sender, completion, **kwargs):
        raise RuntimeError("no room for a certificate")

    course_completed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            record_event(learner=learner, **lesson_event(course, lesson="second"))
    finally:
        course_completed.disconnect(fail)
    assert everything() == before
    record_event(learner=learner, **lesson_event(course, lesson="second"))
    assert CourseCompletion.objects.count() == 1


# The event intake: whom and what it refuses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "course-finished"}, "UNKNOWN_KIND"),
        ({"payload": None}, "BAD_PAYLOAD"),
        ({"payload": ["first"]}, "BAD_PAYLOAD"),
        ({"payload": {"course": "rules-that-work", "lesson": 0.5}}, "BAD_PAYLOAD"),
        ({"payload": {"course": "rules-that-work"}}, "BAD_PAYLOAD"),
        ({"payload": {"course": "rules-that-work", "lesson": ""}}, "BAD_PAYLOAD"),
        ({"payload": {"course": "rules-that-work", "lesson": "fi\x00rst"}}, "BAD_PAYLOAD"),
        ({"payload": {"course": "rules-that-work", "lesson": "fi\ud800rst"}}, "BAD_PAYLOAD"),
        ({"payload": {"course": "rules-that-work", "lesson": "a" * 201}}, "BAD_PAYLOAD"),
        ({"payload": {"course": "no-such-course", "lesson": "first"}}, "NOT_ENROLLED"),
        ({"payload": {"course": "rules-that-work", "lesson": "third"}}, "UNKNOWN_LESSON"),
        ({"kind": "quiz-started", "payload": {"course": "rules-that-work", "quiz": "x"}}, "UNKNOWN_QUIZ"),
        ({"kind": "quiz-submitted", "payload": {"attempt": str(ID), "responses": {}}}, "UNKNOWN_ATTEMPT"),
        ({"kind": "quiz-submitted", "payload": {"attempt": "mine", "responses": {}}}, "UNKNOWN_ATTEMPT"),
        ({"kind": "quiz-submitted", "payload": {"attempt": str(ID), "responses": []}}, "BAD_PAYLOAD"),
        ({"client_time": "yesterday"}, "BAD_PAYLOAD"),
        ({"client_time": "2026-02-31T08:00:00Z"}, "BAD_PAYLOAD"),
    ],
)
def test_event_that_names_nothing_of_the_learners_is_refused_and_not_kept(
    course, enrolment, learner, change, code
):
    with pytest.raises(EventError) as refused:
        record_event(learner=learner, **(lesson_event(course) | change))
    assert refused.value.code == code
    assert "%(" not in refused.value.message
    assert set(everything().values()) == {0}


def test_learner_of_another_course_is_refused(course, enrolment):
    stranger = enrolled(course=published_course()).learner
    with pytest.raises(EventError) as refused:
        record_event(learner=stranger, **lesson_event(course))
    assert refused.value.code == "NOT_ENROLLED"


def test_lesson_of_another_course_is_refused(course, learner, enrolment):
    # The same keys in both courses: the payload's course decides.
    other = enrolled(course=published_course(), learner=learner)
    read_lesson(other, "first")
    assert LessonCompletion.objects.get().lesson.course == other.course


def test_attempt_of_another_learner_is_refused(course, enrolment):
    theirs = start_quiz(enrolled(course=course))
    for kind in ("answer-saved", "quiz-submitted"):
        with pytest.raises(EventError) as refused:
            record_event(
                learner=enrolment.learner,
                client_id=uuid4(),
                kind=kind,
                payload={"attempt": str(theirs.public_id), "responses": responses(theirs, RIGHT)},
            )
        assert refused.value.code == "UNKNOWN_ATTEMPT"
    theirs.refresh_from_db()
    assert theirs.submitted_at is None


def test_ended_enrolment_takes_nothing_in(course, enrolment, learner):
    attempt = start_quiz(enrolment)
    actions.end_enrolment(enrolment=enrolment, at=MONDAY)
    before = everything()
    with pytest.raises(EventError) as refused:
        record_event(learner=learner, **lesson_event(course))
    assert refused.value.code == "NOT_OPEN"
    with pytest.raises(EventError) as refused:
        send_answers(attempt, RIGHT)
    assert refused.value.code == "NOT_OPEN"
    assert everything() == before


def test_enrolment_takes_nothing_in_before_it_opens(course, learner):
    enrolled(course=course, learner=learner, opens_at=MONDAY + HOUR)
    with pytest.raises(EventError) as refused:
        record_event(learner=learner, **lesson_event(course))
    assert refused.value.code == "NOT_OPEN"
    assert record_event(learner=learner, **lesson_event(course, at=MONDAY + HOUR))["status"] == "accepted"


# The event intake: clocks -----------------------------------------------------------------------------------------

TUESDAY = MONDAY + DAY


@pytest.mark.parametrize(
    ("client_time", "offset", "happened"),
    [
        ("", None, TUESDAY),
        # Right clocks, in any zone
        ("2026-11-24T05:00:00Z", 0, TUESDAY - 3 * HOUR),
        ("2026-11-24T08:00:00+03:00", 0, TUESDAY - 3 * HOUR),
        # Two hours ahead: the server's clock is two hours behind it. And a year behind.
        ("2026-11-24T07:00:00Z", -2 * 3_600_000, TUESDAY - 3 * HOUR),
        ("2025-11-24T05:00:00Z", 365 * 24 * 3_600_000, TUESDAY - 3 * HOUR),
        # A phone that did not tell its clock is believed, within what can be.
        ("2026-11-24T05:00:00Z", None, TUESDAY - 3 * HOUR),
        ("2026-11-25T05:00:00Z", None, TUESDAY),
        ("1970-01-01T00:00:00Z", None, MONDAY),
        # Without a zone it is UTC.
        ("2026-11-24T05:00:00", 0, TUESDAY - 3 * HOUR),
        # Never after arrival, nor before enrolment, whatever was measured.
        ("2026-11-24T05:00:00Z", 30 * 24 * 3_600_000, TUESDAY),
        ("2026-11-24T05:00:00Z", -30 * 24 * 3_600_000, MONDAY),
        ("9999-12-31T23:59:59Z", 3_600_000, TUESDAY),
        ("0001-01-01T00:00:00+14:00", -3_600_000, TUESDAY),
    ],
)
def test_moment_is_the_clients_corrected_and_the_raw_value_is_kept(
    course, enrolment, learner, client_time, offset, happened
):
    event = lesson_event(course, at=TUESDAY, client_time=client_time, clock_offset_ms=offset)
    record_event(learner=learner, **event)
    kept = Event.objects.get()
    assert (kept.happened_at, kept.received_at) == (happened, TUESDAY)
    assert (kept.client_time, kept.clock_offset_ms) == (client_time, offset)
    assert LessonCompletion.objects.get().happened_at == happened


# The event intake: deadlines --------------------------------------------------------------------------------------


def test_work_within_the_grace_is_in_time(course, learner):
    enrolment = enrolled(course=course, learner=learner, **DUE)
    read_lesson(enrolment, "first", at=DUE["due_at"] + HOUR)
    assert LessonCompletion.objects.get().late == ""


def test_work_done_in_time_and_sent_days_later_is_in_time(course, learner, completions):
    enrolment = enrolled(course=course, learner=learner, **DUE)
    attempt = start_quiz(enrolment)
    offline = {"client_time": "2026-11-23T20:00:00Z", "clock_offset_ms": 0, "at": MONDAY + 4 * DAY}
    finish_but_quiz(enrolment, **offline)
    assert send_answers(attempt, RIGHT, **offline)["late"] is False
    assert set(LessonCompletion.objects.values_list("late", flat=True)) == {""}
    assert len(completions) == 1


def test_late_work_is_kept_and_awaits_a_decision(course, learner, completions):
    enrolment = enrolled(course=course, learner=learner, **DUE)
    after = DUE["due_at"] + HOUR + timedelta(seconds=1)
    finish_but_quiz(enrolment, at=after)
    attempt = start_quiz(enrolment, at=after)
    assert send_answers(attempt, RIGHT, at=after)["late"] is True
    assert set(LessonCompletion.objects.values_list("late", flat=True)) == {"awaiting"}
    attempt.refresh_from_db()
    assert (attempt.late, attempt.passed) == ("awaiting", True)
    assert completions == []

    assert actions.accept_late_work(enrolment=enrolment, by=UserFactory()) == 3
    assert set(LessonCompletion.objects.values_list("late", flat=True)) == {"accepted"}
    assert len(completions) == 1
    assert actions.accept_late_work(enrolment=enrolment, by=UserFactory()) == 0
    assert len(completions) == 1


def test_accepting_late_work_leaves_the_work_of_others_alone(course, learner):
    enrolment, other = enrolled(course=course, learner=learner, **DUE), enrolled(course=course, **DUE)
    for one in (enrolment, other):
        read_lesson(one, "first", at=MONDAY + 3 * DAY)
    assert actions.accept_late_work(enrolment=enrolment, by=UserFactory()) == 1
    assert LessonCompletion.objects.get(enrolment=other).late == "awaiting"


def test_lesson_read_late_counts_when_an_earlier_reading_arrives(course, learner):
    enrolment = enrolled(course=course, learner=learner, **DUE)
    read_lesson(enrolment, "first", at=MONDAY + 3 * DAY)
    offline = {"client_time": "2026-11-23T20:00:00Z", "clock_offset_ms": 0}
    read_lesson(enrolment, "first", at=MONDAY + 4 * DAY, **offline)
    done = LessonCompletion.objects.get()
    assert (done.late, done.happened_at) == ("", datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
