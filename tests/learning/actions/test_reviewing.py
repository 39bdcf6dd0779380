"""Cards are made of what was learned, and answers in reviews change them, whenever they arrive."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from maarifa.curriculum.actions import keep_practice, publish_course
from maarifa.curriculum.models import LessonText, PracticeQuestion
from maarifa.learning.actions import EventError, refresh_cards, refresh_review
from maarifa.learning.actions.reviewing import BATCH, refresh_some
from maarifa.learning.memory import Exposure, memory_of
from maarifa.learning.models import Enrolment, Event, ReviewAnswer, ReviewCard, ReviewRefresh
from maarifa.learning.tasks import refresh_review as refresh_task
from maarifa.quizzes.errors import AnswerError
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    WRONG,
    answer_card,
    enrolled,
    pass_quiz,
    read_lesson,
    refresh_all,
)
from tests.factories.practice import rendered_before_forms
from tests.learning.events import DAY, HOUR, ID, republish

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


# What cards are made of ---------------------------------------------------------------------------------------


def test_practice_of_a_finished_lesson_is_due_after_four_days(enrolment):
    read_lesson(enrolment, "first")
    read_lesson(enrolment, "second")
    assert ReviewCard.objects.count() == 0
    refresh_all()
    card = ReviewCard.objects.get()
    assert (card.lesson.key, card.practice_key, card.question) == ("first", "first-check", None)
    assert (card.exposed_at, card.due_at) == (MONDAY, MONDAY + 4 * DAY)


def test_practice_of_a_lesson_that_is_not_finished_makes_no_card(enrolment):
    read_lesson(enrolment, "second")
    refresh_all()
    assert not ReviewCard.objects.exists()
    assert ReviewRefresh.objects.count() == 1


def test_missed_question_is_due_sooner_than_a_right_one(cards):
    assert {kind: days_until_due(card) for kind, card in cards.items()} == {
        "single": 4,
        "truefalse": 4,
        "numeric": 1,
    }


def test_refresh_again_changes_nothing(cards):
    before = list(ReviewCard.objects.order_by("pk").values())
    refresh_cards(enrolments=list(Enrolment.objects.all()), at=MONDAY + HOUR)
    assert list(ReviewCard.objects.order_by("pk").values()) == before


def test_second_attempt_adds_to_what_the_first_left(enrolment):
    pass_quiz(enrolment, WRONG)
    refresh_all()
    later = MONDAY + 3 * DAY
    pass_quiz(enrolment, RIGHT, at=later)
    refresh_all(at=later)
    card = ReviewCard.objects.get(question__kind="single")
    due_at = memory_of([Exposure(MONDAY, False), Exposure(later, True)]).due_at
    assert (card.exposed_at, card.due_at) == (later, due_at)


def test_refresh_looks_only_at_who_learned_something_since(enrolment, django_assert_num_queries):
    read_lesson(enrolment, "first")
    refresh_all(at=MONDAY + HOUR)
    with django_assert_num_queries(1):
        assert refresh_some(after=0, at=MONDAY + 2 * HOUR) is None
    read_lesson(enrolment, "second", at=MONDAY + 3 * HOUR)
    refresh_all(at=MONDAY + 3 * HOUR)
    assert ReviewRefresh.objects.get().refreshed_at > MONDAY + 2 * HOUR


def test_what_arrived_just_before_a_refresh_is_looked_at_again(enrolment):
    """It may have been committed after the refresh had looked."""
    read_lesson(enrolment, "second", at=MONDAY + HOUR)
    refresh_all(at=MONDAY + HOUR)
    late = {"client_time": MONDAY.isoformat(), "at": MONDAY + HOUR}
    read_lesson(enrolment, "first", **late)
    refresh_all(at=MONDAY + HOUR + timedelta(minutes=1))
    assert ReviewCard.objects.count() == 1


def test_refresh_asks_the_same_number_of_queries_for_one_and_for_many(course, django_assert_max_num_queries):
    def learned(learners):
        enrolments = [enrolled(course=course) for _number in range(learners)]
        for enrolment in enrolments:
            read_lesson(enrolment, "first")
            pass_quiz(enrolment, MIXED)
        return list(Enrolment.objects.filter(pk__in=[one.pk for one in enrolments]).select_related("course"))

    for learners in (1, 6):
        enrolments = learned(learners)
        with django_assert_max_num_queries(10):
            assert refresh_cards(enrolments=enrolments, at=MONDAY) == 4 * learners


def test_refresh_goes_on_where_a_turn_ended(course):
    enrolments = [enrolled(course=course) for _number in range(3)]
    for enrolment in enrolments:
        read_lesson(enrolment, "first")
    after = refresh_some(after=0, at=MONDAY, seconds=-1)
    assert after == enrolments[-1].pk
    assert len(enrolments) < BATCH
    assert refresh_some(after=after, at=MONDAY) is None
    assert ReviewCard.objects.count() == 3


def test_refresh_ends_when_its_hour_is_over(enrolment):
    read_lesson(enrolment, "first")
    refresh_review(until=MONDAY, at=MONDAY)
    assert not ReviewCard.objects.exists()
    refresh_task()
    assert ReviewCard.objects.count() == 1


def test_ended_enrolments_are_not_refreshed(enrolment):
    read_lesson(enrolment, "first")
    Enrolment.objects.update(ended_at=MONDAY)
    refresh_all()
    assert not ReviewRefresh.objects.exists()


# Practice of editions -----------------------------------------------------------------------------------------


def test_publishing_keeps_the_practice_of_every_language(course):
    rows = {row.document.language: row for row in PracticeQuestion.objects.select_related("document")}
    assert rows.keys() == {"en", "ar"}
    english = rows["en"]
    assert (english.kind, english.structure) == ("single", {"choices": ["1", "2"], "correct": ["1"]})
    assert english.texts["stem"] == "Whom does a rule that nobody can find protect?"
    assert english.texts["choices"]["2"] == {"text": "Everybody", "feedback": "Not before they can read it."}


def test_practice_of_an_edition_from_before_is_kept_with_the_first_refresh(enrolment):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM curriculum_practicequestion")
    read_lesson(enrolment, "first")
    refresh_all()
    assert ReviewCard.objects.count() == 1
    assert PracticeQuestion.objects.count() == 2


def test_practice_stands_beside_its_document_whatever_is_edited_since(course):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM curriculum_practicequestion")
    text = LessonText.objects.get(lesson=course.lessons[0], language="en")
    text.body = text.body.replace("Everybody", "Anybody")
    text.save()
    assert keep_practice(edition=course.edition) == 2
    assert "Everybody" in str(PracticeQuestion.objects.get(document__language="en").texts)


def test_practice_from_before_forms_that_was_edited_since_publication_is_left_out(db, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr("maarifa.curriculum.activities.lesson.rendered", rendered_before_forms)
        course = published_course(at=MONDAY)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM curriculum_practicequestion")
    text = LessonText.objects.get(lesson=course.lessons[0], language="en")
    text.body = text.body.replace("Everybody", "Anybody")
    text.save()
    assert keep_practice(edition=course.edition) == 1
    assert PracticeQuestion.objects.get().document.language == "ar"
    assert keep_practice(edition=course.edition) == 0


def test_new_practice_of_a_later_edition_is_asked_of_who_finished_the_lesson(enrolment, course):
    read_lesson(enrolment, "second")
    refresh_all()
    text = LessonText.objects.get(lesson=course.lessons[1], language="en")
    first = LessonText.objects.get(lesson=course.lessons[0], language="en")
    text.body += "\n\n" + first.body[first.body.index("```practice") :].replace("first-check", "new-check")
    text.save()
    publish_course(course=course.course, by=None, at=MONDAY + HOUR, leave_out=[("second", "ar")])
    refresh_all(at=MONDAY + 2 * HOUR)
    assert ReviewCard.objects.get().practice_key == "new-check"


# Answers ------------------------------------------------------------------------------------------------------


def test_answers_in_reviews_take_a_practice_question_from_4_to_31_to_173_days(practice_card):
    found = [days_until_due(practice_card)]
    for _number in range(2):
        answer_card(practice_card, PRACTICE_RIGHT, at=practice_card.due_at)
        found.append(days_until_due(practice_card))
    assert found == [4, 31, 173]


def test_missed_quiz_question_comes_back_after_1_4_17_and_61_days(cards):
    card = cards["numeric"]
    found = [days_until_due(card)]
    for _number in range(3):
        outcome = answer_card(card, "193", at=card.due_at)
        assert outcome == {"status": "accepted", "card": str(card.public_id), "right": True}
        found.append(days_until_due(card))
    assert found == [1, 4, 17, 61]


def test_wrong_answer_brings_a_question_back_soon(cards):
    card = cards["single"]
    outcome = answer_card(card, ["b"], at=MONDAY + 4 * DAY)
    assert outcome["right"] is False
    assert days_until_due(card) == 1
    answer = ReviewAnswer.objects.get()
    assert (answer.response, answer.score, answer.right) == (["b"], 0, False)
    assert answer.question_version.question_id == card.question_id


def test_answer_sent_twice_counts_once(practice_card):
    first = answer_card(practice_card, PRACTICE_RIGHT, client_id=ID, at=MONDAY + 4 * DAY)
    again = answer_card(practice_card, PRACTICE_RIGHT, client_id=ID, at=MONDAY + 5 * DAY)
    assert first == again
    assert ReviewAnswer.objects.count() == 1
    with pytest.raises(EventError, match="different content"):
        answer_card(practice_card, PRACTICE_WRONG, client_id=ID)
    assert ReviewAnswer.objects.count() == 1


def test_answer_moves_no_activity_that_others_see(practice_card):
    before = Enrolment.objects.values().get()
    answer_card(practice_card, PRACTICE_RIGHT, at=MONDAY + 30 * DAY)
    assert Enrolment.objects.values().get() == before


def test_question_is_graded_in_the_version_that_was_shown(cards, course):
    card = cards["single"]
    question = card.question
    question.structure = {**question.structure, "correct": ["b"]}
    question.save()
    republish(course)
    at = MONDAY + 4 * DAY
    assert answer_card(card, ["a"], at=at, payload={"version": 1})["right"] is True
    assert answer_card(card, ["a"], at=at, payload={"version": 2})["right"] is False
    assert answer_card(card, ["b"], at=at)["right"] is True


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"card": "x"}, "BAD_PAYLOAD"),
        ({"card": None}, "BAD_PAYLOAD"),
        ({"card": str(UUID(int=1))}, "UNKNOWN_CARD"),
        ({"form": 3}, "BAD_PAYLOAD"),
        ({"form": "x"}, "BAD_PAYLOAD"),
        ({"response": None}, "BAD_PAYLOAD"),
        ({"response": []}, "BAD_PAYLOAD"),
        ({"version": "1"}, "BAD_PAYLOAD"),
        ({"version": True}, "BAD_PAYLOAD"),
        ({"version": 2**63}, "BAD_PAYLOAD"),
        ({"version": 77}, "UNKNOWN_CARD"),
    ],
)
def test_event_that_says_nothing_of_a_card_is_refused_and_not_kept(cards, payload, code):
    events = Event.objects.count()
    with pytest.raises(EventError) as refusal:
        answer_card(cards["single"], ["a"], payload=payload)
    assert refusal.value.code == code
    assert (Event.objects.count(), ReviewAnswer.objects.count()) == (events, 0)


@pytest.mark.parametrize("response", [["z"], ["a", "b"], "a", {"a": "b"}, 7])
def test_answer_that_cannot_be_read_is_refused_and_not_kept(cards, response):
    with pytest.raises(AnswerError):
        answer_card(cards["single"], response)
    assert not ReviewAnswer.objects.exists()


def test_card_of_somebody_else_is_unknown(practice_card, course):
    practice_card.enrolment = enrolled(course=course, learner=UserFactory())
    with pytest.raises(EventError) as refusal:
        answer_card(practice_card, PRACTICE_RIGHT)
    assert refusal.value.code == "UNKNOWN_CARD"
