"""Messages that are pending, and addresses that are not written to."""

import factory
from factory.django import DjangoModelFactory

from maarifa.delivery.models import Delivery, Suppression


class DeliveryFactory(DjangoModelFactory):
    """An pending message; `state` and the like are given where it is further on."""

    class Meta:
        model = Delivery

    key = factory.Sequence(lambda n: f"test/{n}")
    kind = "reminder"
    address = factory.Sequence(lambda n: f"person{n}@example.org")
    language = "en"
    subject = "Your next lesson"
    text = "It takes ten minutes.\n"
    html = "<p>It takes ten minutes.</p>"
    message_id = factory.Sequence(lambda n: f"<{n}@maarifa.example.org>")


class SuppressionFactory(DjangoModelFactory):
    class Meta:
        model = Suppression

    address_key = factory.Sequence(lambda n: f"person{n}@example.org")
    reason = Suppression.Reason.UNSUBSCRIBED
