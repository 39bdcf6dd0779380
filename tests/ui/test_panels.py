"""Panels on the pages that learners see: who sees them, what they cost, and that no page with one goes stale."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maarifa.institutions.models import Membership
from maarifa.learning.slots import FINISHED, LESSON_END, LESSON_TOP
from maarifa.lib.digests import digest_of
from maarifa.ui import panels
from maarifa.ui.menu import MAIN, MenuItem, signed_in
from maarifa.ui.panels import Panel, all_slots
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory, MembershipFactory, root
from tests.factories.learning import MONDAY, RIGHT, enrolled, read_lesson, send_answers, start_quiz

pytestmark = pytest.mark.django_db

COURSE = "/en/courses/rules-that-work/"
LESSON = "/en/learn/rules-that-work/first/"


@pytest.fixture
def enrolment():
    return enrolled(course=published_course(key="rules-that-work", at=MONDAY))


@pytest.fixture
def browser(client, enrolment):
    client.force_login(enrolment.learner)
    return client


@contextmanager
def registered(registry, item):
    registry.register(item)
    try:
        yield item
    finally:
        registry.unregister(item.key)


def finish(enrolment):
    """Everything that the course asks; the attempt at its quiz."""
    for lesson in ("first", "second"):
        read_lesson(enrolment, lesson)
    attempt = start_quiz(enrolment)
    send_answers(attempt, RIGHT)
    return attempt


# The lesson's page and its ETag -----------------------------------------------------------------------------


@pytest.mark.parametrize("slot", [LESSON_TOP, LESSON_END], ids=lambda slot: slot.name)
def test_panel_that_changes_is_shown_at_once_and_else_the_page_stays_in_the_cache(browser, slot):
    waiting = {"url": "/en/", "words": "Your class meets on Tuesday."}
    panel = Panel("tests.meeting", "ui/empty.html", lambda request, page: dict(waiting))
    without = browser.get(LESSON)
    without = browser.get(LESSON)

    def again(before):
        return browser.get(LESSON, headers={"if-none-match": before["ETag"]})

    assert again(without).status_code == 304
    with registered(slot, panel):
        page = again(without)
        assert page.status_code == 200
        assert "Your class meets on Tuesday." in page.content.decode()
        assert again(page).status_code == 304
        waiting["words"] = "Your class meets on Friday."
        changed = again(page)
        assert changed.status_code == 200
        assert "Your class meets on Friday." in changed.content.decode()
        assert again(changed).status_code == 304
    assert again(changed).status_code == 200
    assert again(without).status_code == 304


def test_panel_of_a_lesson_is_given_the_lesson_and_whose_it_is(browser, enrolment):
    seen = []

    def context(request, page):
        seen.append((request.user, page.enrolment.pk, page.lesson.key, page.language, page.outline.course))

    with registered(LESSON_END, Panel("tests.seen", "ui/empty.html", context)):
        browser.get(f"{LESSON}?in=ar")
    assert seen == [(enrolment.learner, enrolment.pk, "first", "ar", "rules-that-work")]


def test_panel_of_a_lesson_adds_its_own_queries_and_no_other(browser, enrolment):
    def context(request, page):
        return {"words": Membership.objects.filter(user=request.user).count()}

    browser.get(LESSON)
    with CaptureQueriesContext(connection) as before:
        browser.get(LESSON)
    with registered(LESSON_END, Panel("tests.asks", "ui/empty.html", context, queries=1)):
        page = browser.get(LESSON)
        with CaptureQueriesContext(connection) as shown:
            browser.get(LESSON)
        with CaptureQueriesContext(connection) as unchanged:
            assert browser.get(LESSON, headers={"if-none-match": page["ETag"]}).status_code == 304
    assert len(before) == 3
    assert (len(shown), len(unchanged)) == (4, 4)


def test_menu_that_changes_is_a_page_that_changes(browser):
    browser.get(LESSON)
    page = browser.get(LESSON)
    with registered(MAIN, MenuItem("tests.planner", "Planner", "home", signed_in, order=25)):
        again = browser.get(LESSON, headers={"if-none-match": page["ETag"]})
        assert again.status_code == 200
        assert ">Planner</a>" in again.content.decode()


# What each registered panel promises ------------------------------------------------------------------------


def test_every_panel_keeps_to_its_queries_and_has_a_part_of_the_etag(browser, enrolment, monkeypatch):
    """Each panel that an app registers: its context and its template, counted on the pages where they stand."""
    attempt = finish(enrolment)
    asked: dict[str, list[int]] = {}
    render = panels._render

    def counting(panel):
        def context(request, subject):
            with CaptureQueriesContext(connection) as queries:
                made = panel.context(request, subject)
            if made is not None:
                digest_of([made])
                asked.setdefault(panel.key, []).append(len(queries))
            return made

        return replace(panel, context=context)

    def counted(panel, values, around):
        with CaptureQueriesContext(connection) as queries:
            html = render(panel, values, around)
        asked[panel.key][-1] += len(queries)
        return html

    monkeypatch.setattr(panels, "_render", counted)
    promised = {}
    for slot in all_slots():
        promised |= {panel.key: panel.queries for panel in slot}
        monkeypatch.setattr(slot, "_items", tuple(counting(panel) for panel in slot))
    result = f"/en/learn/rules-that-work/quiz/basics-quiz/{attempt.public_id}/result/"
    for address in (COURSE, LESSON, result, "/en/account/"):
        assert browser.get(address).status_code == 200, address
    assert all(panel.queries <= 1 for slot in (LESSON_TOP, LESSON_END) for panel in slot)
    # A panel of another page: give that page its line above.
    assert asked.keys() == promised.keys()
    assert {key: most for key, most in asked.items() if max(most) > promised[key]} == {}


# Who sees what ----------------------------------------------------------------------------------------------


def person(role, enrolment):
    if role == "learner":
        return enrolment.learner
    if role == "coordinator":
        unit = root(InstitutionFactory())
        return MembershipFactory(unit=unit, role=Membership.Role.COORDINATOR).user
    return UserFactory(is_staff=role == "instructor")


ROLES = ["learner", "coordinator", "instructor", "outsider"]


@pytest.mark.parametrize("role", ROLES)
def test_panels_of_a_course_are_seen_by_who_takes_it(client, enrolment, role):
    finish(enrolment)
    client.force_login(person(role, enrolment))
    page = client.get(COURSE).content.decode()
    takes = role == "learner"
    assert ('href="/en/certificates/">See your certificates</a>' in page) == takes
    assert (
        f'<li><a href="/en/certificates/names/?next={COURSE}">Confirm your name</a></li>' in page
    ) == takes


@pytest.mark.parametrize("role", ROLES)
def test_panel_of_a_lesson_is_made_for_who_takes_the_course_alone(client, enrolment, role):
    made = []
    client.force_login(person(role, enrolment))
    with registered(LESSON_END, Panel("tests.made", "ui/empty.html", lambda request, page: made.append(1))):
        status = client.get(LESSON).status_code
    assert (status, len(made)) == ((200, 1) if role == "learner" else (404, 0))


@pytest.mark.parametrize("role", ROLES)
def test_account_has_the_panels_of_apps_above_for_everybody(client, enrolment, role):
    client.force_login(person(role, enrolment))
    page = client.get("/en/account/").content.decode()
    assert '<p><a href="/en/account/messages/">Choose which messages you get</a></p>\n<h2>' in page
    assert '<p><a href="/en/groups/">My groups</a></p>\n<h2>' in page


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("learner", []),
        ("coordinator", ["cohorts.institution"]),
        ("instructor", ["accounts.admin"]),
        ("outsider", []),
    ],
)
def test_menu_by_role(client, enrolment, role, more):
    client.force_login(person(role, enrolment))
    # The page on which a person lands notes what they are.
    shown = MAIN.shown(client.get("/en/learning/").wsgi_request)
    everybody = {"pages.overview", "learning.catalogue", "certificates.own", "accounts.account"}
    assert {item.key for item in shown} == {*everybody, "pages.help", "accounts.sign-out", *more}


def test_panel_that_is_not_shown_leaves_nothing(browser, enrolment):
    finish(enrolment)
    certificate = next(iter(FINISHED))
    FINISHED.unregister(certificate.key)
    try:
        page = browser.get(COURSE).content.decode()
    finally:
        FINISHED.register(certificate)
    assert "You finished this course on" in page
    assert "See your certificates" not in page
