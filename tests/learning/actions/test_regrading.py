"""What follows for learners when a question was graded again."""

from datetime import timedelta

import pytest

from maarifa.delivery.actions import opt_out
from maarifa.delivery.models import Delivery
from maarifa.learning.actions import end_enrolment, refresh_cards
from maarifa.learning.models import CourseCompletion, Enrolment, ReviewCard
from maarifa.quizzes.actions import apply_regrade, regrade_question
from maarifa.quizzes.models import Question, RegradedAnswer
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import mixed_course
from tests.factories.learning import MONDAY, RIGHT, WRONG, enrolled, send_answers, start_quiz
from tests.factories.regrading import correction_of, regraded
from tests.learning.events import DAY, DUE, HOUR, finish_but_quiz

# One of three is right; with the single question two are, which passes.
NEARLY = {"single": ["b"], "truefalse": ["true"], "numeric": "7"}
WEEK = MONDAY + timedelta(days=7)
NOTE = "The key named the wrong choice."


@pytest.fixture
def learner(db):
    return UserFactory(username="amina", name="Amina Yusuf", email="amina@example.org")


@pytest.fixture
def author(db):
    return UserFactory(username="fatou", is_staff=True)


@pytest.fixture
def version(course):
    return course.quiz.versions.get().pool.get(kind="single")


def submitted(enrolment, answers, *, at=MONDAY, **more):
    attempt = start_quiz(enrolment, at=at, **more)
    send_answers(attempt, answers, at=at)
    return attempt


def again(version, *, by, method="everyone", at=WEEK, **more):
    return regraded(version, method, by=by, note=NOTE, at=at, **more)


def correct_key(structure):
    Question.objects.filter(kind="single").update(structure=structure)


WITH_B = {"choices": ["a", "b", "c"], "correct": ["b"]}

# Completion


def test_who_passes_now_completes_the_course_on_the_day_of_the_last_work(
    course, enrolment, version, author, completions
):
    finish_but_quiz(enrolment)
    submitted(enrolment, NEARLY, at=MONDAY + HOUR)
    assert completions == []
    again(version, by=author)
    completion = CourseCompletion.objects.get()
    assert (completion.enrolment, completion.completed_at) == (enrolment, MONDAY + HOUR)
    assert completions == [completion.pk]
    again(version, by=author, method="drop", at=WEEK + DAY)
    assert completions == [completion.pk]


def test_who_still_lacks_a_lesson_completes_nothing(enrolment, version, author, completions):
    submitted(enrolment, NEARLY)
    again(version, by=author)
    assert completions == []


def test_late_attempt_that_waits_for_a_decision_completes_nothing(
    course, learner, version, author, completions
):
    enrolment = enrolled(course=course, learner=learner, **DUE)
    finish_but_quiz(enrolment)
    submitted(enrolment, NEARLY, at=MONDAY + 3 * DAY)
    again(version, by=author)
    assert completions == []


def test_pass_that_completed_a_course_is_never_undone(course, enrolment, version, author):
    finish_but_quiz(enrolment)
    two = {**RIGHT, "numeric": "7"}
    finished = submitted(enrolment, two)
    other = submitted(enrolled(course=course), two)
    correct_key(WITH_B)
    row = again(version, by=author, method="corrected", lower=True)
    for attempt, passed in ((finished, True), (other, False)):
        attempt.refresh_from_db()
        assert attempt.passed is passed
    assert (row.lowered, row.no_longer_passed) == (1, 1)
    assert finished.score == 2 * other.score
    assert CourseCompletion.objects.count() == 1


# Messages


def test_learner_is_told_once_whatever_the_number_of_their_attempts(enrolment, version, author):
    first = submitted(enrolment, WRONG)
    second = submitted(enrolment, NEARLY, at=MONDAY + 2 * HOUR)
    row = again(version, by=author)
    assert RegradedAnswer.objects.count() == 2
    message = Delivery.objects.get()
    assert (message.recipient, message.kind) == (enrolment.learner, "new-result")
    assert message.subject == "Your result in “Basics: quiz” was graded again"
    for said in (
        NOTE,
        "Your result is now 2 of 3 points. Before, it was 1 of 3.",
        "You have now passed this quiz.",
        f"/en/learn/rules-that-work/quiz/basics-quiz/{second.public_id}/result/",
        "To stop getting messages of this kind, open this page:",
    ):
        assert said in message.text
    assert str(first.public_id) not in message.text
    # Run again from its beginning, as after a crash that nothing can cause.
    type(row).objects.update(
        state="pending", finished_at=None, graded_up_to=0, followed_up_to=0, queued_at=WEEK
    )
    assert apply_regrade(regrade_id=row.pk, at=WEEK + DAY, turn=0)
    assert Delivery.objects.count() == 1
    assert RegradedAnswer.objects.count() == 2


def test_learner_whose_result_is_as_before_is_told_nothing(enrolment, version, author):
    submitted(enrolment, RIGHT)
    again(version, by=author)
    assert Delivery.objects.count() == 0


def test_who_stopped_such_messages_or_left_the_course_gets_none(course, enrolment, version, author):
    submitted(enrolment, NEARLY)
    gone = enrolled(course=course, learner=UserFactory(email="gone@example.org"))
    submitted(gone, NEARLY)
    opt_out(user=enrolment.learner, kind="new-result")
    end_enrolment(enrolment=gone)
    again(version, by=author)
    assert Delivery.objects.count() == 0


def test_who_gets_an_attempt_back_reads_that(enrolment, version, author):
    for number in range(3):
        submitted(enrolment, {**NEARLY, "single": ["c"]}, at=MONDAY + number * 2 * HOUR)
    again(version, by=author, method="accept", structure=WITH_B)
    message = Delivery.objects.get()
    assert "Your result has not changed. You have one more attempt." in message.text
    assert start_quiz(enrolment, at=WEEK).number == 4


def test_learner_is_told_of_each_quiz_that_asked_the_question(learner, author):
    """Two quizzes on one bank: one attempt is passed now, and in the other quiz there is one more attempt."""
    made = mixed_course()
    enrolment = enrolled(course=made, learner=learner)
    passed = submitted(enrolment, NEARLY)
    for number in range(3):
        failed = submitted(
            enrolment, {**NEARLY, "single": ["c"]}, at=MONDAY + number * 2 * HOUR, quiz="start-quiz"
        )
    version = made.quiz.versions.get().pool.get(kind="single")
    row = again(version, by=author, method="accept", structure=WITH_B)
    assert (row.raised, row.attempts_back) == (1, 1)
    texts = {message.subject: message.text for message in Delivery.objects.all()}
    assert len(texts) == Delivery.objects.count() == 2
    of_passed = texts["Your result in “About basics-quiz” was graded again"]
    assert "You have now passed this quiz." in of_passed
    assert str(passed.public_id) in of_passed
    assert "one more attempt" not in of_passed
    of_failed = texts["Your result in “About start-quiz” was graded again"]
    assert "Your result has not changed. You have one more attempt." in of_failed
    assert str(failed.public_id) in of_failed


def test_learner_whose_pass_is_undone_reads_that_and_the_new_points(enrolment, version, author):
    submitted(enrolment, {**RIGHT, "numeric": "7"})
    correct_key(WITH_B)
    again(version, by=author, method="corrected", lower=True)
    message = Delivery.objects.get()
    assert "Your result is now 1 of 3 points. Before, it was 2 of 3." in message.text
    assert "This attempt no longer counts as passed." in message.text


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_message_is_in_the_learners_language(course, version, author, language):
    person = UserFactory(language=language, email="awa@example.org")
    submitted(enrolled(course=course, learner=person), NEARLY)
    again(version, by=author)
    message = Delivery.objects.get()
    assert (message.language, message.address) == (language, "awa@example.org")
    assert f"/{language}/learn/rules-that-work/quiz/basics-quiz/" in message.text
    assert "<script" not in message.html


def test_note_cannot_write_markup_into_the_message(enrolment, version, author):
    submitted(enrolment, NEARLY)
    row = regrade_question(correction=correction_of(version), note="<b>wrong</b> & 5 < 7", by=author, at=WEEK)
    assert apply_regrade(regrade_id=row.pk, at=WEEK, turn=0)
    message = Delivery.objects.get()
    assert "<b>wrong</b> & 5 < 7" in message.text
    assert "<b>wrong" not in message.html


def test_learners_of_a_batch_take_few_queries_each(course, version, author, django_assert_max_num_queries):
    for number in range(6):
        person = UserFactory(email=f"learner{number}@example.org")
        submitted(enrolled(course=course, learner=person), NEARLY)
    row = regrade_question(correction=correction_of(version), note=NOTE, by=author, at=WEEK)
    with django_assert_max_num_queries(80):
        apply_regrade(regrade_id=row.pk, at=WEEK, turn=0)
    assert Delivery.objects.count() == 6


def test_question_that_was_right_after_all_is_reviewed_later(enrolment, version, author):
    submitted(enrolment, NEARLY)
    refresh_cards(enrolments=[Enrolment.objects.for_page().get(pk=enrolment.pk)], at=MONDAY)
    card = ReviewCard.objects.get(enrolment=enrolment, question=version.question)
    again(version, by=author)
    assert ReviewCard.objects.get(pk=card.pk).due_at > card.due_at
