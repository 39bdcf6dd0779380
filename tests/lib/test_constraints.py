"""A pair that points to a row of the same owner, held by both databases."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.state import ProjectState

from maarifa.curriculum.models import Course
from maarifa.lib.constraints import CompositeForeignKey
from tests.factories.curriculum import published_course

NAME = "curriculum_course_current_edition_is_its_own"


def take_the_edition_of_another_course():
    one, other = published_course(), published_course()
    Course.objects.filter(pk=one.course.pk).update(current_edition=other.edition)
    return one.course, one.edition


@pytest.mark.django_db
def test_pair_is_asked_for_in_forms_too():
    course, own = take_the_edition_of_another_course()
    course.refresh_from_db()
    with pytest.raises(ValidationError, match=NAME):
        course.validate_constraints()
    course.validate_constraints(exclude={"current_edition"})
    for allowed in (own, None):
        course.current_edition = allowed
        course.validate_constraints()
    course.save()


@pytest.mark.django_db(transaction=True)
def test_pair_is_refused_at_the_end_of_the_transaction():
    with pytest.raises(IntegrityError), transaction.atomic():
        take_the_edition_of_another_course()


@pytest.mark.django_db(transaction=True)
def test_pair_goes_and_comes_with_migrations():
    remove = migrations.RemoveConstraint("course", NAME)
    before = ProjectState.from_apps(apps)
    after = before.clone()
    remove.state_forwards("curriculum", after)

    with connection.schema_editor() as editor:
        remove.database_forwards("curriculum", editor, before, after)
    course, own = take_the_edition_of_another_course()
    Course.objects.filter(pk=course.pk).update(current_edition=own)
    with connection.schema_editor() as editor:
        remove.database_backwards("curriculum", editor, after, before)

    with pytest.raises(IntegrityError), transaction.atomic():
        take_the_edition_of_another_course()


def test_pair_equals_one_that_says_the_same():
    said = {"field": "parent", "mine": "institution", "theirs": "institution", "name": "pair"}
    assert CompositeForeignKey(**said) == CompositeForeignKey(**said)
    assert CompositeForeignKey(**said) == CompositeForeignKey(**said).clone()
    assert CompositeForeignKey(**said) != CompositeForeignKey(**said | {"mine": "unit"})
    assert CompositeForeignKey(**said) != models.UniqueConstraint(fields=["parent"], name="pair")
    assert len({CompositeForeignKey(**said), CompositeForeignKey(**said)}) == 1
