"""When a cohort can take its quizzes: set on a page, written onto who learns in it, and said to them."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from maarifa.accounts.models import AuditEntry, KeptPost
from maarifa.cohorts.actions import accept_invitation
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.learning.actions import timing
from maarifa.learning.models import Enrolment, QuizWindow
from maarifa.quizzes.models import Attempt
from tests.cohorts.pages import words
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortMemberFactory, accepted_member, applied
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import MONDAY, start_quiz
from tests.learning.reading import QUIZ, attempt_page

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OPENS, CLOSES = datetime(2026, 11, 25, 6, 0, tzinfo=UTC), datetime(2026, 11, 25, 14, 30, tzinfo=UTC)
GIVEN = {"opens_basics-quiz": "2026-11-25T09:00", "closes_basics-quiz": "2026-11-25 17:30"}


@pytest.fixture(autouse=True)
def one_moment(now):
    timing._Heeded.at = None


@pytest.fixture
def course(db):
    return published_course(key="rules-that-work", languages=["en"], at=MONDAY, time_limit=20)


@pytest.fixture
def institution(db):
    return InstitutionFactory(
        key="university-of-kilele", name="University of Kilele", time_zone="Africa/Nairobi"
    )


@pytest.fixture
def member(cohort):
    return accepted_member(cohort=cohort, given_name="Amina Yusuf", email="amina@example.org")


@pytest.fixture
def page(here):
    return f"{here}quiz-dates/"


def seen(browser, page):
    """The hidden fields of the form."""
    form = browser.get(page).context["form"]
    return {"before": form.initial["before"]}


def window(member):
    return Enrolment.objects.get(pk=member.enrolment_id).quiz_window("basics-quiz")


def test_dates_are_set_in_the_zone_of_the_institution_and_hold_for_everybody(browser, here, page, member):
    shown = words(browser.get(page))
    assert "Times are in the time zone of your institution: Africa/Nairobi." in shown
    assert "“Basics: quiz” opens" in shown
    assert browser.post(page, {**seen(browser, page), **GIVEN})["Location"] == here
    assert window(member) == QuizWindow(OPENS, CLOSES, "Africa/Nairobi")
    assert "The dates are saved. They hold for everyone in the cohort." in words(browser.get(here))
    form = browser.get(page).content.decode()
    assert 'value="2026-11-25T09:00"' in form
    assert 'value="2026-11-25T17:30"' in form
    assert AuditEntry.objects.filter(action="cohort.quiz_dates").count() == 1


def test_dates_hold_for_who_joins_later(browser, page, cohort, member):
    browser.post(page, {**seen(browser, page), **GIVEN})
    cohort.refresh_from_db()
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort)
    later = CohortMember.objects.get(staff_number="A-2")
    assert window(later) == QuizWindow(OPENS, CLOSES, "Africa/Nairobi")
    learner = UserFactory(email="awa@example.org")
    invited = CohortMemberFactory(cohort=cohort, email=learner.email)
    accept_invitation(member=invited, visitor=learner, consent_text="I agree.", language="en")
    invited.refresh_from_db()
    assert window(invited) == QuizWindow(OPENS, CLOSES, "Africa/Nairobi")


def test_empty_fields_take_the_limits_away(browser, page, member):
    browser.post(page, {**seen(browser, page), **GIVEN})
    browser.post(page, {**seen(browser, page), "opens_basics-quiz": "", "closes_basics-quiz": ""})
    assert window(member) == QuizWindow()


def test_what_was_changed_by_somebody_else_meanwhile_is_not_overwritten(browser, here, page, member):
    before = seen(browser, page)
    browser.post(page, {**before, **GIVEN})
    typed = {"opens_basics-quiz": "2026-12-01T09:00", "closes_basics-quiz": ""}
    answer = browser.post(page, {**before, **typed})
    assert answer.status_code == 422
    assert "Someone else has changed these dates since you opened the page." in words(answer)
    assert "Saved now: 25 November 2026, 09:00 (Nairobi time, UTC+3)" in words(answer)
    assert "Saved now: 25 November 2026, 17:30 (Nairobi time, UTC+3)" in words(answer)
    assert 'value="2026-12-01T09:00"' in answer.content.decode()
    assert window(member).opens_at == OPENS
    # Who has seen both, and sends it once more, means it.
    again = {"before": answer.context["form"]["before"].value(), **typed}
    assert browser.post(page, again)["Location"] == here
    assert window(member) == QuizWindow(datetime(2026, 12, 1, 6, 0, tzinfo=UTC), None, "Africa/Nairobi")
    emptied = {**before, "opens_basics-quiz": "2026-12-01T09:00", "closes_basics-quiz": "2026-12-02T09:00"}
    assert "Saved now: no limit" in words(browser.post(page, emptied))


def test_dates_kept_without_a_session_are_refused_once_where_others_changed_them(browser, page, member):
    shown = browser.get(page)
    kept = {"keep": shown.context["seal"], **seen(browser, page), "opens_basics-quiz": "2026-12-01T09:00"}
    browser.post(page, {**seen(browser, page), **GIVEN})
    Client().post(page, kept)
    found = browser.get(page)
    assert 'value="2026-12-01T09:00"' in found.content.decode()
    fields = {"opens_basics-quiz": "2026-12-01T09:00", "closes_basics-quiz": ""}
    stale = {"before": found.context["form"]["before"].value(), **fields}
    refused = browser.post(page, stale)
    assert refused.status_code == 422
    assert not KeptPost.objects.exists()
    assert seen(browser, page)["before"] == refused.context["form"]["before"].value() != stale["before"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"opens_basics-quiz": "tomorrow"}, "This is not a date with a time. Write it as 2027-02-28 14:00."),
        ({"closes_basics-quiz": "2026-02-30T10:00"}, "This is not a date with a time."),
        ({**GIVEN, "closes_basics-quiz": "2026-11-25T09:00"}, "This quiz would close before it opens."),
    ],
)
def test_what_is_no_date_is_refused_at_its_field_and_kept(browser, page, member, given, said):
    answer = browser.post(page, {**seen(browser, page), **given})
    assert answer.status_code == 422
    assert said in words(answer)
    assert all(f'value="{value}"' in answer.content.decode() for value in given.values())
    assert window(member) == QuizWindow()


def test_window_shorter_than_the_time_limit_is_warned_of(browser, here, page, member):
    short = {**GIVEN, "closes_basics-quiz": "2026-11-25T09:15"}
    browser.post(page, {**seen(browser, page), **short})
    assert (
        "“Basics: quiz” is open for 15 minutes, but its time limit is 20 minutes. Learners cannot use all of "
        "their time." in words(browser.get(here))
    )


def test_quiz_page_says_when_it_opens_and_closes_and_has_no_button_outside(browser, client, page, member):
    browser.post(page, {**seen(browser, page), **GIVEN})
    client.force_login(member.learner)

    def at(moment):
        with time_machine.travel(moment, tick=False):
            shown = client.get(QUIZ)
            refused = words(client.post(QUIZ, follow=True))
        return words(shown), "Start the quiz" in words(shown), refused

    said, button, refused = at(OPENS - HOUR)
    assert "The quiz opens on 25 November 2026, 09:00 (Nairobi time, UTC+3)." in said
    assert not button
    assert "This quiz is not open yet. You can start it" in refused
    said, button, refused = at(CLOSES + MINUTE)
    assert "The quiz closed on 25 November 2026, 17:30 (Nairobi time, UTC+3)." in said
    assert not button
    assert "This quiz is closed. You can no longer start it." in refused
    assert not Attempt.objects.exists()
    said, button, _refused = at(CLOSES - 5 * MINUTE)
    assert "The quiz closes on 25 November 2026, 17:30 (Nairobi time, UTC+3)." in said
    assert button
    assert Attempt.objects.get().ends_at == CLOSES


def test_running_attempts_get_the_time_until_a_later_closing_and_lose_none(browser, client, page, member):
    browser.post(page, {**seen(browser, page), **GIVEN})
    member.enrolment.refresh_from_db()
    attempt = start_quiz(member.enrolment, at=CLOSES - 5 * MINUTE)
    assert attempt.ends_at == CLOSES

    def ends(closes):
        browser.post(page, {**seen(browser, page), **GIVEN, "closes_basics-quiz": closes})
        return Attempt.objects.get().ends_at

    assert ends("2026-11-25T17:35") == CLOSES + 5 * MINUTE
    assert ends("2026-11-25T17:00") == CLOSES + 5 * MINUTE
    assert ends("2026-11-25T23:00") == CLOSES + 15 * MINUTE
    client.force_login(member.learner)
    with time_machine.travel(CLOSES, tick=False):
        assert "The time ends in 15 minutes" in words(client.get(attempt_page(attempt)))


def test_strangers_learn_not_even_that_there_is_something(cast, page, statuses):
    assert set(statuses(cast.strangers, page, GIVEN)) == {404}
    assert statuses([cast.observer], page, GIVEN) == [403]
    assert Cohort.objects.get().quiz_dates == {}
    assert statuses([cast.above], page, GIVEN) == [302]


def test_dates_sent_without_a_session_stand_in_the_form_again(browser, cast, page, member):
    form = browser.get(page)
    sealed = form.context["seal"]
    del browser.cookies["sessionid"]
    sent = browser.post(page, {**seen_of(form), **GIVEN, "keep": sealed})
    assert "/account/login/" in sent["Location"]
    browser.force_login(cast.coordinator)
    shown = browser.get(page)
    assert "Your session ended before the dates were saved." in words(shown)
    assert 'value="2026-11-25T09:00"' in shown.content.decode()
    assert window(member) == QuizWindow()


def seen_of(response):
    return {"before": response.context["form"].initial["before"]}
