"""Cards are the same in whatever order answers arrive, and the database refuses those that make no sense."""

import itertools
import random
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maarifa.accounts.actions import erase_account
from maarifa.curriculum.models import PracticeQuestion
from maarifa.learning.actions import refresh_cards
from maarifa.learning.memory import Exposure, memory_of
from maarifa.learning.models import ReviewAnswer, ReviewCard, ReviewRefresh
from maarifa.lib.personal_data import everything_about
from maarifa.quizzes.models import AttemptQuestion
from maarifa.reminders.models import ReviewReminder
from tests.factories.curriculum import published_course
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    answer_card,
    enrolled,
    pass_quiz,
    read_lesson,
    refresh_all,
)
from tests.learning.events import DAY, HOUR

MIXED = {**RIGHT, "numeric": "7"}
"""Enough to pass: the number is wrong."""
PRACTICE_RIGHT, PRACTICE_WRONG = ["1"], ["2"]


@pytest.fixture
def practice_card(enrolment):
    read_lesson(enrolment, "first")
    refresh_all()
    return ReviewCard.objects.get()


@pytest.fixture
def cards(enrolment):
    """Of a passed quiz, by the kind of question; the number was wrong."""
    pass_quiz(enrolment, MIXED)
    refresh_all()
    rows = ReviewCard.objects.filter(question__isnull=False).select_related("question")
    return {card.question.kind: card for card in rows}


def days_until_due(card) -> int:
    card.refresh_from_db()
    return (card.due_at - card.exposed_at).days


# Whatever arrives when ----------------------------------------------------------------------------------------

ANSWERS = st.lists(st.tuples(st.integers(0, 200), st.booleans()), min_size=1, max_size=5)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ANSWERS, st.randoms(use_true_random=False))
def test_card_is_the_same_in_whatever_order_the_answers_arrive(cards, answers, chance: random.Random):
    """A phone that was offline sends old answers after newer ones from elsewhere."""
    card = cards["single"]
    arrived_at = MONDAY + 300 * DAY
    left = []
    for order in (answers, chance.sample(answers, len(answers))):
        with transaction.atomic():
            for number, (days, right) in enumerate(order):
                happened = MONDAY + timedelta(days=days, hours=1)
                answer_card(
                    card,
                    ["a"] if right else ["b"],
                    client_time=happened.isoformat(),
                    at=arrived_at + timedelta(minutes=number),
                )
            left.append(
                ReviewCard.objects.values("stability", "difficulty", "exposed_at", "due_at").get(pk=card.pk)
            )
            transaction.set_rollback(True)
    exposures = [Exposure(MONDAY + timedelta(days=days, hours=1), right) for days, right in answers]
    assert left[0] == left[1] == memory_of([Exposure(MONDAY, True), *exposures])._asdict()


def test_late_answer_changes_the_card_as_if_it_had_come_in_time(practice_card):
    """Of the same three answers, each order of arrival leaves the same, also where a refresh comes between."""
    moments = [MONDAY + days * DAY for days in (4, 10, 40)]
    rights = (True, False, True)
    left = set()
    for order in itertools.permutations(range(3)):
        for number in order:
            answer_card(
                practice_card,
                PRACTICE_RIGHT if rights[number] else PRACTICE_WRONG,
                client_time=moments[number].isoformat(),
                at=MONDAY + 50 * DAY,
            )
            refresh_cards(enrolments=[practice_card.enrolment], at=MONDAY + 50 * DAY)
        practice_card.refresh_from_db()
        left.add((practice_card.stability, practice_card.difficulty, practice_card.due_at))
        ReviewAnswer.objects.all().delete()
        refresh_cards(enrolments=[practice_card.enrolment], at=MONDAY + 50 * DAY)
    assert len(left) == 1


def test_answer_never_happened_before_the_enrolment_nor_after_its_arrival(practice_card):
    for client_time, expected in (
        ("2001-01-01T00:00:00Z", MONDAY),
        ("2035-01-01T00:00:00Z", MONDAY + 4 * DAY),
    ):
        answer_card(practice_card, PRACTICE_RIGHT, client_time=client_time, at=MONDAY + 4 * DAY)
        assert ReviewAnswer.objects.order_by("-pk").first().happened_at == expected


# The tables ---------------------------------------------------------------------------------------------------


def test_card_is_of_one_question_once(practice_card, cards):
    of_quiz, of_lesson = cards["single"], practice_card
    known = {"stability": 1, "difficulty": 5, "exposed_at": MONDAY, "due_at": MONDAY + DAY}
    wrong = [
        {"enrolment": of_quiz.enrolment, "question": of_quiz.question},
        {"enrolment": of_quiz.enrolment, "lesson": of_lesson.lesson, "practice_key": "first-check"},
        {"enrolment": of_quiz.enrolment, "lesson": of_lesson.lesson},
        {"enrolment": of_quiz.enrolment, "question": of_quiz.question, "practice_key": "another"},
        {"enrolment": of_quiz.enrolment},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewCard.objects.create(**fields, **known)
    for fields in ({"due_at": MONDAY}, {"stability": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewCard.objects.filter(pk=of_quiz.pk).update(**{"exposed_at": MONDAY, **fields})


def test_answer_is_to_one_question_and_not_after_its_arrival(cards):
    version = AttemptQuestion.objects.first().question_version
    known = {"card": cards["single"], "response": ["a"], "score": 0, "right": False}
    for fields in (
        {"happened_at": MONDAY, "received_at": MONDAY},
        {"question_version": version, "happened_at": MONDAY + HOUR, "received_at": MONDAY},
        {"question_version": version, "happened_at": MONDAY, "received_at": MONDAY, "score": -1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewAnswer.objects.create(**{**known, **fields})


def test_published_practice_is_written_once(course):
    row = PracticeQuestion.objects.first()
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE curriculum_practicequestion SET key = 'x'")


def test_another_course_of_the_learner_has_cards_of_its_own(enrolment, learner):
    other = enrolled(course=published_course(at=MONDAY), learner=learner)
    for one in (enrolment, other):
        read_lesson(one, "first", client_id=uuid4())
    refresh_all()
    assert set(ReviewCard.objects.values_list("enrolment", flat=True)) == {enrolment.pk, other.pk}


# A person's own -----------------------------------------------------------------------------------------------


def test_copy_of_a_persons_data_says_what_was_reviewed(practice_card, cards):
    answer_card(practice_card, PRACTICE_WRONG, at=MONDAY + 5 * DAY)
    answer_card(cards["single"], ["a"], at=MONDAY + 5 * DAY)
    tables = {
        one["table"]: one["rows"] for one in everything_about(practice_card.enrolment.learner)["tables"]
    }
    said = {(row["card"], str(row["response"]), row["right"]) for row in tables["learning.ReviewAnswer"]}
    assert said == {
        ("rules-that-work/first/first-check", "['2']", False),
        ("rules-that-work/basics/where", "['a']", True),
    }
    assert len(tables["learning.ReviewCard"]) == 4
    assert {row["enrolment"] for row in tables["learning.ReviewCard"]} == {"rules-that-work"}


def test_erasing_a_person_leaves_nothing_of_their_reviews(practice_card, cards):
    answer_card(practice_card, PRACTICE_WRONG, at=MONDAY + 5 * DAY)
    learner = practice_card.enrolment.learner
    ReviewReminder.objects.create(learner=learner, number=1)
    erase_account(user=learner, by=None)
    for model in (ReviewAnswer, ReviewCard, ReviewRefresh, ReviewReminder):
        assert not model.objects.exists()
