"""Attempts that the people who run the site grant."""

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.quizzes.models import AttemptGrant
from tests.factories.accounts import UserFactory
from tests.factories.learning import MONDAY, WRONG, send_answers, start_quiz

ADD = "/admin/quizzes/attemptgrant/add/"


@pytest.fixture
def operator(db):
    return UserFactory(is_staff=True, is_superuser=True)


@pytest.fixture
def form(enrolment, course):
    return {"learner": enrolment.learner_id, "quiz": course.quiz.pk, "reason": "fault"}


def fail(enrolment, times=3):
    for _number in range(times):
        send_answers(start_quiz(enrolment, at=MONDAY), WRONG, at=MONDAY)


def test_operator_grants_an_attempt_and_the_audit_knows(client, operator, enrolment, course, form):
    course.quiz.wait_minutes = 0
    from maarifa.curriculum.actions import publish_course

    course.quiz.save()
    publish_course(course=course.course, by=None, at=MONDAY)
    fail(enrolment)
    client.force_login(operator)
    assert client.get(ADD).status_code == 200
    assert client.post(ADD, form).status_code == 302
    grant = AttemptGrant.objects.get()
    assert (grant.learner, grant.number, grant.granted_by) == (enrolment.learner, 4, operator)
    assert AuditEntry.objects.filter(action="attempt.granted", actor=operator).count() == 1
    assert "This learner still has an attempt left" in client.post(ADD, form).content.decode()
    page = f"/admin/quizzes/attemptgrant/{grant.pk}/change/"
    assert client.get(page).status_code == 200
    assert client.post(page, {**form, "reason": "other"}).status_code == 403
    assert client.post(f"/admin/quizzes/attemptgrant/{grant.pk}/delete/", {"post": "yes"}).status_code == 403
    assert AttemptGrant.objects.get().reason == "fault"


def test_operator_is_told_that_somebody_does_not_take_the_course(client, operator, form):
    client.force_login(operator)
    page = client.post(ADD, {**form, "learner": UserFactory().pk})
    assert "This person is not enrolled in the course that has this quiz." in page.content.decode()
    assert AttemptGrant.objects.count() == 0


def test_instructor_and_learner_grant_nothing_in_the_admin(client, enrolment, form):
    fail(enrolment, times=1)
    for person, status in ((UserFactory(is_staff=True), 403), (enrolment.learner, 302)):
        client.force_login(person)
        assert client.post(ADD, form).status_code == status
    assert AttemptGrant.objects.count() == 0
