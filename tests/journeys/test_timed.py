"""A timed quiz through more time, a lost line at its end and a second device: with a script and without."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from maarifa.learning.actions import end_timed_attempts, timing
from maarifa.learning.models import Enrolment, Event
from maarifa.quizzes.actions import extend_attempt, note_presence
from maarifa.quizzes.models import Attempt, LateAnswers
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.journeys.person import Person
from tests.journeys.test_answers_kept import SAVED, choose, forgive, look, says, write
from tests.learning.reading import result_page

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

SECOND = timedelta(seconds=1)
LATE = "Some of your answers arrived later. They are kept, and do not count yet."


@pytest.fixture
def course(transactional_db):
    timing._Heeded.at = None
    return published_course(key="rules-that-work", time_limit=20)


def left(person, seconds):
    """So much of the time is left, and the server has been at work until now."""
    now = timezone.now()
    Enrolment.objects.update(enrolled_at=now - timedelta(hours=1))
    Attempt.objects.filter(pk=person.attempt.pk).update(
        started_at=now - timedelta(minutes=20) + seconds * SECOND, ends_at=now + seconds * SECOND
    )
    note_presence(at=now)


def timer(page):
    return page.locator("[role=timer]")


def seconds_on(page) -> int:
    """What the timer says is left."""
    minutes, seconds = re.fullmatch(r"Time left: (\d+):(\d\d)", timer(page).inner_text()).groups()
    return int(minutes) * 60 + int(seconds)


def submissions(page) -> list[str]:
    """The addresses that answers are sent to from now on, one for each sending."""
    sent = []
    page.on("request", lambda one: sent.append(one.url) if one.url.endswith("/answers/") else None)
    return sent


def held_one(page, held):
    """The one question about the time that the page has asked, and nobody has answered yet."""
    for _round in range(100):
        if held:
            break
        page.wait_for_timeout(50)
    (route,) = held
    return route


def write_once(person) -> datetime:
    """An answer given while the line is down, and sent again and again; when it was given."""
    write(person.page, person.number, "193")
    given_at = timezone.now()
    says(person.page, "No connection.")
    person.page.wait_for_timeout(3000)
    person.page.evaluate("dispatchEvent(new Event('online'))")
    person.page.wait_for_timeout(500)
    return given_at


def is_late_answer(person, given_at):
    """It waits for a decision, with the moment at which it was given, not that of a later sending."""
    late = LateAnswers.objects.get()
    assert late.responses == {person.number[1:]: "193"}
    assert abs(late.happened_at - given_at) < 1.5 * SECOND
    assert late.arrived_at > given_at + 3 * SECOND


def test_timed_quiz_with_a_script(site, course, open_page):
    amina = Person(site, course, "amina", open_page, bypass_csp=True)
    page = amina.page
    page.goto(amina.url)
    assert timer(page).inner_text().startswith(("Time left: 20:00", "Time left: 19:5"))
    assert page.locator("#time").bounding_box()["y"] >= 0
    look(page)

    # More time, which the page hears of when it next asks.
    extend_attempt(
        attempt=Attempt.objects.get(pk=amina.attempt.pk), minutes=60, reason="more", by=UserFactory()
    )
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator("[role=timer]", has_text=re.compile("1:(20:00|19:5)")).wait_for()
    assert page.inner_text("#time-said").startswith(("Time left: 1:20:00", "Time left: 1:19:5"))

    # The end comes: what is chosen and not saved yet goes with the submission.
    left(amina, 4)
    page.reload()
    choose(page, amina.single, "a")
    says(page, SAVED)
    second = amina.window()
    assert 1 <= seconds_on(second) <= 4
    page.fill(f'[name="{amina.number}"]', "193")
    page.wait_for_url(site.url + result_page(amina.attempt), timeout=15000)
    second.wait_for_url(site.url + result_page(amina.attempt), timeout=15000)
    amina.is_kept(single=["a"], numeric="193")
    assert not Attempt.objects.get().timed_out
    assert page.complaints == []


def test_line_that_is_lost_at_the_end_loses_no_answer(site, course, open_page):
    amina = Person(site, course, "amina", open_page)
    left(amina, 4)
    page = amina.page
    page.goto(amina.url)
    with amina.line_down():
        given_at = write_once(amina)
        page.get_by_text("The time is over.", exact=True).first.wait_for(timeout=15000)
        # The worker ends it meanwhile.
        Attempt.objects.update(ends_at=timezone.now() - 61 * SECOND)
        assert end_timed_attempts() == 1
    page.wait_for_url(site.url + result_page(amina.attempt), timeout=30000)
    page.get_by_text(LATE).wait_for()
    is_late_answer(amina, given_at)
    forgive(page)
    assert page.complaints == []


def test_page_without_answers_submits_once_when_the_time_is_over(site, course, open_page):
    amina = Person(site, course, "amina", open_page)
    left(amina, 3)
    page = amina.page
    sent = submissions(page)
    page.goto(amina.url)
    page.get_by_text("You have not answered any questions yet.").first.wait_for(timeout=15000)
    page.wait_for_timeout(2000)
    assert len(sent) == 1
    assert page.inner_text("#time") == "The time is over."
    assert not timer(page).is_visible()
    # Within the minute after the end it can still be corrected.
    choose(page, amina.single, "a")
    says(page, SAVED)
    page.click("[name=send]:visible")
    page.get_by_role("button", name="Submit without these answers").click()
    page.wait_for_url(site.url + result_page(amina.attempt))
    amina.is_kept(single=["a"])
    assert not Attempt.objects.get().timed_out
    assert page.complaints == []


def test_time_that_is_given_back_after_a_lost_line_is_shown_and_used(site, course, open_page):
    amina = Person(site, course, "amina", open_page)
    left(amina, 3)
    page = amina.page
    page.goto(amina.url)
    with amina.line_down():
        write(page, amina.number, "193")
        page.get_by_text("The time is over.", exact=True).first.wait_for(timeout=15000)
        says(page, "No connection.")
        extend_attempt(
            attempt=Attempt.objects.get(pk=amina.attempt.pk), minutes=10, reason="outage", by=UserFactory()
        )
    timer(page).wait_for()
    assert 580 <= seconds_on(page) <= 600
    assert page.inner_text("#time-said").startswith("Time left: ")
    assert page.input_value(f'[name="{amina.number}"]') == "193"
    says(page, SAVED)
    amina.is_kept(numeric="193")
    assert amina.is_open()
    # It ends again, and is submitted then.
    left(amina, 3)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url(site.url + result_page(amina.attempt), timeout=15000)
    assert not Attempt.objects.get().timed_out
    forgive(page)
    assert page.complaints == []


def test_time_that_is_heard_of_after_the_page_was_loaded_without_any_is_used(site, course, open_page):
    amina = Person(site, course, "amina", open_page)
    left(amina, -1)
    page = amina.page
    sent = submissions(page)
    page.goto(amina.url)
    page.get_by_text("The time is over.", exact=True).first.wait_for()
    choose(page, amina.single, "a")
    says(page, SAVED)
    left(amina, 4)
    page.evaluate("dispatchEvent(new Event('online'))")
    timer(page).wait_for()
    assert sent == []
    page.wait_for_url(site.url + result_page(amina.attempt), timeout=15000)
    assert page.complaints == []


def test_end_waits_for_an_answer_about_the_time_but_not_for_ever(site, course, open_page):
    amina = Person(site, course, "amina", open_page)
    left(amina, 12)
    page = amina.page
    page.clock.install()
    held = []
    page.route("**/time/", lambda route: held.append(route))
    sent = submissions(page)
    page.goto(amina.url)
    choose(page, amina.single, "a")
    says(page, SAVED)
    # Asked before the end, and answered after it: there is more time.
    page.evaluate("dispatchEvent(new Event('online'))")
    held_one(page, held)
    page.clock.run_for(13_000)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(300)
    assert sent == []
    held_one(page, held).fulfill(json={"left": 5})
    held.clear()
    page.locator("[role=timer]", has_text=re.compile("0:0[1-5]")).wait_for()
    # Nobody answers: it is submitted all the same, within the minute in which answers still count.
    page.clock.run_for(5_000)
    held_one(page, held)
    assert sent == []
    page.clock.run_for(15_000)
    page.wait_for_url(site.url + result_page(amina.attempt), timeout=15000)
    assert len(sent) == 1
    amina.is_kept(single=["a"])
    assert not Attempt.objects.get().timed_out


def test_page_asks_oftener_than_a_silence_of_the_server_is_a_downtime(site, course, open_page):
    amina = Person(site, course, "amina", open_page)
    page = amina.page
    page.clock.install()
    page.goto(amina.url)
    timer(page).wait_for()
    with page.expect_request("**/time/", timeout=5000):
        page.clock.run_for(42_000)


def test_answer_that_comes_after_a_reload_says_when_it_was_given_by_a_clock_that_is_wrong(
    site, course, open_page
):
    amina = Person(site, course, "amina", open_page)
    page = amina.page
    page.clock.install(time=timezone.now() + timedelta(hours=2))
    page.goto(amina.url)
    with amina.line_down():
        given_at = write_once(amina)
        page.goto("about:blank")
    page.goto(amina.url)
    says(page, SAVED)
    amina.is_kept(numeric="193")
    event = Event.objects.get(kind="answer-saved")
    assert abs(event.happened_at - given_at) < 1.5 * SECOND
    assert event.received_at > given_at + 3 * SECOND
    assert event.clock_offset_ms < -7_000_000
    forgive(page)
    assert page.complaints == []


def test_device_that_went_out_before_the_end_sends_its_answers_from_the_result(site, course, open_page):
    amina = Person(site, course, "amina", open_page)
    page = amina.page
    page.goto(amina.url)
    with amina.line_down():
        given_at = write_once(amina)
        page.goto("about:blank")
    left(amina, -61)
    page.goto(amina.url)
    page.wait_for_url(site.url + result_page(amina.attempt))
    page.get_by_text(LATE).wait_for()
    assert page.evaluate("Object.keys(localStorage)") == []
    is_late_answer(amina, given_at)
    forgive(page)
    assert page.complaints == []


def test_timed_quiz_without_a_script(site, course, open_page):
    amina = Person(site, course, "amina", open_page, javascript=False)
    page = amina.page
    page.goto(amina.url)
    assert "The time ends in 20 minutes, on " in page.inner_text("#time")
    assert not timer(page).is_visible()
    page.check(f'[name="{amina.single}"][value="a"]')
    with page.expect_navigation():
        page.click("[name=save]")
    amina.is_kept(single=["a"])
    page.fill(f'[name="{amina.number}"]', "193")
    left(amina, -61)
    with page.expect_navigation():
        page.click("[name=save]")
    assert page.url == site.url + result_page(amina.attempt)
    assert LATE in page.inner_text("main")
    assert list(LateAnswers.objects.values_list("responses", flat=True)) == [{amina.number[1:]: "193"}]
