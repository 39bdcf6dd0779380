"""Who can try no more, and what they and others are told of it."""

from datetime import timedelta

import pytest
from django.core import mail

from maarifa.accounts.models import AuditEntry
from maarifa.curriculum.actions import publish_course
from maarifa.delivery.models import Delivery
from maarifa.learning import actions
from maarifa.learning.attempts import last_attempts_of_who_used_all
from maarifa.learning.models import Enrolment
from maarifa.learning.progress import Progress, Step
from maarifa.learning.queries import enrolments_with_nothing_to_do
from maarifa.lib.errors import DomainError
from maarifa.quizzes.models import AttemptGrant
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import MONDAY, RIGHT, WRONG, enrolled, read_lesson, send_answers, start_quiz

HOUR = timedelta(hours=1)


@pytest.fixture
def mariam(db):
    return UserFactory(username="mariam")


def fail(enrolment, *, times=3, at=MONDAY):
    for number in range(times):
        send_answers(start_quiz(enrolment, at=at + number * HOUR), WRONG, at=at + number * HOUR)


def read_all(enrolment):
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)


def used_all() -> list:
    return [attempt.number for attempt in last_attempts_of_who_used_all()]


def stuck() -> list:
    return list(enrolments_with_nothing_to_do())


def test_who_used_all_attempts_is_found_by_the_last_of_them(enrolment, course):
    other = enrolled(course=course)
    fail(enrolment, times=2)
    fail(other, times=1)
    assert used_all() == []
    attempt = start_quiz(enrolment, at=MONDAY + 2 * HOUR)
    assert used_all() == []
    send_answers(attempt, WRONG, at=MONDAY + 2 * HOUR)
    assert used_all() == [3]


def test_who_has_passed_in_the_end_has_not_used_all(enrolment):
    fail(enrolment, times=2)
    send_answers(start_quiz(enrolment, at=MONDAY + 2 * HOUR), RIGHT, at=MONDAY + 2 * HOUR)
    assert used_all() == []


def test_grant_and_a_later_edition_without_a_limit_free_who_had_used_all(enrolment, course, mariam):
    fail(enrolment)
    actions.grant_attempt(enrolment=enrolment, quiz="basics-quiz", by=mariam, at=MONDAY + 2 * HOUR)
    assert used_all() == []
    fail(enrolment, times=1, at=MONDAY + 2 * HOUR)
    assert used_all() == [4]
    course.quiz.attempts = None
    course.quiz.save()
    publish_course(course=course.course, by=None)
    assert used_all() == []


def test_nothing_can_be_done_where_all_lessons_are_read_and_no_attempt_is_left(enrolment, course):
    read_all(enrolled(course=course))
    read_lesson(enrolment, "first")
    fail(enrolment)
    assert stuck() == []
    read_lesson(enrolment, "second")
    assert stuck() == [enrolment]


def test_next_step_goes_round_a_quiz_that_cannot_be_tried_now(enrolment, course):
    fail(enrolment, times=1)
    quiz = Step("quiz", "basics-quiz", course.module.key)
    last = Step("lesson", "second", course.module.key)

    def following(minutes):
        (progress,) = Progress.of_all([enrolment], at=MONDAY + timedelta(minutes=minutes))
        return progress.next_activity(after=last), progress.is_locked(quiz)

    assert following(59) == (Step("lesson", "first", course.module.key), True)
    assert following(60) == (quiz, False)


def test_progress_of_all_knows_the_same_of_several_learners_in_two_queries(
    enrolment, course, django_assert_num_queries
):
    others = [enrolled(course=course) for _number in range(3)]
    fail(enrolment)
    fail(others[0], times=1)
    enrolments = list(Enrolment.objects.for_page().order_by("pk"))
    with django_assert_num_queries(2):
        made = Progress.of_all(enrolments, at=MONDAY)
        stands = [one.quizzes["basics-quiz"] for one in made]
    assert [(one.submissions, one.used_all) for one in stands] == [
        (3, True),
        (1, False),
        (0, False),
        (0, False),
    ]


@pytest.mark.parametrize(
    ("language", "contact"),
    [("fr", "Mme Traoré, +223 70 00 00 00"), ("ar", "Mme Traoré، +223 70 00 00 00")],
)
def test_grant_is_audited_and_told_once_in_the_learners_language(course, mariam, language, contact):
    institution = InstitutionFactory(contact="Mme Traoré", contact_phone="+223 70 00 00 00")
    learner = UserFactory(email="awa@example.org", language=language, name="Awa Keïta")
    enrolment = enrolled(course=course, learner=learner, institution=institution)
    fail(enrolment)
    done = {"enrolment": enrolment, "quiz": "basics-quiz", "by": mariam, "reason": "fault"}
    assert actions.grant_attempt(**done, institution=institution.public_id) is True
    with pytest.raises(DomainError) as caught:
        actions.grant_attempt(**done)
    assert caught.value.code == "ATTEMPTS_LEFT"
    line = AuditEntry.objects.get(action="attempt.granted")
    assert (line.actor, line.on_user, line.institution) == (mariam, learner, institution.public_id)
    assert line.details == {"quiz": "rules-that-work/basics-quiz", "number": 4, "reason": "fault"}
    message = Delivery.objects.get()
    assert (message.address, message.language, message.kind) == ("awa@example.org", language, "learning")
    assert f"/{language}/learn/rules-that-work/quiz/basics-quiz/" in message.text
    assert contact in message.text
    assert mail.outbox == []


def test_grant_for_who_has_no_address_queues_no_message(enrolment, mariam):
    enrolment.learner.email = None
    enrolment.learner.save()
    fail(enrolment)
    assert actions.grant_attempt(enrolment=enrolment, quiz="basics-quiz", by=mariam) is True
    assert Delivery.objects.count() == 0


def test_grant_at_a_quiz_that_the_course_does_not_have_is_refused(enrolment, mariam):
    published_course(key="another")
    with pytest.raises(actions.EventError, match="no quiz"):
        actions.grant_attempt(enrolment=enrolment, quiz="another-quiz", by=mariam)
    assert AttemptGrant.objects.count() == 0
