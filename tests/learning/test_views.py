"""The learner's pages: what they show, to whom, and what they cost."""

import gzip
import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import CourseText, LessonText
from maarifa.institutions.models import Membership
from maarifa.learning import actions
from maarifa.learning.models import CourseCompletion, Enrolment, Event, LessonCompletion
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root
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

CATALOGUE = "/en/courses/"
COURSE = "/en/courses/rules-that-work/"
FIRST, SECOND = "/en/learn/rules-that-work/first/", "/en/learn/rules-that-work/second/"
QUIZ = "/en/learn/rules-that-work/quiz/basics-quiz/"
EVENTS = "/en/learn/events/"


def attempt_page(attempt):
    return f"{QUIZ}{attempt.public_id}/"


def result_page(attempt):
    return f"{QUIZ}{attempt.public_id}/result/"


def words(response) -> str:
    """The page's words in one line, without tags."""
    text = re.sub(r"</?(?:bdi|strong|em)\b[^>]*>", "", response.content.decode())
    text = re.sub(r"<[^>]+>", " ", text)
    return " ".join(text.split()).replace(" ,", ",").replace(" .", ".")


def main(response) -> str:
    return re.search(r"<main.*?</main>", response.content.decode(), re.DOTALL)[0]


def heading(response) -> str:
    return re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", response.content.decode(), re.DOTALL)[0])


def next_steps(response) -> list[str]:
    """The words of the buttons that lead on: there is one."""
    found = re.findall(
        r'<(?:a|button)[^>]*class="(?:button )?arrow"[^>]*>(.*?)</(?:a|button)>', main(response)
    )
    return [re.sub(r"<[^>]+>", "", one) for one in found]


def event_id(response) -> str:
    return re.search(r'name="event" value="([^"]+)"', response.content.decode())[1]


# Strangers ------------------------------------------------------------------------------------------------


@pytest.fixture
def addresses(enrolment):
    """Every page of a learner, each with something to see."""
    read_lesson(enrolment, "first")
    failed = start_quiz(enrolment)
    send_answers(failed, WRONG)
    attempt = start_quiz(enrolment, at=MONDAY + timedelta(hours=2))
    return [FIRST, SECOND, QUIZ, attempt_page(attempt), result_page(attempt), result_page(failed)]


def test_pages_of_a_learner_lead_somebody_not_signed_in_to_the_door(client, addresses):
    for address in addresses:
        for response in (client.get(address), client.post(address, {"send": "1"})):
            assert response.status_code == 302
            assert response["Location"] == f"/en/account/login/?next={address}"


def _nobody(course):
    return UserFactory()


def _learner_of_another_course(course):
    return enrolled(course=published_course()).learner


def _coordinator(course):
    institution = InstitutionFactory()
    Enrolment.objects.update(institution=institution)
    role = MembershipFactory(unit=root(institution), role=Membership.Role.COORDINATOR)
    return role.user


def _instructor(course):
    return UserFactory(is_staff=True, is_superuser=True)


def _who_has_left(course):
    enrolment = enrolled(course=course)
    actions.end_enrolment(enrolment=enrolment)
    return enrolment.learner


@pytest.mark.parametrize(
    "stranger", [_nobody, _learner_of_another_course, _coordinator, _instructor, _who_has_left]
)
def test_pages_of_a_learner_are_not_there_for_strangers(client, course, addresses, stranger):
    client.force_login(stranger(course))
    before = Event.objects.count()
    for address in addresses:
        assert client.get(address).status_code == 404
        if not address.endswith("/result/"):
            assert client.post(address, {"send": "1"}).status_code == 404
    assert Event.objects.count() == before


def test_attempt_of_another_learner_of_the_course_is_not_there(browser, course, enrolment):
    other = enrolled(course=course)
    failed = start_quiz(other)
    send_answers(failed, WRONG)
    theirs = start_quiz(other, at=MONDAY + timedelta(hours=2))
    for address in (attempt_page(theirs), result_page(failed)):
        assert browser.get(address).status_code == 404
    assert browser.post(attempt_page(theirs), {"send": "1"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.submitted_at is None


def test_attempt_under_the_address_of_another_quiz_is_not_there(browser, enrolment):
    attempt = start_quiz(enrolment)
    address = f"/en/learn/rules-that-work/quiz/other-quiz/{attempt.public_id}/"
    assert browser.get(address).status_code == 404


def test_progress_of_another_learner_is_not_shown(browser, course, enrolment):
    other = enrolled(course=course)
    read_lesson(other, "first")
    send_answers(start_quiz(other), RIGHT)
    page = browser.get(COURSE)
    assert "0 of 2 lessons done" in words(page)
    assert "Pass “Basics: quiz” with at least 60%" in words(page)
    assert 'class="ok"' not in main(page)
    assert "You have 3 attempts" in words(browser.get(QUIZ))


def test_lesson_that_never_was_is_not_there(browser, enrolment):
    assert browser.get("/en/learn/rules-that-work/third/").status_code == 404
    assert browser.post("/en/learn/rules-that-work/third/").status_code == 404
    assert browser.get("/en/learn/rules-that-work/quiz/third/").status_code == 404
    assert browser.get("/en/courses/no-such-course/").status_code == 404


# Catalogue and course -------------------------------------------------------------------------------------


def test_catalogue_shows_published_courses_to_everybody(client, course):
    page = client.get(CATALOGUE)
    assert heading(page) == "Courses"
    assert "Rules that work" in words(page)
    assert "you take this course" not in words(page)


def test_catalogue_leaves_out_drafts_and_retired_courses(client, course):
    from tests.factories.curriculum import draft_course

    draft_course(key="not-yet")
    course.course.retired_at = MONDAY
    course.course.save()
    page = client.get(CATALOGUE)
    assert "No course has been published yet." in words(page)
    assert "not-yet" not in page.content.decode()


def test_catalogue_marks_the_courses_that_one_takes(browser, enrolment):
    published_course()
    assert words(browser.get(CATALOGUE)).count("you take this course") == 1


def test_course_says_to_a_visitor_what_it_is_and_how_to_begin(client, course):
    page = client.get(COURSE)
    assert heading(page) == "Rules that work"
    assert next_steps(page) == ["Sign in to start"]
    assert f"/en/account/login/?next={COURSE}" in page.content.decode()
    assert "/en/learn/" not in page.content.decode()


def test_course_can_be_seen_in_another_language_before_starting(client, course):
    page = client.get(f"{COURSE}?in=ar")
    assert '<h1 lang="ar" dir="rtl">قواعد نافعة</h1>' in page.content.decode()
    assert client.get(f"{COURSE}?in=xx").status_code == 200


def test_starting_a_course_leads_to_its_first_lesson(browser, course, learner):
    page = browser.get(COURSE)
    assert next_steps(page) == ["Start this course"]
    response = browser.post(f"{COURSE}enrol/", {"language": "ar"})
    assert (response.status_code, response["Location"]) == (302, FIRST)
    enrolment = Enrolment.objects.get()
    assert (enrolment.learner, enrolment.language) == (learner, "ar")
    assert browser.post(f"{COURSE}enrol/", {"language": "en"}).status_code == 302
    assert Enrolment.objects.get().language == "ar"


def test_starting_a_course_needs_a_post_by_somebody_signed_in(client, browser, course):
    assert browser.get(f"{COURSE}enrol/").status_code == 405
    client.logout()
    response = client.post(f"{COURSE}enrol/")
    assert (response.status_code, Enrolment.objects.count()) == (302, 0)


def test_course_says_how_far_one_is_what_is_missing_and_the_next_step(browser, enrolment):
    page = browser.get(COURSE)
    assert next_steps(page) == ["Begin: Rules that can be found"]
    read_lesson(enrolment, "first")
    page = browser.get(COURSE)
    assert "1 of 2 lessons done" in words(page)
    assert "Finish the 2 lessons (1 done)" in words(page)
    assert next_steps(page) == ["Go on: Rules that can be used"]
    read_lesson(enrolment, "second")
    assert next_steps(browser.get(COURSE)) == ["Go on: Basics: quiz"]


def test_course_that_is_finished_leads_to_the_certificate(browser, enrolment):
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)
    send_answers(start_quiz(enrolment), RIGHT)
    page = browser.get(COURSE)
    assert "You finished this course on 23 November 2026." in words(page)
    assert next_steps(page) == ["To your certificate"]
    assert main(page).count('class="ok"') == 2


def test_course_shows_a_deadline_with_its_zone_and_the_grace(browser, course, learner):
    due = {
        "due_at": MONDAY + timedelta(days=30),
        "due_zone": "Africa/Nairobi",
        "due_local": "2026-12-23T11:00:00",
    }
    enrolled(course=course, learner=learner, **due)
    assert "To be done by 23 December 2026, 11:00 (Nairobi time, UTC+3)." in words(browser.get(COURSE))
    assert "Work that arrives up to 60 minutes later still counts." in words(browser.get(COURSE))


def test_course_language_is_changed_by_a_post(browser, enrolment):
    response = browser.post(f"{COURSE}language/", {"language": "ar"})
    assert (response.status_code, response["Location"]) == (302, COURSE)
    assert Enrolment.objects.get().language == "ar"
    assert browser.post(f"{COURSE}language/", {"language": "sw"}).status_code == 404
    assert Enrolment.objects.get().language == "ar"


def test_course_that_is_not_open_yet_says_when_it_opens(browser, course, learner):
    opens = timezone.now() + timedelta(days=3)
    enrolled(course=course, learner=learner, opens_at=opens)
    page = browser.get(COURSE)
    assert "This course opens for you on" in words(page)
    assert "/en/learn/" not in page.content.decode()
    for address in (FIRST, QUIZ):
        response = browser.get(address)
        assert response.status_code == 403
        assert heading(response) == "Not open yet"
        assert browser.post(address).status_code == 403


# Lesson ---------------------------------------------------------------------------------------------------


def test_lesson_shows_its_text_its_place_and_one_step_on(browser, enrolment):
    page = browser.get(FIRST)
    assert "<title>Rules that can be found · Rules that work · Maarifa</title>" in page.content.decode()
    assert heading(page) == "Rules that can be found"
    assert "A rule that nobody can find protects nobody." in words(page)
    assert "Module 1, lesson 1 of 2" in words(page)
    assert "0 of 2 lessons done" in words(page)
    assert next_steps(page) == ["Done. Next: Rules that can be used"]


def test_lesson_is_finished_by_its_button_and_leads_on(browser, enrolment):
    page = browser.get(FIRST)
    response = browser.post(f"{FIRST}?in=en", {"event": event_id(page)})
    assert (response.status_code, response["Location"]) == (302, SECOND)
    page = browser.get(FIRST)
    assert "1 of 2 lessons done" in words(page)
    assert next_steps(page) == ["Next: Rules that can be used"]
    assert 'method="post"' not in main(page)


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
    assert next_steps(browser.get(FIRST)) == ["Done. Back to the course"]
    response = browser.post(FIRST)
    assert response["Location"] == COURSE
    page = browser.get(COURSE)
    assert "Done: You have done everything that this course asks." in words(page)
    assert CourseCompletion.objects.count() == 1


def test_lesson_after_a_passed_quiz_does_not_lead_to_the_quiz_again(browser, enrolment):
    send_answers(start_quiz(enrolment), RIGHT)
    assert next_steps(browser.get(SECOND)) == ["Done. Next: Rules that can be found"]


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
        browser.get(address) for address in (CATALOGUE, COURSE, FIRST, SECOND, QUIZ, attempt_page(attempt))
    ]
    send_answers(attempt, WRONG, at=timezone.now())
    pages += [browser.get(result_page(attempt)), browser.get("/en/learning/"), Client().get("/en/")]
    for page in pages:
        assert page.status_code == 200
        assert "<script" not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()


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
        read_lesson(enrolment, course.edition.structure["modules"][0]["lessons"][done]["key"])
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


# Quiz -----------------------------------------------------------------------------------------------------


def test_quiz_says_what_to_expect_and_starts_with_a_post(browser, enrolment):
    page = browser.get(QUIZ)
    assert heading(page) == "Basics: quiz"
    said = "3 questions. To pass you need 60% of the points. You have 3 attempts. Between two attempts"
    assert said in words(page)
    assert next_steps(page) == ["Start the quiz"]
    assert Attempt.objects.count() == 0
    response = browser.post(QUIZ, {"event": event_id(page)})
    attempt = Attempt.objects.get()
    assert response["Location"] == attempt_page(attempt)
    assert browser.post(QUIZ, {"event": event_id(page)})["Location"] == attempt_page(attempt)
    assert browser.post(QUIZ)["Location"] == attempt_page(attempt)
    assert next_steps(browser.get(QUIZ)) == ["Go on where you stopped"]


def test_quiz_waits_between_attempts_and_says_until_when(browser, enrolment):
    send_answers(start_quiz(enrolment, at=timezone.now()), WRONG, at=timezone.now())
    page = browser.get(QUIZ)
    assert "You can try again from" in words(page)
    assert next_steps(page) == ["Next: Rules that can be found"]
    response = browser.post(QUIZ, {"event": str(uuid4())})
    assert response["Location"] == QUIZ
    assert "Not done: You can try again from" in words(browser.get(QUIZ))
    assert Attempt.objects.count() == 1


def test_quiz_without_attempts_left_says_so_and_whom_to_ask(browser, enrolment):
    Enrolment.objects.update(institution=InstitutionFactory(contact="Ms Achieng, 0700 000 000"))
    for day in range(3):
        at = MONDAY - timedelta(days=9 - day)
        Enrolment.objects.update(enrolled_at=at)
        send_answers(start_quiz(enrolment, at=at), WRONG, at=at)
    page = browser.get(QUIZ)
    assert "You have used all your attempts. Ask Ms Achieng, 0700 000 000 what to do now." in words(page)
    assert browser.post(QUIZ)["Location"] == QUIZ
    assert "You have used all your attempts at this quiz: 3." in words(browser.get(QUIZ))


def test_attempt_page_holds_no_key_and_no_feedback(browser, enrolment):
    page = browser.get(attempt_page(start_quiz(enrolment)))
    assert "Where must a rule stand?" in words(page)
    for secret in ("Right.", "Nobody looks there.", "Without a name nobody acts.", "193"):
        assert secret not in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"


def test_answers_are_saved_and_found_again(browser, enrolment):
    attempt = start_quiz(enrolment)
    form = form_of(attempt, RIGHT)
    response = browser.post(attempt_page(attempt), {**form, "event": str(uuid4())})
    assert response["Location"] == attempt_page(attempt)
    page = browser.get(attempt_page(attempt))
    assert "Done: Your answers are saved." in words(page)
    assert "3 of 3 questions answered and saved." in words(page)
    assert page.content.decode().count(" checked") == 2
    assert 'value="193"' in page.content.decode()


def test_saving_for_later_leads_to_the_course_and_back(browser, enrolment):
    attempt = start_quiz(enrolment)
    response = browser.post(attempt_page(attempt), {**form_of(attempt, RIGHT), "later": "1"})
    assert response["Location"] == COURSE
    assert browser.get(QUIZ).content.decode().count(attempt_page(attempt)) == 1


def test_answer_that_cannot_be_read_is_named_and_nothing_is_lost(browser, enrolment):
    attempt = start_quiz(enrolment)
    number = attempt.questions.get(question_version__kind="numeric").position
    form = {**form_of(attempt, RIGHT), f"q{number}": "about 190", "send": "1"}
    page = browser.post(attempt_page(attempt), form)
    assert page.status_code == 422
    assert "<title>Error: Basics: quiz" in page.content.decode()
    assert "“about 190” is not a number." in words(page)
    assert f'href="#id_q{number}"' in page.content.decode()
    assert 'value="about 190"' in page.content.decode()
    assert page.content.decode().count(" checked") == 2
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_attempt_is_sent_once_and_shows_its_result(browser, enrolment):
    attempt = start_quiz(enrolment)
    form = {**form_of(attempt, RIGHT), "event": str(uuid4()), "send": "1"}
    for _twice in range(2):
        response = browser.post(attempt_page(attempt), form)
        assert response["Location"] == result_page(attempt)
    assert browser.get(attempt_page(attempt))["Location"] == result_page(attempt)
    page = browser.get(result_page(attempt))
    assert heading(page) == "3 of 3 points. Passed."
    assert next_steps(page) == ["Next: Rules that can be found"]


def test_page_sent_twice_with_other_answers_says_so_and_keeps_them(browser, enrolment):
    attempt = start_quiz(enrolment)
    event = str(uuid4())
    browser.post(attempt_page(attempt), {**form_of(attempt, WRONG), "event": event})
    page = browser.post(attempt_page(attempt), {**form_of(attempt, RIGHT), "event": event, "send": "1"})
    assert page.status_code == 200
    assert "You changed answers on a page that had been sent before." in words(page)
    assert 'value="193"' in page.content.decode()
    again = {**form_of(attempt, RIGHT), "event": event_id(page), "send": "1"}
    assert browser.post(attempt_page(attempt), again)["Location"] == result_page(attempt)
    attempt.refresh_from_db()
    assert attempt.passed is True


def test_answers_sent_from_a_second_window_after_submission_lead_to_the_result(browser, enrolment):
    attempt = start_quiz(enrolment)
    send_answers(attempt, WRONG)
    response = browser.post(attempt_page(attempt), form_of(attempt, RIGHT))
    assert response["Location"] == result_page(attempt)


def test_result_of_a_failed_attempt_says_what_to_read_again_and_when_to_try(browser, enrolment):
    attempt = start_quiz(enrolment, at=timezone.now())
    send_answers(attempt, WRONG | {"single": ["a"]}, at=timezone.now())
    page = browser.get(result_page(attempt))
    assert heading(page) == "1 of 3 points. Not there yet."
    said = "To pass you need 60% of the points. You have 2 attempts left. You can try again from"
    assert said in words(page)
    reread = re.findall(r'<a class="cover" href="([^"]+)"', main(page))
    assert reread == [SECOND]
    assert next_steps(page) == ["Read the lesson again"]
    # The feedback on what was chosen, and not yet what would be right.
    assert "Without a name nobody acts." in words(page)
    assert "193" not in main(page)


def test_result_of_a_failed_attempt_offers_the_next_once_it_is_allowed(browser, enrolment):
    at = timezone.now() - timedelta(hours=3)
    Enrolment.objects.update(enrolled_at=at)
    attempt = start_quiz(enrolment, at=at)
    send_answers(attempt, WRONG, at=at)
    page = browser.get(result_page(attempt))
    assert "You can try again now." in words(page)
    assert f'<a class="button quiet" href="{QUIZ}">Try again</a>' in main(page)


def test_result_that_came_late_says_that_somebody_decides(browser, course, learner):
    due = {
        "due_at": MONDAY + timedelta(days=1),
        "due_zone": "Africa/Nairobi",
        "due_local": "2026-11-24T11:00:00",
    }
    enrolment = enrolled(course=course, learner=learner, **due)
    attempt = start_quiz(enrolment, at=MONDAY + timedelta(days=3))
    send_answers(attempt, RIGHT, at=MONDAY + timedelta(days=3))
    said = "came after the deadline. It is kept, and your institution decides whether it counts."
    for address in (result_page(attempt), QUIZ, COURSE):
        assert said in words(browser.get(address))


def retire_quiz(course):
    """Edition 2 has neither the quiz nor the first lesson any more."""
    course.lessons[0].retired_at = MONDAY
    course.lessons[0].save()
    course.module.module_quiz.delete()
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
    assert heading(page) == "0 of 3 points. Not there yet."
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
    words_of_it = model.texts.get(language="en").words
    for number in range(4, 11):
        question = Question.objects.create(
            bank=bank,
            key=f"more-{number}",
            position=number,
            kind="single",
            lesson_key="first",
            structure=model.structure,
        )
        QuestionText.objects.create(question=question, language="en", words=words_of_it)
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


# The door for scripts -------------------------------------------------------------------------------------


def send(client, events, **more):
    return client.post(EVENTS, json.dumps({"events": events, **more}), content_type="application/json")


def lesson_event(lesson="first", **more):
    payload = {"course": "rules-that-work", "lesson": lesson, "language": "en"}
    return {"id": str(uuid4()), "kind": "lesson-read", "payload": payload, **more}


def test_batch_is_taken_in_and_answered_in_order(browser, enrolment):
    events = [lesson_event(), lesson_event("third"), lesson_event("second")]
    response = send(browser, events)
    assert response.status_code == 200
    outcomes = response.json()["outcomes"]
    assert [(one["id"], one["status"]) for one in outcomes] == [
        (events[0]["id"], "accepted"),
        (events[1]["id"], "refused"),
        (events[2]["id"], "accepted"),
    ]
    assert (outcomes[1]["code"], outcomes[1]["message"]) == (
        "UNKNOWN_LESSON",
        "There is no lesson “third” in this course.",
    )
    assert LessonCompletion.objects.count() == 2
    again = send(browser, events).json()["outcomes"]
    assert again == outcomes
    assert Event.objects.count() == 2


def test_batch_corrects_the_moments_by_the_phones_clock(browser, course, learner):
    enrolled(course=course, learner=learner, at=timezone.now() - timedelta(days=2))
    ahead = timedelta(days=700)
    happened = timezone.now() - timedelta(days=1)
    event = lesson_event(happened=(happened + ahead).isoformat())
    assert send(browser, [event], clock=(timezone.now() + ahead).isoformat()).status_code == 200
    kept = Event.objects.get()
    assert abs(kept.happened_at - happened) < timedelta(seconds=30)
    assert kept.client_time == (happened + ahead).isoformat()
    assert abs(kept.clock_offset_ms + ahead.total_seconds() * 1000) < 30_000


@pytest.mark.parametrize("clock", [None, "", "noon", 12, [], "2026-13-01T00:00:00Z"])
def test_batch_with_a_clock_that_cannot_be_read_is_believed_within_what_can_be(browser, enrolment, clock):
    assert send(browser, [lesson_event(happened="1970-01-01T00:00:00Z")], clock=clock).status_code == 200
    kept = Event.objects.get()
    assert (kept.happened_at, kept.clock_offset_ms) == (MONDAY, None)


@pytest.mark.parametrize(
    "event",
    [None, 7, "x", [], {}, {"id": 5}, {"id": "x"}, {"id": str(uuid4())}, {"id": str(uuid4()), "kind": []}],
)
def test_event_that_cannot_be_read_does_not_stop_the_others(browser, enrolment, event):
    outcomes = send(browser, [event, lesson_event()]).json()["outcomes"]
    assert [one["status"] for one in outcomes] == ["refused", "accepted"]
    assert outcomes[0]["code"] in ("BAD_PAYLOAD", "UNKNOWN_KIND")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "events",
        "[]",
        "{}",
        "null",
        '{"events": {}}',
        '{"events": "x"}',
        b"\xff\xfe",
        "[" * 100_000,
        json.dumps({"events": [{}] * 101}),
    ],
)
def test_batch_that_cannot_be_read_is_refused_whole(browser, enrolment, body):
    response = browser.post(EVENTS, body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "BAD_BATCH")


def test_payload_nested_without_end_is_refused(browser, enrolment):
    deep = []
    for _level in range(200):
        deep = [deep]
    outcome = send(browser, [lesson_event(payload={"course": deep})]).json()["outcomes"][0]
    assert outcome["code"] == "BAD_PAYLOAD"


def test_answers_that_cannot_be_read_are_named_one_by_one(browser, enrolment):
    attempt = start_quiz(enrolment)
    payload = {"attempt": str(attempt.public_id), "responses": {"1": ["z"], "2": {}, "9": "x"}}
    event = {"id": str(uuid4()), "kind": "answer-saved", "payload": payload}
    outcome = send(browser, [event]).json()["outcomes"][0]
    assert outcome["status"] == "refused"
    assert [one["position"] for one in outcome["answers"]] == ["1", "2", "9"]


def test_batch_of_somebody_not_signed_in_is_to_be_sent_again(client, enrolment):
    response = send(client, [lesson_event()])
    assert (response.status_code, response.json()["code"]) == (401, "SIGN_IN")
    assert Event.objects.count() == 0


def test_batch_of_a_stranger_changes_nothing(client, course, enrolment):
    client.force_login(UserFactory())
    outcome = send(client, [lesson_event()]).json()["outcomes"][0]
    assert outcome["code"] == "NOT_ENROLLED"
    assert LessonCompletion.objects.count() == 0


def test_batch_needs_the_token_of_the_session(enrolment, learner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(learner)
    assert send(strict, [lesson_event()]).status_code == 403
    page = strict.get(FIRST).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    body = json.dumps({"events": [lesson_event()]})
    response = strict.post(EVENTS, body, content_type="application/json", headers={"x-csrftoken": token})
    assert response.json()["outcomes"][0]["status"] == "accepted"


def test_saving_one_answer_takes_five_queries_with_the_person(browser, enrolment, django_assert_num_queries):
    attempt = start_quiz(enrolment, at=timezone.now())
    Enrolment.objects.update(last_activity_at=timezone.now())
    payload = {"attempt": str(attempt.public_id), "responses": {"1": None}}
    send(browser, [{"id": str(uuid4()), "kind": "answer-saved", "payload": payload}])
    for position, answer in form_of(attempt, RIGHT).items():
        payload["responses"] = {position[1:]: answer}
        event = {"id": str(uuid4()), "kind": "answer-saved", "payload": payload}
        with django_assert_num_queries(5 + 2):
            send(browser, [event])
