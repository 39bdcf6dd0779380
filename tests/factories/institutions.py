"""An institution with the root of its tree, units below, staff, and an account that it made."""

import factory
from factory.django import DjangoModelFactory

from maarifa.institutions import actions
from maarifa.institutions.models import Institution, ManagedAccount, Membership, Unit
from tests.factories.accounts import UserFactory


class InstitutionFactory(DjangoModelFactory):
    class Meta:
        model = Institution

    key = factory.Sequence(lambda n: f"institute-{n}")
    name = factory.Sequence(lambda n: f"Institute {n}")
    language = "en"
    time_zone = "Africa/Nairobi"
    contact = "Ms Achieng, 0700 000 000"

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return actions.create_institution(**fields)


class UnitFactory(DjangoModelFactory):
    """A unit under `parent`; without one, under the root of a new institution."""

    class Meta:
        model = Unit

    key = factory.Sequence(lambda n: f"unit-{n}")
    name = factory.Sequence(lambda n: f"Unit {n}")
    parent = factory.LazyFunction(lambda: root(InstitutionFactory()))

    @classmethod
    def _create(cls, model_class, *args, **fields):
        return actions.add_unit(**fields)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    unit = factory.SubFactory(UnitFactory)
    role = Membership.Role.COORDINATOR


class ManagedAccountFactory(DjangoModelFactory):
    class Meta:
        model = ManagedAccount

    user = factory.SubFactory(UserFactory)
    institution = factory.SubFactory(InstitutionFactory)


def root(institution) -> Unit:
    return institution.units.get(parent=None)
