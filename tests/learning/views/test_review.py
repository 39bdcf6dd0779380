"""The review: a form that asks, and a page that says what came of it."""

from uuid import uuid4

import pytest
import time_machine

from maarifa.accounts.models import KeptPost
from maarifa.learning.models import (
    Enrolment,
    LessonCompletion,
    ReviewAnswer,
    ReviewCard,
)
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.models import Attempt, Question
from tests.factories.curriculum import published_course
from tests.factories.learning import (
    MONDAY,
    WRONG,
    enrolled,
    pass_quiz,
    read_lesson,
    refresh_all,
    send_answers,
    start_quiz,
)
from tests.learning.events import DAY, HOUR, republish
from tests.learning.reading import heading, main, next_steps, words
from tests.learning.reviewing import ALL_RIGHT, ALL_WRONG, ANSWERS, LATER, REVIEW, answered, form_of, send

OVERVIEW = "/en/learning/"
SECRETS = [
    "Nobody looks there",
    "Without a name nobody acts",
    "Look it up",
    "Not before they can read it",
    "Right.",
]


@pytest.fixture(autouse=True)
def now():
    """Ten days after everything was learned; sessions last."""
    with time_machine.travel(LATER, tick=False):
        yield LATER


@pytest.fixture
def learned(enrolment):
    """Four questions are due: one for practice, three of a passed quiz."""
    read_lesson(enrolment, "first")
    pass_quiz(enrolment)
    refresh_all()
    return enrolment


# What is asked ------------------------------------------------------------------------------------------------


def test_page_asks_what_is_due(browser, learned):
    page = browser.get(REVIEW)
    assert heading(page) == "Review"
    form = form_of(page)
    assert len(form["card"]) == 4
    assert "Nothing here counts, and only you see it." in words(page)
    for stem in ("Where must a rule stand?", "Whom does a rule that nobody can find protect?"):
        assert stem in words(page)
    assert next_steps(page) == ["Check answers"]


def test_nothing_is_told_before_it_is_answered(browser, learned):
    page = browser.get(REVIEW).content.decode()
    for secret in SECRETS:
        assert secret not in page
    assert "correct" not in page.lower()


@pytest.mark.parametrize("state", ["failed", "open"])
def test_no_question_of_a_quiz_that_can_be_tried_is_on_the_page(browser, enrolment, state):
    read_lesson(enrolment, "first")
    send_answers(start_quiz(enrolment), WRONG)
    if state == "open":
        start_quiz(enrolment, at=MONDAY + 2 * HOUR)
    refresh_all()
    assert ReviewCard.objects.count() == 4
    page = browser.get(REVIEW)
    assert len(form_of(page)["card"]) == 1
    assert "Where must a rule stand?" not in words(page)
    # Nor by naming its card in a form.
    card = ReviewCard.objects.get(question__kind="single")
    event = str(uuid4())
    answer = browser.post(ANSWERS, {"event": event, "card": str(card.public_id), "q1": "a"}, follow=True)
    assert answer.redirect_chain[-1][0] == REVIEW
    assert not ReviewAnswer.objects.exists()
    assert browser.get(f"{REVIEW}{event}/").status_code == 404


def test_page_says_when_something_is_due_next(browser, learned):
    with time_machine.travel(MONDAY + DAY, tick=False):
        page = browser.get(REVIEW)
        assert "No question is ready for review now. Next review on 27 November 2026." in words(page)
        assert next_steps(page) == ["Go to My learning"]


def test_page_of_who_has_learned_nothing_says_where_questions_come_from(browser, enrolment):
    page = browser.get(REVIEW)
    assert "No question is ready for review now." in words(page)
    assert "Next review" not in words(page)
    assert "Questions come from lessons that you have done, and from quizzes that you have passed." in words(
        page
    )


def test_review_can_be_of_one_course(browser, learned, learner):
    other = enrolled(course=published_course(key="another-course", at=MONDAY), learner=learner)
    read_lesson(other, "first")
    refresh_all()
    page = browser.get(REVIEW)
    assert len(form_of(page)["card"]) == 5
    assert "Rules that work 4 questions" in words(page)
    page = browser.get(f"{REVIEW}?course=another-course")
    form = form_of(page)
    assert len(form["card"]) == 1
    assert f'action="{ANSWERS}?course=another-course"' in page.content.decode()
    response = browser.post(f"{ANSWERS}?course=another-course", answered(form, ALL_RIGHT))
    assert response["Location"].endswith("?course=another-course")
    page = browser.get(f"{REVIEW}?course=another-course")
    assert "No question of this course is ready for review now." in words(page)
    assert next_steps(page) == ["Review questions of all courses"]


# What comes of it ---------------------------------------------------------------------------------------------


def test_right_answers_come_back_later(browser, learned):
    response = send(browser, ALL_RIGHT)
    page = browser.get(response["Location"])
    assert heading(page) == "4 of 4 answers correct"
    assert "Correct. You chose: Where people look" in words(page)
    assert "Read again" not in words(page)
    due = ReviewCard.objects.order_by("due_at").first().due_at
    assert due > LATER + 30 * DAY
    assert f"Next review on {due:%-d %B %Y}." in words(page)
    assert next_steps(page) == ["Go to My learning"]
    assert "No question is ready" in words(browser.get(REVIEW))


def test_wrong_answers_are_explained_and_lead_to_the_lesson(browser, learned):
    page = browser.get(send(browser, ALL_WRONG)["Location"])
    assert heading(page) == "0 of 4 answers correct"
    said = words(page)
    assert "Incorrect. You chose: In a drawer Explanation: Nobody looks there." in said
    assert "Correct answer: Where people look" in said
    assert "Look it up: the list is public." in said
    assert said.count("Read again: Rules that can be found") == 2
    assert 'href="/en/learn/rules-that-work/first/"' in main(page)
    assert "Next review on 4 December 2026." in said


def test_nothing_counts(browser, learned):
    before = [list(model.objects.values()) for model in (Enrolment, Attempt, LessonCompletion)]
    send(browser, ALL_WRONG)
    assert [list(model.objects.values()) for model in (Enrolment, Attempt, LessonCompletion)] == before
    assert ReviewAnswer.objects.count() == 4


def test_number_with_the_unit_of_its_question_is_read(browser, course, learner):
    give_unit(course)
    pass_quiz(enrolled(course=course, learner=learner))
    refresh_all()
    page = browser.get(send(browser, {**ALL_RIGHT, "numeric": "193 GB"})["Location"])
    assert heading(page) == "3 of 3 answers correct"


def test_answer_that_only_the_intake_cannot_read_leaves_the_others_recorded(browser, learned, monkeypatch):
    numeric = kind_named("numeric")
    monkeypatch.setattr(type(numeric), "read_form", lambda *args: "a lot")
    page = browser.get(send(browser, ALL_RIGHT)["Location"])
    assert heading(page) == "3 of 3 answers correct"
    assert "“a lot” is not a number." in words(page)


def test_what_is_left_empty_is_asked_another_time(browser, learned):
    page = browser.get(send(browser, {"single": ["a"]})["Location"])
    assert heading(page) == "1 of 1 answer correct"
    assert next_steps(page) == ["Review 3 more questions"]
    assert len(form_of(browser.get(REVIEW))["card"]) == 3


def test_form_without_an_answer_says_so(browser, learned):
    response = send(browser, {})
    assert response["Location"] == REVIEW
    assert "You have not answered any question yet." in words(browser.get(REVIEW))
    assert not ReviewAnswer.objects.exists()


def test_form_sent_twice_counts_once(browser, learned):
    form = answered(form_of(browser.get(REVIEW)), ALL_RIGHT)
    first, again = browser.post(ANSWERS, form), browser.post(ANSWERS, form)
    assert first["Location"] == again["Location"]
    assert ReviewAnswer.objects.count() == 4


def test_answer_that_is_changed_after_the_verdict_does_not_count(browser, learned):
    """Back in the browser, with the right answer known."""
    form = form_of(browser.get(REVIEW))
    browser.post(ANSWERS, answered(form, ALL_WRONG))
    response = browser.post(ANSWERS, answered(form, ALL_RIGHT))
    assert heading(browser.get(response["Location"])) == "0 of 4 answers correct"
    assert set(ReviewAnswer.objects.values_list("right", flat=True)) == {False}


def test_second_tab_loses_nothing(browser, learned):
    first, second = form_of(browser.get(REVIEW)), form_of(browser.get(REVIEW))
    browser.post(ANSWERS, answered(first, {"single": ["a"]}))
    response = browser.post(ANSWERS, answered(second, {"single": ["b"], "truefalse": ["true"]}))
    assert heading(browser.get(response["Location"])) == "1 of 2 answers correct"
    assert ReviewAnswer.objects.count() == 3


def test_answer_that_cannot_be_read_is_asked_again_and_the_others_are_kept(browser, learned):
    response = send(browser, {**ALL_RIGHT, "numeric": "many"})
    assert response["Location"] == REVIEW
    assert ReviewAnswer.objects.count() == 3
    page = browser.get(REVIEW)
    assert page.content.decode().count("<title>Error: Review") == 1
    assert "Question 1: “many” is not a number." in words(page)
    assert "Your other answers are saved." in words(page)
    form = form_of(page)
    assert (len(form["card"]), form["q1"]) == (1, ["many"])
    response = browser.post(ANSWERS, {**form, "q1": "193"})
    # All that came from the page is shown together.
    assert heading(browser.get(response["Location"])) == "4 of 4 answers correct"
    assert not KeptPost.objects.exists()


def test_kept_answers_stay_kept_where_taking_them_in_fails(browser, learned, monkeypatch):
    send(browser, {**ALL_RIGHT, "numeric": "many"})
    form = form_of(browser.get(REVIEW))

    def die(**_told):
        raise RuntimeError("the process ends here")

    monkeypatch.setattr("maarifa.learning.views.review.record_event", die)
    with pytest.raises(RuntimeError):
        browser.post(ANSWERS, {**form, "q1": "193"})
    assert KeptPost.objects.exists()


def test_result_counts_what_is_left_of_the_course_that_is_reviewed(browser, learned):
    result = send(browser, {"single": ["a"]})["Location"]
    assert next_steps(browser.get(f"{result}?course=another-course")) == ["Go to My learning"]


def test_question_that_was_published_anew_is_answered_as_it_was_shown(browser, learned, course):
    form = form_of(browser.get(REVIEW))
    question = ReviewCard.objects.get(question__kind="single").question
    question.structure = {"choices": ["b", "c"], "correct": ["b"]}
    question.texts.all().update(
        texts={"stem": "Where?", "choices": {"b": {"text": "There"}, "c": {"text": "Elsewhere"}}}
    )
    question.save()
    republish(course)
    response = browser.post(ANSWERS, answered(form, {"single": ["a"]}))
    page = browser.get(response["Location"])
    assert heading(page) == "1 of 1 answer correct"
    assert "Where people look" in words(page)


# Home ---------------------------------------------------------------------------------------------------------


def test_overview_says_what_is_ready(browser, learned):
    page = browser.get(OVERVIEW)
    assert "4 questions are ready for review. It takes about 3 minutes. Review now" in words(page)
    assert f'href="{REVIEW}"' in main(page)
    send(browser, ALL_RIGHT)
    page = browser.get(OVERVIEW)
    assert "ready for review" not in words(page)
    assert REVIEW not in main(page)


# What it costs ------------------------------------------------------------------------------------------------


def test_pages_ask_the_same_for_one_question_and_for_five(
    browser, learned, learner, django_assert_num_queries, django_assert_max_num_queries
):
    second = enrolled(course=published_course(key="another-course", at=MONDAY), learner=learner)
    read_lesson(second, "first")
    pass_quiz(second)
    refresh_all()
    assert browser.get(REVIEW).status_code == 200
    with django_assert_num_queries(7):
        page = browser.get(REVIEW)
    form = form_of(page)
    assert len(form["card"]) == 5
    filled = answered(form, ALL_RIGHT)
    with django_assert_max_num_queries(75):
        response = browser.post(ANSWERS, filled)
    with django_assert_num_queries(3):
        assert browser.get(response["Location"]).status_code == 200
    keep = ReviewCard.objects.filter(question__isnull=True).first()
    ReviewCard.objects.exclude(pk=keep.pk).update(due_at=LATER + DAY)
    ReviewCard.objects.filter(pk=keep.pk).update(exposed_at=MONDAY, due_at=LATER)
    # Without the names of the courses, and without the questions of quizzes.
    with django_assert_num_queries(5):
        assert len(form_of(browser.get(REVIEW))["card"]) == 1


def give_unit(course):
    question = Question.objects.get(kind="numeric")
    for text in question.texts.all():
        text.texts = {**text.texts, "unit": "GB"}
        text.save()
    republish(course)
