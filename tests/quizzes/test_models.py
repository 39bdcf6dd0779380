"""What the database itself refuses, and rows that are written once."""

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import ProtectedError

from maarifa.accounts.models import User
from maarifa.quizzes.models import (
    Attempt,
    AttemptQuestion,
    Bank,
    PoolEntry,
    Question,
    QuestionText,
    QuestionVersion,
    Quiz,
    QuizVersion,
)
from tests.factories.quizzes import (
    MONDAY,
    BankFactory,
    QuestionFactory,
    QuestionTextFactory,
    QuizFactory,
    make_attempt,
    make_question,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt():
    return make_attempt(learner=User.objects.create_user("amina"))


def refused(change, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(*args, **kwargs)


@pytest.mark.parametrize("key", ["", "bank", "course/", "/bank", "Course/bank", "a/b/c", f"{'a' * 61}/b"])
def test_key_of_bank_and_quiz_is_a_course_and_a_key(key):
    refused(BankFactory, key=key)
    bank = BankFactory()
    refused(QuizFactory, key=key, bank=bank)


@pytest.mark.parametrize("key", ["", "One", "a b", "a/b", "é", "a" * 61])
def test_key_of_a_question_is_a_key(key):
    # PostgreSQL says so of the longest one before it looks at the constraint.
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        QuestionFactory(bank=BankFactory(), key=key)


@pytest.mark.parametrize("kind", ["", "final"])
def test_kind_of_a_bank_is_practice_module_or_exam(kind):
    refused(BankFactory, kind=kind)


def test_keys_are_unique():
    bank = BankFactory(key="course/one")
    QuizFactory(key="course/one", bank=bank)
    question = QuestionFactory(bank=bank, key="one")
    refused(BankFactory, key="course/one")
    refused(QuizFactory, key="course/one", bank=bank)
    refused(QuestionFactory, bank=bank, key="one")
    assert QuestionFactory(key="one").bank != question.bank


@pytest.mark.parametrize(
    "rules", [{"draw": 0}, {"pass_percent": 0}, {"pass_percent": 101}, {"attempts": 0}, {"wait_minutes": -1}]
)
def test_rules_of_a_quiz_make_sense(rules):
    bank = BankFactory()
    refused(QuizFactory, bank=bank, **rules)


@pytest.mark.parametrize("points", [0, 101])
def test_points_are_from_one_to_a_hundred(points):
    refused(QuestionFactory, bank=BankFactory(), points=points)


def test_question_has_one_text_a_language_and_one_source():
    question = make_question(arabic=False)
    refused(QuestionTextFactory, question=question, language="en")
    refused(QuestionTextFactory, question=question, language="en", state="machine", source_digest="0" * 16)
    refused(QuestionTextFactory, question=question, language="fr")
    refused(QuestionTextFactory, question=question, language="fr", state="machine")
    refused(QuestionText.objects.filter(question=question).update, source_digest="0" * 16)


def test_attempt_is_one_at_a_time_and_each_has_its_number(attempt):
    def another(**changes):
        fields = {
            field.attname: getattr(attempt, field.attname)
            for field in Attempt._meta.concrete_fields
            if field.name not in ("id", "public_id")
        }
        return Attempt.objects.create(**{**fields, **changes})

    done = {"submitted_at": MONDAY, "score": 0, "passed": False}
    refused(another, number=2)
    refused(another, number=1, **done)
    refused(another, number=0, **done)
    assert another(number=2, **done).pk


@pytest.mark.parametrize(
    "change",
    [
        {"submitted_at": MONDAY},
        {"score": 1},
        {"passed": True},
        {"submitted_at": MONDAY, "score": 1},
        {"submitted_at": MONDAY, "score": -1, "passed": False},
        {"submitted_at": MONDAY, "score": 400_001, "passed": True},
        {"submitted_at": MONDAY - timedelta(seconds=1), "score": 0, "passed": False},
        {"late": "awaiting"},
        {"late": "perhaps", "submitted_at": MONDAY, "score": 0, "passed": False},
        {"maximum": 0},
    ],
)
def test_attempt_has_a_result_exactly_when_it_is_submitted(attempt, change):
    assert attempt.maximum == 400_000
    refused(Attempt.objects.filter(pk=attempt.pk).update, **change)


def test_question_of_an_attempt_has_its_place_and_its_moment(attempt):
    first, second = attempt.questions.order_by("position")[:2]
    of_first = AttemptQuestion.objects.filter(pk=first.pk)
    refused(of_first.update, position=2)
    refused(of_first.update, question_version=second.question_version)
    refused(of_first.update, response=["a"])
    refused(of_first.update, score=-1)


def test_attempt_is_at_a_version_of_its_own_quiz(attempt):
    def pin(**fields):
        Attempt.objects.filter(pk=attempt.pk).update(**fields)
        connection.check_constraints()

    other = make_version()
    refused(pin, quiz_version=other)
    refused(pin, quiz=other.quiz)
    pin(quiz_version=other, quiz=other.quiz)


def test_versions_are_numbered_and_never_made_twice(attempt):
    version = attempt.quiz_version
    question = version.entries.first().question_version

    def copy(row, **changes):
        fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        del fields["id"]
        return type(row).objects.create(**{**fields, **changes})

    refused(copy, version, number=2)
    refused(copy, version, digest="other")
    refused(copy, question, number=2)
    refused(copy, question, digest="other")
    refused(copy, version, number=0, digest="other")
    refused(copy, question, number=0, digest="other")
    refused(copy, question, number=2, digest="other", points=0)
    refused(copy, question, number=2, digest="other", points=101)
    refused(copy, version.entries.first(), position=9)
    refused(copy, version.entries.first(), question_version_id=copy(question, number=2, digest="other").pk)


@pytest.mark.parametrize("model", [QuestionVersion, QuizVersion, PoolEntry])
def test_version_is_written_once(attempt, model):
    row = model.objects.first()
    for change in (row.save, row.delete, model.objects.all().delete, lambda: model.objects.update(pk=row.pk)):
        with pytest.raises(TypeError, match=f"{model.__name__} is written once"):
            change()


@pytest.mark.parametrize("model", [Bank, Question, Quiz])
def test_what_was_asked_cannot_be_deleted(attempt, model):
    for row in model.objects.all():
        with pytest.raises(ProtectedError):
            row.delete()


def test_learner_with_an_attempt_cannot_be_deleted(attempt):
    with pytest.raises(ProtectedError):
        attempt.learner.delete()


def test_attempts_are_found_by_how_they_stand(attempt):
    assert list(Attempt.objects.open()) == [attempt]
    assert list(Attempt.objects.submitted()) == []
    Attempt.objects.update(submitted_at=MONDAY, score=400_000, passed=True)
    assert list(Attempt.objects.open()) == []
    assert list(Attempt.objects.submitted()) == list(Attempt.objects.passed()) == [attempt]
    for late, counts in (("awaiting", 0), ("refused", 0), ("accepted", 1)):
        Attempt.objects.update(late=late)
        assert Attempt.objects.passed().count() == counts
        assert Attempt.objects.get().counts_as_passed == bool(counts)


def test_history_keeps_who_asked_what():
    version = make_version()
    question = Question.objects.get(key="single-1")
    question.points = 2
    question.save()
    assert [row.points for row in question.history.order_by("history_id")] == [1, 2]
    assert version.quiz.own_key == version.quiz.key.split("/")[1]
