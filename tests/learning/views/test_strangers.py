"""Who finds nothing on the pages of a learner."""

from datetime import timedelta

import pytest

from maarifa.institutions.models import Membership
from maarifa.learning import actions
from maarifa.learning.models import Enrolment, Event
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    WRONG,
    enrolled,
    read_lesson,
    send_answers,
    start_quiz,
)
from tests.learning.answering import answers_page, send_page
from tests.learning.reading import COURSE, FIRST, QUIZ, SECOND, attempt_page, main, result_page, words

# Strangers ------------------------------------------------------------------------------------------------


@pytest.fixture
def addresses(enrolment):
    """Every page of a learner, each with something to see."""
    read_lesson(enrolment, "first")
    failed = start_quiz(enrolment)
    send_answers(failed, WRONG)
    attempt = start_quiz(enrolment, at=MONDAY + timedelta(hours=2))
    pages = [FIRST, SECOND, QUIZ, attempt_page(attempt), result_page(attempt), result_page(failed)]
    return [*pages, f"{FIRST}sources/", answers_page(attempt), send_page(attempt)]


def test_pages_of_a_learner_lead_somebody_not_signed_in_to_the_sign_in(client, addresses):
    for address in addresses:
        for response in (client.get(address), client.post(address, {"send": "1"})):
            assert response.status_code == 302
            assert response["Location"] == f"/en/account/login/?next={address}"


def _nobody(course):
    return UserFactory()


def _learner_of_another_course(course):
    return enrolled(course=published_course()).learner


def _coordinator(course):
    institution = InstitutionFactory()
    Enrolment.objects.update(institution=institution)
    role = MembershipFactory(unit=root(institution), role=Membership.Role.COORDINATOR)
    return role.user


def _instructor(course):
    return UserFactory(is_staff=True, is_superuser=True)


def _who_has_left(course):
    enrolment = enrolled(course=course)
    actions.end_enrolment(enrolment=enrolment)
    return enrolment.learner


@pytest.mark.parametrize(
    "stranger", [_nobody, _learner_of_another_course, _coordinator, _instructor, _who_has_left]
)
def test_pages_of_a_learner_are_not_there_for_strangers(client, course, addresses, stranger):
    client.force_login(stranger(course))
    before = Event.objects.count()
    for address in addresses:
        assert client.get(address).status_code == 404
        if not address.endswith(("/result/", "/sources/", "/send/")):
            assert client.post(address, {"send": "1"}).status_code == 404
    assert Event.objects.count() == before


def test_attempt_of_another_learner_of_the_course_is_not_there(browser, course, enrolment):
    other = enrolled(course=course)
    failed = start_quiz(other)
    send_answers(failed, WRONG)
    theirs = start_quiz(other, at=MONDAY + timedelta(hours=2))
    for address in (attempt_page(theirs), send_page(theirs), result_page(failed)):
        assert browser.get(address).status_code == 404
    for address in (attempt_page(theirs), answers_page(theirs)):
        assert browser.post(address, {"send": "1", "q1": "7"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.submitted_at is None


def test_attempt_under_the_address_of_another_quiz_is_not_there(browser, enrolment):
    attempt = start_quiz(enrolment)
    address = f"/en/learn/rules-that-work/quiz/other-quiz/{attempt.public_id}/"
    assert browser.get(address).status_code == 404


def test_progress_of_another_learner_is_not_shown(browser, course, enrolment):
    other = enrolled(course=course)
    read_lesson(other, "first")
    send_answers(start_quiz(other), RIGHT)
    page = browser.get(COURSE)
    assert "0 of 2 lessons done" in words(page)
    assert "Pass “Basics: quiz” with at least 60%" in words(page)
    assert 'class="ok"' not in main(page)
    assert "You have 3 attempts" in words(browser.get(QUIZ))


def test_lesson_that_never_was_is_not_there(browser, enrolment):
    assert browser.get("/en/learn/rules-that-work/third/").status_code == 404
    assert browser.post("/en/learn/rules-that-work/third/").status_code == 404
    assert browser.get("/en/learn/rules-that-work/quiz/third/").status_code == 404
    assert browser.get("/en/courses/no-such-course/").status_code == 404
