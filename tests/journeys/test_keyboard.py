"""Somebody without a mouse or a touch screen: signs in, reads, answers, and always sees where they are."""

import pytest

from tests.journeys.answers import Answers
from tests.journeys.learner import COURSE, LESSONS

pytestmark = pytest.mark.journey

FOCUS = """() => {
    const here = document.activeElement, box = here.getBoundingClientRect(), style = getComputedStyle(here);
    return {
        said: here.outerHTML.slice(0, 120),
        outlined: style.outlineStyle != "none" && parseFloat(style.outlineWidth) > 0,
        seen: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    }
}"""


class Keyboard:
    """Keys, and nothing else. Whatever has the focus is outlined and in sight."""

    def __init__(self, page):
        self.page = page

    def has_focus(self, selector) -> bool:
        return self.page.evaluate("selector => document.activeElement.matches(selector)", selector)

    def press(self, key):
        self.page.keyboard.press(key)
        if not self.has_focus("body"):
            focus = self.page.evaluate(FOCUS)
            assert focus["outlined"], f"no outline: {focus['said']}"
            assert focus["seen"], f"out of sight: {focus['said']}"
        return self

    def go_to(self, selector, *, key="Tab"):
        for _ in range(80):
            self.press(key)
            if self.has_focus(selector):
                return self
        raise AssertionError(f"{key} does not lead to {selector} on {self.page.url}")

    def leave(self, key="Enter"):
        """Press what has the focus, and wait for the page behind it."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        return self

    def type(self, words):
        self.page.keyboard.type(words)
        return self

    def choose(self, name, values):
        """Answer the question whose fields are called `name`: Tab leads to it, arrows and the space bar choose."""
        self.go_to(f'[name="{name}"]')
        if self.has_focus('[type="radio"]'):
            self.press("Space")
            while not self.has_focus(f'[value="{values[0]}"]:checked'):
                self.press("ArrowDown")
        elif self.has_focus('[type="checkbox"]'):
            for place in range(self.page.locator(f'[name="{name}"]').count()):
                if place:
                    self.press("Tab")
                if any(self.has_focus(f'[value="{value}"]') for value in values):
                    self.press("Space")
        else:
            self.type(values[0])


def test_everything_can_be_done_by_keyboard(start_instance, open_page):
    instance = start_instance()
    instance.wait_until_it_runs()
    page = open_page(width=360)
    keys = Keyboard(page)
    person = instance.demo["people"]["learner"]

    # The skip link comes first, is seen when it has the focus, and leads past both menus.
    page.goto(f"{instance.address}/en/account/login/")
    keys.go_to(".skip").press("Enter").press("Tab")
    assert keys.has_focus("[name=login]")
    keys.type(person["username"]).press("Tab").type(person["password"]).leave()

    # From one's courses to the lesson, and on from lesson to lesson.
    keys.go_to("main a.button.arrow").leave()
    for key in LESSONS[1:]:
        assert f"/learn/{COURSE}/{key}/" in page.url
        page.keyboard.press("Space")
        page.wait_for_timeout(200)
        assert page.evaluate("scrollY") > 0
        keys.go_to("#try1 input").press("Space").go_to("#try1 > button")
        page.keyboard.press("Enter")
        page.locator("#try1 .verdict").wait_for()
        keys.go_to("form.onward button.arrow").leave("Space")

    # The quiz, and what came of it.
    keys.go_to("form.onward button.arrow").leave()
    answers = Answers(COURSE)
    for place, asked in enumerate(page.locator("form fieldset").all(), start=1):
        keys.choose(f"q{place}", answers.of(asked))
    keys.go_to("[name=send]").leave()
    assert page.url.endswith("/result/")
    assert page.locator("main .bad").count() == 0

    # Back to the menu, and out.
    keys.go_to("main a").go_to(".bar details:last-of-type summary", key="Shift+Tab").press("Enter")
    keys.go_to(".bar form button").leave()
    page.goto(f"{instance.address}/en/learning/")
    assert "/account/login/" in page.url
