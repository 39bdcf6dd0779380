import pytest

from maarifa.lib.figures import problems, size_of

pytestmark = pytest.mark.once

RIGHT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 200"><title>A line</title>\n{}</svg>'


def codes(svg):
    return [found.code for found in problems(svg)]


def test_drawing_of_shapes_and_words_is_allowed():
    svg = RIGHT.format(
        '<defs><pattern id="a"/></defs><rect fill="url(#a)"/><use href="#a"/><text x="1">Words</text>'
    )
    assert problems(svg) == []
    assert size_of(svg) == (360, 200)


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<script>alert(1)</script>", "figure_element"),
        ("<foreignObject/>", "figure_element"),
        ("<style>*{}</style>", "figure_element"),
        ("<image href='#a'/>", "figure_element"),
        ("<animate/>", "figure_element"),
        ("<?php ?>", "figure_element"),
        ('<rect onload="alert(1)"/>', "figure_attribute"),
        ('<rect style="fill:red"/>', "figure_attribute"),
        ('<use href="https://example.org/a.svg#b"/>', "figure_outside"),
        ('<rect fill="url(https://example.org/a)"/>', "figure_outside"),
        ('<use href="javascript:alert(1)"/>', "figure_outside"),
        (r'<rect fill="u\72l(https://example.org/a)"/>', "figure_outside"),
        (r'<rect fill="\75 rl(https://example.org/a)"/>', "figure_outside"),
        ('<rect fill="ur/**/l(https://example.org/a)"/>', "figure_outside"),
        ('<rect mask="image-set(&apos;https://example.org/a&apos; 1x)"/>', "figure_outside"),
        ("<rect fill=\"url('https://example.org/a')\"/>", "figure_outside"),
        ("<g>", "figure_tag"),
        ("&unknown;", "figure_entity"),
        ('<rect id="a" id="b"/>', "figure_attribute_twice"),
        ("<rect width=5/>", "figure_xml"),
    ],
)
def test_whatever_does_more_than_show_is_refused_with_its_line(inside, code):
    (found, *_more) = problems(RIGHT.format(inside))
    assert (found.code, found.line) == (code, 2)


@pytest.mark.parametrize(
    ("svg", "code"),
    [("", "figure_empty"), (RIGHT.format("") + "<p/>", "figure_text"), ("A figure.", "figure_text")],
)
def test_what_is_no_figure_at_all_is_said_in_our_own_words(svg, code):
    (found, *_more) = problems(svg)
    assert found.code == code
    assert "%" not in found.message


def test_document_type_is_refused_and_nothing_of_it_read():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + RIGHT.format("&b;")
    assert codes(bomb) == ["figure_doctype"]


def test_figure_has_a_size_a_title_and_few_bytes():
    assert codes('<svg viewBox="0 0 10 10"/>') == ["figure_title"]
    assert codes("<svg><title>A</title></svg>") == ["figure_viewbox"]
    assert codes('<svg viewBox="5 5 10 10"><title>A</title></svg>') == ["figure_viewbox"]
    (found,) = problems(RIGHT.format("<!-- " + "a" * 10_000 + " -->"))
    assert found.code == "figure_large"
    assert found.message.endswith(" bytes. Reduce it to at most 10,000 bytes.")


@pytest.mark.parametrize("encoding", ["UTF-7", "utf-16", "ISO-8859-1", "x-no-such", ""])
def test_figure_in_another_encoding_is_refused_with_a_sentence(encoding):
    (found,) = problems(f'<?xml version="1.0" encoding="{encoding}"?>' + RIGHT.format(""))
    assert found.code == "figure_encoding"
    assert str(found.template)


def test_figure_that_says_utf_8_is_read():
    assert problems('<?xml version="1.0" encoding="UTF-8"?>' + RIGHT.format("")) == []
