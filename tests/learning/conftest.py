"""A course, somebody who takes it, and their browser."""

import pytest

from maarifa.learning.signals import course_completed
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, enrolled


@pytest.fixture
def course(db):
    return published_course(key="rules-that-work", at=MONDAY)


@pytest.fixture
def learner(db):
    return UserFactory(username="amina", name="Amina Yusuf")


@pytest.fixture
def enrolment(course, learner):
    return enrolled(course=course, learner=learner)


@pytest.fixture
def browser(client, learner):
    client.force_login(learner)
    return client


@pytest.fixture
def completions():
    """What apps above hear."""
    heard = []

    def hear(sender, completion, **kwargs):
        heard.append(completion.pk)

    course_completed.connect(hear)
    yield heard
    course_completed.disconnect(hear)
