"""In a real browser: what an instructor has typed outlives leaving the page, signing out, and errors."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from maarifa.curriculum.actions import INSTRUCTORS, make_instructors_group
from maarifa.curriculum.models import CourseText, LessonText
from tests.curriculum.test_admin_browser import click, sign_in
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.curriculum import published_course

BODY = "[name=texts-0-body]"


@pytest.fixture
def made(transactional_db):
    make_instructors_group()
    user = UserFactory(username="halima", is_staff=True)
    user.groups.add(Group.objects.get(name=INSTRUCTORS))
    return published_course(key="rules")


def lesson(site, made):
    return site.url + reverse("admin:curriculum_lesson_change", args=[made.lessons[1].pk])


def stored(page):
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('typed:')).length")


def test_text_typed_before_leaving_is_offered_and_gone_once_saved(site, made, page):
    sign_in(page, site)
    page.goto(lesson(site, made))
    page.fill(BODY, "## Who\n\nHalf a sent")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(site.url + reverse("admin:index"))
    assert asked == ["beforeunload"]
    page.goto(lesson(site, made))
    assert "Half a sent" not in page.input_value(BODY)
    page.click("text=Restore what I typed")
    assert page.input_value(BODY) == "## Who\n\nHalf a sent"
    click(page, "[name=_continue]")
    assert LessonText.objects.get(lesson=made.lessons[1], language="en").body == "## Who\n\nHalf a sent"
    assert stored(page) == 0
    assert not page.is_visible("#unsaved")


def test_text_sent_after_the_session_ended_is_there_after_signing_in(site, made, page):
    sign_in(page, site)
    page.goto(lesson(site, made))
    page.fill(BODY, "## Who\n\nA whole paragraph.")
    page.context.clear_cookies(name="sessionid")
    click(page, "[name=_continue]")
    assert page.is_visible("[name=password]")
    page.fill("[name=username], [name=login]", "halima")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("[name=password]", "Enter")
    page.goto(lesson(site, made))
    # It stands in the form itself: nothing is left to restore from the device.
    assert not page.is_visible("#unsaved")
    assert page.input_value(BODY) == "## Who\n\nA whole paragraph."
    click(page, "[name=_continue]")
    assert (
        LessonText.objects.get(lesson=made.lessons[1], language="en").body == "## Who\n\nA whole paragraph."
    )
    assert stored(page) == 0


def test_what_came_back_with_an_error_is_kept_and_can_be_thrown_away(site, made, page):
    sign_in(page, site)
    page.goto(lesson(site, made))
    page.fill(BODY, "# Too large")
    click(page, "[name=_continue]")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(lesson(site, made))
    page.click("[data-discard]")
    assert page.input_value(BODY).startswith("## Who does what")
    assert stored(page) == 0


def test_copy_is_compared_with_what_the_row_said_when_it_was_typed(site, made, page):
    """Restored after somebody else has saved, it is refused like any other late form."""
    sign_in(page, site)
    page.goto(lesson(site, made))
    page.fill(BODY, "## Mine")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(site.url + reverse("admin:index"))
    LessonText.objects.filter(lesson=made.lessons[1], language="en").update(body="## Theirs")
    page.goto(lesson(site, made))
    page.click("text=Restore what I typed")
    click(page, "[name=_continue]")
    assert page.is_visible("text=Someone else has changed this since you opened the page.")
    assert LessonText.objects.get(lesson=made.lessons[1], language="en").body == "## Theirs"


def test_rows_are_added_and_restored(site, made, page):
    sign_in(page, site)
    page.goto(lesson(site, made))
    rows = "#id_texts-0-sources"
    before = page.locator(f"{rows} .row").count()
    page.click(f"{rows} > button")
    last = f"[name=texts-0-sources-{before}-"
    for name, text in {"title": "A", "publisher": "B", "date": "2024", "url": "https://a.example/"}.items():
        page.fill(f"{last}{name}]", text)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(site.url + reverse("admin:index"))
    page.goto(lesson(site, made))
    page.click("text=Restore what I typed")
    assert page.input_value(f"{last}title]") == "A"
    click(page, "[name=_continue]")
    assert LessonText.objects.get(lesson=made.lessons[1], language="en").sources[-1]["title"] == "A"


def test_page_that_nobody_touched_is_left_without_a_word(site, made, page):
    sign_in(page, site)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    course = site.url + reverse("admin:curriculum_course_change", args=[made.course.pk])
    for address in (lesson(site, made), course):
        page.goto(address)
        page.click("h1")
    page.goto(site.url + reverse("admin:index"))
    assert asked == []
    assert CourseText.objects.count() == 2
    assert stored(page) == 0
