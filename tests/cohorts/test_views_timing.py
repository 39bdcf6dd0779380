"""More time for a learner, and their late answers, on the page that coordinators see."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.cohorts.actions import leave_cohort
from maarifa.curriculum.actions import publish_course
from maarifa.learning.actions import timing
from maarifa.learning.models import Enrolment
from maarifa.quizzes.models import Attempt, LateAnswers, Quiz, TimeExtension
from tests.cohorts.pages import heading, words
from tests.factories.cohorts import accepted_member
from tests.factories.curriculum import published_course
from tests.factories.learning import MONDAY, RIGHT, send_answers, start_quiz

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NOW = MONDAY + HOUR


@pytest.fixture(autouse=True)
def one_moment(now):
    timing._Heeded.at = None


@pytest.fixture
def course(db):
    return published_course(key="rules-that-work", languages=["en"], at=MONDAY, time_limit=20)


@pytest.fixture
def member(cohort):
    return accepted_member(cohort=cohort, given_name="Amina Yusuf", email="amina@example.org")


@pytest.fixture
def attempt(member):
    return start_quiz(member.enrolment, at=NOW)


@pytest.fixture
def page(here, member):
    return f"{here}members/{member.public_id}/"


@pytest.fixture
def address(page):
    return f"{page}time/"


def ends_at(attempt):
    return Attempt.objects.get(pk=attempt.pk).ends_at


def extending(attempt):
    """The form with which time is added to it."""
    return {
        "action": "extend",
        "attempt": attempt.public_id,
        "minutes": "10",
        "ends": ends_at(attempt).isoformat(),
    }


def deciding(page, decision, late):
    """Where it is asked whether these late answers count."""
    return f"{page}{decision}-answers/?answers={late.public_id}"


def test_time_is_added_to_a_running_attempt(browser, page, address, attempt):
    shown = words(browser.get(page))
    assert "Attempt in progress: “Basics: quiz”" in shown
    assert "The time ends in 20 minutes" in shown
    given = {**extending(attempt), "minutes": "١٠", "reason": "interruption"}
    assert browser.post(address, given)["Location"] == page
    assert ends_at(attempt) == NOW + 30 * MINUTE
    extension = TimeExtension.objects.get()
    assert (extension.seconds, extension.reason) == (600, "interruption")
    assert extension.added_by.username == "coordinator"
    shown = words(browser.get(page))
    assert "10 minutes were added. The learner’s page shows it in a minute or two." in shown
    assert "The time ends in 30 minutes" in shown


@pytest.mark.parametrize("reason", ["downtime", "", "because"])
def test_reason_that_is_no_person_s_to_give_becomes_more_time(browser, page, address, attempt, reason):
    offered = re.findall(r'<option value="([^"]*)"', browser.get(page).content.decode())
    assert {"more", "interruption"} <= set(offered)
    assert "downtime" not in offered
    browser.post(address, {**extending(attempt), "reason": reason})
    assert TimeExtension.objects.get().reason == "more"


def test_form_that_is_sent_twice_adds_time_once(browser, page, address, attempt):
    shown = browser.get(page).content.decode()
    given = {**extending(attempt), "ends": re.search(r'name="ends" value="([^"]*)"', shown)[1]}
    for _time in range(2):
        browser.post(address, given)
    assert ends_at(attempt) == NOW + 30 * MINUTE
    assert TimeExtension.objects.count() == 1
    shown = words(browser.get(page))
    assert "The time of this attempt has changed since you opened the page." in shown
    assert "10 minutes were added." in shown


@pytest.mark.parametrize("ends", ["", "soon", "2026-13-01T00:00:00Z", "2026-11-23T09:00:00"])
def test_time_is_not_added_without_the_end_that_was_seen(browser, page, address, attempt, ends):
    browser.post(address, {**extending(attempt), "ends": ends})
    assert "The time of this attempt has changed since you opened the page." in words(browser.get(page))
    assert ends_at(attempt) == NOW + 20 * MINUTE


@pytest.mark.parametrize("typed", ["", "0", "-5", "ten", "1.5", "1441", "9" * 30, "<b>"])
def test_minutes_that_cannot_be_read_are_refused_with_a_sentence(browser, page, address, attempt, typed):
    browser.post(address, {"action": "extend", "attempt": attempt.public_id, "minutes": typed})
    assert "Write a whole number of minutes, from 1 to 1440." in words(browser.get(page))
    assert ends_at(attempt) == NOW + 20 * MINUTE


def test_extra_time_is_set_and_read_again(browser, page, address, member):
    assert "Extra time in percent of the time limit" in words(browser.get(page))
    browser.post(address, {"action": "extra", "percent": "50 %"})
    assert Enrolment.objects.get(pk=member.enrolment_id).extra_time_percent == 50
    shown = browser.get(page)
    assert "The extra time is saved. It holds for attempts that start from now on." in words(shown)
    assert 'name="percent" inputmode="numeric" value="50"' in shown.content.decode()
    browser.post(address, {"action": "extra", "percent": "400"})
    assert "Write a whole number of percent, from 0 to 300." in words(browser.get(page))


def test_late_answers_are_shown_with_their_times_and_decided(browser, here, page, address, attempt):
    def needing():
        return "Amina Yusuf: answers arrived after the end of a quiz, decision needed" in words(
            browser.get(here)
        )

    assert not needing()
    send_answers(
        attempt, RIGHT, client_time=(NOW + 19 * MINUTE).isoformat(), clock_offset_ms=0, at=NOW + HOUR
    )
    assert needing()
    shown = words(browser.get(page))
    assert "Late answers in “Basics: quiz”" in shown
    assert "If you accept them, they replace the saved answers and the attempt is graded again." in shown
    late = LateAnswers.objects.get()
    for old in ("accept", "refuse"):
        browser.post(address, {"action": old, "answers": late.public_id})
    asked = browser.get(deciding(page, "accept", late))
    assert heading(asked) == "Accept the late answers?"
    assert "Late answers in “Basics: quiz”" in words(asked)
    assert "You cannot undo this." in words(asked)
    late.refresh_from_db()
    assert late.decision == "awaiting"
    browser.post(deciding(page, "accept", late))
    assert Attempt.objects.get(pk=attempt.pk).passed
    shown = words(browser.get(page))
    assert "The answers are accepted, and the attempt is graded again." in shown
    assert "Late answers in" not in shown
    assert not needing()
    assert AuditEntry.objects.filter(action="answers.late.accepted").count() == 1


def test_late_answers_may_be_refused(browser, page, attempt):
    send_answers(attempt, RIGHT, at=NOW + HOUR)
    late = LateAnswers.objects.get()
    assert "The result stays as it is." in words(browser.get(deciding(page, "refuse", late)))
    assert browser.post(deciding(page, "refuse", late))["Location"] == page
    assert "The answers are not accepted. The result stays as it is." in words(browser.get(page))
    assert not Attempt.objects.get(pk=attempt.pk).passed
    # Whoever decides once more is led back, and changes nothing.
    assert browser.post(deciding(page, "accept", late))["Location"] == page
    assert browser.get(deciding(page, "accept", late))["Location"] == page
    assert not Attempt.objects.get(pk=attempt.pk).passed


@pytest.mark.parametrize("decision", ["accept", "refuse"])
def test_decision_on_late_answers_wants_a_fresh_proof(browser, page, attempt, now, decision):
    send_answers(attempt, RIGHT, at=NOW + HOUR)
    late = LateAnswers.objects.get()
    session = browser.session
    session["proved"] = [session["proved"][0], 0]
    session.save()
    for ask in (browser.get, browser.post):
        asked = ask(deciding(page, decision, late))["Location"]
        assert "/reauthenticate/" in asked
        assert parse_qs(urlsplit(asked).query)["next"] == [deciding(page, decision, late)]
    late.refresh_from_db()
    assert late.decision == "awaiting"


def test_late_answers_of_another_learner_are_not_decided(browser, cohort, page, attempt):
    other = accepted_member(cohort=cohort, given_name="Rakoto", email="rakoto@example.org")
    send_answers(attempt, RIGHT, at=NOW + HOUR)
    send_answers(start_quiz(other.enrolment, at=NOW), RIGHT, at=NOW + HOUR)
    theirs = LateAnswers.objects.get(attempt__learner=other.learner)
    for ask in (browser.get, browser.post):
        assert ask(deciding(page, "accept", theirs))["Location"] == page
    assert browser.post(f"{page}accept-answers/?answers=x")["Location"] == page
    assert LateAnswers.objects.awaiting().count() == 2


def test_course_without_a_time_limit_has_nothing_of_this(browser, page, course, member):
    assert "Extra time" in words(browser.get(page))
    Quiz.objects.update(time_limit=None)
    publish_course(course=course.course, by=None, at=NOW)
    assert "Extra time" not in words(browser.get(page))


def test_strangers_learn_not_even_that_there_is_something(cast, address, attempt, statuses):
    given = extending(attempt)
    assert set(statuses(cast.strangers, address, given)) == {404}
    assert statuses([cast.observer], address, given) == [403]
    assert ends_at(attempt) == NOW + 20 * MINUTE
    assert statuses([cast.above], address, given) == [302]
    assert ends_at(attempt) == NOW + 30 * MINUTE


def test_observer_sees_no_form(client, cast, page, attempt):
    client.force_login(cast.observer)
    shown = words(client.get(page))
    assert "Attempt in progress" not in shown
    assert "Extra time" not in shown


def test_nothing_of_another_learner_is_changed(browser, cohort, address, attempt):
    other = accepted_member(cohort=cohort, given_name="Rakoto", email="rakoto@example.org")
    theirs = start_quiz(other.enrolment, at=NOW)
    given = extending(theirs)
    assert browser.post(address, given).status_code == 404
    assert ends_at(theirs) == NOW + 20 * MINUTE


def test_nothing_is_changed_for_who_has_left(browser, page, address, member, attempt):
    leave_cohort(member=member, by=member.learner)
    given = extending(attempt)
    assert browser.post(address, given).status_code == 404
    browser.post(address, {"action": "extra", "percent": "50"})
    assert Enrolment.objects.get(pk=member.enrolment_id).extra_time_percent == 0


def test_who_signs_in_on_the_way_is_led_back_to_the_page_with_the_form(client, cast, page, address, attempt):
    sign_in = client.post(address, {"action": "extra", "percent": "50"})["Location"]
    there = parse_qs(urlsplit(sign_in).query)["next"][0]
    client.force_login(cast.coordinator)
    assert client.get(there)["Location"] == page
    shown = words(client.get(page))
    assert "Nothing has been changed yet. Fill in the form and press the button again." in shown
