"""The learner's side: the invitation and the card."""

import re
from datetime import date, timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from maarifa.accounts.models import Consent, User
from maarifa.cohorts import actions
from maarifa.cohorts.models import CohortMember
from maarifa.delivery.models import Delivery
from tests.cohorts.pages import ACCEPTED, heading, invitation_path, on, signed_in, words
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.cohorts import CohortMemberFactory, applied
from tests.factories.learning import MONDAY

pytestmark = pytest.mark.usefixtures("now")

COURSE, ENTER = "/en/courses/rules-that-work/", "/en/enter/"
DAY = timedelta(days=1)


@pytest.fixture
def member(cohort):
    applied([["Fatou Diop", "fatou@example.org", "A-1", "en"]], cohort=cohort)
    return CohortMember.objects.get(email="fatou@example.org")


# The invitation -------------------------------------------------------------------------------------------


def test_invitation_names_the_first_day_of_the_institution_on_the_page_as_in_the_mail(client, cohort):
    institution = cohort.unit.institution
    cohort = actions.create_cohort(
        unit=cohort.unit,
        course=cohort.course,
        name="Winter",
        language="en",
        by=None,
        opens_on=date(2026, 12, 2),
    )
    applied([["Fatou Diop", "fatou@example.org", "A-1", "en"]], cohort=cohort)
    assert institution.time_zone == "Africa/Nairobi"
    said = words(client.get(invitation_path(CohortMember.objects.get())))
    assert "First day 2 December 2026" in said
    assert "2 December 2026" in Delivery.objects.get().text


def test_invitation_says_who_sees_what_before_anybody_agrees(client, member):
    page = client.get(invitation_path(member))
    said = words(page)
    assert heading(page) == "Welcome, Fatou Diop"
    assert "University of Kilele invites you to the course Rules that work." in said
    assert "What University of Kilele will see" in said
    assert "The institution does not see your answers or your other courses." in said
    assert "I agree that this site keeps my name" in said
    assert "Questions? Ask Ms Achieng, 0700 000 000." in said
    assert f'href="{invitation_path(member)}decline/"' in page.content.decode()
    assert signed_in(client) == ""


def test_invitation_accepted_opens_account_and_course(client, member):
    response = client.post(invitation_path(member), ACCEPTED | {"password": PASSWORD})
    assert response["Location"] == COURSE
    member.refresh_from_db()
    assert (member.state, signed_in(client)) == ("accepted", str(member.learner_id))
    assert "You have joined the group. Here is your course." in words(client.get(COURSE))
    assert member.learner.check_password(PASSWORD)
    kept = Consent.objects.get(purpose="sharing")
    assert kept.words.splitlines() == [
        "Course: Rules that work. Group: Autumn.",
        "What University of Kilele will see",
        "when you joined the group, and when you were last active in this course",
        (
            "your progress in lessons and quizzes, your quiz results, and whether any work came after the "
            "deadline"
        ),
        "whether you have a certificate for this course",
        "The institution does not see your answers or your other courses.",
        (
            "I agree that University of Kilele may see the information listed above. I can end this access "
            "at any time by leaving the group."
        ),
    ]
    assert Consent.objects.get(purpose="terms").words.startswith("I agree that this site keeps my name")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"agree": ""}, "Tick the box if you agree."),
        ({"terms": ""}, "To create an account, you need to agree."),
        ({"name": ""}, "Enter your name."),
        ({"name": "x" * 201}, "This name has 201 characters. Shorten it to at most 200."),
        ({"password": "123"}, "too short"),
    ],
)
def test_invitation_not_filled_in_says_what_is_missing(client, member, fields, says):
    page = client.post(invitation_path(member), ACCEPTED | fields)
    assert page.status_code == 422
    assert says in words(page)
    member.refresh_from_db()
    assert (member.state, signed_in(client), Consent.objects.count()) == ("invited", "", 0)


def test_declining_asks_first_and_can_be_taken_back(client, member):
    page = client.get(f"{invitation_path(member)}decline/")
    assert heading(page) == "Decline this invitation?"
    assert "use the same link or entry code again. It works until 22 January 2027." in words(page)
    member.refresh_from_db()
    assert member.state == "invited"
    page = client.post(f"{invitation_path(member)}decline/", follow=True)
    assert "You have declined the invitation." in words(page)
    assert "You declined this invitation on 23 November 2026. If you have changed your mind" in words(page)
    assert "decline/" not in page.content.decode()
    member.refresh_from_db()
    assert (member.state, signed_in(client)) == ("left", "")
    assert client.get(f"{invitation_path(member)}decline/")["Location"] == invitation_path(member)
    assert client.post(invitation_path(member), ACCEPTED)["Location"] == COURSE
    member.refresh_from_db()
    assert (member.state, member.declined_at, member.left_at) == ("accepted", None, None)


def test_a_card_is_not_used_up_by_declining(client, card):
    code = card.entry_code
    # The code may be good for longer than an invitation by mail.
    CohortMember.objects.filter(pk=card.pk).update(entry_code_until=MONDAY + 90 * DAY)
    asked = words(client.get(f"{invitation_path(card, code)}decline/"))
    assert "use the same link or entry code again. It works until 21 February 2027." in asked
    client.post(f"{invitation_path(card, code)}decline/")
    card.refresh_from_db()
    assert (card.state, card.entry_code) == ("left", code)
    page = client.post(ENTER, on(card, code), follow=True)
    assert "If you have changed your mind, you can accept it here until 21 February 2027." in words(page)
    assert client.post(page.request["PATH_INFO"], ACCEPTED)["Location"] == COURSE
    card.refresh_from_db()
    assert (card.state, card.entry_code) == ("accepted", None)


def test_declined_invitation_ends_when_it_is_too_old(client, member, now):
    client.post(f"{invitation_path(member)}decline/")
    now.move_to(MONDAY + 61 * DAY)
    assert "This invitation has expired." in words(client.get(invitation_path(member)))
    assert "This invitation has expired." in words(client.post(invitation_path(member), ACCEPTED))
    member.refresh_from_db()
    assert member.state == "left"


def test_declining_needs_the_same_proof_as_accepting(client, member, card):
    assert client.get(f"{invitation_path(member)[:-6]}/decline/").status_code == 404
    page = client.post(f"{invitation_path(card)}decline/")
    assert "use the entry code on your access card, or sign in first." in words(page)
    there = quote(f"{invitation_path(card)}decline/", safe="")
    assert f'href="/en/account/login/?next={there}">Sign in</a>' in page.content.decode()
    client.force_login(UserFactory(email="stranger@example.org", proven=True))
    assert "This invitation is not for the account that is signed in." in words(
        client.post(f"{invitation_path(member)}decline/")
    )
    assert set(CohortMember.objects.values_list("state", flat=True)) == {"invited"}


def test_invitation_of_an_account_in_use_leads_to_the_sign_in_and_back(client, cohort):
    amina = UserFactory(email="amina@example.org", proven=True, name="Secret Name")
    member = CohortMemberFactory(cohort=cohort, email="amina@example.org", given_name="As given")
    page = client.get(invitation_path(member))
    assert "You already have an account. Sign in to accept the invitation." in words(page)
    assert "Secret Name" not in page.content.decode()
    assert f"/en/account/login/?next={quote(invitation_path(member), safe='')}" in page.content.decode()
    client.force_login(amina)
    page = client.get(invitation_path(member))
    assert 'name="password"' not in page.content.decode()
    assert "I agree that this site keeps my name" not in words(page)
    assert client.post(invitation_path(member), {"action": "accept", "agree": "on"})["Location"] == COURSE
    assert client.get(invitation_path(member))["Location"] == COURSE
    member.refresh_from_db()
    assert (member.learner, Consent.objects.get().purpose) == (amina, "sharing")


def test_invitation_of_somebody_else_shows_nothing_of_it(client, member):
    client.force_login(UserFactory(email="stranger@example.org", proven=True))
    for response in (client.get(invitation_path(member)), client.post(invitation_path(member), ACCEPTED)):
        assert "This invitation is not for the account that is signed in." in words(response)
        for secret in ("Fatou", "Autumn", "Rules that work"):
            assert secret not in words(response)
    member.refresh_from_db()
    assert member.state == "invited"


@pytest.mark.parametrize("end", ["", "x", "AAAA"])
def test_link_that_is_not_complete_is_not_there(client, member, end):
    page = client.get(f"/en/join/{member.token[:-4]}{end}/")
    assert page.status_code == 404
    assert "This link is incomplete." in words(page)
    assert "Fatou" not in page.content.decode()


def test_invitation_too_old_or_closed_says_whom_to_ask(client, member, cohort, now):
    actions.retire_cohort(cohort=cohort, by=None)
    assert "This group is closed. Contact the institution that invited you." in words(
        client.get(invitation_path(member))
    )
    now.move_to(MONDAY + 61 * DAY)
    type(cohort).objects.update(retired_at=None)
    page = words(client.get(invitation_path(member)))
    assert "This invitation has expired. Ask for a new one." in page
    assert "Questions? Ask Ms Achieng" in page
    assert words(client.post(invitation_path(member), ACCEPTED)) == page


@pytest.mark.parametrize(
    ("closed", "says"),
    [
        ("institution", "University of Kilele is closed on this site, so you cannot join its groups."),
        ("course", "This course is not available now, so you cannot join the group."),
    ],
)
def test_invitation_that_nobody_can_accept_says_so_to_the_learner(client, member, cohort, closed, says):
    row = {"institution": cohort.institution, "course": cohort.course}[closed]
    type(row).objects.filter(pk=row.pk).update(retired_at=MONDAY)
    assert f"{says} Contact the institution that invited you." in words(client.get(invitation_path(member)))


def test_invitation_is_answered_only_with_the_sessions_token(member):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(invitation_path(member), ACCEPTED).status_code == 403
    member.refresh_from_db()
    assert member.state == "invited"


def test_address_of_an_invitation_is_told_to_nobody_else(client, member):
    assert client.get(invitation_path(member))["Referrer-Policy"] in (
        "same-origin",
        "no-referrer",
        "strict-origin",
    )
    assert "no-store" in client.get(invitation_path(member))["Cache-Control"]


# The card -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [str, lambda code: f" {code[:4]}-{code[4:]} ", lambda code: _eastern(code)])
def test_card_opens_the_invitation_however_the_code_is_written(client, card, write):
    response = client.post(ENTER, on(card, write(card.entry_code)))
    assert response["Location"] == invitation_path(card, card.entry_code)
    page = client.get(response["Location"])
    assert heading(page) == "Welcome, Rakoto"
    assert client.post(response["Location"], ACCEPTED | {"name": "Rakoto"})["Location"] == COURSE
    card.refresh_from_db()
    assert (card.state, signed_in(client), card.entry_code) == ("accepted", str(card.learner_id), None)


def _eastern(code):
    return code.translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)})


def test_card_of_somebody_in_the_group_opens_at_once(client, card):
    actions.accept_invitation(member=card, visitor=card.learner, consent_text="I agree.", language="en")
    actions.renew_code(member=card, by=None)
    assert client.post(ENTER, on(card))["Location"] == COURSE
    assert signed_in(client) == str(card.learner_id)
    again = Client().post(ENTER, on(card))
    assert again.status_code == 422
    assert "This user name and entry code do not match a valid card" in words(again)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "Enter the 8-digit entry code on your card."),
        ("1234567", "An entry code has 8 digits. Check your card and enter the code again."),
        ("123456789", "An entry code has 8 digits. Check your card and enter the code again."),
        ("abcdefgh", "An entry code has 8 digits. Check your card and enter the code again."),
        ("00000000", "This user name and entry code do not match a valid card"),
    ],
)
def test_wrong_code_says_so(client, card, code, says):
    page = client.post(ENTER, on(card, code))
    assert page.status_code == 422
    assert says in words(page)
    assert signed_in(client) == ""


def test_card_too_old_says_so(client, card, now):
    now.move_to(MONDAY + 61 * DAY)
    assert "This code has expired." in words(client.post(ENTER, on(card)))


def test_link_of_a_card_does_not_open_it(client, card):
    page = client.get(f"/en/join/{card.token}/")
    assert "To open this invitation, use the entry code on your access card, or sign in first." in words(page)
    assert f'href="{ENTER}"' in page.content.decode()


def test_no_page_of_the_learner_names_an_account(client, card):
    """Who holds a card sees the name that the institution gave, not what stands in an account."""
    User.objects.filter(pk=card.learner_id).update(name="Secret Name")
    page = client.get(invitation_path(card, card.entry_code))
    assert "Secret" not in page.content.decode()
    assert re.search(r'value="Rakoto"', page.content.decode())


def test_password_is_asked_for_again_where_something_else_is_to_be_corrected(client, member):
    at = invitation_path(member)
    typed = {**ACCEPTED, "password": "long-enough-1"}
    page = client.post(at, {name: value for name, value in typed.items() if name != "agree"})
    assert "Enter your password again." in words(page)
    assert "long-enough-1" not in page.content.decode()
    client.post(at, typed)
    member.refresh_from_db()
    assert member.learner.check_password("long-enough-1")


def test_nothing_is_said_of_a_password_that_nobody_chose(client, member):
    page = client.post(
        invitation_path(member), {name: ACCEPTED[name] for name in ACCEPTED if name != "agree"}
    )
    assert "Enter your password again." not in words(page)
