"""The frame in a real browser: the menu, wide tables and long names on narrow screens, and paper."""

import pytest

from maarifa.cohorts.actions import plan_roster
from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import LessonText
from maarifa.operations.processes import wait_until
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory
from tests.factories.curriculum import draft_course, published_course
from tests.factories.institutions import MembershipFactory
from tests.factories.learning import enrolled
from tests.factories.practice import rendered_before_forms
from tests.pages.addresses import enter

NARROWEST, DESK = 320, 1280
# What is left of A4 between margins of 12 mm, in CSS pixels.
PAPER = 700
HEADS = " | ".join(f"Considerations{number}" for number in range(9))
WIDE = f"| {HEADS} |\n|{'---|' * 9}\n| {' | '.join(f'Answer {number} of several words' for number in range(9))} |\n"
PRACTICE = """```practice
key: recall
kind: single
stem: Who answers?
choices:
- text: Nobody
  correct: false
  feedback: Then nobody acts.
- text: An office
  correct: true
  feedback: Somebody can be asked.
```
"""


@pytest.fixture
def lesson(site):
    """The address of a lesson with practice and nine columns, and who reads it."""
    made = draft_course(key="rules-that-work")
    LessonText.objects.filter(lesson=made.lessons[0], language="en").update(body=f"{WIDE}\n{PRACTICE}")
    made.edition = publish_course(course=made.course, by=None)
    made.course.refresh_from_db()
    learner = UserFactory(username="amina")
    enrolled(course=made, learner=learner)
    return f"{site.url}/en/learn/rules-that-work/first/"


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_menu_is_on_the_line_of_the_name_on_the_narrowest_screen(site, open_page, language):
    page = open_page(language=language, width=NARROWEST)
    page.goto(f"{site.url}/{language}/")
    tops = page.evaluate(
        "[...document.querySelectorAll('.bar > *')].map(one => one.getBoundingClientRect().top)"
    )
    assert len(tops) == 3
    assert max(tops) - min(tops) < 20


def test_menu_lies_open_where_there_is_room_without_a_script(site, open_page):
    page = open_page(javascript=False, width=DESK)
    page.goto(f"{site.url}/en/")
    assert page.locator(".bar details:last-of-type summary").is_visible() is False
    page.click(".bar details:last-of-type a:has-text('Help')")
    assert page.url == f"{site.url}/en/help/"


def test_escape_and_a_press_elsewhere_fold_the_menu(site, open_page):
    page = open_page(width=360)
    page.goto(f"{site.url}/en/")
    page.click(".bar details:last-of-type summary")
    assert page.locator(".bar [open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".bar [open]").count() == 0
    assert page.evaluate("document.activeElement.matches('.bar details:last-of-type summary')")
    page.click(".bar details:last-of-type summary")
    page.click(".bar details:first-of-type summary")
    assert page.locator(".bar [open]").count() == 1
    page.mouse.click(20, 600)
    assert page.locator(".bar [open]").count() == 0


@pytest.mark.parametrize("javascript", [True, False])
def test_paper_has_every_answer_of_former_practice(site, open_page, monkeypatch, javascript):
    monkeypatch.setattr("maarifa.curriculum.activities.lesson.rendered", rendered_before_forms)
    enrolled(course=published_course(key="rules-that-work"), learner=UserFactory(username="amina"))
    page = open_page(width=PAPER, javascript=javascript)
    enter(page, site, "amina")
    page.goto(f"{site.url}/en/learn/rules-that-work/first/")
    feedback = page.locator("details p").first
    assert feedback.is_visible() is False
    page.emulate_media(media="print")
    assert feedback.bounding_box()["height"] > 10


def test_paper_has_every_choice_and_every_column(site, lesson, open_page):
    page = open_page(width=PAPER)
    enter(page, site, "amina")
    page.goto(lesson)
    page.emulate_media(media="print")
    assert [choice.is_visible() for choice in page.locator("article .choice").all()] == [True, True]
    box = page.evaluate(
        "(() => { const last = document.querySelector('tr > :last-child').getBoundingClientRect();"
        " return [last.right, document.documentElement.scrollWidth] })()"
    )
    assert box[0] <= PAPER
    assert box[1] <= PAPER


def test_wide_table_scrolls_by_itself_and_is_reached_by_keyboard(site, lesson, open_page):
    page = open_page(width=NARROWEST)
    enter(page, site, "amina")
    page.goto(lesson)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST
    region = page.get_by_role("group", name="Considerations0")
    region.focus()
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    # Asked from outside: the page's policy forbids Playwright's own waiting, which evaluates a string there.
    reached = "box => box.scrollLeft + box.clientWidth > box.scrollWidth - 20"
    assert wait_until(lambda: region.evaluate(reached), seconds=10)
    assert "gradient" in region.evaluate("one => getComputedStyle(one).backgroundImage")


def test_long_file_name_does_not_widen_the_page(site, open_page):
    cohort = CohortFactory()
    coordinator = UserFactory(username="thabo")
    MembershipFactory(user=coordinator, unit=cohort.unit, role="coordinator")
    name = "Liste_definitive_des_participants_formation_intelligence_artificielle_2026_version_corrigee.csv"
    roster = plan_roster(
        cohort=cohort,
        by=coordinator,
        file_name=name,
        content=b"Name,E-mail\nFatou Diop,fatou@example.org\n",
        language="en",
    )
    page = open_page(width=NARROWEST)
    enter(page, site, "thabo")
    here = f"{site.url}/en/institution/cohorts/{cohort.public_id}/"
    for address in (here, f"{here}roster/", f"{here}roster/{roster.public_id}/"):
        page.goto(address)
        assert name in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, address
