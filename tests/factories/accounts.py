"""People: UserFactory(username="amina", password="…"), and one with an address shown to be theirs."""

from datetime import UTC, datetime

import factory
from allauth.account.models import EmailAddress
from factory.django import DjangoModelFactory

from maarifa.accounts.models import AuditEntry, Consent, User

PASSWORD = "three blue doors"


class UserFactory(DjangoModelFactory):
    """Somebody who has been in before, and can sign in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"
    time_zone = "UTC"
    password = factory.PostGenerationMethodCall("set_password", PASSWORD)

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        if create:
            instance.save()

    @factory.post_generation
    def proven(self, create, value):
        """With an address: whether they have shown that they read its mail."""
        if create and self.email:
            EmailAddress.objects.create(
                user=self, email=self.email, primary=True, verified=value is not False
            )


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    user = factory.SubFactory(UserFactory)
    purpose = Consent.Purpose.TERMS
    words = "I agree."
    language = "en"
    given_at = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


class AuditEntryFactory(DjangoModelFactory):
    class Meta:
        model = AuditEntry

    actor = factory.SubFactory(UserFactory)
    action = "person.viewed"
