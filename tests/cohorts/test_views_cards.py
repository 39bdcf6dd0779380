"""The cards on paper: whose language they speak, and what they hold."""

import re
from datetime import timedelta

import pytest
import time_machine

from maarifa.accounts.models import AuditEntry
from maarifa.cohorts.actions import decline_invitation, invite_again, reopen_cohort, retire_cohort
from maarifa.cohorts.models import CohortMember, make_token
from maarifa.curriculum.models import Course
from tests.cohorts.pages import words
from tests.factories.cohorts import applied
from tests.factories.learning import MONDAY

NOW = MONDAY


@pytest.fixture(autouse=True)
def now(db):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def here(cohort):
    return f"/en/institution/cohorts/{cohort.public_id}/"


def test_cards_say_in_the_learners_language_who_invites_to_what_and_where_to_go(browser, here, cohort):
    cohort.unit.institution.contact = "Ms Achieng, 0700 000 000"
    cohort.unit.institution.save()
    applied([["Issa KABORÉ", "", "A-2", "fr"], ["كريم بنعلي", "", "A-3", "ar"]], cohort=cohort, at=NOW)
    html = browser.get(f"{here}cards/").content.decode()
    french, arabic = re.findall(r'<section class="access-card".*?</section>', html, re.S)
    if 'lang="ar"' in french:
        french, arabic = arabic, french
    assert 'lang="fr" dir="ltr"' in french
    assert 'lang="ar" dir="rtl"' in arabic
    assert "Code de votre carte" in french
    assert "رمز البطاقة" in arabic
    for card in (french, arabic):
        for shown in ("Rules that work", "University of Kilele", "Faculty of Law", "0700 000 000"):
            assert shown in card
        assert '<img src="data:image/svg+xml' in card
        assert "Your entry code" not in card


def test_card_of_one_person_is_printed_alone_and_written_down(browser, here, cohort, coordinator):
    applied([["Rakoto", "", "A-2", ""], ["Nivo", "", "A-3", ""]], cohort=cohort, at=NOW)
    member = CohortMember.objects.get(staff_number="A-2")
    there = f"{here}members/{member.public_id}/"
    assert f'href="{there}printed-card/"' in browser.get(there).content.decode()
    said = words(browser.get(f"{there}printed-card/"))
    assert ("Rakoto" in said, "Nivo" in said) == (True, False)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.action, entry.details["member"]) == (
        coordinator,
        "member.card-shown",
        str(member.public_id),
    )
    CohortMember.objects.update(entry_code=None, entry_code_until=None)
    assert browser.get(f"{there}printed-card/").status_code == 404


def test_card_has_whom_to_reach_and_asks_in_the_order_of_the_form(browser, here, cohort):
    institution = cohort.unit.institution
    institution.contact, institution.contact_email = "The learning desk", "desk@example.org"
    institution.contact_phone = "+254 700 000 000"
    institution.save()
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort, at=NOW)
    page = browser.get(f"{here}cards/")
    card = words(page)
    assert "The learning desk, desk@example.org, +254 700 000 000" in card
    form = browser.get("/en/enter/").content.decode()
    asked = [("Your user name", "Your entry code"), ("User name on your card", "Entry code on your card")]
    for text, (first, second) in zip((card, form), asked, strict=True):
        assert 0 < text.index(first) < text.index(second)


def test_card_without_a_contact_of_the_institution_names_the_site(browser, here, cohort, settings):
    cohort.unit.institution.contact = ""
    cohort.unit.institution.save()
    settings.CONTACT_NAME, settings.CONTACT_PHONE, settings.CONTACT_EMAIL = "Maarifa desk", "0800 1", ""
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort, at=NOW)
    assert "Questions? Ask Maarifa desk, 0800 1" in words(browser.get(f"{here}cards/"))


def test_inviting_again_with_a_card_says_that_a_new_one_must_be_printed(browser, here, cohort, now):
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort, at=NOW)
    member = CohortMember.objects.get()
    there = f"{here}members/{member.public_id}/"
    now.move_to(NOW + timedelta(minutes=5))
    browser.post(f"{there}withdraw/")
    page = browser.get(there)
    said = words(page)
    assert "invitation withdrawn" in said
    assert "withdrawn before this person joined" in said
    assert ("has left the cohort" in said, "printed-card" in page.content.decode()) == (False, False)
    page = browser.post(there, {"action": "invite"}, follow=True)
    assert "invited again, with a new code. Any earlier card no longer works." in words(page)
    assert "is being sent" not in words(page)
    assert f'<a href="{there}printed-card/">Print new card</a>' in page.content.decode()
    assert CohortMember.objects.get().entry_code != member.entry_code
    # What to do next is the main button, what ends the card the quiet one.
    html = page.content.decode()
    assert f'<a class="button" href="{there}printed-card/">' in html
    assert f'<a class="button quiet" href="{there}card/">' in html


def test_who_declined_has_not_left(browser, here, cohort):
    applied([["Fatou", "fatou@example.org", "", ""]], cohort=cohort, at=NOW)
    CohortMember.objects.update(state="left", left_at=NOW, declined_at=NOW)
    said = words(browser.get(f"{here}members/{CohortMember.objects.get().public_id}/"))
    assert "invitation declined" in said
    assert ("has left the cohort" in said, "was withdrawn" in said) == (False, False)


def test_card_is_offered_and_counted_where_it_can_be_printed_and_nowhere_else(browser, here, cohort, now):
    """One rule for the link on the person's page, the number on the cohort's, and the printed page."""
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort, at=NOW)
    member = CohortMember.objects.get()
    there = f"{here}members/{member.public_id}/"

    def offered():
        links = [
            f'href="{there}printed-card/"' in browser.get(there).content.decode(),
            f'href="{here}cards/"' in browser.get(here).content.decode(),
            browser.get(f"{there}printed-card/").status_code == 200,
            "There are no cards to print." not in words(browser.get(f"{here}cards/")),
        ]
        assert len(set(links)) == 1, links
        return links[0]

    assert offered()
    now.move_to(NOW + timedelta(minutes=5))
    decline_invitation(member=CohortMember.objects.by_token(make_token(member.public_id, member.entry_code)))
    assert not offered()
    invite_again(member=CohortMember.objects.get(), by=None)
    assert offered()
    retire_cohort(cohort=cohort, by=None)
    assert not offered()
    reopen_cohort(cohort=cohort, by=None)
    assert offered()
    until = CohortMember.objects.get().entry_code_until
    CohortMember.objects.update(entry_code_until=NOW)
    assert not offered()
    CohortMember.objects.update(entry_code_until=until)
    assert offered()
    Course.objects.update(retired_at=NOW)
    assert not offered()


def test_who_has_joined_a_closed_cohort_gets_a_new_card(browser, here, cohort):
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort, at=NOW)
    member = CohortMember.objects.get()
    CohortMember.objects.update(state="accepted", accepted_at=NOW)
    retire_cohort(cohort=cohort, by=None)
    assert "Print 1 card" in words(browser.get(here))
    assert "Rakoto" in words(browser.get(f"{here}members/{member.public_id}/printed-card/"))


def test_closed_cohort_offers_no_cards_and_takes_no_list(browser, here, cohort):
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort, at=NOW)
    member = CohortMember.objects.get()
    browser.post(f"{here}close/")
    for page in (here, f"{here}members/{member.public_id}/"):
        html = browser.get(page).content.decode()
        assert ("roster/" in html, "printed-card" in html, f"{here}cards/" in html) == (False, False, False)
    assert "There are no cards to print." in words(browser.get(f"{here}cards/"))
    assert browser.get(f"{here}members/{member.public_id}/printed-card/").status_code == 404
    page = browser.get(f"{here}roster/", follow=True)
    assert page.redirect_chain == [(here, 302)]
    assert "This cohort is closed" in words(page)
