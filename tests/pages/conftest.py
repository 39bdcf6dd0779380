"""The demo; and somebody who takes a course, and their browser."""

import pytest
from django.core.management import call_command

from maarifa.operations.demo import make_demo
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, enrolled


@pytest.fixture
def demo(db, tmp_path):
    """What there is in the demo: its people, a cohort, a certificate."""
    call_command("load_courses", verbosity=0)
    return make_demo(file=tmp_path / "demo.json", say=lambda words: None)


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
