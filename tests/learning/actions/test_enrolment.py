"""Enrolling, and what counts for completion."""

import pytest

from maarifa.institutions.actions import create_institution
from maarifa.learning import actions
from maarifa.learning.actions import EnrolmentError
from maarifa.learning.actions import enrolment as enrolment_actions
from maarifa.learning.models import Enrolment
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import draft_course
from tests.factories.learning import MONDAY, WRONG, enrolled, send_answers, start_quiz
from tests.learning.events import DAY, DUE, HOUR, republish


@pytest.fixture
def make_institution(db):
    def make(key):
        return create_institution(
            key=key, name=key, language="en", time_zone="Africa/Nairobi", contact="Ms Achieng"
        )

    return make


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


# Enrolled twice -----------------------------------------------------------------------------------------------


def due(day: int) -> dict:
    return {
        "due_at": MONDAY + day * DAY,
        "due_zone": "Africa/Nairobi",
        "due_local": (MONDAY + day * DAY + 3 * HOUR).strftime("%Y-%m-%dT%H:%M:%S"),
    }


NO_DUE = {"due_at": None, "due_zone": "", "due_local": ""}
OPENS = {day: {"opens_at": MONDAY + day * DAY} for day in (1, 5, 40)}


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (due(10), due(20), due(20)),
        (due(20), due(10), due(20)),
        # The second opens when the first is over: what the first has left open stays open.
        (OPENS[1] | due(10), OPENS[40], OPENS[1] | NO_DUE),
        (OPENS[40], OPENS[1] | due(10), OPENS[1] | NO_DUE),
        (OPENS[5] | due(10), OPENS[1] | due(20), OPENS[1] | due(20)),
        (due(10), OPENS[40] | due(60), {"opens_at": None} | due(60)),
    ],
)
def test_who_is_enrolled_twice_has_the_time_of_both(
    course, learner, make_institution, first, second, expected
):
    one, other = make_institution("one"), make_institution("other")
    enrolled(course=course, learner=learner, institution=one, **first)
    enrolled(course=course, learner=learner, institution=other, held_edition=course.edition, **second)
    enrolment = Enrolment.objects.get()
    assert {name: getattr(enrolment, name) for name in expected} == expected
    assert (enrolment.institution, enrolment.held_edition) == (other, course.edition)


def test_bulk_enrolment_after_an_end_and_after_learning_alone_holds_as_it_is(
    course, learner, make_institution
):
    one, other = make_institution("one"), make_institution("other")
    enrolment = enrolled(course=course, learner=learner)
    enrolled(course=course, learner=learner, institution=one, held_edition=course.edition, **due(20))
    enrolment.refresh_from_db()
    assert enrolment.due_at == MONDAY + 20 * DAY
    actions.end_enrolment(enrolment=enrolment, at=MONDAY)
    enrolled(course=course, learner=learner, institution=other, **OPENS[1], **due(10))
    enrolment.refresh_from_db()
    assert (enrolment.due_at, enrolment.opens_at) == (MONDAY + 10 * DAY, MONDAY + DAY)
    assert (enrolment.institution, enrolment.held_edition, enrolment.ended_at) == (other, None, None)


def test_enrolling_alone_leaves_the_terms_of_a_bulk_enrolment(course, learner, make_institution):
    one = make_institution("one")
    enrolled(course=course, learner=learner, institution=one, **due(20))
    enrolled(course=course, learner=learner)
    enrolment = Enrolment.objects.get()
    assert (enrolment.institution, enrolment.due_at) == (one, MONDAY + 20 * DAY)


def test_terms_that_changed_since_they_were_read_are_read_again(
    course, learner, make_institution, monkeypatch
):
    one = make_institution("one")
    enrolled(course=course, learner=learner, institution=one, **due(10))
    decide = enrolment_actions._terms_that_hold

    def decide_after_another(before, given):
        monkeypatch.setattr(enrolment_actions, "_terms_that_hold", decide)
        Enrolment.objects.update(**due(30))
        return decide(before, given)

    monkeypatch.setattr(enrolment_actions, "_terms_that_hold", decide_after_another)
    enrolled(course=course, learner=learner, institution=one, **due(20))
    assert Enrolment.objects.get().due_at == MONDAY + 30 * DAY


def test_enrol_refuses_a_course_that_is_not_published_or_retired(learner, course):
    with pytest.raises(EnrolmentError) as refused:
        actions.enrol(learner=learner, course=draft_course().course, language="en")
    assert refused.value.code == "NOT_PUBLISHED"
    course.course.retired_at = MONDAY
    with pytest.raises(EnrolmentError) as refused:
        actions.enrol(learner=learner, course=course.course, language="en")
    assert refused.value.code == "NOT_PUBLISHED"
    assert Enrolment.objects.count() == 0


def test_enrol_refuses_a_closed_account(course):
    with pytest.raises(EnrolmentError) as refused:
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


def test_change_language_takes_open_attempts_along_and_no_others(enrolment):
    submitted = start_quiz(enrolment)
    send_answers(submitted, WRONG)
    going_on, another = start_quiz(enrolment, at=MONDAY + DAY), start_quiz(enrolled(course=None))
    actions.change_language(enrolment=enrolment, language="ar")
    languages = {attempt.pk: attempt.language for attempt in Attempt.objects.all()}
    assert languages == {submitted.pk: "en", going_on.pk: "ar", another.pk: "en"}


def test_second_group_gives_the_earlier_opening_and_the_later_end_of_each_quiz():
    early, late = "2026-11-25T06:00:00+00:00", "2026-11-26T06:00:00+00:00"
    one = {
        "both": {"opens_at": late, "closes_at": early, "zone": "Africa/Nairobi"},
        "open": {"opens_at": late, "closes_at": late, "zone": "Africa/Nairobi"},
        "alone": {"opens_at": late, "closes_at": None, "zone": "Africa/Nairobi"},
    }
    other = {
        "both": {"opens_at": early, "closes_at": late, "zone": "Asia/Amman"},
        "open": {"opens_at": None, "closes_at": None, "zone": "Asia/Amman"},
    }
    assert enrolment_actions.easier_dates(one, other) == {
        "both": {"opens_at": early, "closes_at": late, "zone": "Asia/Amman"},
        "open": {"opens_at": None, "closes_at": None, "zone": "Asia/Amman"},
    }
    assert enrolment_actions.easier_dates(one, {}) == {}
