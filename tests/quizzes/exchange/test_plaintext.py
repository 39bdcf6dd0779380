"""Texts of other systems become plain text, and say what they lost."""

import pytest

from maarifa.quizzes.exchange.plaintext import HTML, MARKDOWN, MOODLE, PLAIN, plain_text
from maarifa.quizzes.exchange.problems import Refused


@pytest.mark.parametrize(
    ("html", "plain", "codes"),
    [
        ("<p>One</p>\n<p>Two&nbsp;three</p>", "One\nTwo\xa0three", []),
        ("<p>A <span style='color: red'>red</span>\n line</p>", "A red line", []),
        ("<ul><li>one</li><li><em>two</em></li></ul>", "• one\n• two", ["FORMATTING"]),
        (
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            "a | b\n1 | 2",
            ["TABLE_LINES"],
        ),
        ('<a href="https://example.org/x">the law</a>', "the law (https://example.org/x)", []),
        ('<a href="javascript:alert(1)">the law</a>', "the law", []),
        ("<script>alert(1)</script>Text<!-- hidden -->", "Text", []),
        ("5 &lt; 6 &amp;&amp; x", "5 < 6 && x", []),
        ("x<sup>2</sup> and CO<sub>2</sub>", "x² and CO₂", []),
        ("$$x^2$$", "$$x^2$$", ["FORMULA"]),
        ("an <b>open tag", "an open tag", ["FORMATTING"]),
        ("<![CDATA[ odd ]]> <![if x]> end", "end", []),
    ],
)
def test_html(html, plain, codes):
    found = plain_text(html, HTML)
    assert found.text == plain
    assert [note.code for note in found.notes] == codes


@pytest.mark.parametrize(
    "html",
    [
        '<img src="x/nile.png">',
        "<svg></svg>",
        "<math><mi>x</mi></math>",
        "<video></video>",
        '<iframe src="x"></iframe>',
    ],
)
def test_what_is_no_text_is_refused(html):
    with pytest.raises(Refused) as refusal:
        plain_text(f"Look: {html}", HTML)
    assert refusal.value.code == "MEDIA"


def test_a_picture_in_markdown_is_refused_too():
    with pytest.raises(Refused):
        plain_text("![a river](nile.png)", MARKDOWN)
    with pytest.raises(Refused):
        plain_text('Raw <img src="nile.png">', MARKDOWN)


def test_plain_text_stays_as_it_is():
    assert plain_text("  <b>1 &lt; 2</b>\n\n x ", PLAIN).text == "<b>1 &lt; 2</b>\n\n x"
    assert plain_text("a\nb", MOODLE).text == "a\nb"


def test_text_that_is_too_long_is_refused_and_a_picture_inside_it_named():
    for text, code in (("x" * 20_001, "TEXT_LONG"), (f'<img src="data:{"A" * 30_000}">', "MEDIA")):
        with pytest.raises(Refused) as refusal:
            plain_text(text, HTML)
        assert refusal.value.code == code


def test_quotes_inside_quotes_are_refused_before_they_take_long():
    assert plain_text("> " * 49 + "a", MARKDOWN).text == "a"
    with pytest.raises(Refused) as refusal:
        plain_text("Look:\n\n" + " >" * 50 + "a", MARKDOWN)
    assert refusal.value.code == "TEXT_LONG"
