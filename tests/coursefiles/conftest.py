"""A tiny course on disk, and a folder for what a test makes of it."""

import shutil
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def courses_folder(tmp_path):
    """A folder of courses with the tiny course in it, to be changed freely."""
    shutil.copytree(FIXTURES / "courses", tmp_path / "courses")
    return tmp_path / "courses"


@pytest.fixture
def tiny(courses_folder):
    return courses_folder / "tiny"
