"""What cannot be undone, and what lets another person in, wants a fresh proof of who asks.

Who has no right to it is not even asked for one.
"""

import pytest
from django.test import Client

from maarifa.certificates.models import Certificate
from maarifa.cohorts.models import CohortMember
from maarifa.institutions.models import Membership
from maarifa.learning.models import CourseCompletion
from tests.accounts.entering import address, sign_in
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.cohorts import CohortFactory, accepted_member, applied, staff_of
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root
from tests.factories.learning import MONDAY

pytestmark = pytest.mark.django_db
FORMS = ("TOTAL", "INITIAL")


@pytest.fixture
def world():
    """A card that was handed out, late work, a certificate, an edition and a role."""
    course = published_course(key="rules-that-work", languages=["en"], at=MONDAY)
    cohort = CohortFactory(unit=root(InstitutionFactory(key="university-of-kilele")), course=course.course)
    applied([["Issa Kaboré", "", "A-2", ""]], cohort=cohort)
    CohortMember.objects.filter(staff_number="A-2").update(entry_code_until="2099-01-01T00:00Z")
    finished = accepted_member(cohort=cohort)
    completion = CourseCompletion.objects.create(
        enrolment=finished.enrolment, edition=course.edition, completed_at=MONDAY
    )
    certificate = Certificate.objects.filter(completion=completion).first()
    certificate = certificate or Certificate.objects.create(
        completion=completion, learner=finished.learner, code="K7QF2M9DX4TW0B5Z"
    )
    Certificate.objects.filter(pk=certificate.pk).update(state="done", finished_at=MONDAY)
    return {
        "cohort": cohort,
        "card": CohortMember.objects.get(staff_number="A-2"),
        "finished": finished,
        "certificate": certificate,
        "course": course.course,
        "role": MembershipFactory(unit=cohort.unit),
    }


def of_coordinators(world) -> dict[str, str]:
    here = f"/en/institution/cohorts/{world['cohort'].public_id}/"
    return {
        "a new card": f"{here}members/{world['card'].public_id}/card/",
        "the card of one person": f"{here}members/{world['card'].public_id}/printed-card/",
        "all cards": f"{here}cards/",
        "late work": f"{here}members/{world['finished'].public_id}/late-work/",
        "late answers": f"{here}members/{world['finished'].public_id}/accept-answers/",
        "late answers, refused": f"{here}members/{world['finished'].public_id}/refuse-answers/",
    }


def of_staff(world) -> dict[str, str]:
    return {
        "revoke a certificate": f"/admin/certificates/certificate/{world['certificate'].pk}/revoke/",
        "another edition": f"/admin/curriculum/course/{world['course'].pk}/editions/1/",
    }


def grown_old(person) -> Client:
    """A browser in which this person has signed in eleven minutes ago."""
    browser = Client()
    sign_in(browser, person.username)
    session = browser.session
    who, at = session["proved"]
    session["proved"] = [who, at - 11 * 60]
    session.save()
    return browser


def state() -> list:
    return [
        list(CohortMember.objects.order_by("pk").values("entry_code", "state", "invited_at")),
        list(Certificate.objects.values("state", "revocation__pk")),
        list(Membership.objects.order_by("pk").values("ended_at")),
    ]


@pytest.mark.parametrize("of", [of_coordinators, of_staff])
def test_page_asks_for_a_proof_before_it_shows_or_does_anything(world, of):
    person = staff_of(world["cohort"])
    if of is of_staff:
        person = UserFactory(is_staff=True, is_superuser=True)
    browser, before = grown_old(person), state()
    for name, page in of(world).items():
        for method in ("get", "post"):
            answer = getattr(browser, method)(page)
            if (name, method) in (("all cards", "post"), ("the card of one person", "post")):
                assert answer.status_code == 405
                continue
            assert answer.status_code == 302, name
            assert answer.url.startswith(address("account_reauthenticate") + "?next="), name
    assert state() == before

    # One proof opens all of them.
    browser.post(address("account_reauthenticate"), {"password": PASSWORD})
    for name, page in of(world).items():
        answer = browser.get(page)
        assert answer.status_code in (200, 302), name
        assert "reauthenticate" not in answer.headers.get("Location", ""), name
    assert state() == before


def test_who_has_no_right_to_it_is_not_asked(world):
    stranger = grown_old(MembershipFactory(unit=root(InstitutionFactory())).user)
    assert {stranger.get(page).status_code for page in of_coordinators(world).values()} == {404}
    instructor = grown_old(UserFactory(is_staff=True))
    assert {instructor.get(page).status_code for page in of_staff(world).values()} == {403}


@pytest.mark.parametrize(
    ("page", "action", "row"),
    [("membership", "end", "role"), ("institution", "retire", "cohort")],
)
def test_ending_a_role_or_an_institution_wants_a_proof(world, page, action, row):
    browser = grown_old(UserFactory(is_staff=True, is_superuser=True))
    pk = world["role"].pk if row == "role" else world["cohort"].unit.institution_id
    data = {"action": action, "_selected_action": [pk], "confirmed": "yes"}
    before = state()
    there = f"/admin/institutions/{page}/"
    assert browser.post(there, data).url.startswith(address("account_reauthenticate"))
    assert state() == before
    world["cohort"].unit.institution.refresh_from_db()
    assert world["cohort"].unit.institution.retired_at is None

    browser.post(address("account_reauthenticate"), {"password": PASSWORD})
    browser.post(there, data)
    world["role"].refresh_from_db()
    world["cohort"].unit.institution.refresh_from_db()
    done = world["role"].ended_at if row == "role" else world["cohort"].unit.institution.retired_at
    assert done is not None


def test_saving_a_role_an_address_or_a_right_wants_a_proof(world):
    operator = UserFactory(is_staff=True, is_superuser=True)
    victim, unit = UserFactory(username="amina", email="amina@example.org"), world["cohort"].unit
    browser = grown_old(operator)
    role = {"user": victim.pk, "unit": unit.pk, "role": "coordinator"}
    given = {name: getattr(victim, name) for name in ("username", "name", "language", "time_zone")}
    moved = {**given, "email": "thief@example.org"}
    moved |= {f"{name}-{form}_FORMS": 0 for name in ("emailaddress_set", "consents") for form in FORMS}
    saves = {
        "/admin/institutions/membership/add/": role,
        f"/admin/accounts/user/{victim.pk}/change/": moved,
        "/admin/auth/group/add/": {"name": "translators"},
    }
    for page, data in saves.items():
        assert browser.post(page, data).url.startswith(address("account_reauthenticate")), page
    assert browser.get("/admin/institutions/membership/add/").status_code == 302
    # Looking at a person is no act.
    assert browser.get(f"/admin/accounts/user/{victim.pk}/change/").status_code == 200
    victim.refresh_from_db()
    assert (victim.email, victim.memberships.count()) == ("amina@example.org", 0)

    browser.post(address("account_reauthenticate"), {"password": PASSWORD})
    for page, data in saves.items():
        answer = browser.post(page, data)
        assert (answer.status_code, "reauthenticate" in answer.url) == (302, False), page
    victim.refresh_from_db()
    assert (victim.email, victim.memberships.count()) == ("thief@example.org", 1)


def test_a_coordinator_who_came_with_a_card_and_has_nothing_to_prove_is_not_locked_out(world):
    person = staff_of(world["cohort"])
    person.set_unusable_password()
    person.save()
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session["proved"] = [person.pk, session["proved"][1] - 11 * 60]
    session.save()
    assert browser.get(of_coordinators(world)["all cards"]).status_code == 200
