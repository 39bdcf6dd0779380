"""Progress, the next step, completion and what cohorts see, in a course whose quizzes stand anywhere."""

from datetime import timedelta

import pytest
from django.urls import reverse

from maarifa.curriculum.activities import KINDS as WRITTEN
from maarifa.curriculum.editions import outline
from maarifa.learning.activities import KINDS, State
from maarifa.learning.models import CourseCompletion, Enrolment
from maarifa.learning.progress import Progress, Step, step_texts, step_url, steps_of
from maarifa.learning.queries import enrolments_with_nothing_to_do
from tests.factories.curriculum import MIXED, mixed_course
from tests.factories.learning import MONDAY, RIGHT, WRONG, enrolled, read_lesson, send_answers, start_quiz

HOUR = timedelta(hours=1)


@pytest.fixture
def course(db):
    return mixed_course()


def try_quiz(enrolment, key, answers=RIGHT, *, at=MONDAY):
    send_answers(start_quiz(enrolment, at=at, quiz=key), answers, at=at)


def next_key(enrolment, **more) -> str | None:
    (progress,) = Progress.of_all([Enrolment.objects.for_page().get(pk=enrolment.pk)], **more)
    following = progress.next_activity()
    return following.key if following else None


def test_every_kind_that_courses_hold_is_known_to_learners():
    assert list(KINDS) == list(WRITTEN)


def test_steps_are_the_activities_in_their_order(course):
    steps = list(steps_of(outline(course.edition)))
    assert [(step.module, step.key) for step in steps] == [(m, key) for m, keys in MIXED for key in keys]


def test_next_step_goes_through_quizzes_and_lessons_as_they_stand_and_the_last_completes(enrolment):
    done = []
    while (key := next_key(enrolment)) is not None:
        assert not CourseCompletion.objects.exists()
        done.append(key)
        if key.endswith("-quiz"):
            try_quiz(enrolment, key)
        else:
            read_lesson(enrolment, key)
    assert done == [key for _module, keys in MIXED for key in keys]
    assert CourseCompletion.objects.get().enrolment == enrolment


def test_course_is_complete_without_the_quizzes_that_it_does_not_ask_for(enrolment):
    for key in ("first", "second"):
        read_lesson(enrolment, key)
    try_quiz(enrolment, "basics-quiz")
    assert not CourseCompletion.objects.exists()
    try_quiz(enrolment, "final-quiz")
    assert CourseCompletion.objects.get().enrolment == enrolment


def test_quiz_that_must_wait_is_passed_over_and_comes_back(enrolment):
    try_quiz(enrolment, "start-quiz", WRONG)
    assert next_key(enrolment, at=MONDAY) == "first"
    assert next_key(enrolment, at=MONDAY + HOUR) == "start-quiz"


def test_glance_of_the_hot_path_says_the_same_as_the_whole(enrolment, django_assert_num_queries):
    read_lesson(enrolment, "first")
    try_quiz(enrolment, "middle-quiz")
    enrolment = Enrolment.objects.for_page().get(pk=enrolment.pk)
    read = outline(enrolment.edition_id)
    with django_assert_num_queries(1):
        glance = Progress.at_a_glance(enrolment, read)
        assert glance.next_activity() == Step("quiz", "start-quiz", "basics")
    whole = Progress.of(enrolment)
    assert glance.done_keys == whole.done_keys == [["first"], ["middle-quiz"]]
    assert glance.next_activity() == whole.next_activity()


def test_each_step_has_its_page_its_title_and_its_row(browser, enrolment):
    read = outline(enrolment.edition_id)
    page = browser.get(reverse("course", args=[read.course])).text
    places = []
    for step in steps_of(read):
        url = step_url(read.course, step)
        assert browser.get(url).status_code == 200
        assert step_texts(read, step, "en")["title"] in page
        places.append(page.rindex(f'"{url}"'))
    assert places == sorted(places)


def test_nobody_is_stuck_while_a_quiz_anywhere_can_still_be_tried(enrolment):
    for key in ("first", "second"):
        read_lesson(enrolment, key)
    for key in ("start-quiz", "basics-quiz", "final-quiz"):
        try_quiz(enrolment, key)
    for number in range(3):
        assert not enrolments_with_nothing_to_do().exists()
        try_quiz(enrolment, "middle-quiz", WRONG, at=MONDAY + number * HOUR)
    assert list(enrolments_with_nothing_to_do()) == [enrolment]


def test_results_of_every_kind_are_those_that_cohorts_show(enrolment):
    read_lesson(enrolment, "second")
    try_quiz(enrolment, "start-quiz", WRONG)
    start_quiz(enrolment, quiz="middle-quiz")
    try_quiz(enrolment, "final-quiz")
    found = {one.key: one.state for kind in KINDS.values() for one in kind.results([enrolment.pk])}
    assert found == {
        "second": State.DONE,
        "start-quiz": State.FAILED,
        "middle-quiz": State.BEGUN,
        "final-quiz": State.DONE,
    }


def test_someone_else_has_their_own_results(course, enrolment):
    other = enrolled(course=course)
    try_quiz(other, "final-quiz")
    assert next_key(other) == next_key(enrolment) == "start-quiz"
    assert [one.enrolment for one in KINDS["quiz"].results([enrolment.pk, other.pk])] == [other.pk]
