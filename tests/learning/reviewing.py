"""The form of a review, as a browser has it."""

import re
from uuid import UUID

from maarifa.learning.models import ReviewCard
from tests.factories.learning import MONDAY, RIGHT, WRONG
from tests.learning.answering import FIELD
from tests.learning.events import DAY

REVIEW, ANSWERS = "/en/review/", "/en/review/answers/"
LATER = MONDAY + 10 * DAY


def form_of(page) -> dict:
    """The fields of the form on this page, as they stand there."""
    html = re.search(r'<form[^>]* action="[^"]*answers/[^"]*".*?</form>', page.content.decode(), re.DOTALL)[0]
    form: dict = {}
    for found in FIELD.finditer(html):
        field = dict(re.findall(r'([\w-]+)="([^"]*)"', found[1]))
        if field["type"] in ("radio", "checkbox") and "checked" not in found[1]:
            continue
        form.setdefault(field["name"], []).append(field["value"])
    return form


def answered(form, answers) -> dict:
    """With an answer to each question of these kinds, "practice" among them."""
    cards = ReviewCard.objects.select_related("question").in_bulk(form["card"], field_name="public_id")
    filled = dict(form)
    for position, card in enumerate(form["card"], 1):
        kind = (cards[UUID(card)].question or Practice).kind
        if kind in answers:
            filled[f"q{position}"] = answers[kind]
    return filled


class Practice:
    kind = "practice"


ALL_RIGHT = {**RIGHT, "practice": ["1"]}
ALL_WRONG = {**WRONG, "practice": ["2"]}


def send(browser, answers, **more):
    form = answered(form_of(browser.get(REVIEW)), answers)
    return browser.post(ANSWERS, {**form, **more})
