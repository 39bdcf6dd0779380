"""How many accounts are made in a day."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from maarifa.accounts.models import Consent, User
from maarifa.delivery.models import Delivery
from tests.accounts.entering import SIGN_UP, address, bare
from tests.factories.accounts import ConsentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(settings):
    """Three came within 24 hours, the first of them 21 hours ago; a fourth does not fit."""
    settings.MOST_SIGN_UPS = 3
    settings.CONTACT_EMAIL = "help@example.org"
    now = timezone.now()
    for hours in (30, 21, 5, 1):
        ConsentFactory(given_at=now - timedelta(hours=hours))
    return now


def sign_up(language="en", **more):
    return Client().post(address("account_signup", language), SIGN_UP | more)


def test_sign_up_beyond_the_days_number_is_refused_with_when_and_whom_to_ask(full):
    before = User.objects.count()
    page = sign_up(email="nene@example.org")
    said = page.content.decode()
    assert "Too many people have created an account in the last 24 hours. Try again in 3 hours." in said
    assert "contact help@example.org." in said
    # What was typed stands there still.
    assert 'value="Néné Diallo"' in said
    assert 'value="nene@example.org"' in said
    assert (User.objects.count(), Delivery.objects.count()) == (before, 0)
    assert "أنشأ عدد كبير" in sign_up("ar", username="nene").content.decode()


def test_there_is_room_again_when_the_first_one_is_a_day_ago(full, settings):
    Consent.objects.order_by("given_at").filter(given_at__gt=full - timedelta(hours=22)).first().delete()
    assert sign_up(username="nene").status_code == 302
    assert sign_up(username="sena").status_code == 200
    settings.MOST_SIGN_UPS = 4
    assert sign_up(username="sena").status_code == 302


def test_refusal_tells_nothing_of_who_has_an_account(full):
    UserFactory(email="amina@example.org")
    known, fresh = (sign_up(email=f"{name}@example.org") for name in ("amina", "nobody"))
    assert bare(known, "amina@example.org") == bare(fresh, "nobody@example.org")


def test_site_without_a_contact_names_somebody_all_the_same(full, settings):
    settings.CONTACT_EMAIL = settings.CONTACT_NAME = settings.CONTACT_PHONE = settings.CONTACT_URL = ""
    said = sign_up(username="nene").content.decode()
    assert "contact the people who told you about the course." in said
    assert "%(" not in said


def test_consents_of_another_kind_do_not_count(full):
    Consent.objects.all().delete()
    for number in range(5):
        ConsentFactory(
            purpose="sharing",
            subject=f"00000000-0000-0000-0000-00000000000{number}",
            given_at=full,
        )
    assert sign_up(username="nene").status_code == 302
