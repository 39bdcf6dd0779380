"""What the database itself refuses about who is where and what was done."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from maarifa.curriculum.models import Course, Edition, Lesson
from maarifa.institutions.models import Institution
from maarifa.learning.models import CourseCompletion, Enrolment, EnrolmentAttempt, Event, LessonCompletion
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import MONDAY, enrolled, read_lesson, start_quiz

SECOND = timedelta(seconds=1)
DUE = {"due_at": MONDAY, "due_zone": "Africa/Nairobi", "due_local": "2026-11-23T11:00:00"}


def refused(write, *args, **fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        write(*args, **fields)


def again(row, **changes):
    """The row once more, beside itself."""
    fields = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in ("id", "public_id")
    }
    return type(row).objects.bulk_create([type(row)(**fields | changes)])


def only(row):
    return type(row).objects.filter(pk=row.pk)


def test_enrolment_stands_once_for_learner_and_course(enrolment):
    refused(again, enrolment)
    again(enrolment, learner_id=UserFactory().pk)
    again(enrolment, course_id=published_course(at=MONDAY).course.pk)


@pytest.mark.parametrize(
    "fields",
    [
        {"due_at": MONDAY},
        {"due_zone": "Africa/Nairobi"},
        {"due_local": "2026-11-23T11:00:00"},
        DUE | {"due_at": None},
        DUE | {"due_zone": ""},
        DUE | {"due_local": ""},
        DUE | {"opens_at": MONDAY},
        DUE | {"opens_at": MONDAY + SECOND},
        {"ended_at": MONDAY - SECOND},
        {"grace_minutes": -1},
    ],
)
def test_enrolment_is_refused_by_constraint(enrolment, fields):
    refused(only(enrolment).update, **fields)


def test_enrolment_may_have_a_deadline_after_it_opens(enrolment):
    assert only(enrolment).update(**DUE, opens_at=MONDAY - SECOND, ended_at=MONDAY) == 1


def test_enrolment_is_held_to_an_edition_of_its_own_course(enrolment, course):
    def hold(edition):
        only(enrolment).update(held_edition=edition)
        connection.check_constraints()

    hold(course.edition)
    refused(hold, published_course(at=MONDAY).edition)


def test_event_stands_once_for_a_learner(enrolment):
    read_lesson(enrolment, "first")
    event = Event.objects.get()
    refused(again, event)
    refused(again, event, payload_digest="0" * 64, kind="answer-saved")
    again(event, client_id=uuid4())
    again(event, learner_id=UserFactory().pk)


@pytest.mark.parametrize("model", [Event, LessonCompletion])
def test_nothing_happened_after_it_arrived(enrolment, model):
    read_lesson(enrolment, "first")
    refused(only(model.objects.get()).update, happened_at=MONDAY + SECOND)
    refused(only(model.objects.get()).update, received_at=MONDAY - SECOND)


def test_lesson_is_finished_once_and_late_in_a_known_way(enrolment, course):
    read_lesson(enrolment, "first")
    finished = LessonCompletion.objects.get()
    refused(again, finished)
    refused(only(finished).update, late="perhaps")
    again(finished, lesson_id=course.lessons[1].pk)


def test_attempt_counts_for_one_enrolment(enrolment):
    start_quiz(enrolment)
    enrolment_attempt = EnrolmentAttempt.objects.get()
    refused(again, enrolment_attempt)
    refused(again, enrolment_attempt, enrolment_id=enrolled().pk)


def test_course_is_completed_once(enrolment, course):
    done = CourseCompletion.objects.create(enrolment=enrolment, edition=course.edition, completed_at=MONDAY)
    refused(again, done)
    refused(again, done, completed_at=MONDAY + SECOND)


@pytest.mark.parametrize("model", [Enrolment, Lesson, Attempt, Edition, Course, Institution])
def test_what_was_learned_from_cannot_be_deleted(enrolment, model):
    read_lesson(enrolment, "first")
    start_quiz(enrolment)
    only(enrolment).update(institution=InstitutionFactory())
    for row in model.objects.all()[:1]:
        # An edition is written once, and says so before its foreign keys are asked.
        with pytest.raises(TypeError if model is Edition else ProtectedError):
            row.delete()
    assert model.objects.exists()


def test_who_learned_cannot_be_deleted(enrolment):
    with pytest.raises(ProtectedError):
        enrolment.learner.delete()
