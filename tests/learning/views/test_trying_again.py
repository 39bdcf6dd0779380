"""What leads on after a quiz that was not passed, and what does not."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from maarifa.curriculum.actions import publish_course
from maarifa.learning.actions import grant_attempt
from maarifa.learning.models import Enrolment
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.learning import MONDAY, WRONG, read_lesson, send_answers, start_quiz
from tests.learning.reading import (
    COURSE,
    QUIZ,
    SECOND,
    attempt_page,
    heading,
    next_steps,
    result_page,
    words,
)


def without_a_limit(course):
    course.quiz.attempts = None
    course.quiz.save()
    publish_course(course=course.course, by=None)


def test_quiz_without_a_limit_says_so_and_how_the_wait_grows(browser, course, enrolment):
    without_a_limit(course)
    said = (
        "You can make as many attempts as you need. After a failed attempt, you wait about 60 minutes. The "
        "wait gets longer each time, up to a day."
    )
    assert said in words(browser.get(QUIZ))
    attempt = start_quiz(enrolment, at=timezone.now())
    assert heading(browser.get(attempt_page(attempt))) == "Basics: quiz"
    assert "Attempt 1" in words(browser.get(attempt_page(attempt)))
    send_answers(attempt, WRONG, at=timezone.now())
    page = browser.get(result_page(attempt))
    assert "You can try again" in words(page)
    assert "You can make as many attempts as you need." in words(page)
    assert "Attempts so far: 1" in words(browser.get(QUIZ))


def test_wait_of_a_day_or_more_is_not_said_to_grow(browser, course, enrolment):
    course.quiz.wait_minutes = 24 * 60
    without_a_limit(course)
    page = words(browser.get(QUIZ))
    assert "After a failed attempt, you wait about 24 hours. There is no time limit." in page
    assert "The wait gets longer" not in page


@pytest.mark.parametrize(("limit", "button"), [(True, "Start attempt 2 of 3"), (False, "Start attempt 2")])
def test_button_says_which_attempt_it_uses(browser, course, enrolment, limit, button):
    if not limit:
        without_a_limit(course)
    at = timezone.now() - timedelta(hours=3)
    Enrolment.objects.update(enrolled_at=at)
    send_answers(start_quiz(enrolment, at=at), WRONG, at=at)
    assert next_steps(browser.get(QUIZ)) == [button]


def test_granted_attempt_is_said_on_the_page_of_the_quiz_and_can_be_started(browser, enrolment):
    for day in range(3):
        at = MONDAY - timedelta(days=9 - day)
        Enrolment.objects.update(enrolled_at=at)
        send_answers(start_quiz(enrolment, at=at), WRONG, at=at)
    grant_attempt(enrolment=enrolment, quiz="basics-quiz", by=UserFactory())
    page = browser.get(QUIZ)
    assert "You have been given one more attempt. You can try again now." in words(page)
    assert "Attempts used: 3 of 4" in words(page)
    assert next_steps(page) == ["Start attempt 4"]
    attempt = start_quiz(enrolment, at=timezone.now())
    assert "Attempt 4" in words(browser.get(attempt_page(attempt)))


def test_nothing_leads_on_to_a_quiz_that_cannot_be_tried_now(browser, course, enrolment):
    now = timezone.now()
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson, at=now)
    attempt = start_quiz(enrolment, at=now)
    send_answers(attempt, WRONG, at=now)
    for page in (COURSE, "/en/learning/"):
        shown = browser.get(page)
        assert "Basics: quiz : You can try again" in words(shown)
        assert next_steps(shown) == ["See what to read again"]
        assert f'href="{result_page(attempt)}"' in shown.content.decode()
    page = browser.get(SECOND)
    assert next_steps(page) == ["Go to the course"]
    assert next_steps(browser.get(QUIZ)) == ["Go to the course"]
    grown = browser.post(SECOND, {"event": str(uuid4())})
    assert grown["Location"] == COURSE
    assert "You have done everything that this course requires." not in words(browser.get(COURSE))


def test_lesson_shown_again_leads_on_once_the_quiz_can_be_tried(browser, course, enrolment):
    now = timezone.now()
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson, at=now)
    send_answers(start_quiz(enrolment, at=now), WRONG, at=now)
    browser.get(SECOND)
    page = browser.get(SECOND)
    assert browser.get(SECOND, HTTP_IF_NONE_MATCH=page["ETag"]).status_code == 304
    earlier = now - timedelta(hours=2)
    Attempt.objects.update(submitted_at=earlier, saved_at=earlier, started_at=earlier)
    shown = browser.get(SECOND, HTTP_IF_NONE_MATCH=page["ETag"])
    assert (shown.status_code, next_steps(shown)) == (200, ["Next: Basics: quiz"])
