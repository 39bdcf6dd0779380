"""People."""

import pytest

from maarifa.accounts.models import User


@pytest.fixture
def amina():
    return User.objects.create_user("amina", name="Amina Diallo")


@pytest.fixture
def joao():
    return User.objects.create_user("joao", name="João Machava")
