"""A quiz of a short text and of gaps on a phone: with a script and without, left to right and right to left."""

import pytest
from django.test import Client
from django.utils import timezone

from maarifa.curriculum.actions import publish_course
from maarifa.lib.digests import short_digest
from maarifa.quizzes.models import Attempt, Question, QuestionText
from tests.browsing import accessibility_faults
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import draft_course
from tests.factories.learning import enrolled, start_quiz
from tests.journeys.person import PHONE
from tests.learning.answering import field_of, kept_of
from tests.learning.reading import attempt_page, result_page

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

GAPS = {
    "gaps": {
        "1": {"choices": ["a", "b", "c"], "correct": "a"},
        "2": {"typed": True},
        "3": {"choices": ["a", "b"], "correct": "b"},
    }
}
SHORT_WORDS = {
    "en": {
        "stem": "What is the capital of Kenya?",
        "accepted": ["Nairobi"],
        "feedback": {"wrong": "See it."},
    },
    "ar": {"stem": "ما هي عاصمة كينيا؟", "accepted": ["نيروبي"], "feedback": {"wrong": "انظر الخريطة."}},
}
GAPS_WORDS = {
    "en": {
        "stem": "Complete the rule.",
        "passage": "An office that uses a system must first name [[1]] of the system. It then writes down what the "
        "system is for, in a [[2]] that everybody can read.\nIt keeps this for [[3]].",
        "gaps": {
            "1": {
                "choices": {
                    "a": "the owner",
                    "b": "the seller",
                    "c": "a committee of all offices of the region",
                },
                "feedback": {"wrong": "Whoever sells it does not answer for its use."},
            },
            "2": {"accepted": ["register"]},
            "3": {"choices": {"a": "a month", "b": "ten years"}},
        },
    },
    "ar": {
        "stem": "أكمل القاعدة.",
        "passage": "على المكتب الذي يستعمل نظاما أن يسمي أولا [[1]]. ثم يكتب في [[2]] يقرؤه الجميع ما الغرض من "
        "النظام.\nويحتفظ بذلك مدة [[3]].",
        "gaps": {
            "1": {
                "choices": {"a": "مالك النظام", "b": "بائع النظام", "c": "لجنة من كل مكاتب المنطقة"},
                "feedback": {"wrong": "البائع لا يجيب عن الاستعمال."},
            },
            "2": {"accepted": ["سجل"]},
            "3": {"choices": {"a": "شهر", "b": "عشر سنوات"}},
        },
    },
}


@pytest.fixture
def course(transactional_db):
    made = draft_course(key="rules-that-work")
    Question.objects.update(retired_at=timezone.now())
    for kind, structure, words in (("shorttext", {}, SHORT_WORDS), ("gaps", GAPS, GAPS_WORDS)):
        question = Question.objects.create(
            bank=made.quiz.bank, key=kind, kind=kind, structure=structure, lesson_key="first"
        )
        for language, state in (("en", "source"), ("ar", "reviewed")):
            QuestionText.objects.create(
                question=question,
                language=language,
                texts=words[language],
                state=state,
                source_digest="" if state == "source" else short_digest(words["en"]),
            )
    made.quiz.draw = 2
    made.quiz.save()
    publish_course(course=made.course, by=None)
    made.course.refresh_from_db()
    return made


LETTERS = {"1": "A", "2": "B", "3": "C"}
"""What a page has for the keys of the gaps."""


class Learner:
    def __init__(self, site, course, open_page, *, language, **window):
        user = UserFactory(username="amina")
        self.site = site
        self.attempt = start_quiz(enrolled(course=course, learner=user), at=timezone.now(), language=language)
        self.page = open_page(language=language, width=PHONE, **window)
        self.prefix = f"{site.url}/{language}/"
        browser = Client()
        browser.force_login(user)
        self.page.context.add_cookies(
            [{"name": n, "value": m.value, "url": site.url} for n, m in browser.cookies.items()]
        )
        self.text, self.gaps = (field_of(self.attempt, kind) for kind in ("shorttext", "gaps"))

    def goes_to(self, address):
        self.page.goto(self.prefix + address.removeprefix("/en/"))
        self.looks_well()

    def looks_well(self):
        """Nothing that axe finds, nothing wider than the phone."""
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE
        assert accessibility_faults(self.page) == []

    def kept(self):
        return kept_of(self.attempt)

    def score(self):
        return Attempt.objects.get(pk=self.attempt.pk).score

    def fill(self, *, text, gaps):
        self.page.fill(f"[name={self.text}]", text)
        for key, value in gaps.items():
            field = self.page.locator(f'[name="{self.gaps}_{LETTERS[key]}"]')
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)


TYPED = {"en": ("nairobi.", "Register"), "ar": ("نَيروبى", "سِجلّ")}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_words_and_gaps_are_saved_as_they_are_given(site, course, open_page, language):
    amina = Learner(site, course, open_page, language=language, bypass_csp=True)
    page = amina.page
    amina.goes_to(attempt_page(amina.attempt))
    text, word = TYPED[language]
    amina.fill(text=text, gaps={"1": "b", "2": f"  {word} "})
    page.dispatch_event(f'[name="{amina.gaps}_B"]', "change")
    page.wait_for_function("!Object.keys(localStorage).length")
    assert amina.kept() == {"shorttext": text, "gaps": {"1": "b", "2": word}}
    # By keyboard alone: to the list of a gap, and another choice; an emptied gap is taken back.
    page.focus(f'[name="{amina.gaps}_A"]')
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == f"{amina.gaps}_C"
    page.locator(f'[name="{amina.gaps}_C"]').select_option("b")
    page.wait_for_function("!Object.keys(localStorage).length")
    assert amina.kept()["gaps"] == {"2": word, "3": "b"}
    amina.fill(text=text, gaps={"1": "b"})
    page.click("[name=send]")
    page.wait_for_url(f"**{result_page(amina.attempt).removeprefix('/en')}")
    amina.looks_well()
    assert amina.score() == 166_666


@pytest.mark.parametrize("language", ["en", "ar"])
def test_words_and_gaps_without_a_script(site, course, open_page, language):
    amina = Learner(site, course, open_page, language=language, javascript=False)
    page = amina.page
    page.goto(amina.prefix + attempt_page(amina.attempt).removeprefix("/en/"))
    text, word = TYPED[language]
    amina.fill(text=text, gaps={"1": "a", "2": "x"})
    with page.expect_navigation():
        page.click("[name=save]")
    assert amina.kept() == {"shorttext": text, "gaps": {"1": "a", "2": "x"}}
    assert page.input_value(f'[name="{amina.gaps}_A"]') == "a"
    assert page.input_value(f'[name="{amina.gaps}_B"]') == "x"
    assert page.input_value(f'[name="{amina.gaps}_C"]') == ""
    amina.fill(text=text, gaps={"2": word, "3": "b"})
    with page.expect_navigation():
        page.click("[name=send]")
    assert page.url.endswith(result_page(amina.attempt).removeprefix("/en"))
    assert amina.score() == 200_000
