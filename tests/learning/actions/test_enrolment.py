"""Enrolling, and what counts for completion."""

import pytest

from maarifa.learning import actions
from maarifa.learning.actions import EnrolmentRefused
from maarifa.learning.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import draft_course
from tests.factories.learning import (
    MONDAY,
    enrolled,
)
from tests.learning.events import DAY, DUE, HOUR, republish

# Enrolling ------------------------------------------------------------------------------------------------


def test_enrol_fixes_what_counts_from_the_edition(course, learner):
    enrolment = actions.enrol(learner=learner, course=course.course, language="ar", at=MONDAY)
    assert enrolment.requirements == {"lessons": ["first", "second"], "quizzes": ["basics-quiz"]}
    assert (enrolment.language, enrolment.enrolled_at, enrolment.last_activity_at) == ("ar", MONDAY, MONDAY)
    assert enrolment.edition_id == course.edition.pk


def test_enrol_in_a_language_that_the_course_lacks_takes_the_courses_own(course, learner):
    assert actions.enrol(learner=learner, course=course.course, language="sw").language == "en"


def test_enrol_again_gives_the_same_enrolment_and_keeps_its_terms(course, learner):
    first = actions.enrol(learner=learner, course=course.course, language="ar", at=MONDAY)
    actions.end_enrolment(enrolment=first, at=MONDAY + HOUR)
    republish(course, pass_percent=90)
    again = actions.enrol(learner=learner, course=course.course, language="en", at=MONDAY + DAY, **DUE)
    again.refresh_from_db()
    assert (again.pk, again.language, again.ended_at, again.due_at) == (first.pk, "ar", None, DUE["due_at"])
    assert again.requirements == first.requirements
    assert again.enrolled_at == MONDAY


def test_enrol_refuses_a_course_that_is_not_published_or_retired(learner, course):
    with pytest.raises(EnrolmentRefused) as refused:
        actions.enrol(learner=learner, course=draft_course().course, language="en")
    assert refused.value.code == "NOT_PUBLISHED"
    course.course.retired_at = MONDAY
    with pytest.raises(EnrolmentRefused) as refused:
        actions.enrol(learner=learner, course=course.course, language="en")
    assert refused.value.code == "NOT_PUBLISHED"
    assert Enrolment.objects.count() == 0


def test_enrol_refuses_a_closed_account(course):
    with pytest.raises(EnrolmentRefused) as refused:
        actions.enrol(learner=UserFactory(closed_at=MONDAY), course=course.course, language="en")
    assert refused.value.code == "CLOSED_ACCOUNT"


def test_held_enrolment_stays_with_its_edition(course, learner):
    enrolment = enrolled(course=course, learner=learner, held_edition=course.edition)
    second = republish(course)
    course.course.refresh_from_db()
    enrolment = Enrolment.objects.select_related("course").get(pk=enrolment.pk)
    assert course.course.current_edition_id == second.pk
    assert enrolment.edition_id == course.edition.pk


def test_change_language_takes_only_languages_of_the_course(enrolment):
    actions.change_language(enrolment=enrolment, language="fr")
    assert Enrolment.objects.get().language == "en"
    actions.change_language(enrolment=enrolment, language="ar")
    assert Enrolment.objects.get().language == "ar"
