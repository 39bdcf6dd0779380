"""Words of a course on pages in another language, and words that a translation lacks."""

import pytest
from django.utils import timezone

from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import CourseText
from maarifa.learning.models import Enrolment
from tests.factories.curriculum import draft_course, published_course
from tests.factories.learning import read_lesson
from tests.learning.reading import CATALOGUE, COURSE, FIRST, QUIZ, main


@pytest.fixture
def behind(course, enrolment):
    """A course in Arabic whose module and quiz have no title in it yet; somebody reads it."""
    CourseText.objects.filter(course=course.course, language="ar").update(modules={}, quizzes={})
    publish_course(course=course.course, by=None)
    Enrolment.objects.update(language="ar")
    return course


@pytest.fixture
def in_arabic(enrolment):
    Enrolment.objects.update(language="ar")
    return Enrolment.objects.select_related("course", "learner").get()


def test_module_and_quiz_without_a_translated_title_show_that_of_the_source(browser, behind):
    page = main(browser.get(COURSE))
    assert "Module 1. <bdi>Basics</bdi>" in page
    assert ">basics<" not in page
    assert "“<bdi>Basics: quiz</bdi>”" in page
    page = main(browser.get(COURSE.replace("/en/", "/ar/")))
    assert '<bdi lang="en" dir="ltr">Basics</bdi>' in page
    assert '<a class="cover" href="/ar/learn/rules-that-work/quiz/basics-quiz/" lang="en" dir="ltr">' in page


def test_quiz_without_a_translated_title_says_in_which_language_its_title_is(browser, behind):
    assert '<h1 lang="en" dir="ltr">Basics: quiz</h1>' in main(browser.get(QUIZ.replace("/en/", "/ar/")))
    assert "<h1>Basics: quiz</h1>" in main(browser.get(QUIZ))


def test_trail_and_next_step_give_arabic_titles_their_language(browser, in_arabic):
    page = main(browser.get(FIRST))
    assert '<bdi lang="ar" dir="rtl">قواعد نافعة</bdi></a>' in page
    assert 'Mark as done. Next: <bdi lang="ar" dir="rtl">قواعد يمكن استعمالها</bdi></button>' in page
    read_lesson(in_arabic, "first", at=timezone.now())
    page = main(browser.get(COURSE))
    assert 'Continue: <bdi lang="ar" dir="rtl">قواعد يمكن استعمالها</bdi>' in page
    assert 'Continue: <bdi lang="ar" dir="rtl">قواعد يمكن استعمالها</bdi>' in main(
        browser.get("/en/learning/", follow=True)
    )


@pytest.mark.parametrize("address", [CATALOGUE, "/en/"])
def test_lists_of_courses_give_arabic_titles_their_language(client, db, address):
    published_course(languages=("ar",))
    published_course(languages=("en",))
    page = main(client.get(address))
    assert ' lang="ar" dir="rtl"><a class="cover"' in page
    assert '<p lang="ar" dir="rtl">' in page
    assert page.count(' lang="ar" dir="rtl"') == 2


def test_course_in_pashto_runs_from_right_to_left(client, db):
    made = draft_course(key="in-pashto", languages=("ar",))
    for text in (*CourseText.objects.all(), *(t for lesson in made.lessons for t in lesson.texts.all())):
        text.language = "ps"
        text.save()
    made.course.source_language, made.course.languages = "ps", ["ps"]
    made.course.save()
    for question in made.quiz.bank.questions.all():
        question.texts.update(language="ps")
    publish_course(course=made.course, by=None)
    assert '<h1 lang="ps" dir="rtl">' in main(client.get("/en/courses/in-pashto/"))
