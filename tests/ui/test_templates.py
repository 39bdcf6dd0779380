"""The frame and its parts, as an app above fills them."""

import re

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.utils.translation import override

from tests.services import ROOT

LANGUAGES = [
    {"code": "en", "name_local": "English", "url": "/en/learn/", "current": True},
    {"code": "ar", "name_local": "العربية", "url": "/ar/learn/", "current": False},
]
MENU = [
    {"label": "My learning", "url": "/en/", "current": True},
    {"label": "Sign out", "url": "/en/sign-out/", "post": True},
]


def page(language="en", **context):
    with override(language):
        return render_to_string("ui/base.html", context)


def test_frame_is_whole_without_any_context():
    html = page()
    assert html.startswith("<!doctype html>")
    assert '<html lang="en" dir="ltr">' in html
    assert '<a class="name" href="/">' in html
    assert "<details" not in html
    assert "<form" not in html


def test_frame_is_small():
    html = page(home_url="/en/", languages=LANGUAGES, menu=MENU, footer_lines=["Questions? Ask Ms Sawadogo."])
    assert len(html.encode()) <= 2_500
    assert not re.search(r"\n[ \t]", html)


def test_frame_turns_for_arabic():
    assert '<html lang="ar" dir="rtl">' in page("ar")


def test_frame_asks_for_one_sheet_and_no_script_nor_style_of_its_own():
    html = page(home_url="/en/", languages=LANGUAGES, menu=MENU)
    assert html.count('rel="stylesheet"') == 1
    # It closes the menu with Escape, and unfolds for the printer what a style sheet cannot.
    assert re.findall("<script[^>]*>", html) == ['<script src="/static/ui/frame.js" defer>']
    assert "<style" not in html
    assert " style=" not in html


def test_languages_are_plain_links_in_their_own_language():
    html = page(languages=LANGUAGES)
    assert '<a href="/ar/learn/" lang="ar">العربية</a>' in html
    assert '<a href="/en/learn/" lang="en" aria-current="true">English</a>' in html


def test_languages_are_left_out_where_there_is_one():
    assert "<details" not in page(languages=LANGUAGES[:1])


def test_menu_signs_out_by_a_post():
    html = page(menu=MENU)
    assert '<a href="/en/" aria-current="page">My learning</a>' in html
    assert '<form method="post" action="/en/sign-out/">' in html
    assert '<a href="/en/sign-out/"' not in html


def test_frame_escapes_what_it_is_given():
    html = page(menu=[{"label": "<b>", "url": '"><b>'}], footer_lines=["<b>"])
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("level", "start"),
    [
        (constants.INFO, '<li class=""><strong>Note:</strong> Seen.'),
        (constants.SUCCESS, '<li class="good"><strong>Done:</strong> Seen.'),
        (constants.WARNING, '<li class="warn"><strong>Warning:</strong> Seen.'),
        (constants.ERROR, '<li class="bad"><strong>Problem:</strong> Seen.'),
    ],
)
def test_messages_say_in_words_what_kind_they_are(level, start):
    assert start in page(messages=[Message(level, "Seen.")])


def test_progress_is_said_beside_the_bar():
    html = render_to_string("ui/progress.html", {"value": 9, "max": 22, "words": "9 of 22 lessons done"})
    assert '<progress value="9" max="22" aria-hidden="true"></progress>' in html
    assert "9 of 22 lessons done" in html


def test_pagination_keeps_the_rest_of_the_query(rf):
    context = Context({"page": Paginator(range(100), 10).get_page(3)})
    context.request = rf.get("/people/?q=amina&page=3")
    html = get_template("ui/pagination.html").template.render(context)
    assert re.findall(r'rel="(\w+)" href="([^"]+)"', html) == [
        ("prev", "?q=amina&amp;page=2"),
        ("next", "?q=amina&amp;page=4"),
    ]
    assert "Page 3 of 10" in html


def test_pagination_is_left_out_where_there_is_one_page():
    assert render_to_string("ui/pagination.html", {"page": Paginator(range(5), 10).get_page(1)}).strip() == ""


def test_empty_list_says_what_to_do():
    html = render_to_string(
        "ui/empty.html", {"words": "No courses yet.", "url": "/en/courses/", "label": "Choose one"}
    )
    assert "<p>No courses yet.</p>" in html
    assert '<a class="button" href="/en/courses/">Choose one</a>' in html


def test_apps_fill_the_blocks_of_the_frame():
    source = (
        '{% extends "ui/base.html" %}{% block title %}Cohort{% endblock %}'
        "{% block main_class %}wide{% endblock %}"
        "{% block content %}<h1>Autumn</h1>{% endblock %}{% block footer %}<p>Who sees this</p>{% endblock %}"
    )
    html = Template(source).render(Context({"footer_lines": ["not this"]}))
    assert "<title>Cohort · Maarifa</title>" in html
    assert '<main id="main" class="wide">' in html
    assert "<h1>Autumn</h1>" in html
    assert "<p>Who sees this</p>" in html
    assert "not this" not in html


def test_no_sentence_shows_the_bare_number_that_it_is_counted_by():
    """It would stand in Latin digits in every language: `with number=…|number` beside it says how it is read."""
    counted = re.compile(
        r"{% blocktranslate[^%]*\bcount (\w+)=(?:(?!endblocktranslate).)*{% endblocktranslate", re.S
    )
    bare = [
        f"{path.name}: {found[0][:90]}"
        for path in sorted(ROOT.glob("platform/maarifa/*/templates/**/*.*"))
        if "admin" not in path.parts
        for found in counted.finditer(path.read_text())
        if f"{{{{ {found[1]} }}}}" in found[0] and f"with {found[1]}=" not in found[0]
    ]
    assert bare == []
