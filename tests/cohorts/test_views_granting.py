"""One more attempt at a quiz, granted on a learner's page."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.cohorts.actions import leave_cohort
from maarifa.quizzes.models import AttemptGrant
from tests.cohorts.pages import words
from tests.factories.cohorts import accepted_member
from tests.factories.learning import MONDAY, WRONG, send_answers, start_quiz

HOUR = timedelta(hours=1)


@pytest.fixture
def member(cohort):
    """Of somebody who has used all attempts."""
    member = accepted_member(cohort=cohort, given_name="Amina Yusuf", email="amina@example.org")
    for number in range(3):
        at = MONDAY + number * HOUR
        send_answers(start_quiz(member.enrolment, at=at), WRONG, at=at)
    return member


@pytest.fixture
def page(here, member):
    return f"{here}members/{member.public_id}/"


@pytest.fixture
def address(page):
    return f"{page}attempts/basics-quiz/"


def test_cohort_shows_who_used_all_attempts_with_the_button_to_give_one(browser, here, page, address):
    shown = browser.get(here)
    assert "Amina Yusuf: no attempts left at a quiz" in words(shown)
    assert f'<a class="button" href="{page}">Give another attempt</a>' in shown.content.decode()
    asked = words(browser.get(page))
    assert "No attempts left at “Basics: quiz”" in asked
    assert (
        "We tell the learner by e-mail, if they have an address. Your name and the reason are recorded."
        in asked
    )
    response = browser.post(address, {"reason": "fault"})
    assert (response.status_code, response["Location"]) == (302, page)
    grant = AttemptGrant.objects.get()
    assert (grant.number, grant.reason, grant.granted_by.username) == (4, "fault", "coordinator")
    shown = words(browser.get(page))
    assert (
        "The learner can take the quiz once more. If they have an e-mail address, we have told them." in shown
    )
    assert "No attempts left at" not in shown
    assert "no attempts left" not in words(browser.get(here))


def test_second_click_grants_nothing_more_and_says_so(browser, page, address):
    browser.post(address, {"reason": "nonsense"})
    browser.post(address, {"reason": "fault"})
    assert AttemptGrant.objects.get().reason == "other"
    assert "This learner still has an attempt left, so you do not need to give another one." in words(
        browser.get(page)
    )


def test_strangers_learn_not_even_that_there_is_something(cast, address, statuses):
    assert set(statuses(cast.strangers, address, {})) == {404}
    assert statuses([cast.observer], address, {}) == [403]
    assert AttemptGrant.objects.count() == 0
    assert statuses([cast.above], address, {}) == [302]
    assert AuditEntry.objects.filter(action="attempt.granted").count() == 1


def test_who_signs_in_on_the_way_is_led_back_to_the_page_with_the_form(client, cast, page, address):
    sign_in = client.post(address, {"reason": "fault"})["Location"]
    assert sign_in.startswith("/en/account/login/")
    there = parse_qs(urlsplit(sign_in).query)["next"][0]
    client.force_login(cast.coordinator)
    back = client.get(there)
    assert (back.status_code, back["Location"]) == (302, page)
    shown = client.get(page)
    assert "No attempt has been given yet. Choose a reason and press “Give another attempt” again." in words(
        shown
    )
    assert f'action="{address}"' in shown.content.decode()
    assert AttemptGrant.objects.count() == 0


def test_nothing_is_granted_to_who_left_the_group_nor_at_a_quiz_of_another_course(
    browser, page, address, member
):
    assert browser.post(f"{page}attempts/another-quiz/").status_code == 404
    leave_cohort(member=member, by=member.learner)
    shown = browser.post(address, follow=True)
    assert shown.redirect_chain == [(page, 302)]
    assert "This person has not joined the cohort, or has left it." in words(shown)
    assert AttemptGrant.objects.count() == 0
