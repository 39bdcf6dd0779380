"""A line of audit for every page on which staff or coordinators read about other people.

A route that is new is unknown to COORDINATORS, and fails: say there which line it writes, or that it names nobody.
"""

import pytest
from django.contrib import admin
from django.test import Client

from maarifa.accounts.guarded import Guarded
from maarifa.accounts.models import AuditEntry
from maarifa.certificates.models import Certificate
from maarifa.cohorts.models import CohortMember
from maarifa.lib.personal_data import everything_held
from maarifa.quizzes.models import Attempt, AttemptGrant
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import applied, staff_of
from tests.factories.delivery import DeliveryFactory, SuppressionFactory
from tests.factories.institutions import ManagedAccountFactory, MembershipFactory
from tests.factories.regrading import regraded_answer
from tests.test_isolation import AUDIENCES, SENTINEL, address_of, name_of, routes, world

pytestmark = pytest.mark.django_db
__all__ = ["world"]

# The line of a route for coordinators; None where nobody is named there.
COORDINATORS = {
    "institution": None,
    "cohort-new": None,
    "cohort": "cohort.listed",
    "cohort-cards": "cohort.cards-shown",
    "cohort-close": None,
    "cohort-quiz-dates": None,
    "cohort-export": "cohort.exported",
    "roster": "roster.seen",
    "roster-discard": None,
    "roster-progress": None,
    "roster-result": "roster.exported",
    "roster-upload": None,
    "member": "member.seen",
    "member-card": "member.card-shown",
    "member-confirm": "member.seen",
    # Takes a post only.
    "member-grant": None,
    "member-time": None,
}


def lines(actor):
    return list(AuditEntry.objects.filter(actor=actor).order_by("id").values_list("action", flat=True))


def named(answer) -> bool:
    text = b"".join(answer) if answer.streaming else answer.content
    return SENTINEL.encode() in text


def test_every_route_of_coordinators_says_what_it_writes():
    assert set(COORDINATORS) == AUDIENCES["institution"] | {"institution", "cohort-new"}


def test_every_page_of_coordinators_that_names_somebody_writes_its_line(world):
    cohort = world["cohort"]
    applied([[f"{SENTINEL} Kaboré", "", "A-2", ""]], cohort=cohort)
    CohortMember.objects.filter(staff_number="A-2").update(entry_code_until="2099-01-01T00:00Z")
    with_card = {**world["values"], "member_id": CohortMember.objects.get(staff_number="A-2").public_id}
    person = staff_of(cohort)
    browser = Client()
    browser.force_login(person)
    faults = []
    for whole, entry in routes():
        name = name_of(whole, entry)
        if name not in COORDINATORS:
            continue
        values = with_card if name in ("member-card", "member-confirm") else world["values"]
        before = len(lines(person))
        answer = browser.get(address_of(whole, values))
        written, line = lines(person)[before:], COORDINATORS[name]
        if answer.status_code != (302 if name in ("member-grant", "member-time") else 200):
            faults.append(f"{name}: {answer.status_code}")
        if written != [line] * (line is not None):
            faults.append(f"{name}: {written}")
        # A workbook is packed, and its words are not to be found in it.
        if named(answer) is not (line is not None) and name != "roster-result":
            faults.append(f"{name}: names somebody, or nobody")
    assert not faults, "\n".join(faults)
    assert set(AuditEntry.objects.filter(actor=person).values_list("institution", flat=True)) == {
        cohort.unit.institution.public_id
    }


@pytest.fixture
def rows(world):
    """A row of the sentinel in every table of people that the admin shows."""
    learner = world["learner"]
    attempt = Attempt.objects.filter(learner=learner).first()
    return {
        "accounts.User": learner,
        "accounts.AuditEntry": AuditEntry.objects.create(action="person.viewed", on_user=learner),
        "certificates.Certificate": Certificate.objects.get(learner=learner),
        "delivery.Delivery": DeliveryFactory(recipient=learner, address=learner.email, subject=SENTINEL),
        "delivery.Suppression": SuppressionFactory(address_key=f"{SENTINEL.lower()}@example.org"),
        "institutions.ManagedAccount": ManagedAccountFactory(user=learner),
        "institutions.Membership": MembershipFactory(user=learner),
        "quizzes.Attempt": attempt,
        "quizzes.AttemptGrant": AttemptGrant.objects.create(
            learner=learner, quiz=attempt.quiz, number=9, granted_by=UserFactory()
        ),
        "quizzes.RegradedAnswer": regraded_answer(attempt, by=UserFactory()),
    }


def test_every_page_of_the_admin_that_shows_people_writes_a_line(rows):
    of_people = {held.get_model() for held in everything_held() if held.fields}
    shown = {model._meta.label for model in admin.site._registry if model in of_people}
    # The contact of an institution stands on every page for learners; a material says who of the staff reviewed it, a
    # corrected grading who corrected it.
    of_none = {"institutions.Institution", "curriculum.Material", "quizzes.Regrade"}
    assert shown - set(rows) == of_none, "new tables of people: make a row in `rows`"

    operator = UserFactory(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(operator)
    faults = []
    for label, row in rows.items():
        page = admin.site._registry[type(row)]
        here = f"/admin/{row._meta.app_label}/{row._meta.model_name}/"
        asked = {
            here: page.listed_as,
            f"{here}?q=Zanele": page.listed_as,
            f"{here}{row.pk}/change/": page.read_as,
            f"{here}{row.pk}/history/": page.read_as,
        }
        for address, line in asked.items():
            before = len(lines(operator))
            answer = browser.get(address)
            if (answer.status_code, lines(operator)[before:]) != (200, [line]):
                faults.append(f"{label} {address}: {answer.status_code}, {lines(operator)[before:]}")
    assert not faults, "\n".join(faults)
    assert all(page.listed_as for page in (admin.site._registry[type(row)] for row in rows.values()))


def test_every_field_that_offers_people_while_one_types_writes_a_line(rows):
    operator = UserFactory(is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(operator)
    asked = 0
    for model, page in admin.site._registry.items():
        for name in page.autocomplete_fields:
            field = model._meta.get_field(name)
            before = len(lines(operator))
            answer = browser.get(
                "/admin/autocomplete/",
                {
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": name,
                    "term": "Zanele",
                },
            )
            assert answer.status_code == 200
            of_people = field.related_model._meta.label in rows
            assert len(lines(operator)) - before == of_people, (model, name)
            assert named(answer) is of_people
            asked += of_people
    assert asked >= 1


def test_every_page_of_the_admin_asks_only_about_columns_that_it_offers():
    bare = [
        model._meta.label for model, page in admin.site._registry.items() if not isinstance(page, Guarded)
    ]
    assert bare == []
