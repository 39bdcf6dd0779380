"""What another edition eases: who meets it already, and who was asked for other things."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from maarifa.curriculum.actions import choose_edition, publish_course
from maarifa.learning.actions import complete_eased
from maarifa.learning.models import CourseCompletion, Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import draft_course
from tests.factories.learning import MONDAY, RIGHT, enrolled, read_lesson, send_answers, start_quiz
from tests.learning.events import DAY, DUE, HOUR


def edition_that_asks(course, *lessons, quizzes=(), at=MONDAY + HOUR):
    course.course.refresh_from_db()
    course.course.requirements = {"lessons": list(lessons), "quizzes": list(quizzes)}
    course.course.save()
    edition = publish_course(course=course.course, by=None, at=at)
    course.course.refresh_from_db()
    return edition


def again(enrolment) -> Enrolment:
    return Enrolment.objects.select_related("course", "learner").get(pk=enrolment.pk)


def test_who_needs_no_more_for_a_new_edition_completes_the_course(course, enrolment, completions):
    read_lesson(enrolment, "first")
    send_answers(start_quiz(enrolment), RIGHT)
    stranger = enrolled(course=course)
    read_lesson(stranger, "first")
    second = edition_that_asks(course, "first", quizzes=["basics-quiz"])
    assert complete_eased(at=MONDAY + DAY) == 1
    completion = CourseCompletion.objects.get()
    assert (completion.enrolment, completion.edition) == (enrolment, second)
    assert completion.completed_at == MONDAY + DAY
    assert complete_eased(at=MONDAY + DAY) == 0
    assert completions == [completion.pk]


def test_publishing_and_choosing_an_edition_look_for_whom_it_eases(
    course, enrolment, completions, django_capture_on_commit_callbacks, settings
):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    read_lesson(enrolment, "first")
    easy = edition_that_asks(course, "first")
    edition_that_asks(course, "first", "second")
    assert completions == []
    with django_capture_on_commit_callbacks(execute=True):
        choose_edition(course=course.course, edition=easy, by=None, at=MONDAY + DAY)
    assert len(completions) == 1


@pytest.mark.parametrize("terms", ["ended", "held", "late"])
def test_who_is_not_eased_completes_nothing(course, learner, completions, terms):
    held = {"held_edition": course.edition} if terms == "held" else DUE if terms == "late" else {}
    enrolment = enrolled(course=course, learner=learner, **held)
    read_lesson(enrolment, "first", at=MONDAY + 3 * DAY)
    if terms == "ended":
        Enrolment.objects.update(ended_at=MONDAY + 3 * DAY)
    edition_that_asks(course, "first")
    assert complete_eased(at=MONDAY + 4 * DAY) == 0
    assert completions == []


@pytest.mark.django_db(transaction=True)
def test_looking_at_one_moment_completes_each_once(completions):
    course = draft_course()
    course.edition = publish_course(course=course.course, by=None, at=MONDAY)
    course.course.refresh_from_db()
    for _number in range(3):
        read_lesson(enrolled(course=course, learner=UserFactory()), "first")
    edition_that_asks(course, "first")
    gate, found = threading.Barrier(3), []

    def look():
        try:
            gate.wait(20)
            found.append(complete_eased(course_id=course.course.pk))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=look) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), sum(found)) == (3, 3)
    assert CourseCompletion.objects.count() == len(completions) == 3


def test_finding_whom_an_edition_eases_takes_as_many_queries_for_one_as_for_ten(
    course, django_assert_num_queries
):
    for _number in range(10):
        read_lesson(enrolled(course=course), "second")
    edition_that_asks(course, "first")
    with django_assert_num_queries(3):  # what was asked and which edition, that edition, and who has done it
        complete_eased()


# Where nothing is left of what was asked ----------------------------------------------------------------------


@pytest.fixture
def asked_for_first(learner):
    """Somebody of whom the first lesson was asked, of a course that asks for the second now."""
    course = draft_course(key="rules-that-change")
    edition_that_asks(course, "first", at=MONDAY)
    enrolment = enrolled(course=course, learner=learner)
    edition_that_asks(course, "second")
    return enrolment


def test_what_an_edition_asks_takes_the_place_of_what_is_asked_no_more(asked_for_first, completions):
    assert complete_eased() == 0
    read_lesson(again(asked_for_first), "second", at=MONDAY + DAY)
    assert len(completions) == 1


def test_what_was_asked_at_enrolment_still_completes_the_course(asked_for_first, completions):
    read_lesson(again(asked_for_first), "first", at=MONDAY + DAY)
    assert len(completions) == 1


def test_who_has_done_what_takes_the_place_already_is_found(learner, completions):
    course = draft_course(key="rules-that-change")
    edition_that_asks(course, "first", at=MONDAY)
    read_lesson(enrolled(course=course, learner=learner), "second")
    edition_that_asks(course, "second")
    assert complete_eased(at=MONDAY + timedelta(hours=2)) == 1
    assert len(completions) == 1
