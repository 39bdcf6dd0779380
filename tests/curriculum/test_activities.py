"""Lessons and quizzes in one order: quizzes before, between and after lessons, several to a module, one alone."""

import pytest

from maarifa.curriculum.activities import KINDS, Place, required_places
from maarifa.curriculum.activity import KINDS as COLUMNS
from maarifa.curriculum.compiled import CompiledCourse
from maarifa.curriculum.editions import outline
from maarifa.curriculum.models import Activity, Edition
from maarifa.curriculum.nextedition import next_edition
from tests.factories.curriculum import MIXED, mixed_course, published_course

pytestmark = pytest.mark.django_db


def order(edition) -> list[tuple[str, list[str]]]:
    return [(one.key, [activity.key for activity in one.activities]) for one in outline(edition).modules]


def test_every_kind_has_its_column_and_is_named_as_it():
    assert set(KINDS) == set(COLUMNS)
    assert {name: kind.name for name, kind in KINDS.items()} == {name: name for name in KINDS}


def test_edition_has_quizzes_wherever_they_stand():
    made = mixed_course()
    assert order(made.edition) == MIXED
    read = outline(made.edition)
    assert read.lesson_order == ["first", "second"]
    assert read.quiz_order == ["start-quiz", "middle-quiz", "basics-quiz", "final-quiz"]
    assert [one.module for one in read.activities][-1] == "end"
    assert read.minutes == sum(one.minutes for one in read.activities)
    pinned = made.edition.quizzes.values_list("quiz_id", "quiz_version_id")
    assert set(pinned) == {(read.quiz(key).id, read.quiz(key).version) for key in read.quiz_order}


def test_what_an_edition_keeps_is_read_back_as_it_was_compiled():
    made = mixed_course()
    edition = Edition.objects.get(pk=made.edition.pk)
    course = CompiledCourse.model_validate(edition.structure)
    assert (course.structure, course.digest) == (edition.structure, edition.digest)
    assert not next_edition(made.course).differs


def test_a_quiz_that_moves_is_a_difference_that_is_published():
    made = mixed_course()
    Activity.objects.filter(quiz__key__endswith="/start-quiz").update(position=9)
    found = next_edition(made.course)
    assert [change.code for change in found.changes] == ["order"]
    assert found.differs


def test_module_with_nothing_in_it_keeps_the_course_back_and_one_with_a_quiz_does_not():
    made = mixed_course()
    assert next_edition(made.course).problems == []
    Activity.objects.filter(quiz__key__endswith="/final-quiz").delete()
    codes = [problem.code for problem in next_edition(made.course).problems]
    assert codes == ["empty_module", "quiz_unattached", "required_quiz_unknown"]


def test_requirements_name_activities_of_every_kind():
    made = published_course()
    assert required_places(made.edition.structure["requirements"]) == {
        Place("lesson", "first"),
        Place("lesson", "second"),
        Place("quiz", "basics-quiz"),
    }
