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


def replace(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def without_second_lesson(tiny):
    replace(tiny / "course.yaml", "  - key: second\n    activity_minutes: 5\n", "")
    replace(tiny / "banks/basics.yaml", "lesson: second", "lesson: first")
    (tiny / "second/lesson.en.md").unlink()
    (tiny / "second/lesson.ar.md").unlink()
