"""A cohort of a faculty, and everybody who may want to look at it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from maarifa.accounts.models import User
from maarifa.cohorts.models import CohortMember
from maarifa.institutions.models import Membership
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory, accepted_member, applied, staff_of
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory, MembershipFactory, UnitFactory, root
from tests.factories.learning import MONDAY


@pytest.fixture
def now(db):
    """An hour after the course was published; to be moved on."""
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False) as clock:
        yield clock


@pytest.fixture
def course(db):
    return published_course(key="rules-that-work", languages=["en"], at=MONDAY)


@pytest.fixture
def institution(db):
    return InstitutionFactory(key="university-of-kilele", name="University of Kilele")


@pytest.fixture
def cohort(course, institution):
    """Of the faculty of law, which hangs under the root of its university."""
    faculty = UnitFactory(parent=root(institution), key="law", name="Faculty of Law")
    return CohortFactory(unit=faculty, course=course.course, name="Autumn")


@pytest.fixture
def card(cohort):
    """The member of the cohort who has no e-mail address, as a list enrolled them."""
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort)
    return CohortMember.objects.get(staff_number="A-2")


@pytest.fixture
def coordinator(cohort):
    return staff_of(cohort, username="coordinator", name="Ms Achieng")


@pytest.fixture
def browser(client, coordinator):
    client.force_login(coordinator)
    return client


@dataclass
class Cast:
    """Who may look, who may change, and who must not even learn that there is something."""

    coordinator: User
    above: User
    observer: User
    sibling: User
    below: User
    elsewhere: User
    gone: User
    learner: User
    outsider: User
    instructor: User
    operator: User

    @property
    def managing(self):
        return [self.coordinator, self.above]

    @property
    def looking(self):
        return [self.observer]

    @property
    def strangers(self):
        return [
            self.sibling,
            self.below,
            self.elsewhere,
            self.gone,
            self.learner,
            self.outsider,
            self.instructor,
            self.operator,
        ]


@pytest.fixture
def cast(cohort, coordinator):
    institution = cohort.unit.institution
    sibling = UnitFactory(parent=root(institution), key="medicine")
    below = UnitFactory(parent=cohort.unit, key="notaries")
    elsewhere = root(InstitutionFactory(key="another"))
    gone = MembershipFactory(unit=cohort.unit)
    Membership.objects.filter(pk=gone.pk).update(ended_at=gone.granted_at)
    return Cast(
        coordinator=coordinator,
        above=MembershipFactory(unit=root(institution)).user,
        observer=staff_of(cohort, Membership.Role.OBSERVER, username="observer"),
        sibling=MembershipFactory(unit=sibling).user,
        below=MembershipFactory(unit=below).user,
        elsewhere=MembershipFactory(unit=elsewhere).user,
        gone=gone.user,
        learner=accepted_member(cohort=cohort, learner=UserFactory(name="Wanjiru Mwangi")).learner,
        outsider=UserFactory(),
        instructor=UserFactory(is_staff=True),
        operator=UserFactory(is_staff=True, is_superuser=True),
    )


@pytest.fixture
def statuses():
    """What each of these people gets at an address: `statuses(people, address, data)` posts, without data it gets."""

    def ask(people, address, data=None):
        found = []
        for person in people:
            client = Client()
            client.force_login(person)
            response = client.get(address) if data is None else client.post(address, data)
            found.append(response.status_code)
        return found

    return ask


@pytest.fixture
def counts(db):
    """How many rows every table of ours has now; sessions and what the framework keeps are left out."""

    def count():
        names = [
            name
            for name in connection.introspection.table_names()
            if not name.startswith(("django_", "sqlite_"))
        ]
        with connection.cursor() as cursor:
            found = {}
            for name in sorted(names):
                cursor.execute(f'SELECT COUNT(*) FROM "{name}"')
                found[name] = cursor.fetchone()[0]
        return found

    return count


@pytest.fixture
def changed(counts):
    """The tables that have other numbers of rows than when the test began, with the difference."""
    before = counts()
    return lambda: {
        name: number - before[name] for name, number in counts().items() if number != before[name]
    }


@pytest.fixture
def here(cohort):
    """The address of the cohort's page."""
    return f"/en/institution/cohorts/{cohort.public_id}/"
