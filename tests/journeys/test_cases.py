"""A branching case on a phone, step by step: with a script and without, left to right and right to left."""

import os
import re
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from maarifa.quizzes.models import Attempt
from tests.browsing import accessibility_faults
from tests.factories.accounts import UserFactory
from tests.factories.cases import QUESTIONS
from tests.factories.curriculum import published_course
from tests.factories.learning import enrolled, start_quiz
from tests.journeys.person import PHONE
from tests.learning.answering import kept_of
from tests.learning.reading import attempt_page, result_page

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

LOOK = os.environ.get("MAARIFA_LOOK")
TYPED = {"en": "Appeal", "ar": "طعن"}


@pytest.fixture
def course(transactional_db):
    return published_course(key="rules-that-work", questions=QUESTIONS, draw=1)


class Learner:
    def __init__(self, site, course, open_page, *, language, **window):
        user = UserFactory(username="amina")
        self.attempt = start_quiz(enrolled(course=course, learner=user), at=timezone.now(), language=language)
        self.language = language
        self.page = open_page(language=language, width=PHONE, **window)
        self.prefix = f"{site.url}/{language}/"
        browser = Client()
        browser.force_login(user)
        self.page.context.add_cookies(
            [{"name": n, "value": m.value, "url": site.url} for n, m in browser.cookies.items()]
        )

    def goes_to(self, address):
        self.page.goto(self.prefix + address.removeprefix("/en/"))

    def looks(self, name):
        """Nothing that axe finds, nothing wider than the phone."""
        if LOOK:
            for width in (1280, PHONE):
                self.page.set_viewport_size({"width": width, "height": 800})
                Path(LOOK).mkdir(parents=True, exist_ok=True)
                self.page.screenshot(path=f"{LOOK}/{name}-{self.language}-{width}.png", full_page=True)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert accessibility_faults(self.page) == []

    def continues(self):
        """By keyboard: from the last field of the step on to its button."""
        with self.page.expect_navigation():
            self.page.focus("[name=save][value^=q1]")
            self.page.keyboard.press("Enter")

    def kept(self):
        return kept_of(self.attempt)["case"]

    def score(self):
        return Attempt.objects.get(pk=self.attempt.pk).score


@pytest.mark.parametrize("language", ["en", "ar"])
def test_case_with_a_script(site, course, open_page, language):
    amina = Learner(site, course, open_page, language=language, bypass_csp=True)
    page = amina.page
    amina.goes_to(attempt_page(amina.attempt))
    amina.looks("first")
    # A choice is saved by itself, and may still be changed.
    for choice in ("ignore", "ask"):
        page.check(f'[name=q1_Open][value="{choice}"]')
        page.wait_for_function("!Object.keys(localStorage).length")
        assert amina.kept() == {"Open": choice}
    amina.continues()
    page.wait_for_selector('[name=q1_Open][type="checkbox"]')
    assert amina.kept() == {"complaint": "ask"}
    # Several choices, in whichever order, and one taken back.
    for choice in ("rule", "opinion", "log"):
        page.check(f'[name=q1_Open][value="{choice}"]')
    page.wait_for_function("!Object.keys(localStorage).length")
    assert amina.kept() == {"complaint": "ask", "Open": "log,rule,opinion"}
    page.uncheck('[name=q1_Open][value="opinion"]')
    page.wait_for_function("!Object.keys(localStorage).length")
    assert amina.kept() == {"complaint": "ask", "Open": "log,rule"}
    page.reload()
    # Nothing is sent for what is saved already.
    assert page.evaluate("Object.keys(localStorage).length") == 0
    assert page.is_checked('[name=q1_Open][value="rule"]')
    amina.continues()
    page.wait_for_selector('[name=q1_Open][type="text"]')
    amina.looks("third")
    page.fill("[name=q1_Open]", TYPED[language])
    # Enter in a field saves, and fixes nothing.
    page.press("[name=q1_Open]", "Enter")
    page.wait_for_function("!Object.keys(localStorage).length")
    assert amina.kept()["Open"] == TYPED[language]
    amina.continues()
    page.wait_for_selector("[name=q1_Open]", state="detached")
    amina.looks("done")
    page.click("[name=send]")
    page.wait_for_url(f"**{result_page(amina.attempt).removeprefix('/en')}")
    amina.looks("result")
    assert amina.score() == 100_000


@pytest.mark.parametrize("language", ["en", "ar"])
def test_case_without_a_script(site, course, open_page, language):
    amina = Learner(site, course, open_page, language=language, javascript=False)
    page = amina.page
    amina.goes_to(attempt_page(amina.attempt))
    page.check('[name=q1_Open][value="switch-off"]')
    amina.continues()
    assert re.search("#id_q1$", page.url)
    assert amina.kept() == {"complaint": "switch-off"}
    # Without an answer there is no next step.
    amina.continues()
    assert page.locator(".errors").count() == 1
    for choice in ("log", "opinion"):
        page.check(f'[name=q1_Open][value="{choice}"]')
    amina.continues()
    page.fill("[name=q1_Open]", TYPED[language])
    # Enter in a field saves, and fixes nothing.
    with page.expect_navigation():
        page.press("[name=q1_Open]", "Enter")
    assert amina.kept()["Open"] == TYPED[language]
    with page.expect_navigation():
        page.click("[name=send]")
    assert page.locator("[href$='#id_q1']").count() == 2
    if LOOK:
        page.screenshot(path=f"{LOOK}/send-{language}.png", full_page=True)
    with page.expect_navigation():
        page.click("[name=send]")
    assert page.url.endswith(result_page(amina.attempt).removeprefix("/en"))
    if LOOK:
        page.screenshot(path=f"{LOOK}/result-part-{language}.png", full_page=True)
    assert amina.score() == 50_000


def test_second_window_cannot_change_what_the_first_has_fixed(site, course, open_page):
    amina = Learner(site, course, open_page, language="en")
    page = amina.page
    amina.goes_to(attempt_page(amina.attempt))
    other = page.context.new_page()
    other.goto(page.url)
    page.check('[name=q1_Open][value="ask"]')
    amina.continues()
    page.wait_for_selector('[name=q1_Open][type="checkbox"]')
    other.check('[name=q1_Open][value="ignore"]')
    other.wait_for_selector("fieldset.wrong .error")
    assert "so its answer cannot be changed" in other.inner_text(".error")
    other.click("[name=save][value^=q1]")
    other.wait_for_selector('[name=q1_Open][type="checkbox"]')
    assert amina.kept() == {"complaint": "ask"}
    other.check('[name=q1_Open][value="rule"]')
    other.click("[name=save][value^=q1]")
    other.wait_for_selector('[name=q1_Open][type="text"]')
    assert amina.kept() == {"complaint": "ask", "records": "rule"}
