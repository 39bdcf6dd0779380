import io
import os

import pypdf
import pytest

from maarifa.lib import pdf

TEMPLATE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: data.words, date: datetime(year: 2026, month: 12, day: 14))
#set text(font: ("Noto Serif", "Amiri"), fallback: false, lang: "en")
= #data.words
#for line in data.at("lines", default: ()) [ #line \\ ]
#context if counter(page).final().first() > 1 { panic("too-long") }
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "page.typ"
    path.write_text(TEMPLATE)
    return path


def test_render_pdf_gives_the_same_bytes_for_the_same_data(template):
    first = pdf.render_pdf(template, {"words": "Amina"})
    other = pdf.render_pdf(template, {"words": "Aminata"})

    assert first[:5] == b"%PDF-"
    assert first != other
    assert pdf.render_pdf(template, {"words": "Amina"}) == first


def test_render_pdf_prints_markup_as_the_characters_it_is(template):
    words = '#read("/etc/passwd") $x$ *bold* "'

    document = pypdf.PdfReader(io.BytesIO(pdf.render_pdf(template, {"words": words})))

    assert document.pages[0].extract_text().strip() == words


def test_render_pdf_names_every_character_that_no_font_can_draw_once(template):
    with pytest.raises(pdf.MissingGlyphs) as raised:
        pdf.render_pdf(template, {"words": "Amina தமத 😀 \x07"})

    assert raised.value.texts == ("த", "ம", "😀", "\x07")
    assert (
        str(raised.value)
        == "No font has these characters: த (U+0BA4), ம (U+0BAE), 😀 (U+1F600), \x07 (U+0007)"
    )


def test_render_pdf_refuses_a_zero_character(template):
    with pytest.raises(pdf.MissingGlyphs) as raised:
        pdf.render_pdf(template, {"words": "Ami\0na"})

    assert raised.value.texts == ("\0",)


def test_render_pdf_says_which_word_the_data_lack(template):
    with pytest.raises(pdf.PdfError, match="words"):
        pdf.render_pdf(template, {})


def test_render_pdf_says_when_the_template_found_the_words_too_long(template):
    with pytest.raises(pdf.TooLong):
        pdf.render_pdf(template, {"words": "Amina", "lines": ["one"] * 200})


def test_render_pdf_reads_nothing_outside_the_folder_of_the_template(template):
    template.write_text('#read("../secret.txt")')
    (template.parent.parent / "secret.txt").write_text("secret")

    with pytest.raises(pdf.PdfError):
        pdf.render_pdf(template, {})


def test_render_pdf_uses_no_font_but_ours(template):
    template.write_text(TEMPLATE.replace('"Noto Serif", "Amiri"', '"Libertinus Serif", "DejaVu Sans"'))

    with pytest.raises(pdf.PdfError, match="unknown font family"):
        pdf.render_pdf(template, {"words": "Amina"})


def test_render_pdf_after_a_fork_refuses_instead_of_hanging(template):
    pdf.render_pdf(template, {"words": "parent"})
    child = os.fork()
    if child == 0:
        try:
            pdf.render_pdf(template, {"words": "child"})
        except pdf.PdfError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def test_fonts_come_with_their_licence_and_stay_light():
    assert "SIL OPEN FONT LICENSE" in (pdf.FONTS / "OFL.txt").read_text()
    # A quarter of it is Korean, whose syllables have a code each.
    assert sum(font.stat().st_size for font in pdf.FONTS.glob("*.ttf")) < 10_000_000
