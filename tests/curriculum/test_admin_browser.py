"""Authoring in a real browser: nothing that the policy refuses, nothing that a screen reader trips over."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from maarifa.curriculum.actions import INSTRUCTORS, make_instructors_group
from maarifa.curriculum.models import Edition, LessonText
from tests.browsing import accessibility_faults
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.curriculum import published_course


@pytest.fixture
def made(transactional_db):
    make_instructors_group()
    user = UserFactory(username="halima", is_staff=True)
    user.groups.add(Group.objects.get(name=INSTRUCTORS))
    return published_course(key="rules")


def sign_in(page, site):
    page.goto(f"{site.url}/admin/")
    page.fill("[name=username], [name=login]", "halima")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")


def click(page, what):
    """Follow a link or send a form, and wait for the page behind it."""
    with page.expect_navigation():
        page.click(what)


@pytest.mark.parametrize("javascript", [True, False])
def test_instructor_writes_previews_and_publishes(site, made, open_page, javascript):
    page = open_page(javascript=javascript)
    sign_in(page, site)
    page.goto(site.url + reverse("admin:curriculum_course_change", args=[made.course.pk]))
    click(page, "a:has(bdi:text-is('Rules that can be used'))")
    page.fill("[name=texts-0-body]", "## Who does what\n\nA rule names who acts.")
    click(page, "[name=_continue]")
    click(page, ".field-previews a >> text=en")
    assert page.inner_text("article h2") == "Who does what"
    page.goto(site.url + reverse("admin:curriculum_course_publish", args=[made.course.pk]))
    page.fill("[name=note]", "Who acts.")
    click(page, "[type=submit].default")
    assert Edition.objects.get(number=2).note == "Who acts."
    assert LessonText.objects.get(lesson=made.lessons[1], language="ar").is_stale(
        LessonText.objects.get(lesson=made.lessons[1], language="en").digest()
    )


def test_pages_of_authoring_are_without_faults(site, made, page):
    sign_in(page, site)
    for name, args in [
        ("course_change", [made.course.pk]),
        ("course_publish", [made.course.pk]),
        ("course_editions", [made.course.pk]),
        ("lesson_change", [made.lessons[0].pk]),
        ("lesson_preview", [made.lessons[0].pk, "ar"]),
    ]:
        page.goto(site.url + reverse(f"admin:curriculum_{name}", args=args))
        said = list(page.complaints)
        assert (name, accessibility_faults(page)) == (name, [])
        # What axe does to the page to measure it is no fault of the page.
        page.complaints[:] = said


def test_what_waits_for_an_answer_is_not_written_over_and_restoring_asks(site, made, page):
    def write(words):
        page.fill("[name=texts-0-body]", words)
        page.wait_for_timeout(600)

    sign_in(page, site)
    page.on("dialog", lambda dialog: dialog.dismiss() if page.asked_once else dialog.accept())
    page.asked_once = False
    address = site.url + reverse("admin:curriculum_lesson_change", args=[made.lessons[0].pk])
    page.goto(address)
    write("## First\n\nTyped first.")
    page.goto(address)
    assert page.is_visible("#unsaved")
    write("## Second\n\nTyped second.")
    page.goto(address)
    page.click("[data-restore]")
    assert "Typed second." in page.input_value("[name=texts-0-body]")
    assert page.is_visible("#unsaved")
    page.asked_once = True
    page.click("[data-restore]")
    assert "Typed second." in page.input_value("[name=texts-0-body]")
    page.asked_once = False
    page.click("[data-restore]")
    assert "Typed first." in page.input_value("[name=texts-0-body]")
    assert not page.is_visible("#unsaved")
