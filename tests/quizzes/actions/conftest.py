"""People, and a quiz."""

import pytest

from maarifa.accounts.models import User
from tests.factories.quizzes import make_quiz, make_version


@pytest.fixture
def amina():
    return User.objects.create_user("amina", name="Amina Diallo")


@pytest.fixture
def joao():
    return User.objects.create_user("joao", name="João Machava")


@pytest.fixture
def author():
    return User.objects.create_user("fatou", is_staff=True)


@pytest.fixture
def version():
    """A quiz of a single-choice question with a wrong key and of a true or false one; half of the points pass."""
    return make_version(make_quiz(["single", "truefalse"], pass_percent=60, attempts=2))
