"""Messages, as those who run the site see them."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission

from maarifa.delivery.models import Delivery, Suppression
from tests.factories.accounts import UserFactory
from tests.factories.delivery import DeliveryFactory
from tests.factories.institutions import MembershipFactory

pytestmark = pytest.mark.django_db
MESSAGES = "/admin/delivery/delivery/"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def operator(client):
    operator = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(operator)
    return operator


@pytest.mark.parametrize("page", [MESSAGES, "/admin/delivery/suppression/"])
def test_coordinator_gets_nothing_of_it(client, page):
    client.force_login(MembershipFactory().user)

    assert client.get(page, follow=True).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_messages_are_listed_in_as_many_queries(client, operator, count, django_assert_num_queries):
    for _ in range(count):
        DeliveryFactory(recipient=UserFactory())
    client.get(MESSAGES)

    with django_assert_num_queries(7):
        assert client.get(MESSAGES).status_code == 200


@pytest.mark.parametrize(("kind", "shown"), [("reminder", True), ("sign-in", False), ("account", False)])
def test_words_that_let_somebody_in_are_shown_to_nobody(client, operator, kind, shown):
    message = DeliveryFactory(kind=kind, text="Your code: 1234-5678")

    page = client.get(f"{MESSAGES}{message.pk}/change/")

    assert ("1234-5678" in page.content.decode()) is shown


@pytest.mark.parametrize(("page", "status"), [("add/", 403), ("{pk}/delete/", 403)])
def test_messages_are_read_only(client, operator, page, status):
    message = DeliveryFactory()

    assert client.get(MESSAGES + page.format(pk=message.pk)).status_code == status


def test_what_failed_is_sent_again(client, operator):
    failed = DeliveryFactory(state="failed", finished_at=NOW, error="550")
    done = DeliveryFactory(state="done", finished_at=NOW)

    client.post(MESSAGES, {"action": "send_again", "_selected_action": [failed.pk, done.pk]})

    assert list(Delivery.objects.order_by("id").values_list("state", flat=True)) == ["pending", "done"]


@pytest.mark.parametrize(("rights", "state"), [(["view"], "failed"), (["view", "change"], "pending")])
def test_who_may_only_read_messages_sends_none_again(client, rights, state):
    reader = UserFactory(is_staff=True)
    names = [f"{right}_delivery" for right in rights]
    reader.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(reader)
    failed = DeliveryFactory(state="failed", finished_at=NOW, error="550")

    assert ("send_again" in client.get(MESSAGES).content.decode()) is (state == "pending")
    client.post(MESSAGES, {"action": "send_again", "_selected_action": [failed.pk]})

    assert Delivery.objects.get().state == state


def test_address_is_suppressed_by_hand_and_freed(client, operator):
    client.post("/admin/delivery/suppression/add/", {"address_key": "Wanjiru@Example.org", "kind": ""})
    kept = Suppression.objects.get()
    assert (kept.address_key, kept.kind, kept.reason) == ("wanjiru@example.org", "", "by-hand")

    client.post(f"/admin/delivery/suppression/{kept.pk}/delete/", {"post": "yes"})

    assert Suppression.objects.count() == 0
