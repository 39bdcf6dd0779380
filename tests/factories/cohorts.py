"""Cohorts, the people in them, and imports of lists."""

import csv
import io

import factory
from django.db import transaction
from factory.django import DjangoModelFactory

from maarifa.cohorts import actions
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.institutions.models import Membership
from maarifa.learning.actions import enrol
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root
from tests.factories.learning import MONDAY

HEADER = ["Name", "E-mail", "Staff number", "Language"]


class CohortFactory(DjangoModelFactory):
    """Of the root of a new institution; takes a new published course."""

    class Meta:
        model = Cohort

    unit = factory.LazyFunction(lambda: root(InstitutionFactory()))
    course = factory.LazyFunction(lambda: published_course(at=MONDAY).course)
    name = factory.Sequence(lambda n: f"Autumn {n}")
    language = "en"
    created_at = MONDAY


class CohortMemberFactory(DjangoModelFactory):
    """Somebody invited by e-mail of whom nobody knows yet whether they have an account."""

    class Meta:
        model = CohortMember

    cohort = factory.SubFactory(CohortFactory)
    given_name = factory.Sequence(lambda n: f"Learner {n}")
    email = factory.Sequence(lambda n: f"learner{n}@example.org")
    language = "en"
    invited_at = MONDAY


def accepted_member(*, cohort=None, learner=None, at=MONDAY, **fields) -> CohortMember:
    """Somebody who accepted, and takes the course."""
    cohort = cohort or CohortFactory()
    learner = learner or UserFactory()
    enrolment = enrol(
        learner=learner,
        course=cohort.course,
        language=cohort.language,
        institution=cohort.unit.institution,
        at=at,
    )
    return CohortMemberFactory(
        cohort=cohort,
        learner=learner,
        enrolment=enrolment,
        state=CohortMember.State.ACCEPTED,
        accepted_at=at,
        **{"invited_at": at, "given_name": learner.name, **fields},
    )


def staff_of(cohort, role=Membership.Role.COORDINATOR, **fields):
    """Somebody who works with the cohort."""
    return MembershipFactory(user=UserFactory(**fields), unit=cohort.unit, role=role).user


def csv_of(rows, *, header=HEADER, delimiter=",", encoding="utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue().encode(encoding)


def planned(rows=None, *, cohort=None, by=None, content=None, language="en", file_name="list.csv", **more):
    """A list whose plan waits for a yes: `rows` under the usual header, or the bytes of a file."""
    cohort = cohort or CohortFactory()
    return actions.plan_roster(
        cohort=cohort,
        by=by,
        file_name=file_name,
        content=csv_of(rows or []) if content is None else content,
        language=language,
        at=MONDAY,
        **more,
    )


def confirmed(rows=None, **more):
    roster = planned(rows, **more)
    return actions.confirm_roster(
        roster=roster,
        plan_digest=roster.plan_digest,
        answered=roster.question_keys,
        by=roster.uploaded_by,
        at=MONDAY,
    )


def applied(rows=None, *, at=MONDAY, **more):
    """A list that has been applied to its end."""
    # In one transaction, so that no worker of another test takes it in between.
    with transaction.atomic():
        roster = confirmed(rows, **more)
        assert actions.apply_roster(roster_id=roster.pk, at=at, turn=0)
    roster.refresh_from_db()
    return roster
