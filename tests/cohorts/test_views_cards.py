"""The cards on paper: whose language they speak, and what they hold."""

import re

import pytest
import time_machine

from maarifa.accounts.models import AuditEntry
from maarifa.cohorts.models import Seat
from tests.cohorts.pages import words
from tests.factories.cohorts import applied
from tests.factories.learning import MONDAY

NOW = MONDAY


@pytest.fixture(autouse=True)
def now(db):
    with time_machine.travel(NOW, tick=False):
        yield


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
    assert "Votre code" in french
    assert "رمزك" in arabic
    for card in (french, arabic):
        for shown in ("Rules that work", "University of Kilele", "Faculty of Law", "0700 000 000"):
            assert shown in card
        assert '<img src="data:image/svg+xml' in card
        assert "Your code" not in card


def test_card_of_one_person_is_printed_alone_and_written_down(browser, here, cohort, coordinator):
    applied([["Rakoto", "", "A-2", ""], ["Nivo", "", "A-3", ""]], cohort=cohort, at=NOW)
    seat = Seat.objects.get(staff_number="A-2")
    there = f"{here}seats/{seat.public_id}/"
    assert f'href="{there}printed-card/"' in browser.get(there).content.decode()
    said = words(browser.get(f"{there}printed-card/"))
    assert ("Rakoto" in said, "Nivo" in said) == (True, False)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.action, entry.details["seat"]) == (
        coordinator,
        "seat.card-shown",
        str(seat.public_id),
    )
    Seat.objects.update(entry_code=None, entry_code_until=None)
    assert browser.get(f"{there}printed-card/").status_code == 404
