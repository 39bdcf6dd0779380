"""Somebody who writes courses, at work."""

import pytest
from django.contrib.auth.models import Group

from maarifa.curriculum.actions import INSTRUCTORS
from tests.factories.accounts import UserFactory


@pytest.fixture
def instructor():
    user = UserFactory(username="halima", name="Halima Nasser", is_staff=True)
    user.groups.add(Group.objects.get(name=INSTRUCTORS))
    return user


@pytest.fixture
def desk(client, instructor):
    """A browser in which the instructor has signed in."""
    client.force_login(instructor)
    return client
