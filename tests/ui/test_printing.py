"""What the browser prints of a lesson: practice that can be done with a pen, and nothing that only leads on."""

import pytest

from tests.ui.test_stylesheet import SHEET

# As documents have it that were published before practice had forms.
PRACTICE = """<div class="card"><p><strong>Which one?</strong></p>
<details class="try"><summary>The first</summary><p class="bad">Look again.</p></details>
<details class="try"><summary>The second</summary><p class="good">It is this one.</p></details></div>"""
PAGE = f"""<!doctype html><html lang="en"><title>A lesson</title><style>{SHEET.read_text()}</style>
<main><article>{PRACTICE}</article><p class="onward"><a>Next</a></p><p class="soft">Read it in</p></main>
<footer><p>Questions?</p></footer>"""


@pytest.mark.journey
def test_answers_stand_upside_down_below_all_choices(open_page):
    page = open_page()
    page.set_content(PAGE)
    page.emulate_media(media="print")
    tops = page.evaluate(
        "[...document.querySelectorAll('summary, .good, .bad')]"
        ".map((one) => [one.textContent, one.getBoundingClientRect().top])"
    )
    assert [words for words, _top in sorted(tops, key=lambda pair: pair[1])] == [
        *("The first", "The second", "Look again.", "It is this one.")
    ]
    said = page.evaluate(
        "[...document.querySelectorAll('summary')].map((one) => getComputedStyle(one, '::before').content)"
    )
    assert all("□" in one for one in said)
    assert not page.locator("footer, .soft, .onward").locator("visible=true").count()
    # On the screen it is as it was.
    page.emulate_media(media="screen")
    assert page.locator("footer, .soft, .onward").locator("visible=true").count() == 3
    assert not page.locator(".good").is_visible()
