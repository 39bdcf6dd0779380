"""Who may look at learners' answers, and that every reading is written down."""

import pytest
from django.urls import reverse

from maarifa.accounts.models import AuditEntry
from maarifa.quizzes import actions
from tests.factories.quizzes import MONDAY, make_attempt, right_responses
from tests.quizzes.pages import person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt():
    attempt = make_attempt(learner=person("amina", staff=False))
    return actions.submit_attempt(
        attempt=attempt, responses=right_responses(attempt), happened_at=MONDAY, at=MONDAY
    )


def addresses(attempt):
    return [
        reverse("admin:quizzes_attempt_changelist"),
        reverse("admin:quizzes_attempt_change", args=[attempt.pk]),
    ]


def test_instructor_without_the_right_sees_no_learner(desk, attempt):
    for address in addresses(attempt):
        assert desk.get(address).status_code == 403
    assert AuditEntry.objects.count() == 0


def test_outsiders_do_not_enter_the_admin(attempt):
    for user in (attempt.learner, person("joao", "view_attempt", staff=False)):
        for address in [*addresses(attempt), reverse("admin:quizzes_question_changelist")]:
            response = signed_in(user).get(address)
            assert response.status_code in (302, 404)
            assert b"amina" not in response.content
    assert AuditEntry.objects.count() == 0


def test_every_reading_of_a_record_is_written_down(examiner, attempt):
    client = signed_in(examiner)
    listed, read = [client.get(address) for address in addresses(attempt)]
    assert (listed.status_code, read.status_code) == (200, 200)
    assert "amina" in listed.content.decode()
    assert "12.5" in read.content.decode()
    entries = AuditEntry.objects.order_by("id").values_list("actor__username", "action", "on_user__username")
    assert list(entries) == [("kofi", "attempts.listed", None), ("kofi", "attempt.read", "amina")]


def test_record_can_be_read_and_nothing_else(examiner, attempt):
    client = signed_in(examiner)
    address = reverse("admin:quizzes_attempt_change", args=[attempt.pk])
    assert client.post(address, {"passed": ""}).status_code == 403
    assert client.get(reverse("admin:quizzes_attempt_add")).status_code == 403
    assert client.post(reverse("admin:quizzes_attempt_delete", args=[attempt.pk])).status_code == 403
    attempt.refresh_from_db()
    assert attempt.passed
