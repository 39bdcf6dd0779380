"""What the commands say has happened."""

import pytest
from django.core.management import call_command

from maarifa.curriculum.models import CourseText
from tests.coursefiles.conftest import without_second_lesson

pytestmark = pytest.mark.django_db


def test_load_courses_says_of_a_retired_lesson_whether_it_has_happened(courses_folder, capsys):
    call_command("load_courses", str(courses_folder))
    without_second_lesson(courses_folder / "tiny")
    capsys.readouterr()
    for heading, options in (("loading would make", ["--dry-run"]), ("loaded with", [])):
        call_command("load_courses", str(courses_folder), *options)
        said = capsys.readouterr().out.splitlines()
        assert said[0] == f"tiny: {heading} these changes:"
        assert "  second: retire, because it is no longer in the files" in said


def test_load_courses_says_that_nothing_was_loaded_where_the_admin_has_changed_a_text(courses_folder, capsys):
    call_command("load_courses", str(courses_folder))
    CourseText.objects.filter(course__key="tiny", language="en").update(summary="Changed in the admin.")
    capsys.readouterr()
    for options in (["--dry-run"], []):
        call_command("load_courses", str(courses_folder), *options)
        said = capsys.readouterr().out.splitlines()
        assert said[0] == "tiny: nothing to load. These files differ from the texts in the admin:"
        assert any(line.startswith("  course.en.yaml: ") for line in said)
