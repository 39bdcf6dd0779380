import pytest

from tests.quizzes.pages import person, signed_in


@pytest.fixture
def instructor():
    return person(
        "fatou",
        *(f"{verb}_{model}" for verb in ("view", "add", "change") for model in ("bank", "question", "quiz")),
        *(f"{verb}_questiontext" for verb in ("view", "add", "change", "delete")),
    )


@pytest.fixture
def examiner():
    return person("kofi", "view_attempt")


@pytest.fixture
def desk(instructor):
    return signed_in(instructor)
