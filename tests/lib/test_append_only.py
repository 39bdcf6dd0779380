"""Rows that are written once, by whatever way they are reached."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from maarifa.curriculum.models import Picture
from maarifa.lib.append_only import AppendOnly, trigger_of
from maarifa.quizzes.models import AttemptGrant, Downtime, Quiz, TimeExtension
from tests.factories.accounts import AuditEntryFactory, UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, WRONG, enrolled, send_answers, start_quiz
from tests.factories.regrading import regraded

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if issubclass(model, AppendOnly)]


@pytest.fixture
def rows():
    made = published_course()
    person = AuditEntryFactory().actor or UserFactory()
    AttemptGrant.objects.create(learner=person, quiz=Quiz.objects.first(), number=2, granted_by=person)
    Picture.objects.create(digest="0" * 64, svg="<svg/>")
    attempt = start_quiz(enrolled(course=made))
    send_answers(attempt, WRONG)
    regraded(
        attempt.questions.first().question_version,
        "everyone",
        by=person,
        note="The key was wrong.",
        at=MONDAY,
    )
    Downtime.objects.create(began_at=MONDAY, ended_at=MONDAY + timedelta(minutes=5))
    TimeExtension.objects.create(attempt=attempt, seconds=60, reason="more", added_by=person)


def test_written_once_is_what_others_are_pinned_to_and_the_audit():
    assert {model.__name__ for model in MODELS} == {
        *("AttemptGrant", "AuditEntry", "Document", "Edition", "EditionEntry", "EditionQuiz", "Picture"),
        *("PoolEntry", "QuestionVersion", "QuizVersion", "RegradedAnswer", "Downtime", "TimeExtension"),
        "PracticeQuestion",
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_row_is_neither_changed_nor_deleted(rows, model):
    row = model.objects.first()
    for change in (row.save, row.delete, lambda: model.objects.update(id=0), model.objects.all().delete):
        with pytest.raises(TypeError, match=f"{model.__name__} is written once"):
            change()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_database_refuses_a_change_that_goes_past_the_models(rows, model):
    table = model._meta.db_table
    with (
        pytest.raises(DatabaseError, match=f"{table} is written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f'UPDATE "{table}" SET id = id')
    assert model.objects.exists()


def test_triggers_are_made_again_where_they_are_gone(rows):
    from django.core.management import call_command

    name = trigger_of("curriculum_edition")
    with connection.cursor() as cursor:
        on = ' ON "curriculum_edition"' if connection.vendor == "postgresql" else ""
        cursor.execute(f'DROP TRIGGER "{name}"{on}')
        cursor.execute("UPDATE curriculum_edition SET id = id")
    call_command("migrate", verbosity=0)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE curriculum_edition SET id = id")
