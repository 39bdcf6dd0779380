"""No text of ours escapes translation: every page in a language whose letters are all strange.

Each translated string comes out in full-width letters; tags and placeholders stay. A plain Latin word that a page still
has is then either data, which stands in an element that says so, or a text that nobody can translate.
"""

import gc
import re
from functools import _lru_cache_wrapper
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import models
from django.template import engines
from django.test import Client
from django.utils import translation

from maarifa.accounts.models import User
from maarifa.lib.zones import time_zones
from tests.pages.addresses import pages_of

# In code, in a name (<bdi>), or in an element whose language is said, there is data; a script says nothing.
DATA = {"bdi", "code", "script", "style", "kbd", "textarea", "svg"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SAYING = ("alt", "aria-label", "placeholder", "title")
# What has no other name in any language.
NAMES = re.compile(
    r"\b(?:Maarifa|PDF|CSV|XLSX|XLS|ODS|JSON|HTML|XML|SVG|Excel|LibreOffice|Markdown|YAML|QR|TOTP|UTF-8|kB|MB|GB|AI|"
    r"Moodle|GIFT|Aiken|"
    r"English|français|practice|jurisdiction|https?|[\w.+-]+@[\w.-]+|[\w-]+\.(?:org|yaml|md|csv|xlsx|py|com))\b"
)
CODE = re.compile(r"\b[0-9A-Z]{4}(?:-[0-9A-Z]{4})+\b")
WORD = re.compile(r"[A-Za-z]{3,}")


def strange(text: str) -> str:
    """The letters of a string as full-width ones, but for its tags, entities and placeholders."""
    parts = re.split(r"(<[^<>]*>|%\(\w+\)[sd]|%[sd]|\{\w*\}|&\w+;)", text)
    for number in range(0, len(parts), 2):
        parts[number] = re.sub("[A-Za-z]", lambda letter: chr(ord(letter[0]) + 0xFEE0), parts[number])
    return "".join(parts)


@pytest.fixture
def strange_words(demo, monkeypatch):
    """Django's translations, made strange once the demo is there. Nothing that was kept before is shown, and nothing of
    this is kept for others.
    """
    trans = translation._trans
    forget_texts()
    with monkeypatch.context() as patch:
        patch.setattr(trans, "gettext", strange)
        patch.setattr(trans, "pgettext", lambda context, text: strange(text))
        patch.setattr(trans, "ngettext", lambda one, many, count: strange(one if count == 1 else many))
        patch.setattr(
            trans, "npgettext", lambda context, one, many, count: strange(one if count == 1 else many)
        )
        yield
    forget_texts()


def forget_texts():
    """Whatever this process keeps that may be of one language: fragments of templates, and results of functions."""
    cache.clear()
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    for kept in gc.get_objects():
        if type(kept) is _lru_cache_wrapper and str(kept.__module__).startswith("maarifa"):
            kept.cache_clear()


class Words(HTMLParser):
    """The plain words of a page outside its data, text by text."""

    def __init__(self, known: list[str]) -> None:
        super().__init__()
        self.open, self.found, self.known = [], [], known

    @property
    def in_data(self) -> bool:
        return any(is_data for _, is_data in self.open)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        is_data = tag in DATA or ("lang" in said and tag != "html")
        if tag not in VOID:
            self.open.append((tag, is_data))
        if not self.in_data and not is_data:
            for name in SAYING:
                # The magnifier of Django's admin, whose text Django forgot.
                if not (said.get("src") or "").endswith("search.svg"):
                    self.note(said.get(name) or "")
            if tag == "input" and said.get("type") in ("submit", "button"):
                self.note(said.get("value") or "")

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not self.in_data:
            self.note(data)

    def note(self, text):
        text = " ".join(text.split())
        rest = text
        for line in self.known if has_words(rest) else ():
            rest = rest.replace(line, "") if line in rest else rest
        if has_words(rest):
            self.found.append(text)


def has_words(text: str) -> bool:
    return bool(WORD.search(CODE.sub("", NAMES.sub("", text))))


def data() -> list[str]:
    """What people and authors wrote, line by line, in any column, and the time zones that CLDR names in Latin letters
    in Arabic too; the longest first.
    """
    with translation.override("ar"):
        found = {name for _, name in time_zones() if has_words(name)}
    for model in apps.get_models():
        names = [
            field.attname
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        ]
        for values in model._base_manager.values_list(*names) if names else []:
            for value in values:
                found.update(lines_in(value))
    return sorted(found, key=len, reverse=True)


def lines_in(value):
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from lines_in(inner)
    elif isinstance(value, str):
        yield from (line.strip() for line in value.split("\n") if WORD.search(line))


def test_no_text_escapes_translation(demo, strange_words):
    escaped, looked_at = [], 0
    for username, addresses in pages_of(demo, "ar").items():
        known, browser = data(), Client()
        if username:
            # The admin speaks the language of the account.
            User.objects.filter(username=username).update(language="ar")
            browser.force_login(User.objects.get(username=username))
        for address in addresses:
            page = browser.get(address, follow=True).content.decode()
            reader = Words(known)
            reader.feed(page)
            escaped += [f"{address}: {text}" for text in dict.fromkeys(reader.found)]
            looked_at += strange("e") in page
    assert looked_at > 60
    assert escaped == []
