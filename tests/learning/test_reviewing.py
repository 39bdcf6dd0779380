"""What a review asks, and that it never tells the key of a question that may still count."""

import itertools
from datetime import timedelta
from uuid import UUID

import pytest

from maarifa.accounts.models import User
from maarifa.curriculum.models import Course
from maarifa.learning.actions import EventError, accept_late_work, end_enrolment, grant_attempt
from maarifa.learning.models import Enrolment, ReviewAnswer, ReviewCard
from maarifa.learning.reviewing import (
    MOST,
    askable_ids,
    cards_to_ask,
    minutes_for,
    next_review,
    number_due,
    questions_of,
    with_course,
)
from maarifa.quizzes.eligibility import eligibility
from maarifa.quizzes.models import Attempt, Bank, Question, Quiz, QuizVersion
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import mixed_course, published_course
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    WRONG,
    answer_card,
    enrolled,
    pass_quiz,
    read_lesson,
    refresh_all,
    send_answers,
    start_quiz,
)
from tests.learning.events import DAY, DUE, HOUR, republish

LATER = MONDAY + 30 * DAY
KINDS = {"single", "truefalse", "numeric"}


def asked(at=LATER) -> set[str]:
    """The kinds of the quiz questions that may be asked: the same for all learners together and for each."""
    kinds = set(cards_to_ask(at).filter(question__isnull=False).values_list("question__kind", flat=True))
    learners = User.objects.filter(enrolments__isnull=False)
    ids = set().union(*(askable_ids(learner, at) for learner in learners))
    assert ids == set(cards_to_ask(at).values_list("pk", flat=True))
    return kinds


def fail(enrolment, times, *, quiz="basics-quiz"):
    for number in range(times):
        at = MONDAY + number * 2 * HOUR
        send_answers(start_quiz(enrolment, at=at, quiz=quiz), WRONG, at=at)
    refresh_all()


# Never the key of what may count ------------------------------------------------------------------------------


def test_questions_of_a_passed_quiz_are_asked(enrolment):
    pass_quiz(enrolment)
    refresh_all()
    assert asked() == KINDS


@pytest.mark.parametrize(("failed", "kinds"), [(1, set()), (2, set()), (3, KINDS)])
def test_questions_of_a_failed_quiz_are_asked_once_no_attempt_is_left(enrolment, failed, kinds):
    fail(enrolment, failed)
    assert ReviewCard.objects.count() == 3
    assert asked() == kinds


def test_question_that_takes_several_pages_is_not_asked(enrolment):
    pass_quiz(enrolment)
    refresh_all()
    Question.objects.filter(kind="single").update(kind="case")
    assert asked() == KINDS - {"single"}


def test_failed_attempts_are_reviewed_once_a_later_one_has_passed(enrolment):
    fail(enrolment, 1)
    assert asked() == set()
    pass_quiz(enrolment, at=MONDAY + 3 * HOUR)
    refresh_all()
    assert asked() == KINDS


def test_granted_attempt_takes_the_questions_out_again(enrolment):
    fail(enrolment, 3)
    grant_attempt(
        enrolment=enrolment, quiz="basics-quiz", reason="fault", by=UserFactory(is_staff=True), at=LATER
    )
    assert asked() == set()
    start_quiz(enrolment, at=LATER)
    assert asked() == set()


def test_answer_to_a_question_whose_quiz_can_be_tried_again_is_refused(enrolment):
    fail(enrolment, 3)
    card = ReviewCard.objects.get(question__kind="single")
    grant_attempt(
        enrolment=enrolment, quiz="basics-quiz", reason="fault", by=UserFactory(is_staff=True), at=LATER
    )
    with pytest.raises(EventError) as refusal:
        answer_card(card, ["a"], at=LATER)
    assert refusal.value.code == "UNKNOWN_CARD"
    assert not ReviewAnswer.objects.exists()


def test_later_version_with_more_attempts_takes_the_questions_out_again(enrolment, course):
    fail(enrolment, 3)
    republish(course, attempts=4)
    assert asked() == set()


def test_attempt_that_came_late_counts_once_it_is_accepted(course, learner):
    enrolment = enrolled(course=course, learner=learner, institution=InstitutionFactory(), **DUE)
    attempt = start_quiz(enrolment)
    send_answers(attempt, RIGHT, at=MONDAY + 3 * DAY)
    refresh_all(at=MONDAY + 3 * DAY)
    assert Attempt.objects.get().late == "awaiting"
    assert asked() == set()
    accept_late_work(enrolment=enrolment, by=UserFactory(is_staff=True))
    assert asked() == KINDS


def test_open_attempt_at_a_quiz_that_is_passed_keeps_its_questions_out(course, learner):
    """It was started while a late one waited for a decision."""
    enrolment = enrolled(course=course, learner=learner, institution=InstitutionFactory(), **DUE)
    send_answers(start_quiz(enrolment), RIGHT, at=MONDAY + 3 * DAY)
    start_quiz(enrolment, at=MONDAY + 4 * DAY)
    accept_late_work(enrolment=enrolment, by=UserFactory(is_staff=True))
    refresh_all(at=LATER)
    assert Attempt.objects.open().count() == 1
    assert asked() == set()


@pytest.mark.parametrize("kind", ["exam", "sample"])
def test_questions_of_an_exam_are_never_asked(enrolment, kind):
    pass_quiz(enrolment)
    Bank.objects.update(kind=kind)
    refresh_all()
    assert ReviewCard.objects.count() == 3
    assert asked() == set()


def test_questions_of_a_quiz_that_tells_only_the_score_are_never_asked(enrolment, course):
    """By the rule under which it was taken, and by the one that it has now."""
    attempt = pass_quiz(enrolment)
    refresh_all()
    for review, rules in (("score", {}), ("all", {"review": "score"}), ("score", {"review": "score"})):
        Quiz.objects.update(review=review)
        Attempt.objects.update(rules={**attempt.rules, **rules})
        assert asked() == set()
    Quiz.objects.update(review="after-close")
    Attempt.objects.update(rules={**attempt.rules, "review": "after-close"})
    assert asked() == KINDS


def test_question_of_a_bank_is_kept_out_while_another_quiz_of_the_bank_can_be_tried(learner, db):
    course = mixed_course()
    enrolment = enrolled(course=course, learner=learner)
    quizzes = ["start-quiz", "middle-quiz", "basics-quiz", "final-quiz"]
    for number, quiz in enumerate(quizzes):
        assert asked() == set(), number
        send_answers(start_quiz(enrolment, quiz=quiz), RIGHT)
        refresh_all()
    assert asked() == KINDS


def test_quiz_that_is_not_published_yet_keeps_the_questions_of_its_bank_out(enrolment, course):
    pass_quiz(enrolment)
    refresh_all()
    key = f"{course.course.key}/final"
    quiz = Quiz.objects.create(key=key, bank=course.quiz.bank, draw=1, pass_percent=50, attempts=1)
    assert asked() == set()
    quiz.retired_at = MONDAY
    quiz.save()
    assert asked() == KINDS


@pytest.mark.parametrize(
    ("answers", "grants"),
    [
        *((answers, 0) for count in (1, 2, 3) for answers in itertools.product("rw", repeat=count)),
        (("w", "w", "w"), 1),
        (("w", "w", "w", "r"), 1),
        (("w", "w", "w", "w"), 1),
    ],
)
def test_questions_are_asked_exactly_where_the_quiz_can_be_tried_no_more(enrolment, course, answers, grants):
    """As `eligibility` says of one learner, whatever happened."""
    for number, one in enumerate(answers):
        at = MONDAY + number * 2 * HOUR
        if number == 3:
            _grant(enrolment, at)
        if not _stands(enrolment, course, at).may_start:
            return
        send_answers(start_quiz(enrolment, at=at), RIGHT if one == "r" else WRONG, at=at)
    if grants and len(answers) == 3:
        _grant(enrolment, LATER)
    refresh_all()
    assert bool(asked()) == (not _stands(enrolment, course, LATER).may_try_again)


def _grant(enrolment, at):
    grant_attempt(
        enrolment=enrolment, quiz="basics-quiz", reason="fault", by=UserFactory(is_staff=True), at=at
    )


def _stands(enrolment, course, at):
    version = QuizVersion.objects.get(quiz=course.quiz)
    return eligibility(learner=enrolment.learner, quiz_version=version, at=at)


# What is asked otherwise --------------------------------------------------------------------------------------


def test_question_that_is_retired_is_not_asked(enrolment):
    pass_quiz(enrolment)
    refresh_all()
    Question.objects.filter(kind="single").update(retired_at=MONDAY)
    assert asked() == KINDS - {"single"}
    Bank.objects.update(retired_at=MONDAY)
    assert asked() == set()


def test_practice_that_the_edition_no_longer_has_is_not_asked(enrolment, course):
    read_lesson(enrolment, "first")
    refresh_all()
    assert cards_to_ask(LATER).count() == 1
    text = course.lessons[0].texts.get(language="en")
    text.body = text.body[: text.body.index("```practice")]
    text.save()
    arabic = course.lessons[0].texts.get(language="ar")
    arabic.body = arabic.body[: arabic.body.index("```practice")]
    arabic.save()
    republish(course)
    assert cards_to_ask(LATER).count() == 0


def test_practice_in_a_language_that_the_learner_never_gets_is_not_asked(course, learner):
    enrolment = enrolled(course=course, learner=learner, language="ar")
    read_lesson(enrolment, "first")
    refresh_all()
    english = course.lessons[0].texts.get(language="en")
    english.body = english.body[: english.body.index("```practice")]
    english.save()
    republish(course)
    assert number_due(learner, LATER) == 1
    Enrolment.objects.update(language="en")
    assert (number_due(learner, LATER), cards_to_ask(LATER).count()) == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        lambda enrolment: end_enrolment(enrolment=enrolment, at=LATER),
        lambda enrolment: Enrolment.objects.update(opens_at=LATER + DAY),
        lambda enrolment: Course.objects.update(retired_at=MONDAY),
    ],
)
def test_nothing_is_asked_of_who_does_not_take_the_course(enrolment, change):
    read_lesson(enrolment, "first")
    pass_quiz(enrolment)
    refresh_all()
    assert cards_to_ask(LATER).count() == 4
    change(enrolment)
    assert cards_to_ask(LATER).count() == 0


def test_what_is_least_remembered_comes_first(enrolment, learner):
    """Of the same age, a missed question before a right one; and the practice that is not due yet not at all."""
    pass_quiz(enrolment, {**RIGHT, "truefalse": ["false"]})
    read_lesson(enrolment, "first", at=MONDAY + 2 * DAY)
    refresh_all(at=MONDAY + 2 * DAY)
    upcoming = next_review(learner, MONDAY + 5 * DAY)
    rows = ReviewCard.objects.in_bulk(upcoming.cards)
    kinds = [rows[pk].question.kind for pk in upcoming.cards]
    assert kinds[0] == "truefalse"
    assert sorted(kinds) == ["numeric", "single", "truefalse"]
    assert number_due(learner, MONDAY + 5 * DAY) == 3
    assert upcoming.next_at == MONDAY + 6 * DAY


def test_a_review_asks_five_questions_at_most_of_all_courses_or_of_one(enrolment, learner):
    other = enrolled(course=published_course(at=MONDAY), learner=learner)
    for one in (enrolment, other):
        read_lesson(one, "first")
        pass_quiz(one)
    refresh_all()
    key = other.course.key
    everything = next_review(learner, LATER)
    assert len(everything.cards) == number_due(learner, LATER) == MOST
    assert everything.due_by_course == {"rules-that-work": 4, key: 4}
    of_one = next_review(learner, LATER, course=key)
    assert len(of_one.cards) == 4
    assert set(ReviewCard.objects.filter(pk__in=of_one.cards).values_list("enrolment", flat=True)) == {
        other.pk
    }
    assert next_review(learner, LATER, course="no-such").cards == []


def test_what_is_due_is_a_learners_own(enrolment, course):
    read_lesson(enrolment, "first")
    refresh_all()
    other = enrolled(course=course).learner
    assert number_due(other, LATER) == 0
    assert next_review(other, LATER).cards == []
    assert next_review(other, MONDAY).next_at is None


def test_nothing_is_due_before_its_time(enrolment, learner):
    read_lesson(enrolment, "first")
    refresh_all()
    assert number_due(learner, MONDAY + 4 * DAY - timedelta(seconds=1)) == 0
    assert number_due(learner, MONDAY + 4 * DAY) == 1


def test_questions_are_in_the_language_of_the_course_or_in_its_source(course, learner):
    enrolment = enrolled(course=course, learner=learner, language="ar")
    read_lesson(enrolment, "first")
    pass_quiz(enrolment)
    refresh_all()
    questions = questions_of(with_course(ReviewCard.objects.all()))
    assert {question.texts.language for question in questions} == {"ar"}
    Enrolment.objects.update(language="fr")
    questions = questions_of(with_course(ReviewCard.objects.all()))
    assert {question.texts.language for question in questions} == {"en"}
    assert len(questions) == 4


def test_choices_have_another_order_when_a_question_comes_back(enrolment):
    pass_quiz(enrolment)
    refresh_all()

    def order(number):
        (question,) = questions_of(with_course(ReviewCard.objects.filter(question__kind="single")))
        return tuple(question.order_on(UUID(int=number)))

    orders = {order(1)}
    # As its page has it, also where another page was answered meanwhile.
    ReviewCard.objects.filter(question__kind="single").update(exposed_at=MONDAY - DAY)
    assert orders == {order(1)}
    orders |= {order(number) for number in range(2, 10)}
    assert len(orders) > 1


@pytest.mark.parametrize(("questions", "minutes"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (5, 3)])
def test_minutes_are_said_whole(questions, minutes):
    assert minutes_for(questions) == minutes
