"""What a learner reads with a result of which a question was graded again."""

import gzip

import pytest
from django.utils import timezone

from maarifa.learning.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.learning import MONDAY, RIGHT, send_answers, start_quiz
from tests.factories.regrading import regraded
from tests.learning.reading import heading, main, result_page, words

NEARLY = {"single": ["b"], "truefalse": ["true"], "numeric": "7"}
NOTE = "The key named the wrong choice <b>."
WITH_B = {"choices": ["a", "b", "c"], "correct": ["b"]}


@pytest.fixture
def author(db):
    return UserFactory(username="fatou", is_staff=True)


@pytest.fixture
def version(course):
    return course.quiz.versions.get().pool.get(kind="single")


@pytest.fixture
def attempt(enrolment):
    attempt = start_quiz(enrolment)
    send_answers(attempt, NEARLY)
    return attempt


def again(version, method, author, **more):
    regraded(version, method, by=author, note=NOTE, at=timezone.now(), **more)


def test_result_shows_the_new_score_and_why(browser, attempt, version, author):
    assert heading(browser.get(result_page(attempt))) == "Not passed yet: 1 of 3 points"
    again(version, "accept", author, structure=WITH_B)
    page = browser.get(result_page(attempt))
    assert heading(page) == "Passed: 2 of 3 points"
    assert "This question was graded again on" in words(page)
    assert "The key named the wrong choice &lt;b&gt;." in main(page)
    assert "✓ Correct. You chose: In a drawer" in words(page)


def test_result_of_a_dropped_question_says_that_it_does_not_count(browser, attempt, version, author):
    again(version, "drop", author)
    page = browser.get(result_page(attempt))
    assert heading(page) == "Not passed yet: 1 of 2 points"
    assert "It does not count in your result." in words(page)
    # Neither the wrong key nor the lesson behind it is offered.
    assert "You chose: In a drawer" not in words(page)
    assert "Rules that can be found" not in words(page)


def test_result_says_that_everyone_got_the_points(browser, attempt, version, author):
    again(version, "everyone", author)
    page = browser.get(result_page(attempt))
    assert heading(page) == "Passed: 2 of 3 points"
    assert "Everyone gets all the points for it." in words(page)


def test_later_attempt_reads_that_the_grading_was_corrected(browser, enrolment, version, author):
    regraded(version, "accept", by=author, note=NOTE, at=MONDAY, structure=WITH_B)
    Enrolment.objects.update(enrolled_at=MONDAY)
    attempt = start_quiz(enrolment, at=timezone.now())
    send_answers(attempt, NEARLY, at=timezone.now())
    page = browser.get(result_page(attempt))
    assert heading(page) == "Passed: 2 of 3 points"
    assert "The grading of this question was corrected on 23 November 2026:" in words(page)


def test_result_takes_no_more_queries(browser, attempt, version, author, django_assert_num_queries):
    browser.get(result_page(attempt))
    with django_assert_num_queries(QUERIES):
        browser.get(result_page(attempt))
    again(version, "accept", author, structure={**WITH_B, "correct": ["c"]})
    with django_assert_num_queries(QUERIES):
        browser.get(result_page(attempt))


def test_note_makes_the_page_hardly_heavier(browser, attempt, version, author):
    before = weight(browser.get(result_page(attempt)))
    again(version, "accept", author, structure={**WITH_B, "correct": ["c"]})
    after = weight(browser.get(result_page(attempt)))
    assert after - before < 120


def test_question_without_a_correction_says_nothing(browser, enrolment):
    attempt = start_quiz(enrolment)
    send_answers(attempt, RIGHT)
    assert "graded again" not in words(browser.get(result_page(attempt)))


def weight(page):
    """Compressed here: Django pads what it compresses by up to 100 random bytes."""
    return len(gzip.compress(page.content, 6, mtime=0))


QUERIES = 5
