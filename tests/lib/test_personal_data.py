"""A person's copy of what is held of them says everything, in words that they can read."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from maarifa.accounts.models import User
from maarifa.lib.personal_data import everything_about
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.kinds import KINDS
from maarifa.quizzes.models import AttemptQuestion
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import accepted_member
from tests.factories.institutions import ManagedAccountFactory
from tests.factories.learning import WRONG as WRONG_ON_COURSE
from tests.factories.learning import enrolled, read_lesson, send_answers, start_quiz
from tests.factories.quizzes import RIGHT, make_attempt, make_version, right_responses, submit

pytestmark = pytest.mark.django_db


def tables_of(person) -> dict:
    said = json.loads(json.dumps(everything_about(person), cls=DjangoJSONEncoder))
    tables = {}
    for table in said["tables"]:
        tables.setdefault(table["table"], []).append(table["rows"])
    return tables


def test_answers_name_their_questions_and_choices():
    person = UserFactory()
    submit(attempt := make_attempt(learner=person, quiz_version=make_version()), right_responses(attempt))

    (rows,) = tables_of(person)["quizzes.AttemptQuestion"]

    said = {row["question_version"]: (row["response"], row["score"]) for row in rows}
    assert said["What is single-1?"] == (["Choice b of single-1"], 1.0)
    assert said["What is multiple-2?"] == (["Choice a of multiple-2", "Choice c of multiple-2"], 1.0)
    assert said["What is truefalse-3?"] == (["False"], 1.0)
    assert said["What is numeric-4?"] == ("12.5", 1.0)


def test_answers_are_said_in_the_language_they_were_given_in():
    person = UserFactory()
    make_attempt(learner=person, quiz_version=make_version(kinds=("single",)), language="ar")

    ((row,),) = tables_of(person)["quizzes.AttemptQuestion"]

    assert (row["question_version"], row["response"]) == ("ما هو single-1؟", None)


def test_questions_of_an_exam_are_named_by_their_key_alone():
    person = UserFactory()
    version = make_version(kinds=("single",), bank_kind=BankKind.EXAM)
    attempt = make_attempt(learner=person, quiz_version=version)
    submit(attempt, right_responses(attempt))

    said = repr(tables_of(person))

    assert "single-1" in said
    assert not [words for words in ("What is", "Choice", "SECRET") if words in said]
    assert AttemptQuestion.objects.get().response == RIGHT["single"]


def test_lessons_say_course_edition_and_whether_they_were_late():
    enrolment = enrolled(learner=UserFactory(name="Lindiwe"))
    read_lesson(enrolment, "first")
    send_answers(start_quiz(enrolment), WRONG_ON_COURSE)

    tables = tables_of(enrolment.learner)

    ((lesson,),) = tables["learning.LessonCompletion"]
    assert (lesson["enrolment"], lesson["lesson"]) == (enrolment.course.key, "first")
    assert (lesson["edition"], lesson["late"]) == (1, "on time")
    ((row,),) = tables["learning.Enrolment"]
    assert (row["learner"], row["course"]) == ("Lindiwe", enrolment.course.key)
    ((attempt,),) = tables["quizzes.Attempt"]
    assert attempt["quiz"].endswith("basics-quiz")


def test_what_rows_point_at_is_said_in_words():
    """No number of a row stands in the copy: it would say nothing to the person."""
    person = UserFactory(name="Lindiwe", email="lindiwe@example.org")
    member = accepted_member(learner=person)
    made = ManagedAccountFactory(user=person)

    tables = tables_of(person)

    assert tables["institutions.ManagedAccount"][0][0]["institution"] == made.institution.name
    kept = next(rows[0] for rows in tables["cohorts.CohortMember"] if "enrolment" in rows[0])
    assert (kept["learner"], kept["enrolment"]) == ("Lindiwe", member.enrolment.course.key)


def test_copy_asks_the_same_for_one_answer_and_for_many(django_assert_max_num_queries):
    counts = []
    for kinds in (("single",), tuple(KINDS)):
        person = User.objects.get(pk=UserFactory().pk)
        make_attempt(learner=person, quiz_version=make_version(kinds=kinds))
        with django_assert_max_num_queries(80) as asked:
            everything_about(person)
        counts.append(len(asked))

    assert counts[0] == counts[1]
