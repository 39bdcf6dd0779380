"""Who may try a quiz, when, and how often."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from maarifa.accounts.models import User
from maarifa.quizzes import actions
from maarifa.quizzes.eligibility import Rules, eligibility, eligibility_by_quiz
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import Attempt, AttemptGrant
from tests.factories.quizzes import (
    MONDAY,
    make_attempt,
    make_quiz,
    make_version,
    right_responses,
    save,
    wrong_responses,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def amina():
    return User.objects.create_user("amina")


@pytest.fixture
def coordinator():
    return User.objects.create_user("mariam")


def submitted(learner, version, responses, at=MONDAY, **more) -> Attempt:
    attempt = make_attempt(learner=learner, quiz_version=version, at=at)
    answers = responses(attempt) if callable(responses) else responses
    return actions.submit_attempt(attempt=attempt, responses=answers, happened_at=at, at=at, **more)


def rules_of(versions) -> dict[int, Rules]:
    return {version.quiz_id: Rules.of(version.rules) for version in versions}


def test_eligibility_of_a_quiz_never_tried(amina):
    stands = eligibility(learner=amina, quiz_version=make_version(), at=MONDAY)
    assert (stands.attempts, stands.submissions, stands.left, stands.next_at) == (3, 0, 3, None)
    assert (stands.may_start, stands.passed, stands.best, stands.open_attempt) == (True, False, None, None)
    assert (stands.pass_percent, stands.wait_minutes) == (70, 60)


def test_eligibility_count_what_was_submitted_and_say_when_to_come_back(amina):
    version = make_version()
    open_attempt = make_attempt(learner=amina, quiz_version=version)
    stands = eligibility(learner=amina, quiz_version=version, at=MONDAY)
    assert (stands.open_attempt, stands.submissions, stands.may_start) == (open_attempt, 0, False)
    actions.submit_attempt(attempt=open_attempt, responses={}, happened_at=MONDAY, at=MONDAY)
    stands = eligibility(learner=amina, quiz_version=version, at=MONDAY)
    assert (stands.submissions, stands.left, stands.next_at, stands.may_start) == (1, 2, MONDAY + HOUR, False)
    stands = eligibility(learner=amina, quiz_version=version, at=MONDAY + HOUR)
    assert (stands.next_at, stands.may_start) == (None, True)


def test_eligibility_name_the_best_attempt_and_an_end(amina):
    version = make_version(attempts=2)
    first = submitted(amina, version, lambda attempt: {"1": right_responses(attempt)["1"]})
    submitted(amina, version, {}, at=MONDAY + HOUR)
    stands = eligibility(learner=amina, quiz_version=version, at=MONDAY + HOUR)
    assert (stands.best, stands.best.score) == (first, POINT)
    assert (stands.left, stands.next_at, stands.may_start) == (0, None, False)


def test_eligibility_of_who_has_passed(amina):
    version = make_version()
    submitted(amina, version, right_responses)
    stands = eligibility(learner=amina, quiz_version=version, at=MONDAY)
    assert (stands.passed, stands.next_at, stands.may_start, stands.left) == (True, None, False, 2)


@pytest.mark.parametrize(
    ("attempts", "wait_minutes", "expected"), [(1, 240, (3, 60)), (5, 10, (5, 10)), (5, 240, (5, 60))]
)
def test_later_version_may_ease_the_terms_but_never_harden_them(amina, attempts, wait_minutes, expected):
    version = make_version()
    submitted(amina, version, {})
    quiz = version.quiz
    quiz.attempts, quiz.wait_minutes = attempts, wait_minutes
    quiz.save()
    newer = actions.version_quiz(quiz=quiz)
    stands = eligibility(learner=amina, quiz_version=newer, at=MONDAY)
    assert (stands.attempts, stands.wait_minutes) == expected
    assert stands.next_at == MONDAY + timedelta(minutes=expected[1])


@pytest.mark.parametrize(("later", "expected"), [(90, 70), (50, 50)])
def test_later_version_may_lower_the_mark_but_not_raise_it_for_who_began_before(amina, later, expected):
    version = make_version()
    submitted(amina, version, {})
    quiz = version.quiz
    quiz.pass_percent = later
    quiz.save()
    newer = actions.version_quiz(quiz=quiz)
    assert eligibility(learner=amina, quiz_version=newer, at=MONDAY).pass_percent == expected
    attempt = make_attempt(learner=amina, quiz_version=newer, at=MONDAY + HOUR)
    assert attempt.rules["pass_percent"] == expected
    newcomer = User.objects.create_user("joao")
    assert eligibility(learner=newcomer, quiz_version=newer, at=MONDAY).pass_percent == later


def test_eligibility_for_several_quizzes_take_one_query(amina, django_assert_num_queries):
    versions = [make_version(), make_version(), make_version()]
    submitted(amina, versions[0], right_responses)
    submitted(User.objects.create_user("joao"), versions[1], right_responses)
    for some in (versions[:1], versions):
        with django_assert_num_queries(1):
            stands = eligibility_by_quiz(learner=amina, rules=rules_of(some), at=MONDAY)
    assert [stands[version.quiz_id].passed for version in versions] == [True, False, False]


# Any number of attempts


@pytest.mark.parametrize("saved_at", [None, MONDAY + timedelta(minutes=1)])
def test_wait_after_an_attempt_that_the_server_ended_begins_at_its_end(amina, saved_at):
    version = make_version(make_quiz(time_limit=24 * 60, wait_minutes=60))
    attempt = make_attempt(learner=amina, quiz_version=version)
    if saved_at:
        save(attempt, wrong_responses(attempt), at=saved_at)
    over = MONDAY + DAY + timedelta(seconds=61)
    assert actions.end_attempt(attempt=attempt, at=over)
    assert attempt.arrived_at == MONDAY + DAY
    assert eligibility(learner=amina, quiz_version=version, at=over).next_at == MONDAY + DAY + HOUR


def test_wait_doubles_with_each_failed_attempt_up_to_a_day_where_there_is_no_limit():
    rules = Rules(pass_percent=70, attempts=None, wait_minutes=60)
    assert [rules.wait_after(failed) for failed in range(1, 9)] == [
        *(60, 120, 240, 480, 960, 1440, 1440, 1440)
    ]
    assert rules.wait_after(10_000) == 1440
    assert Rules(70, None, 3000).wait_after(5) == 3000


@pytest.mark.parametrize(
    ("attempts", "wait_minutes", "grows"),
    [(None, 60, True), (None, 1439, True), (None, 1440, False), (None, 3000, False), (3, 60, False)],
)
def test_wait_grows_only_without_a_limit_and_up_to_a_day(amina, attempts, wait_minutes, grows):
    version = make_version(attempts=attempts, wait_minutes=wait_minutes)
    assert eligibility(learner=amina, quiz_version=version, at=MONDAY).wait_grows is grows


def test_wait_stays_the_same_where_attempts_are_counted():
    rules = Rules(pass_percent=70, attempts=3, wait_minutes=60)
    assert [rules.wait_after(failed) for failed in range(1, 5)] == [60, 60, None, None]


def test_quiz_without_a_limit_can_be_tried_for_ever_with_a_growing_wait(amina):
    version = make_version(attempts=None)
    at = MONDAY
    for wait in (60, 120, 240, 480, 960, 1440, 1440):
        submitted(amina, version, {}, at=at)
        stands = eligibility(learner=amina, quiz_version=version, at=at)
        assert (stands.left, stands.allowed, stands.used_all, stands.is_locked) == (None, None, False, True)
        assert stands.next_at == at + timedelta(minutes=wait)
        at = stands.next_at
        assert eligibility(learner=amina, quiz_version=version, at=at).may_start
    attempt = make_attempt(learner=amina, quiz_version=version, at=at)
    assert (attempt.number, attempt.rules["attempts"]) == (8, None)


def test_version_without_a_limit_frees_who_had_used_all_at_once(amina):
    version = make_version()
    for number in range(3):
        submitted(amina, version, {}, at=MONDAY + number * HOUR)
    at = MONDAY + 2 * HOUR
    assert eligibility(learner=amina, quiz_version=version, at=at).used_all
    quiz = version.quiz
    quiz.attempts = None
    quiz.save()
    newer = actions.version_quiz(quiz=quiz)
    stands = eligibility(learner=amina, quiz_version=newer, at=at)
    assert (stands.used_all, stands.next_at) == (False, at + 4 * HOUR)


def test_growing_wait_of_a_later_version_is_not_longer_than_the_one_promised(amina):
    version = make_version(attempts=5)
    quiz = version.quiz
    quiz.attempts = None
    quiz.save()
    submitted(amina, version, {})
    newer = actions.version_quiz(quiz=quiz)
    for number in range(2, 5):
        at = MONDAY + number * DAY
        submitted(amina, newer, {}, at=at)
        assert eligibility(learner=amina, quiz_version=newer, at=at).next_at == at + HOUR
    at = MONDAY + 5 * DAY
    submitted(amina, newer, {}, at=at)
    assert eligibility(learner=amina, quiz_version=newer, at=at).next_at == at + 16 * HOUR


# Granting


def used_all(learner, version) -> None:
    for number in range(version.rules["attempts"]):
        submitted(learner, version, {}, at=MONDAY + number * HOUR)


def test_granted_attempt_can_be_started_at_once_and_is_one(amina, coordinator):
    version = make_version(attempts=2)
    used_all(amina, version)
    at = MONDAY + HOUR
    grant, new = actions.grant_attempt(learner=amina, quiz_version=version, by=coordinator, at=at)
    assert (new, grant.number, grant.granted_by, grant.reason) == (True, 3, coordinator, "reread")
    stands = eligibility(learner=amina, quiz_version=version, at=at)
    assert (stands.allowed, stands.left, stands.may_start, stands.has_grant) == (3, 1, True, True)
    submitted(amina, version, {}, at=at)
    stands = eligibility(learner=amina, quiz_version=version, at=at + DAY)
    assert (stands.left, stands.used_all, stands.may_start) == (0, True, False)
    with pytest.raises(QuizError) as caught:
        make_attempt(learner=amina, quiz_version=version, at=at + DAY)
    assert (caught.value.code, caught.value.params) == ("ATTEMPTS_USED", {"attempts": 3})
    assert str(caught.value) == "You have used all your attempts at this quiz (3)."
    assert str(QuizError("ATTEMPTS_USED", attempts=1)) == "You have used your 1 attempt at this quiz."


def test_two_grants_at_once_are_one(amina, coordinator):
    version = make_version(attempts=1)
    used_all(amina, version)
    AttemptGrant.objects.create(learner=amina, quiz=version.quiz, number=2, granted_by=coordinator)
    with pytest.raises(QuizError, match="This learner still has an attempt left"):
        actions.grant_attempt(learner=amina, quiz_version=version, by=coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptGrant.objects.create(learner=amina, quiz=version.quiz, number=2, granted_by=coordinator)


@pytest.mark.parametrize(
    ("number", "reason"), [(1, "reread"), (2, "because")], ids=["the first", "no known reason"]
)
def test_grant_is_of_a_further_attempt_and_for_a_known_reason(amina, coordinator, number, reason):
    version = make_version()
    with pytest.raises(IntegrityError), transaction.atomic():
        AttemptGrant.objects.create(
            learner=amina, quiz=version.quiz, number=number, granted_by=coordinator, reason=reason
        )


def test_nothing_is_granted_to_who_can_try_is_trying_or_has_passed(amina, coordinator):
    version = make_version(wait_minutes=60)

    def refusal() -> str:
        with pytest.raises(QuizError) as caught:
            actions.grant_attempt(learner=amina, quiz_version=version, by=coordinator, at=MONDAY)
        return caught.value.code

    assert refusal() == "ATTEMPTS_LEFT"
    attempt = make_attempt(learner=amina, quiz_version=version)
    assert refusal() == "ATTEMPTS_LEFT"
    actions.submit_attempt(attempt=attempt, responses={}, happened_at=MONDAY, at=MONDAY)
    assert refusal() == "ATTEMPTS_LEFT"
    submitted(amina, version, right_responses, at=MONDAY + HOUR)
    assert refusal() == "ALREADY_PASSED"
    assert AttemptGrant.objects.count() == 0


def test_grant_counts_for_its_learner_and_its_quiz_alone(amina, coordinator):
    versions = [make_version(attempts=1), make_version(attempts=1)]
    joao = User.objects.create_user("joao")
    for version in versions:
        used_all(amina, version)
        used_all(joao, version)
    actions.grant_attempt(learner=amina, quiz_version=versions[0], by=coordinator)
    left = [
        eligibility(learner=learner, quiz_version=version).left
        for learner in (amina, joao)
        for version in versions
    ]
    assert left == [1, 0, 0, 0]
