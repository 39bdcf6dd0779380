"""What is shown to somebody signed in is kept by nobody else."""

import pytest
from django.urls import reverse

from tests.accounts.entering import sign_in
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import accepted_member, staff_of

pytestmark = pytest.mark.django_db
PRIVATE = "private, no-cache"


@pytest.fixture
def member():
    return accepted_member()


def pages_of_a_learner(member):
    course = member.cohort.course.key
    return {
        "course": reverse("course", args=[course]),
        "my learning": reverse("my-learning"),
        "certificates": reverse("certificates"),
        "help": reverse("help"),
        "nothing there": "/en/nothing-there/",
    }


@pytest.mark.parametrize("page", ["course", "my learning", "certificates", "help", "nothing there"])
def test_pages_of_a_learner_are_theirs(client, member, page):
    address = pages_of_a_learner(member)[page]
    client.force_login(member.learner)

    answer = client.get(address)

    assert answer.status_code == (404 if page == "nothing there" else 200)
    assert answer["Cache-Control"] == PRIVATE


def test_pages_of_a_coordinator_are_theirs(client, member):
    client.force_login(staff_of(member.cohort))
    cohort = member.cohort

    for name, arguments in (("institution", []), ("cohort", [cohort.public_id])):
        answer = client.get(reverse(name, args=arguments))
        assert answer.status_code == 200
        assert answer["Cache-Control"].startswith(("private", "max-age=0, no-cache, no-store"))


def test_page_that_says_how_it_is_kept_is_believed(client):
    client.force_login(UserFactory())

    assert "no-store" in client.get(reverse("account"))["Cache-Control"]
    assert client.get("/readyz")["Cache-Control"] == "no-store"


def test_page_for_everybody_says_nothing_to_a_stranger(client):
    assert not client.get(reverse("catalogue")).has_header("Cache-Control")


def test_signing_in_and_out_is_kept_by_nobody(client):
    UserFactory(username="lindiwe")

    into = sign_in(client, "lindiwe")
    out = client.post(reverse("account_logout"))

    assert [answer.status_code for answer in (into, out)] == [302, 302]
    assert all("private" in answer["Cache-Control"] for answer in (into, out))
    assert out["Clear-Site-Data"] == '"cache"'
