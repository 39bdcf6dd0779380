"""Somebody who fills in a form and presses Enter, or Go on a phone: it does what the form is for."""

import pytest

from maarifa.cohorts.models import CohortMember
from tests.factories.accounts import PASSWORD
from tests.factories.cohorts import CohortFactory, applied
from tests.factories.curriculum import published_course

pytestmark = pytest.mark.journey


@pytest.fixture
def cohort(site):
    return CohortFactory(course=published_course(key="rules-that-work").course, language="en")


@pytest.mark.parametrize("javascript", [True, False])
def test_invitation_is_accepted_by_enter(site, cohort, open_page, javascript):
    applied([["Fatou Diop", "fatou@example.org", "", "en"]], cohort=cohort)
    member = CohortMember.objects.get(email="fatou@example.org")
    page = open_page(width=360, javascript=javascript)
    page.goto(f"{site.url}/en/join/{member.token}/")
    page.check("[name=agree]")
    page.check("[name=terms]")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")
    assert page.url == f"{site.url}/en/courses/rules-that-work/"
    member.refresh_from_db()
    assert (member.state, member.learner.check_password(PASSWORD)) == ("accepted", True)


def test_card_is_accepted_by_enter_after_a_change_of_mind(site, cohort, open_page):
    applied([["Rakoto", "", "A-2", "en"]], cohort=cohort)
    member = CohortMember.objects.get(staff_number="A-2")
    page = open_page(width=360)
    page.goto(f"{site.url}/en/enter/")
    page.fill("[name=username]", member.learner.username)
    page.fill("[name=code]", member.entry_code)
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/join/**")
    page.click("main a:has-text('Decline invitation')")
    page.click("main button.danger")
    page.wait_for_selector("text=You declined this invitation on")
    member.refresh_from_db()
    assert member.state == "left"
    page.check("[name=agree]")
    page.check("[name=terms]")
    with page.expect_navigation():
        page.press("[name=name]", "Enter")
    assert page.url == f"{site.url}/en/courses/rules-that-work/"
    member.refresh_from_db()
    assert member.state == "accepted"
