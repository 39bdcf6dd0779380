"""Links of apps at the head of the admin's change pages."""

import re

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from maarifa.curriculum.actions import INSTRUCTORS
from maarifa.curriculum.models import Course
from maarifa.institutions.models import Membership
from maarifa.ui.change_links import ChangeLink, links_of
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return published_course(key="rules-that-work").course


@pytest.fixture
def link():
    """Of an app above, to a page of its own, for who may see courses."""
    made = ChangeLink(
        "tests.learners",
        "Learners",
        "course",
        lambda request, course: request.user.has_perm("curriculum.view_course"),
        args=lambda course: [course.key],
        order=15,
    )
    links_of(Course).register(made)
    yield made
    links_of(Course).unregister(made.key)


def instructor():
    user = UserFactory(is_staff=True)
    user.groups.add(Group.objects.get(name=INSTRUCTORS))
    return user


def links(page) -> list[tuple[str, str]]:
    found = re.search(r'<ul class="object-tools">(.*?)</ul>', page.content.decode(), re.S)
    return re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', found[1]) if found else []


def test_links_stand_in_their_order_before_those_of_the_page(client, course, link):
    client.force_login(instructor())
    page = client.get(reverse("admin:curriculum_course_change", args=[course.pk]))
    here = f"/admin/curriculum/course/{course.pk}"
    assert links(page)[:3] == [
        (f"{here}/publish/", "Publish course"),
        ("/en/courses/rules-that-work/", "Learners"),
        (f"{here}/editions/", "Editions"),
    ]
    assert links(page)[3:] == [(f"{here}/history/", "History")]


def test_page_that_adds_a_row_has_none(client, course, link):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:curriculum_course_add"))
    assert page.status_code == 200
    assert links(page) == []


def test_link_is_of_one_kind_of_row_and_has_a_key_of_its_own(client, course, link):
    with pytest.raises(ImproperlyConfigured, match=r"twice in 'change page of curriculum\.Course'"):
        links_of(Course).register(ChangeLink(link.key, "More", "course"))
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    module = course.modules.first()
    page = client.get(reverse("admin:curriculum_module_change", args=[module.pk]))
    assert page.status_code == 200
    assert "Learners" not in [label for _url, label in links(page)]


@pytest.mark.parametrize("role", ["learner", "coordinator", "outsider"])
def test_nobody_but_staff_sees_the_page_and_its_links(client, course, link, role):
    if role == "coordinator":
        user = MembershipFactory(unit=root(InstitutionFactory()), role=Membership.Role.COORDINATOR).user
        client.force_login(user)
    elif role == "learner":
        client.force_login(UserFactory())
    page = client.get(reverse("admin:curriculum_course_change", args=[course.pk]))
    assert page.status_code in (302, 403)
    assert links(page) == []


def test_link_is_shown_to_whom_it_is_for(client, course):
    made = ChangeLink("tests.root", "Root", "course", lambda request, row: request.user.is_superuser)
    links_of(Course).register(made)
    try:
        client.force_login(instructor())
        page = client.get(reverse("admin:curriculum_course_change", args=[course.pk]))
    finally:
        links_of(Course).unregister(made.key)
    assert page.status_code == 200
    assert "Root" not in [label for _url, label in links(page)]
