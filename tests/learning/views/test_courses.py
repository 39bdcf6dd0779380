"""The catalogue and the page of a course."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.utils import timezone

from maarifa.learning import actions
from maarifa.learning.models import Enrolment
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import (
    MONDAY,
    RIGHT,
    enrolled,
    read_lesson,
    send_answers,
    start_quiz,
)
from tests.learning.events import republish
from tests.learning.reading import CATALOGUE, COURSE, FIRST, QUIZ, heading, main, next_steps, words

# Catalogue and course -------------------------------------------------------------------------------------


def test_catalogue_shows_published_courses_to_everybody(client, course):
    page = client.get(CATALOGUE)
    assert heading(page) == "Courses"
    assert "Rules that work" in words(page)
    assert "you are enrolled" not in words(page)


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
    assert words(browser.get(CATALOGUE)).count("you are enrolled") == 1


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


def test_who_signs_in_on_the_way_to_starting_is_led_back_to_the_page_with_the_button(client, course, learner):
    there = led_on_after_sign_in(client, f"{COURSE}enrol/", {"language": "en"}, learner)
    assert there.redirect_chain == [(COURSE, 302)]
    assert "You have not started this course yet. Press “Start this course”." in words(there)
    assert next_steps(there) == ["Start this course"]
    assert Enrolment.objects.count() == 0


def test_who_takes_the_course_is_not_asked_to_press_again(browser, enrolment):
    page = browser.get(f"{COURSE}enrol/", follow=True)
    assert page.redirect_chain == [(COURSE, 302)]
    assert "You have not started this course yet." not in words(page)
    assert browser.get("/en/courses/no-such-course/enrol/").status_code == 404


def test_who_signs_in_on_the_way_to_another_language_is_led_back_to_the_choice(client, enrolment):
    data = {"language": "ar"}
    there = led_on_after_sign_in(client, f"{COURSE}language/", data, enrolment.learner)
    assert there.redirect_chain == [(COURSE, 302)]
    assert "The language was not changed. Choose it again." in words(there)
    enrolment.refresh_from_db()
    assert enrolment.language == "en"


def led_on_after_sign_in(client, address, data, person):
    """What somebody sees in the end whose session had ended before they posted."""
    client.logout()
    sign_in = client.post(address, data)["Location"]
    assert sign_in.startswith("/en/account/login/")
    client.force_login(person)
    return client.get(parse_qs(urlsplit(sign_in).query)["next"][0], follow=True)


def test_course_says_how_far_one_is_what_is_missing_and_the_next_step(browser, enrolment):
    page = browser.get(COURSE)
    assert next_steps(page) == ["Start: Rules that can be found"]
    read_lesson(enrolment, "first")
    page = browser.get(COURSE)
    assert "1 of 2 lessons done" in words(page)
    assert "Finish the 2 lessons (1 done)" in words(page)
    assert next_steps(page) == ["Continue: Rules that can be used"]
    read_lesson(enrolment, "second")
    assert next_steps(browser.get(COURSE)) == ["Continue: Basics: quiz"]


def test_course_that_is_finished_leads_to_the_certificate(browser, enrolment):
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)
    send_answers(start_quiz(enrolment), RIGHT)
    page = browser.get(COURSE)
    assert "You finished this course on 23 November 2026." in words(page)
    assert next_steps(page) == ["See your certificates"]
    assert main(page).count('class="ok"') == 2


def test_course_shows_a_deadline_with_its_zone_and_the_grace(browser, course, learner):
    due = {
        "due_at": MONDAY + timedelta(days=30),
        "due_zone": "Africa/Nairobi",
        "due_local": "2026-12-23T11:00:00",
    }
    enrolled(course=course, learner=learner, **due)
    assert "Deadline: 23 December 2026, 11:00 (Nairobi time, UTC+3)." in words(browser.get(COURSE))
    assert "Work that arrives up to 60 minutes after the deadline still counts." in words(browser.get(COURSE))
    assert "In your time zone, that is" not in words(browser.get(COURSE))


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Africa/Lagos", "In your time zone, that is 23 December 2026, 09:00 (Lagos time, UTC+1)."),
        # The same clocks under another name.
        ("Africa/Kampala", ""),
    ],
)
def test_deadline_is_shown_on_the_readers_own_clocks_too(browser, course, learner, zone, said):
    learner.time_zone = zone
    learner.save()
    due = {
        "due_at": MONDAY + timedelta(days=30),
        "due_zone": "Africa/Nairobi",
        "due_local": "2026-12-23T11:00:00",
    }
    enrolled(course=course, learner=learner, **due)
    for page in ("/en/learning/", COURSE, QUIZ):
        shown = words(browser.get(page))
        assert "11:00 (Nairobi time, UTC+3)." in shown
        assert ("In your time zone, that is" in shown, said in shown) == (bool(said), True)


PAGES = ("/en/learning/", COURSE, FIRST, QUIZ)
PASSED = "The deadline has passed: 23 November 2026, 11:00 (Nairobi time, UTC+3)."


def due_on_monday(course, learner, **more):
    due = {"due_at": MONDAY, "due_zone": "Africa/Nairobi", "due_local": "2026-11-23T11:00:00"}
    return enrolled(course=course, learner=learner, **due, **more)


@pytest.mark.parametrize(
    ("passed", "retired", "said"),
    [
        (timedelta(minutes=5), None, "Work that arrives up to 60 minutes after the deadline still counts."),
        (timedelta(days=1), None, "It counts only if Ministry of Water accepts it."),
        (timedelta(days=1), MONDAY, "Work that you do now does not count towards the certificate."),
    ],
)
def test_every_page_that_it_matters_to_says_what_follows_from_a_passed_deadline(
    browser, course, learner, passed, retired, said
):
    ministry = InstitutionFactory(name="Ministry of Water")
    ministry.retired_at = retired
    ministry.save()
    due_on_monday(course, learner, institution=ministry)
    with time_machine.travel(MONDAY + passed, tick=False):
        pages = {page: words(browser.get(page)) for page in PAGES}
    for shown in pages.values():
        assert f"{PASSED} " in shown
        assert said in shown
        assert ("still counts" in shown) == ("still counts" in said)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (1, "up to 1 minute after the deadline"),
        (90, "up to 90 minutes after the deadline"),
        (36 * 60, "up to 36 hours after the deadline"),
        (3 * 24 * 60, "up to 3 days after the deadline"),
        (3 * 24 * 60 + 1, "up to 4,321 minutes after the deadline"),
    ],
)
def test_grace_is_said_exactly_and_in_the_largest_unit(browser, course, learner, minutes, said):
    due_on_monday(course, learner)
    Enrolment.objects.update(grace_minutes=minutes)
    with time_machine.travel(MONDAY, tick=False):
        assert f"Work that arrives {said} still counts." in words(browser.get(COURSE))


def test_before_the_deadline_no_page_says_that_it_has_passed(browser, course, learner):
    due_on_monday(course, learner)
    with time_machine.travel(MONDAY, tick=False):
        assert not [page for page in PAGES if "has passed" in words(browser.get(page))]


def test_a_passed_deadline_of_nobodys_promises_nothing(browser, course, learner):
    due_on_monday(course, learner)
    with time_machine.travel(MONDAY + timedelta(hours=2), tick=False):
        for page in PAGES:
            assert "Work that you do now does not count towards the certificate." in words(browser.get(page))


def test_a_passed_deadline_is_no_matter_to_who_has_finished(browser, course, learner):
    enrolment = due_on_monday(course, learner)
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson, at=MONDAY)
    send_answers(start_quiz(enrolment, at=MONDAY), RIGHT, at=MONDAY)
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        assert not [page for page in PAGES if "deadline" in words(browser.get(page))]


def test_course_says_of_late_work_that_it_waits_for_a_decision(browser, course, learner):
    due = {"due_at": MONDAY, "due_zone": "Africa/Nairobi", "due_local": "2026-11-23T11:00:00"}
    enrolment = enrolled(course=course, learner=learner, **due)
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson, at=MONDAY + timedelta(days=1))
    said = words(browser.get(COURSE))
    assert "Finish the 2 lessons (0 done) waiting for a decision" in said
    assert 'class="ok"' not in main(browser.get(COURSE)).partition("lessons (")[0].rpartition("<li")[2]
    actions.accept_late_work(enrolment=enrolment, by=None)
    said = words(browser.get(COURSE))
    assert "Finish the 2 lessons (2 done)" in said
    assert "waiting for a decision" not in said


def test_course_says_of_a_late_quiz_that_it_waits_for_a_decision(browser, course, learner):
    due = {"due_at": MONDAY, "due_zone": "Africa/Nairobi", "due_local": "2026-11-23T11:00:00"}
    enrolment = enrolled(course=course, learner=learner, **due)
    send_answers(start_quiz(enrolment), RIGHT, at=MONDAY + timedelta(days=1))
    assert "with at least 60% waiting for a decision" in words(browser.get(COURSE))


def test_course_names_the_mark_that_holds_for_who_began_before_it_rose(browser, course, enrolment):
    start_quiz(enrolment)
    republish(course, pass_percent=90)
    assert "with at least 60%" in words(browser.get(COURSE))


def test_course_language_is_changed_by_a_post(browser, enrolment):
    response = browser.post(f"{COURSE}language/", {"language": "ar"})
    assert (response.status_code, response["Location"]) == (302, COURSE)
    assert Enrolment.objects.get().language == "ar"
    assert "Done: The language of this course is now العربية." in words(browser.get(COURSE))
    assert browser.post(f"{COURSE}language/", {"language": "sw"}).status_code == 404
    assert Enrolment.objects.get().language == "ar"


def test_course_that_is_not_open_yet_says_when_it_opens(browser, course, learner):
    opens = timezone.now() + timedelta(days=3)
    enrolled(course=course, learner=learner, opens_at=opens)
    page = browser.get(COURSE)
    assert "You can start this course on" in words(page)
    assert "/en/learn/" not in page.content.decode()
    for address in (FIRST, QUIZ):
        response = browser.get(address)
        assert response.status_code == 403
        assert heading(response) == "This course is not open yet"
        assert browser.post(address).status_code == 403
