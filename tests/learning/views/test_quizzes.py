"""From the first word of a quiz to its result."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from maarifa.curriculum.actions import publish_course
from maarifa.learning.models import Enrolment, LessonCompletion
from maarifa.quizzes.models import Attempt
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    WRONG,
    enrolled,
    form_of,
    read_lesson,
    send_answers,
    start_quiz,
)
from tests.learning.reading import (
    COURSE,
    FIRST,
    QUIZ,
    SECOND,
    attempt_page,
    event_id,
    heading,
    main,
    next_steps,
    result_page,
    words,
)

# Quiz -----------------------------------------------------------------------------------------------------


def test_quiz_says_what_to_expect_and_starts_with_a_post(browser, enrolment):
    page = browser.get(QUIZ)
    assert heading(page) == "Basics: quiz"
    said = "3 questions. To pass, you need 60% of the points. You have 3 attempts. Wait between attempts:"
    assert said in words(page)
    assert next_steps(page) == ["Start the quiz"]
    assert Attempt.objects.count() == 0
    response = browser.post(QUIZ, {"event": event_id(page)})
    attempt = Attempt.objects.get()
    assert response["Location"] == attempt_page(attempt)
    assert browser.post(QUIZ, {"event": event_id(page)})["Location"] == attempt_page(attempt)
    assert browser.post(QUIZ)["Location"] == attempt_page(attempt)
    assert next_steps(browser.get(QUIZ)) == ["Continue where you stopped"]


def test_quiz_waits_between_attempts_and_says_until_when(browser, enrolment):
    send_answers(start_quiz(enrolment, at=timezone.now()), WRONG, at=timezone.now())
    page = browser.get(QUIZ)
    assert "You can try again in 60 minutes. The exact time is " in words(page)
    overview = words(browser.get(COURSE))
    assert "You can try again in 60 minutes." in overview
    assert "✗" in overview
    assert next_steps(page) == ["Next: Rules that can be found"]
    response = browser.post(QUIZ, {"event": str(uuid4())})
    assert response["Location"] == QUIZ
    assert "Problem: You can try again in 60 minutes." in words(browser.get(QUIZ))
    assert Attempt.objects.count() == 1


def test_quiz_without_attempts_left_says_so_and_whom_to_ask(browser, enrolment):
    Enrolment.objects.update(institution=InstitutionFactory(contact="Ms Achieng, 0700 000 000"))
    for day in range(3):
        at = MONDAY - timedelta(days=9 - day)
        Enrolment.objects.update(enrolled_at=at)
        send_answers(start_quiz(enrolment, at=at), WRONG, at=at)
    page = browser.get(QUIZ)
    assert "You have used all your attempts. Ask Ms Achieng, 0700 000 000 for another attempt." in words(page)
    assert browser.post(QUIZ)["Location"] == QUIZ
    assert "You have used all your attempts at this quiz (3)." in words(browser.get(QUIZ))


@pytest.mark.parametrize(
    ("with_institution", "said"),
    [
        (True, "Your coordinator can give you another attempt."),
        (False, "Contact the site administrators for another attempt."),
    ],
)
def test_quiz_without_attempts_left_has_a_next_step_where_no_contact_is_set(
    browser, enrolment, settings, with_institution, said
):
    settings.CONTACT_EMAIL = ""
    if with_institution:
        Enrolment.objects.update(institution=InstitutionFactory(contact=""))
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)
    for day in range(3):
        at = MONDAY - timedelta(days=9 - day)
        Enrolment.objects.update(enrolled_at=at)
        attempt = start_quiz(enrolment, at=at)
        send_answers(attempt, WRONG, at=at)
    for address in (QUIZ, result_page(attempt), COURSE, "/en/learning/"):
        assert f"You have used all your attempts. {said}" in words(browser.get(address))


def test_result_of_a_failed_attempt_says_what_to_read_again_and_when_to_try(browser, enrolment):
    attempt = start_quiz(enrolment, at=timezone.now())
    send_answers(attempt, WRONG | {"single": ["a"]}, at=timezone.now())
    page = browser.get(result_page(attempt))
    assert heading(page) == "Not passed yet: 1 of 3 points"
    said = "To pass, you need 60% of the points. You have 2 attempts left. You can try again in 60 minutes."
    assert said in words(page)
    reread = re.findall(r'<a class="cover" href="([^"]+)"', main(page))
    assert reread == [SECOND]
    assert next_steps(page) == ["Read the lesson again"]
    # The feedback on what was chosen, and not yet what would be right.
    assert "Without a name nobody acts." in words(page)
    assert "193" not in main(page)


def test_result_says_what_comes_next_before_the_answers(browser, enrolment):
    attempt = start_quiz(enrolment, at=timezone.now())
    send_answers(attempt, RIGHT, at=timezone.now())
    page = browser.get(result_page(attempt))
    assert heading(page) == "Passed: 3 of 3 points"
    assert "Well done. You have passed this quiz." in words(page)
    html = main(page)
    assert html.index('class="onward"') < html.index("Your answers")
    assert "certificates/" not in html


def test_result_of_the_last_quiz_leads_to_the_certificate(browser, enrolment):
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)
    attempt = start_quiz(enrolment, at=timezone.now())
    send_answers(attempt, RIGHT, at=timezone.now())
    page = browser.get(result_page(attempt))
    assert "Well done. You have passed this quiz and finished the course." in words(page)
    assert '<a class="button arrow" href="/en/certificates/">See your certificates</a>' in main(page)


def test_result_of_a_failed_attempt_offers_the_next_once_it_is_allowed(browser, enrolment):
    at = timezone.now() - timedelta(hours=3)
    Enrolment.objects.update(enrolled_at=at)
    attempt = start_quiz(enrolment, at=at)
    send_answers(attempt, WRONG, at=at)
    page = browser.get(result_page(attempt))
    assert "You can try again now." in words(page)
    assert f'<a class="button quiet" href="{QUIZ}">Go to the quiz</a>' in main(page)


def test_result_names_no_right_answer_while_the_next_attempt_is_open(browser, enrolment):
    at = timezone.now() - timedelta(hours=3)
    Enrolment.objects.update(enrolled_at=at)
    first = start_quiz(enrolment, at=at)
    send_answers(first, WRONG, at=at)
    second = start_quiz(enrolment, at=timezone.now())
    assert "193" not in main(browser.get(result_page(first)))
    send_answers(second, RIGHT, at=timezone.now())
    # Passed: nothing is left to learn the key for.
    assert "193" in main(browser.get(result_page(first)))


def test_result_without_a_limit_names_no_right_answer_before_the_quiz_is_passed(browser, course, enrolment):
    course.quiz.attempts = None
    course.quiz.save()
    publish_course(course=course.course, by=None)
    at = timezone.now() - timedelta(days=3)
    Enrolment.objects.update(enrolled_at=at)
    for _number in range(3):
        attempt = start_quiz(enrolment, at=at)
        send_answers(attempt, WRONG, at=at)
        assert "193" not in main(browser.get(result_page(attempt)))
        at += timedelta(hours=20)


def test_result_that_came_late_says_that_somebody_decides(browser, course, learner):
    due = {
        "due_at": MONDAY + timedelta(days=1),
        "due_zone": "Africa/Nairobi",
        "due_local": "2026-11-24T11:00:00",
    }
    enrolment = enrolled(course=course, learner=learner, **due)
    attempt = start_quiz(enrolment, at=MONDAY + timedelta(days=3))
    send_answers(attempt, RIGHT, at=MONDAY + timedelta(days=3))
    said = "arrived after the deadline. It is saved, and your institution will decide whether it counts."
    for address in (result_page(attempt), QUIZ, COURSE):
        assert said in words(browser.get(address))


def retire_quiz(course):
    """Edition 2 has neither the quiz nor the first lesson any more."""
    course.lessons[0].retired_at = MONDAY
    course.lessons[0].save()
    course.quiz.activity.delete()
    course.quiz.retired_at = MONDAY
    course.quiz.save()
    course.course.requirements = {"lessons": "all", "quizzes": []}
    course.course.save()
    publish_course(course=course.course, by=None)


def test_open_attempt_at_a_quiz_that_a_new_edition_dropped_goes_on(browser, course, enrolment):
    attempt = start_quiz(enrolment, at=timezone.now())
    send_answers(attempt, WRONG, kind="answer-saved", at=timezone.now())
    retire_quiz(course)
    page = browser.get(attempt_page(attempt))
    assert heading(page) == "Basics: quiz"
    assert "3 of 3 questions answered and saved." in words(page)
    response = browser.post(attempt_page(attempt), {**form_of(attempt, WRONG), "send": "1"})
    page = browser.get(response["Location"])
    assert heading(page) == "Not passed yet: 0 of 3 points"
    assert "This quiz is no longer part of the course." in words(page)
    # Only lessons that are still there are to be read again, and the quiz is not offered again.
    assert re.findall(r'<a class="cover" href="([^"]+)"', main(page)) == [SECOND]
    assert f'href="{QUIZ}"' not in page.content.decode()
    assert browser.get(QUIZ).status_code == 404


def test_lesson_dropped_by_a_new_edition_while_it_was_open_is_kept_and_leads_on(browser, course, enrolment):
    form = {"event": event_id(browser.get(FIRST))}
    retire_quiz(course)
    assert browser.get(FIRST).status_code == 404
    response = browser.post(f"{FIRST}?in=en", form)
    assert response["Location"] == SECOND
    assert LessonCompletion.objects.get().lesson == course.lessons[0]


def test_ten_questions_on_one_page_take_three_requests_and_25_queries(browser, learner):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from maarifa.quizzes.models import Question, QuestionText

    course = published_course(draw=3)
    bank = course.quiz.bank
    model = bank.questions.get(kind="single")
    words_of_it = model.texts.get(language="en").texts
    for number in range(4, 11):
        question = Question.objects.create(
            bank=bank,
            key=f"more-{number}",
            position=number,
            kind="single",
            lesson_key="first",
            structure=model.structure,
        )
        QuestionText.objects.create(question=question, language="en", texts=words_of_it)
    course.quiz.draw = 10
    course.quiz.save()
    publish_course(course=course.course, by=None)
    enrolment = enrolled(course=course, learner=learner)
    quiz = f"/en/learn/{course.course.key}/quiz/basics-quiz/"
    browser.get(quiz)
    with CaptureQueriesContext(connection) as asked:
        page = browser.post(quiz)["Location"]
        assert browser.get(page).status_code == 200
    attempt = Attempt.objects.get(learner=enrolment.learner)
    assert attempt.questions.count() == 10
    form = {**form_of(attempt, RIGHT), "send": "1"}
    with CaptureQueriesContext(connection) as asked_at_the_end:
        assert browser.post(page, form)["Location"] == f"{page}result/"
    queries = [
        query["sql"]
        for query in asked.captured_queries + asked_at_the_end.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]
    assert len(queries) <= 25


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            "score",
            "After you submit, you see your score, but not the answers.",
            "This quiz shows only the score, not the answers.",
        ),
        (
            "after-close",
            "After you submit, you see your score. You can see the answers when you have passed or have no "
            "attempts left.",
            "You can see the answers when you have passed or have no attempts left.",
        ),
    ],
)
def test_learner_reads_before_and_after_what_the_quiz_shows(browser, course, enrolment, rule, before, after):
    course.quiz.review = rule
    course.quiz.save()
    publish_course(course=course.course, by=None)
    assert before in words(browser.get(QUIZ))
    attempt = start_quiz(enrolment, at=timezone.now())
    send_answers(attempt, WRONG, at=timezone.now())
    result = words(browser.get(result_page(attempt)))
    assert after in result
    assert "Not passed yet: 0 of 3 points" in result
    assert "Incorrect" not in result
    assert "Read these lessons before you try again" in result


def test_answers_are_not_shown_before_a_closing_that_was_moved(browser, course, enrolment):
    course.quiz.review = "after-close"
    course.quiz.save()
    publish_course(course=course.course, by=None)
    now = timezone.now()

    def closes(moment):
        dates = {"opens_at": None, "closes_at": moment.isoformat(), "zone": "UTC"}
        enrolment.quiz_dates = {"basics-quiz": dates}
        enrolment.save(update_fields=["quiz_dates"])

    closes(now - timedelta(minutes=5))
    attempt = start_quiz(enrolment, at=now - timedelta(minutes=20))
    send_answers(attempt, WRONG, at=now - timedelta(minutes=10))
    assert "Incorrect" in words(browser.get(result_page(attempt)))
    closes(now + timedelta(hours=1))
    assert "Incorrect" not in words(browser.get(result_page(attempt)))
