"""Completion, other editions in the middle, everything at one moment, and queries."""

import threading
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from maarifa.curriculum.actions import publish_course
from maarifa.learning import actions
from maarifa.learning.actions import record_event
from maarifa.learning.models import CourseCompletion, Enrolment, EnrolmentAttempt, Event, LessonCompletion
from maarifa.quizzes.actions import submit_attempt
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import draft_course, published_course
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
from tests.learning.events import DAY, DUE, HOUR, ID, finish_but_quiz, lesson_event, republish

# Completion -----------------------------------------------------------------------------------------------


def test_course_is_completed_once_with_its_edition(course, enrolment, completions):
    finish_but_quiz(enrolment)
    assert completions == []
    send_answers(start_quiz(enrolment), RIGHT, at=MONDAY + HOUR)
    completion = CourseCompletion.objects.get()
    assert (completion.enrolment, completion.edition) == (enrolment, course.edition)
    assert completion.completed_at == MONDAY + HOUR
    read_lesson(enrolment, "first", at=MONDAY + DAY)
    assert completions == [completion.pk]


def test_completion_is_looked_for_once_where_the_event_is_taken_in(enrolment, completions):
    finish_but_quiz(enrolment)
    attempt = start_quiz(enrolment)
    with CaptureQueriesContext(connection) as asked:
        send_answers(attempt, RIGHT, at=MONDAY + HOUR)
    looked = [query for query in asked.captured_queries if "learning_coursecompletion" in query["sql"]]
    assert [query["sql"].split()[0] for query in looked] == ["SELECT", "INSERT"]
    assert len(completions) == 1


def test_attempt_that_is_graded_without_an_event_completes_no_course(enrolment, completions):
    finish_but_quiz(enrolment)
    attempt = start_quiz(enrolment)
    graded = submit_attempt(
        attempt=attempt, responses=responses(attempt, RIGHT), happened_at=MONDAY, at=MONDAY
    )
    assert (graded.passed, completions) == (True, [])


def test_lesson_completes_a_course_whose_quiz_was_passed_before(enrolment, completions):
    send_answers(start_quiz(enrolment), RIGHT)
    finish_but_quiz(enrolment)
    assert len(completions) == 1


def test_course_is_completed_when_its_last_step_happened_however_late_that_reached_us(enrolment):
    attempt = start_quiz(enrolment)
    read_lesson(enrolment, "first")
    send_answers(attempt, RIGHT, at=MONDAY + HOUR)
    read_lesson(enrolment, "second", client_time=(MONDAY + 2 * HOUR).isoformat(), at=MONDAY + DAY)
    assert CourseCompletion.objects.get().completed_at == MONDAY + 2 * HOUR


def test_lesson_read_offline_before_the_quiz_completes_the_course_with_the_quiz(enrolment):
    attempt = start_quiz(enrolment)
    read_lesson(enrolment, "first")
    send_answers(attempt, RIGHT, at=MONDAY + 3 * HOUR)
    read_lesson(enrolment, "second", client_time=(MONDAY + 2 * HOUR).isoformat(), at=MONDAY + DAY)
    assert CourseCompletion.objects.get().completed_at == MONDAY + 3 * HOUR


def test_accepting_late_work_leaves_what_happened_to_the_enrolment_meanwhile(course, learner):
    read_lesson(enrolled(course=course, learner=learner, **DUE), "first", at=MONDAY + 3 * DAY)
    seen = Enrolment.objects.select_related("course").get()
    actions.end_enrolment(enrolment=Enrolment.objects.get(), at=MONDAY + 4 * DAY)
    assert actions.accept_late_work(enrolment=seen, by=None) == 1
    assert Enrolment.objects.get().ended_at == MONDAY + 4 * DAY


@pytest.mark.parametrize("last", ["quiz", "lesson"])
def test_late_work_that_is_accepted_completes_the_course_on_the_day_on_which_it_was_done(
    course, learner, last
):
    """Whatever came last, and whenever a coordinator gets to deciding."""
    enrolment = enrolled(course=course, learner=learner, **DUE)
    for lesson, day in (("first", 3), ("second", 5 if last == "lesson" else 3)):
        read_lesson(enrolment, lesson, at=MONDAY + day * DAY)
    send_answers(start_quiz(enrolment, at=MONDAY + 4 * DAY), RIGHT, at=MONDAY + 4 * DAY)
    assert CourseCompletion.objects.count() == 0
    with time_machine.travel(MONDAY + 9 * DAY, tick=False):
        actions.accept_late_work(enrolment=enrolment, by=None)
    day = {"quiz": 4, "lesson": 5}[last]
    assert CourseCompletion.objects.get().completed_at == MONDAY + day * DAY


def test_failed_quiz_completes_nothing(enrolment, completions):
    finish_but_quiz(enrolment)
    send_answers(start_quiz(enrolment), WRONG)
    assert completions == []


def test_ended_and_reopened_enrolment_goes_on_from_what_was_done(course, enrolment, learner, completions):
    finish_but_quiz(enrolment)
    actions.end_enrolment(enrolment=enrolment, at=MONDAY)
    send_answers(start_quiz(enrolled(course=course, learner=learner)), RIGHT)
    assert len(completions) == 1


# Another edition in the middle ----------------------------------------------------------------------------


def test_new_edition_keeps_completions_and_the_open_attempt_with_its_answers(course, enrolment, completions):
    finish_but_quiz(enrolment)
    attempt = start_quiz(enrolment)
    send_answers(attempt, RIGHT, kind="answer-saved")
    second = republish(course, draw=2)
    enrolment = Enrolment.objects.select_related("course", "learner").get(pk=enrolment.pk)
    assert enrolment.edition_id == second.pk
    assert start_quiz(enrolment) == attempt
    outcome = record_event(
        learner=enrolment.learner,
        client_id=ID,
        kind="quiz-submitted",
        payload={"attempt": str(attempt.public_id), "responses": {}},
        at=MONDAY + HOUR,
    )
    assert outcome["passed"] is True
    assert CourseCompletion.objects.get().edition == second
    assert EnrolmentAttempt.objects.get().edition == course.edition
    assert len(completions) == 1


def test_new_edition_does_not_undo_a_completion(course, enrolment):
    finish_but_quiz(enrolment)
    send_answers(start_quiz(enrolment), RIGHT)
    republish(course, pass_percent=100)
    assert CourseCompletion.objects.get().edition == course.edition


def test_new_edition_that_asks_more_asks_it_of_newcomers_only(learner, completions):
    course = draft_course()
    course.course.requirements = {"lessons": ["first"], "quizzes": []}
    course.course.save()
    course.edition = publish_course(course=course.course, by=None, at=MONDAY)
    course.course.refresh_from_db()
    enrolment = enrolled(course=course, learner=learner)
    course.course.requirements = {"lessons": "all", "quizzes": ["basics-quiz"]}
    course.course.save()
    publish_course(course=course.course, by=None, at=MONDAY + HOUR)
    course.course.refresh_from_db()
    newcomer = enrolled(course=course)
    read_lesson(newcomer, "first")
    assert completions == []
    read_lesson(enrolment, "first")
    assert CourseCompletion.objects.get().enrolment == enrolment


def test_new_edition_that_asks_less_asks_less_of_everybody(course, enrolment, completions):
    course.course.requirements = {"lessons": ["first"], "quizzes": []}
    course.course.save()
    publish_course(course=course.course, by=None, at=MONDAY + HOUR)
    read_lesson(enrolment, "first")
    assert len(completions) == 1


def test_lesson_that_a_new_edition_dropped_is_kept_when_it_arrives_late(course, enrolment, learner):
    course.lessons[0].retired_at = MONDAY
    course.lessons[0].save()
    for question in course.quiz.bank.questions.filter(lesson_key="first"):
        question.lesson_key = "second"
        question.save()
    publish_course(course=course.course, by=None, at=MONDAY + HOUR)
    outcome = record_event(learner=learner, **lesson_event(course, at=MONDAY + DAY))
    assert outcome == {"status": "accepted", "lesson": "first"}
    assert LessonCompletion.objects.get().edition == course.edition


# At one moment --------------------------------------------------------------------------------------------


def at_once(*jobs):
    """Run them in threads with connections of their own, let go at one moment. What each gave back."""
    gate, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(number, job):
        try:
            gate.wait(20)
            results[number] = job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=job) for job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_two_last_steps_at_one_moment_complete_the_course_once(turn, completions):
    enrolment = enrolled()
    read_lesson(enrolment, "first")
    attempt = start_quiz(enrolment)
    outcomes = at_once(lambda: read_lesson(enrolment, "second"), lambda: send_answers(attempt, RIGHT))
    assert [outcome["status"] for outcome in outcomes] == ["accepted", "accepted"]
    assert CourseCompletion.objects.count() == 1
    assert len(completions) == 1


@pytest.mark.django_db(transaction=True)
def test_same_event_eight_times_at_one_moment_happens_once(completions):
    enrolment = enrolled()
    finish_but_quiz(enrolment)
    attempt = start_quiz(enrolment)
    outcomes = at_once(*[lambda: send_answers(attempt, RIGHT, client_id=ID)] * 8)
    assert outcomes == [outcomes[0]] * 8
    assert outcomes[0]["passed"] is True
    assert Event.objects.filter(client_id=ID).count() == 1
    assert len(completions) == 1


@pytest.mark.django_db(transaction=True)
def test_enrolling_eight_times_at_one_moment_makes_one_enrolment():
    course, learner = published_course(), UserFactory()
    enrol = actions.enrol
    made = at_once(*[lambda: enrol(learner=learner, course=course.course, language="en").pk] * 8)
    assert made == [Enrolment.objects.get().pk] * 8


# Budgets --------------------------------------------------------------------------------------------------


def test_saving_one_answer_takes_four_queries(enrolment, django_assert_num_queries):
    attempt = start_quiz(enrolment)
    answer = {"1": responses(attempt, RIGHT)["1"]}
    payload = {"attempt": str(attempt.public_id), "responses": answer}
    event = {"learner": enrolment.learner, "kind": "answer-saved", "payload": payload}
    record_event(**event, client_id=uuid4(), at=MONDAY)
    payload["responses"] = {"1": responses(attempt, WRONG)["1"]}
    # The attempt with its questions, the attempt's own row, the answer, the event; and a savepoint for this test.
    with django_assert_num_queries(4 + 2):
        record_event(**event, client_id=uuid4(), at=MONDAY)


def test_reading_a_lesson_takes_as_many_queries_however_much_was_read(
    course, enrolment, django_assert_num_queries
):
    for lesson in ("first", "second"):
        with django_assert_num_queries(5 + 2):
            read_lesson(enrolment, lesson)
