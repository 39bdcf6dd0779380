"""The form of an attempt, as a browser has it."""

import re
from html import unescape

from tests.learning.reading import attempt_page

FIELD = re.compile(r"<input([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')


def answers_page(attempt):
    return f"{attempt_page(attempt)}answers/"


def send_page(attempt):
    return f"{attempt_page(attempt)}send/"


def form_on(page) -> dict:
    """The fields of the answer form on this page, as they stand there."""
    html = re.search(r'<form[^>]* action="[^"]*answers/".*?</form>', page.content.decode(), re.DOTALL)[0]
    form = {}
    for found in FIELD.finditer(html):
        field = {name: unescape(value) for name, value in ATTRIBUTE.findall(found[1])}
        if field["type"] in ("radio", "checkbox") and "checked" not in field:
            continue
        if field["type"] in ("hidden", "text"):
            form[field["name"]] = field["value"]
        else:
            form.setdefault(field["name"], []).append(field["value"])
    return form


def load(browser, attempt) -> dict:
    """Open the page of the attempt; its form."""
    return form_on(browser.get(attempt_page(attempt)))


def post(browser, attempt, form, *, press="save", value="1", **more):
    return browser.post(answers_page(attempt), {**form, press: value}, **more)


def field_of(attempt, kind) -> str:
    """The name of the fields of the question of this kind."""
    return f"q{attempt.questions.get(question_version__kind=kind).position}"


def kept_of(attempt) -> dict:
    rows = attempt.questions.select_related("question_version")
    return {row.question_version.kind: row.response for row in rows}
