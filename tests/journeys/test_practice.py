"""Practice in a lesson, of every kind: with a script and without, by keyboard, in both directions, and on paper."""

import re

import pytest
from django.test import Client

from maarifa.curriculum import editions
from maarifa.learning.models import PracticeAnswer
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.practice import PracticeForm
from tests.browsing import accessibility_faults
from tests.factories.accounts import UserFactory
from tests.factories.learning import enrolled
from tests.factories.practice import KEYS, practice_course

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

NARROWEST, PHONE = 320, 360


class Reader:
    def __init__(self, site, open_page, language, *, javascript=True):
        self.user = UserFactory(language=language)
        self.enrolment = enrolled(course=practice_course(), learner=self.user, language=language)
        self.javascript = javascript
        self.page = open_page(language=language, width=PHONE, bypass_csp=True, javascript=javascript)
        browser = Client()
        browser.force_login(self.user)
        cookies = [{"name": n, "value": m.value, "url": site.url} for n, m in browser.cookies.items()]
        self.page.context.add_cookies(cookies)
        self.lesson = f"{site.url}/{language}/learn/practice/first/?in={language}"
        text = editions.document(self.enrolment.edition_id, "first", language)
        self.questions = {question["key"]: question for question in text.texts["practice"]}
        self.language = language
        self.go()

    def go(self):
        self.page.goto(self.lesson, wait_until="networkidle")

    def fill(self, key, *, right):
        question = self.questions[key]
        answer = kind_named(question["kind"]).sample(
            question["structure"], {self.language: question["texts"]}, right=right
        )
        for name, values in PracticeForm(question, self.language, answer).said.items():
            fields = self.page.locator(f"#try{question['position']} [name={name}]")
            kind = fields.first.evaluate("field => field.type")
            if kind in ("radio", "checkbox"):
                for field in fields.all():
                    if field.get_attribute("value") in values:
                        field.check()
                    elif kind == "checkbox":
                        field.uncheck()
            elif kind.startswith("select"):
                fields.select_option(values[0])
            else:
                fields.fill(values[0])
        return self.page.locator(f"#try{question['position']}")

    def look(self):
        for width in (NARROWEST, PHONE):
            self.page.set_viewport_size({"width": width, "height": 800})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width
        if self.javascript:
            assert accessibility_faults(self.page) == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_with_a_script_the_verdict_appears_in_its_place(site, open_page, language):
    reader = Reader(site, open_page, language)
    page = reader.page
    page.evaluate("window.stays = true")
    for key in KEYS:
        for right in (False, True):
            form = reader.fill(key, right=right)
            form.locator(":scope > button").click()
            form.locator(".verdict:not(.warn)" if right else ".verdict.warn").wait_for()
            verdict = form.locator("[role=status]")
            assert verdict.evaluate("box => box === document.activeElement")
            if not right:
                verdict.locator("a[href*='show=1']").click()
                verdict.locator("a[href*='show=1']").wait_for(state="detached")
                assert verdict.locator("a[href='#s1']").count() == 1
        assert form.locator(".verdict.warn").count() == 0
    assert page.evaluate("window.stays")
    reader.look()
    assert PracticeAnswer.objects.filter(enrolment=reader.enrolment).count() == len(KEYS)
    # Whoever comes back finds what they answered last.
    reader.go()
    page.locator("#try1").scroll_into_view_if_needed()
    page.locator("#try9 [role=status] p").wait_for()
    assert page.locator("#try1 [value='2']").is_checked()
    assert page.locator("#try5 input").input_value()
    assert [row.input_value() for row in page.locator("#try9 select").all()] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_a_script_a_page_says_it_and_leads_back(site, open_page, language):
    reader = Reader(site, open_page, language, javascript=False)
    page = reader.page
    for key in KEYS:
        reader.go()
        number = reader.questions[key]["position"]
        reader.fill(key, right=False).locator(":scope > button").click()
        page.locator(".verdict.warn").wait_for()
        reader.look()
        page.click("main a[href*='show=1']")
        assert page.locator("main a[href*='show=1']").count() == 0
        reader.fill(key, right=True).locator(":scope > button").click()
        page.locator(".verdict:not(.warn)").wait_for()
        page.click(".onward a")
        assert page.url == f"{reader.lesson}#try{number}"
    page.goto(f"{reader.lesson.split('?')[0]}practice/which-one/?in={language}")
    assert page.locator("#try1 [value='2']").is_checked()


def test_by_keyboard_alone(site, open_page):
    reader = Reader(site, open_page, "en")
    page = reader.page
    page.focus("#try1 input")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#try1 .verdict.warn").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#try1 .now").wait_for()
    page.focus("#try4 input")
    page.keyboard.type("3.5")
    page.keyboard.press("Enter")
    page.locator("#try4 .verdict").wait_for()
    assert page.locator("#try5 .verdict").count() == 0


def test_a_lost_line_keeps_the_answer_and_says_so(site, open_page):
    reader = Reader(site, open_page, "en")
    page = reader.page
    page.locator("#try1").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    reader.fill("which-one", right=True).locator(":scope > button").click()
    page.locator("#try1 [role=status]", has_text="There is no connection.").wait_for()
    page.context.set_offline(False)
    page.complaints.clear()
    page.click("#try1 > button")
    page.locator("#try1 .verdict").wait_for()
    assert PracticeAnswer.objects.get().response == ["2"]


def test_a_new_choice_stands_when_the_last_answer_comes_late(site, open_page):
    reader = Reader(site, open_page, "en")
    page = reader.page
    for key in ("which-one", "which-word"):
        reader.fill(key, right=True).locator(":scope > button").click()
        page.locator(f"#try{reader.questions[key]['position']} .verdict").wait_for()
    last_answers = re.compile(r"/first/practice/\?")
    held = []
    page.route(last_answers, lambda route: held.append(route))
    with page.expect_request(last_answers):
        page.goto(reader.lesson)
        page.locator("#try1").scroll_into_view_if_needed()
    reader.fill("which-one", right=False)
    page.evaluate("document.activeElement.blur()")
    chosen = page.locator("#try1 input:checked").get_attribute("value")
    with page.expect_response(last_answers):
        held[0].continue_()
    page.locator("#try5 [role=status] p").wait_for()
    assert page.locator("#try1 input:checked").get_attribute("value") == chosen != "2"
    assert page.locator("#try1 [role=status] p").count() == 0


def test_on_paper_there_are_questions_and_no_buttons(site, open_page):
    page = Reader(site, open_page, "en").page
    page.emulate_media(media="print")
    assert page.locator("#try4 input").is_visible()
    assert page.locator(".card button").locator("visible=true").count() == 0
