"""People, and what the rooms above hear."""

import pytest
from django.db import connection

from maarifa.accounts.models import User
from maarifa.quizzes.signals import attempt_graded


@pytest.fixture
def amina():
    return User.objects.create_user("amina", name="Amina Diallo")


@pytest.fixture
def joao():
    return User.objects.create_user("joao", name="João Machava")


@pytest.fixture
def heard():
    """What the rooms above hear."""
    attempts = []

    def hear(sender, attempt, **kwargs):
        attempts.append((attempt.pk, attempt.score, attempt.passed, attempt.late, connection.in_atomic_block))

    attempt_graded.connect(hear)
    yield attempts
    attempt_graded.disconnect(hear)


@pytest.fixture
def alone():
    """This room without those above, which count what they ask for themselves."""
    receivers, attempt_graded.receivers = attempt_graded.receivers, []
    attempt_graded.sender_receivers_cache.clear()
    yield
    attempt_graded.receivers = receivers
    attempt_graded.sender_receivers_cache.clear()
