import re
from html.parser import HTMLParser

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from maarifa.curriculum.text.markdown import (
    canonical,
    count_words,
    practice_outline,
    problems,
    render,
    rendered,
)

PRACTICE = """```practice
key: {key}
kind: single
stem: Is <b> a tag & "quoted"?
choices:
- text: Yes
  correct: true
  feedback: Right.
- text: No
  correct: false
  feedback: Look again.
```"""


def found(text):
    return [(problem.line, problem.code) for problem in problems(text)]


# What is rendered -----------------------------------------------------------------------------------------


def test_headings_lists_and_emphasis_are_rendered():
    assert render("## One\n\nSome *words* and **more**.\n\n1. a\n2. b") == (
        "<h2>One</h2>\n<p>Some <em>words</em> and <strong>more</strong>.</p>\n<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n"
    )


def test_table_is_named_by_its_own_first_heading():
    head = '| What *binds* | Since | & "when" |\n|---|---|---|\n| x | 1 | 2 |'
    html = render(f"{head}\n\n| One | |\n|---|---|\n| y | 3 |\n\n| | |\n|---|---|\n| z | 4 |")
    names = re.findall(r'<div class="scroll" tabindex="0"( role="group" aria-label="[^"]*")?>', html)
    assert names == [
        ' role="group" aria-label="What binds"',
        ' role="group" aria-label="One"',
        "",
    ]


def test_no_two_tables_of_a_text_have_one_name():
    tables = "\n\n".join(
        f"| {name} | Since |\n|---|---|\n| x | 1 |" for name in ("Use", "Use", "Use 2", "Data", "Use")
    )
    names = re.findall(r'aria-label="([^"]*)"', render(tables))
    assert names == ["Use", "Use 2", "Use 2 2", "Data", "Use 3"]


def test_tables_scroll_by_themselves_and_figures_stand_at_the_end():
    assert render("| a | b |\n|---|--:|\n| x | 1 |") == (
        '<div class="scroll" tabindex="0" role="group" aria-label="a"><table>\n<thead>\n<tr>\n'
        '<th scope="col">a</th>\n'
        '<th scope="col" class="n">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>x</td>\n<td class="n">1</td>\n</tr>\n'
        "</tbody>\n</table></div>\n"
    )


def test_links_lead_outside_and_give_nothing_away():
    assert render("[UN](https://un.org/?a=1&b=2 'The UN')") == (
        '<p><a href="https://un.org/?a=1&amp;b=2" title="The UN" rel="noopener">UN</a></p>\n'
    )


def test_practice_is_a_form_without_what_is_right():
    html = render("Before.\n\n" + PRACTICE.format(key="one") + "\n\nAfter.", language="en")
    start, end = html.index("<form"), html.index("</form>")
    assert html[:start] == "<p>Before.</p>\n"
    assert html[end:] == "</form>\n<p>After.</p>\n"
    form = html[start:end]
    assert form.startswith('<form class="card" id="try1" method="post" action="practice/one/?in=en">')
    assert "<legend>Is &lt;b&gt; a tag &amp; &quot;quoted&quot;?</legend>" in form
    assert re.findall(r'name="(\w+)" value="(\w+)"', form) == [("q1", "1"), ("q1", "2")]
    assert "Right." not in html
    assert "Look again." not in html


def test_form_has_the_words_of_the_language_of_its_text():
    with override("fr"):
        html = render(PRACTICE.format(key="one"), language="fr")
    assert 'action="practice/one/?in=fr"' in html
    assert html.count("<button>") == 1


def test_practice_inside_other_code_is_code():
    text = "````\n```practice\nkey: a\n```\n````"
    assert render(text) == "<pre><code>```practice\nkey: a\n```\n</code></pre>\n"
    assert found(text) == []


def test_a_first_level_heading_is_brought_below_the_title():
    assert render("# One") == "<h2>One</h2>\n"


def test_the_same_text_gives_the_same_bytes():
    text = "## One\n\n" + PRACTICE.format(key="one")
    assert render(text) == render(text) == render(text.replace("\n", "\r\n"))


def test_reference_links_work_across_practice():
    text = "See [the law][1].\n\n" + PRACTICE.format(key="one") + "\n\n[1]: https://example.org/law"
    assert 'href="https://example.org/law"' in render(text)


# What is hostile ------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<p style="position:fixed">x</p>',
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example/)",
    "[x](/admin/logout/)",
    "![x](https://evil.example/pixel.png)",
    "<iframe src=https://evil.example></iframe>",
    "<svg><script>alert(1)</script></svg>",
    '<form action="https://evil.example"><input name=password></form>',
    "<style>* { display: none }</style>",
    '<h2 id="main">x</h2>',
    "<!-- <script> -->",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "\ue0000\ue000",
    "<p>\ue0000\ue000</p>\n\n" + PRACTICE.format(key="one"),
]
TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "blockquote", "ul", "ol", "li", "hr", "br", "pre", "code", "em"),
    *("strong", "del", "a", "table", "thead", "tbody", "tr", "th", "td", "div"),
    *("form", "fieldset", "legend", "label", "input", "button", "span"),
}
ATTRIBUTES = {
    ("a", "href"), ("a", "title"), ("a", "rel"), ("ol", "start"), ("th", "scope"), ("th", "class"),
    ("td", "class"), ("div", "class"), ("div", "tabindex"), ("form", "class"), ("form", "id"),
    ("form", "method"), ("form", "action"), ("label", "class"), ("label", "for"), ("input", "type"),
    ("input", "name"), ("input", "value"), ("input", "id"),
}  # fmt: skip


class Harmless(HTMLParser):
    """Refuses any tag, attribute or address that a lesson has no business with."""

    def handle_starttag(self, tag, attributes):
        assert tag in TAGS
        for name, value in attributes:
            assert (tag, name) in ATTRIBUTES
            if name == "href":
                assert re.match(r"(https?://|mailto:)", value)
            if name == "action":
                assert re.fullmatch(r"practice/[a-z0-9-]+/\?in=[a-z]*", value)

    def handle_comment(self, data):
        raise AssertionError("a comment")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless(text):
    Harmless().feed(render(text, language="en"))


def test_hostile_practice_is_harmless():
    text = PRACTICE.format(key="one").replace("Yes", "'<script>alert(1)</script>'")
    assert "<script" not in render(text)
    Harmless().feed(render(text, language="en"))


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from(list("<>&\"'`~#*_[]()!|-:= \n\ue000ahj/scriptonclick0")), max_size=80))
def test_whatever_is_written_is_harmless(text):
    Harmless().feed(render(text))


# What is found --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## One\n\nText.", []),
        ("", [(1, "md_empty")]),
        ("Text.\n\n# One", [(3, "md_heading_one")]),
        ("## One\n\n#### Two", [(3, "md_heading_step")]),
        ("## One\n\nA <b>tag</b>.", [(3, "md_html")]),
        ("## One\n\nA line\nand <i>another</i>.", [(4, "md_html")]),
        ("## One\n\n<div>\n\nText.", [(3, "md_html")]),
        ("Is 3 < 4, `<b>` and <https://example.org/>?", []),
        ("![x](x.png)", [(1, "md_image")]),
        ("[x](lesson.md)", [(1, "md_link")]),
        ("[x](javascript:x)", [(1, "md_link_unsafe")]),
        ("- a\n\n  ```practice\n  key: a\n  ```", [(3, "md_practice")]),
        ("Text.\n\n```practice\nkey: a", [(3, "md_practice")]),
        ("Text.\n\n" + PRACTICE.format(key="A b"), [(4, "key")]),
        (PRACTICE.format(key="a") + "\n\n" + PRACTICE.format(key="a"), [(14, "md_practice_twice")]),
        (
            "Text.\n\n" + PRACTICE.format(key="a").replace("correct: false", "correct: true"),
            [(4, "one_right")],
        ),
        ("Text.\n\n" + PRACTICE.format(key="a").replace("stem:", "stem"), [(6, "yaml_colon")]),
        ("Text.\n\n" + PRACTICE.format(key="a").replace("text: No", 'text: " yES "'), [(4, "same_choices")]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\nText | so\n\n- | a | b |\n  |---|---|\n  | 1 | 2 |", []),
        ("a | b\n--- | ---\n1 | x \\| y", []),
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 1 |", [(3, "md_table_row"), (4, "md_table_row")]),
        ("| a | b |\n|---|---|\n| 1 | `x|y` |\nText", [(3, "md_table_row"), (4, "md_table_row")]),
        ("Text.\n\n| a | b |\n|---|---|---|\n| 1 | 2 |", [(4, "md_table_dashes")]),
        ("> | a | b |\n> |---|\n> | 1 | 2 |", [(2, "md_table_dashes")]),
        ("- | a | b |\n  |---|---|\n  | 1 |", [(3, "md_table_row")]),
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\n| c |\n|---|\n| 1 | 2 |", [(7, "md_table_row")]),
        ("```\na | b\n--- | --- | ---\n```", []),
    ],
)
def test_problems_name_the_line(text, expected):
    assert found(text) == expected


def test_words_are_counted_as_they_are_read():
    assert count_words("## Two words\n\nIt's 3,500 [more](https://example.org/a-b-c) **words**.") == 6
    assert count_words("Text.\n\n" + PRACTICE.format(key="a")) == 1
    assert count_words("人工智能治理") == 3
    assert count_words("قاعدة لا يجدها أحد") == 4


def test_practice_outline_is_what_languages_share():
    text = PRACTICE.format(key="a")
    assert practice_outline(text) == [("a", "single", None, {"choices": ["1", "2"], "correct": ["1"]})]
    assert practice_outline(text.replace("Yes", "Ndiyo")) == practice_outline(text)


def test_canonical_text_has_its_practice_in_one_form():
    text = "A line.\r\n\r\n\r\n```practice\r\nkind: 'single'\r\nkey: a\r\nstem: S\r\nchoices:\r\n  - {text: T, correct: true, feedback: F}\r\n  - {text: U, correct: false, feedback: G}\r\n```\r\n"  # noqa: E501 - one text
    assert canonical(text, language="en") == (
        "A line.\n\n```practice\nkey: a\nkind: single\nstem: S\nchoices:\n- text: T\n  correct: true\n  feedback: F\n"
        "- text: U\n  correct: false\n  feedback: G\n```"
    )


def test_canonical_text_has_the_no_break_spaces_of_its_language_and_no_syntax_is_touched():
    text = "Un cas : lisez.\n\n```\ncurl -d 'a : b' ; ls\n```\n\n" + PRACTICE.format(key="a").replace(
        "stem:", "stem :"
    ).replace("Yes", "Oui !")
    written = canonical(text, language="fr")
    assert "Un cas\u00a0: lisez." in written
    assert "Oui\u00a0!" in written
    assert "curl -d 'a : b' ; ls" in written
    assert problems(written) == []
    assert canonical(written, language="fr") == written


def test_practice_of_an_unknown_kind_names_those_that_there_are():
    text = "Text.\n\n" + PRACTICE.format(key="a").replace("kind: single", "kind: essay")
    (found,) = problems(text)
    assert found.message.startswith(
        "“essay” is not allowed here. Write one of these: single, multiple, truefalse, numeric"
    )


def test_a_branching_case_is_refused_by_name():
    text = "Text.\n\n" + PRACTICE.format(key="a").replace("kind: single", "kind: case")
    (found,) = problems(text)
    assert found.message.startswith(
        "Lessons cannot ask questions of the kind “case”. Write this question in a bank, or use one of these kinds: "
        "single, multiple, truefalse, numeric"
    )
    assert text.split("\n")[found.line - 1] == "kind: case"
    assert "<form" not in rendered(text, language="en").html


# Where practice leads back to ------------------------------------------------------------------------------


def sections(text):
    html, practice = rendered(text, language="en")
    found = [question.get("section", {}).get("title") for question in practice]
    for question in practice:
        if section := question.get("section"):
            assert re.search(rf'<h[2-6] id="{section["id"]}">', html)
    assert html.count(' id="s') == len({one["section"]["id"] for one in practice if "section" in one})
    return found


def test_practice_leads_back_to_the_heading_above_it():
    question = PRACTICE.format(key="one")
    assert sections(f"## One\n\nText.\n\n## *Two* & more\n\nText.\n\n{question}\n\n## Three\n\nText.") == [
        "Two & more"
    ]


def test_practice_leads_over_headings_that_have_nothing_but_practice():
    first, second = PRACTICE.format(key="one"), PRACTICE.format(key="two")
    assert sections(f"## Recall\n\n{first}\n\n## Matter\n\nText.\n\n## Try it\n\n{second}") == [
        None,
        "Matter",
    ]


def test_text_without_headings_leads_nowhere():
    assert sections(f"Text.\n\n{PRACTICE.format(key='one')}") == [None]
