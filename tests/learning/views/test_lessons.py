"""The page of a lesson, as it is read and as it goes over the wire."""

import gzip
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import CourseText, LessonText
from maarifa.learning.models import CourseCompletion, Enrolment, Event, LessonCompletion
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    WRONG,
    enrolled,
    form_of,
    long_course,
    read_lesson,
    send_answers,
    start_quiz,
)
from tests.learning.reading import (
    CATALOGUE,
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

# Lesson ---------------------------------------------------------------------------------------------------


def test_lesson_shows_its_text_its_place_and_one_step_on(browser, enrolment):
    page = browser.get(FIRST)
    assert "<title>Rules that can be found · Rules that work · Maarifa</title>" in page.content.decode()
    assert heading(page) == "Rules that can be found"
    assert "A rule that nobody can find protects nobody." in words(page)
    assert "Module 1, lesson 1 of 2" in words(page)
    assert "0 of 2 lessons done" in words(page)
    assert next_steps(page) == ["Mark as done. Next: Rules that can be used"]


def test_lesson_is_finished_by_its_button_and_leads_on(browser, enrolment):
    page = browser.get(FIRST)
    response = browser.post(f"{FIRST}?in=en", {"event": event_id(page)})
    assert (response.status_code, response["Location"]) == (302, SECOND)
    page = browser.get(FIRST)
    assert "1 of 2 lessons done" in words(page)
    assert next_steps(page) == ["Next: Rules that can be used"]
    assert 'class="onward" method="post"' not in main(page)


def test_lesson_sent_twice_is_finished_once(browser, enrolment):
    form = {"event": event_id(browser.get(FIRST))}
    answers = [browser.post(f"{FIRST}?in=en", form) for _twice in range(2)]
    assert [(one.status_code, one["Location"]) for one in answers] == [(302, SECOND)] * 2
    assert (LessonCompletion.objects.count(), Event.objects.count()) == (1, 1)


def test_lesson_without_the_hidden_field_is_finished_all_the_same(browser, enrolment):
    for form in ({}, {"event": "nonsense"}):
        assert browser.post(FIRST, form)["Location"] == SECOND
    assert Event.objects.count() == 1


def test_last_step_leads_to_the_course_with_a_word(browser, enrolment):
    read_lesson(enrolment, "second")
    send_answers(start_quiz(enrolment), RIGHT)
    assert next_steps(browser.get(FIRST)) == ["Mark as done. Back to the course"]
    response = browser.post(FIRST)
    assert response["Location"] == COURSE
    page = browser.get(COURSE)
    assert "Done: You have done everything that this course requires." in words(page)
    assert CourseCompletion.objects.count() == 1


def test_lesson_after_a_passed_quiz_does_not_lead_to_the_quiz_again(browser, enrolment):
    send_answers(start_quiz(enrolment), RIGHT)
    assert next_steps(browser.get(SECOND)) == ["Mark as done. Next: Rules that can be found"]


def test_lesson_in_another_language_than_the_interface_is_marked(browser, enrolment):
    page = browser.get(f"{FIRST}?in=ar").content.decode()
    assert '<html lang="en" dir="ltr">' in page
    assert '<article lang="ar" dir="rtl">' in page
    assert '<a href="?in=en" lang="en">English</a>' in page


def test_lesson_keeps_the_language_asked_for_on_the_way_on(browser, enrolment):
    response = browser.post(f"{FIRST}?in=ar")
    assert response["Location"] == f"{SECOND}?in=ar"
    assert LessonCompletion.objects.get().language == "ar"


def test_lesson_in_a_language_that_the_course_lacks_is_in_the_enrolments(browser, enrolment):
    assert heading(browser.get(f"{FIRST}?in=xx")) == "Rules that can be found"


def test_lesson_that_is_not_translated_is_the_original_and_says_so(browser, course, enrolment):
    LessonText.objects.get(lesson=course.lessons[0], language="ar").delete()
    publish_course(course=course.course, by=None)
    page = browser.get("/ar/learn/rules-that-work/first/?in=ar").content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<article lang="en" dir="ltr">' in page
    note = browser.get(f"{FIRST}?in=ar")
    said = "This lesson has not been translated into العربية yet. You are reading the original."
    assert said in words(note)
    assert "not yet translated" in words(browser.get(f"{COURSE}?in=ar"))


def test_lesson_that_a_machine_translated_says_so(browser, enrolment):
    said = "Machine translation, not yet reviewed by a person."
    assert said in words(browser.get(f"{FIRST}?in=ar"))
    assert said not in words(browser.get(FIRST))


BEHIND = "The original has changed since this was translated."


def test_lesson_and_course_whose_translation_is_behind_say_so_and_are_fetched_again(
    browser, course, enrolment
):
    arabic = f"{FIRST}?in=ar"
    before = browser.get(arabic)
    assert BEHIND not in words(before)
    assert BEHIND not in words(browser.get(f"{COURSE}?in=ar"))
    LessonText.objects.filter(lesson=course.lessons[0], language="en").update(title="Rules that one can find")
    CourseText.objects.filter(language="en").update(title="Rules that work better")
    publish_course(course=course.course, by=None)
    # Enrolments follow the current edition; the document is the same, the page is not.
    after = browser.get(arabic, HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    assert BEHIND in words(after)
    assert BEHIND not in words(browser.get(FIRST))
    assert BEHIND in words(browser.get(f"{COURSE}?in=ar"))
    assert BEHIND not in words(browser.get(COURSE))


def test_interface_language_switch_keeps_the_place(browser, enrolment):
    page = browser.get(f"{FIRST}?in=ar").content.decode()
    for code in ("fr", "ar"):
        assert f'<a href="/{code}/learn/rules-that-work/first/?in=ar" lang="{code}">' in page


def test_words_of_authors_are_escaped_everywhere(browser, course, enrolment):
    bad = "<script>alert(1)</script>"
    CourseText.objects.filter(language="en").update(
        title=f"{bad} course",
        summary=bad,
        outcomes={"find-a-rule": bad},
        modules={"basics": {"title": bad, "summary": bad}},
        quizzes={"basics-quiz": {"title": bad}},
    )
    text = LessonText.objects.get(lesson=course.lessons[0], language="en")
    text.title, text.objectives = f"{bad} lesson", [bad]
    text.sources = [{"title": bad, "publisher": bad, "date": "2024", "url": "https://rules.example.org/"}]
    text.save()
    publish_course(course=course.course, by=None)
    attempt = start_quiz(enrolment, at=timezone.now())
    pages = [
        browser.get(address)
        for address in (CATALOGUE, COURSE, FIRST, f"{FIRST}sources/", SECOND, QUIZ, attempt_page(attempt))
    ]
    send_answers(attempt, WRONG, at=timezone.now())
    pages += [browser.get(result_page(attempt)), browser.get("/en/learning/"), Client().get("/en/")]
    for page in pages:
        assert page.status_code == 200
        assert "<script>" not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


def test_sources_of_a_lesson_stand_on_a_page_of_their_own(browser, course, enrolment):
    text = LessonText.objects.get(lesson=course.lessons[0], language="en")
    text.sources = [
        {
            "title": f"Law {n}",
            "publisher": "Parliament",
            "date": f"2024-0{n}",
            "url": f"https://rules.example.org/{n}",
        }
        for n in (1, 2)
    ]
    text.save()
    publish_course(course=course.course, by=None)
    assert f'<a href="{FIRST}sources/?in=en">2 sources</a>' in main(browser.get(FIRST))
    assert "Law 1" not in main(browser.get(FIRST))
    page = main(browser.get(f"{FIRST}sources/?in=en"))
    assert [page.count(f'href="https://rules.example.org/{n}"') for n in (1, 2, 3)] == [1, 1, 0]
    assert ", Parliament, January 2024<" in page
    assert f'href="{FIRST}?in=en"' in page
    assert browser.get("/en/learn/rules-that-work/never/sources/").status_code == 404


def test_new_edition_is_read_at_once(browser, course, enrolment):
    read_lesson(enrolment, "first")
    browser.get(SECOND)
    text = LessonText.objects.get(lesson=course.lessons[1], language="en")
    text.body = "## Who does what\n\nNow in other words.\n"
    text.save()
    publish_course(course=course.course, by=None)
    assert "Now in other words." in words(browser.get(SECOND))
    assert "1 of 2 lessons done" in words(browser.get(SECOND))


# The lesson page on the wire ------------------------------------------------------------------------------


def test_compressed_lesson_is_the_plain_one(browser, enrolment):
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    plain = browser.get(FIRST)
    packed = browser.get(FIRST, headers={"accept-encoding": "gzip, br"})
    assert not plain.has_header("Content-Encoding")
    assert packed["Content-Encoding"] == "gzip"
    assert token.sub(b"", gzip.decompress(packed.content)) == token.sub(b"", plain.content)


def test_lesson_is_kept_by_the_browser_alone_and_asked_for_each_time(browser, enrolment):
    page = browser.get(FIRST)
    assert page["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Encoding"} <= set(page["Vary"].split(", "))


def test_unchanged_lesson_is_not_sent_again(browser, enrolment):
    browser.get(FIRST)
    page = browser.get(FIRST)
    again = browser.get(FIRST, headers={"if-none-match": page["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", page["ETag"])
    assert again["Cache-Control"] == "private, no-cache"


def test_etag_changes_with_all_that_the_page_shows(browser, client, course, enrolment, learner):
    def etag(address=FIRST):
        return browser.get(address)["ETag"]

    etag()
    seen = [etag()]
    assert seen == [etag()]
    seen += [etag(f"{FIRST}?in=ar"), etag(FIRST.replace("/en/", "/fr/"))]
    read_lesson(enrolment, "second")
    seen.append(etag())
    send_answers(start_quiz(enrolment), RIGHT)
    seen.append(etag())
    institution = InstitutionFactory()
    Enrolment.objects.update(institution=institution)
    seen.append(etag())
    text = LessonText.objects.get(lesson=course.lessons[0], language="en")
    text.body += "\nOne sentence more.\n"
    text.save()
    publish_course(course=course.course, by=None)
    seen.append(etag())
    session = browser.session
    session["staff"] = True
    session.save()
    seen.append(etag())
    other = enrolled(course=course).learner
    client.force_login(other)
    seen.append(etag())
    assert len(set(seen)) == len(seen) == 9


def test_etag_changes_when_the_deadline_passes_and_when_its_grace_has(browser, enrolment):
    Enrolment.objects.update(due_at=MONDAY, due_zone="UTC", due_local="2026-11-23T08:00:00")
    browser.get(FIRST)
    seen = []
    for minutes in (-1, 0, 1, 60, 61):
        with time_machine.travel(MONDAY + timedelta(minutes=minutes), tick=False):
            seen.append(browser.get(FIRST)["ETag"])
    before, due, grace, last, over = seen
    assert (before, grace) == (due, last)
    assert len({before, grace, over}) == 3


def test_page_with_a_message_is_not_shown_again_from_the_cache(browser, enrolment):
    browser.get(FIRST)
    quiet = browser.get(FIRST)["ETag"]
    attempt = start_quiz(enrolment, at=timezone.now())
    # A message waits in the cookie, and the lesson is the page that shows it.
    browser.post(attempt_page(attempt), form_of(attempt, WRONG))
    page = browser.get(FIRST, headers={"if-none-match": quiet})
    assert page.status_code == 200
    assert "Your answers are saved." in words(page)
    after = browser.get(FIRST, headers={"if-none-match": page["ETag"]})
    assert after.status_code == 200
    assert "Your answers are saved." not in words(after)
    assert browser.get(FIRST, headers={"if-none-match": after["ETag"]}).status_code == 304


@pytest.mark.parametrize("lessons", [1, 3, 60])
def test_lesson_page_takes_three_queries_however_long_the_course(
    browser, learner, lessons, django_assert_num_queries
):
    course = long_course(lessons)
    enrolment = enrolled(course=course, learner=learner)
    address = f"/en/learn/{course.course.key}/first/"
    browser.get(address)
    for done in range(min(lessons, 40)):
        read_lesson(enrolment, course.edition.structure["modules"][0]["activities"][done]["key"])
    browser.get(address)
    # The person, the enrolment, what is done.
    with django_assert_num_queries(3):
        page = browser.get(address)
    with django_assert_num_queries(3):
        assert browser.get(address, headers={"if-none-match": page["ETag"]}).status_code == 304


@pytest.mark.parametrize("lessons", [1, 3, 60])
def test_course_page_takes_five_queries_however_long_the_course(
    browser, learner, lessons, django_assert_num_queries
):
    course = long_course(lessons)
    enrolled(course=course, learner=learner)
    browser.get(f"/en/courses/{course.course.key}/")
    with django_assert_num_queries(5):
        browser.get(f"/en/courses/{course.course.key}/")


@pytest.mark.parametrize("item_count", [1, 3])
def test_catalogue_takes_three_queries(browser, learner, item_count, django_assert_num_queries):
    for _number in range(item_count):
        enrolled(learner=learner)
    browser.get(CATALOGUE)
    with django_assert_num_queries(3):
        browser.get(CATALOGUE)
