"""A quiz of pairs, extended matching and an order: with a script and without, by keyboard, in both directions.

With `MAARIFA_LOOK=<folder>` its pages are kept there as pictures.
"""

import os
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from maarifa.quizzes.models import Attempt
from tests.browsing import accessibility_faults
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import published_course
from tests.factories.items import QUESTIONS, RIGHT
from tests.factories.learning import MONDAY, enrolled, start_quiz
from tests.learning.answering import field_of, kept_of
from tests.learning.reading import attempt_page

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LOOK = os.environ.get("MAARIFA_LOOK")
NARROWEST, PHONE, DESK = 320, 360, 1280
HALF = {"matching": {"rule": "binds"}, "ordering": {"draft": "1", "publish": "4"}}


@pytest.fixture
def course(transactional_db):
    return published_course(key="rules-that-work", at=MONDAY, questions=QUESTIONS, attempts=1)


class Learner:
    def __init__(self, site, course, open_page, language, *, javascript=True):
        self.user = UserFactory(language=language)
        enrolment = enrolled(course=course, learner=self.user, language=language)
        self.attempt = start_quiz(enrolment, at=timezone.now(), language=language)
        self.language = language
        self.page = open_page(language=language, width=PHONE, bypass_csp=True, javascript=javascript)
        self.javascript = javascript
        browser = Client()
        browser.force_login(self.user)
        cookies = [{"name": n, "value": m.value, "url": site.url} for n, m in browser.cookies.items()]
        self.page.context.add_cookies(cookies)
        self.page.goto(f"{site.url}/{language}{attempt_page(self.attempt).removeprefix('/en')}")

    def rows(self) -> dict[str, str]:
        """The items of the order by their keys, as they stand from top to bottom, with their selects' names."""
        texts = {one["text"]: key for key, one in QUESTIONS[2][4][self.language]["items"].items()}
        rows = self.page.locator(".rank").all()
        return {
            texts[row.locator("label").inner_text()]: row.locator("select").get_attribute("name")
            for row in rows
        }

    def choose(self, kind, item, text):
        """In the select of this item, by what the page says."""
        question = next(one for one in QUESTIONS if one[1] == kind)[4][self.language]
        fieldset = self.page.locator("fieldset", has_text=question["stem"])
        field = fieldset.get_by_label(question["items"][item]["text"])
        label = question["choices"][text]["text"]
        value = field.locator("option", has_text=label).get_attribute("value")
        field.select_option(value)

    def place(self, item, position):
        self.page.locator(f"[name={self.rows()[item]}]").select_option(position)

    def press(self, name):
        with self.page.expect_navigation():
            self.page.click(f"[name={name}]")

    def saved(self):
        """Nothing waits on the device any more."""
        self.page.wait_for_timeout(700)
        self.page.wait_for_function("!Object.keys(localStorage).length")
        return kept_of(self.attempt)

    def look(self, what):
        """No fault that axe finds, nothing wider than the narrowest phone."""
        for width in (DESK, NARROWEST, PHONE):
            self.page.set_viewport_size({"width": width, "height": 800})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width
            if LOOK:
                Path(LOOK).mkdir(parents=True, exist_ok=True)
                self.page.screenshot(path=f"{LOOK}/{what}-{self.language}-{width}.png", full_page=True)
        if self.javascript:
            assert accessibility_faults(self.page) == []

    def result(self) -> Attempt:
        return Attempt.objects.get(pk=self.attempt.pk)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_items_with_a_script(site, course, open_page, language):
    learner = Learner(site, course, open_page, language)
    page = learner.page
    learner.look("script-empty")

    for item, choice in RIGHT["matching"].items():
        learner.choose("matching", item, choice)
    assert learner.saved() == {"matching": RIGHT["matching"], "extended": None, "ordering": None}
    for item, choice in RIGHT["extended"].items():
        learner.choose("extended", item, choice)

    # By keyboard alone: every press moves the item by one, keeps the focus and is said aloud.
    order = list(RIGHT["ordering"])
    assert list(learner.rows()) != order
    for place, item in enumerate(order):
        while (now := list(learner.rows())).index(item) > place:
            row = page.locator(".rank").nth(now.index(item))
            row.locator("button").first.focus()
            page.keyboard.press("Enter")
            assert row.page.evaluate("document.activeElement.tagName") == "BUTTON"
            moved = list(learner.rows())
            assert moved.index(item) == now.index(item) - 1
            text = QUESTIONS[2][4][language]["items"][item]["text"]
            said = page.locator("[aria-live]").inner_text()
            assert text in said
            assert str(moved.index(item) + 1) in said
    assert [page.locator(f"[name={name}]").input_value() for name in learner.rows().values()] == list("1234")
    # The last one cannot go further down, the first one not up.
    page.locator(".rank").last.locator("button").last.click(force=True)
    page.locator(".rank").first.locator("button").first.click(force=True)
    assert list(learner.rows()) == order
    assert learner.saved() == RIGHT
    learner.look("script-full")

    # The page comes back as it was kept; a position that is chosen moves the item there.
    page.reload()
    assert list(learner.rows()) == order
    learner.place("review", "1")
    assert list(learner.rows()) == ["review", "draft", "consult", "publish"]
    assert learner.saved()["ordering"] == {"review": "1", "draft": "2", "consult": "3", "publish": "4"}
    # An answer is taken back.
    learner.place("review", "")
    assert learner.saved()["ordering"] is None
    learner.place("review", "4")
    assert learner.saved() == RIGHT
    learner.press("send")
    assert (learner.result().score, learner.result().passed) == (300_000, True)
    learner.look("script-result")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_items_without_a_script(site, course, open_page, language):
    learner = Learner(site, course, open_page, language, javascript=False)
    page = learner.page
    assert page.locator(".rank button").count() == 0
    learner.choose("matching", "rule", "binds")
    learner.place("draft", "1")
    learner.place("publish", "4")
    learner.press("save")
    assert kept_of(learner.attempt) == {**HALF, "extended": None}

    # Two items at one position: the page says which position, keeps what was typed and the other answers.
    learner.choose("matching", "register", "pays")
    learner.place("consult", "4")
    learner.press("save")
    assert kept_of(learner.attempt)["matching"] == {"rule": "binds", "register": "pays"}
    assert kept_of(learner.attempt)["ordering"] == HALF["ordering"]
    name = field_of(learner.attempt, "ordering")
    assert "4" in page.inner_text(f"#error_{name}")
    link = page.locator(f".errors a[href='#id_{name}_A']")
    assert link.count() == 1
    assert [
        page.locator(f"[name={learner.rows()[item]}]").input_value() for item in ("consult", "publish")
    ] == [
        "4",
        "4",
    ]
    learner.place("consult", "2")
    learner.place("publish", "")
    learner.choose("extended", "wrong-name", "appeal")
    learner.press("send")
    # Nothing is left blank as a whole.
    result = learner.result()
    # One of three pairs; two fifths of one of two situations; one of three that follow.
    assert result.score == 33_333 + 20_000 + 33_333
    learner.look("plain-result")
