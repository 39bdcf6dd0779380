"""The style sheet against the oldest browsers served: Chrome and WebView 69 (2018), Firefox 68 (2019).

What is used is listed, so that anything new fails until someone has looked up since when it is known.
"""

import gzip
import re
from pathlib import Path

import pytest

import maarifa.ui

SHEET = Path(maarifa.ui.__file__).parent / "static/ui/maarifa.css"
CSS = re.sub(r"/\*.*?\*/", "", SHEET.read_text(), flags=re.DOTALL)


def words(text):
    return set(re.findall(r"[\w-]+", text))


KNOWN_PROPERTIES = words(
    """
    -moz-appearance -webkit-appearance -webkit-text-size-adjust align-items background block-size border
    border-block-end border-block-start border-block-start-color border-collapse border-color
    border-inline-start border-inline-start-width border-radius border-width bottom box-shadow box-sizing
    break-inside clip-path color content counter-increment counter-reset cursor direction display fill flex
    flex-direction flex-grow flex-wrap font font-family font-size font-style font-variant-numeric
    font-weight grid-gap grid-template-columns inline-size justify-content left letter-spacing line-height
    list-style margin margin-block-end margin-block-start margin-inline-end margin-inline-start
    max-inline-size min-block-size min-inline-size order outline outline-offset overflow overflow-wrap overflow-x
    padding padding-inline-start position right stroke stroke-width text-align text-decoration top transform
    unicode-bidi vertical-align white-space word-break z-index
    """
)
# Without these the page is in order, only plainer.
GAINS = {
    "accent-color",
    "appearance",
    "color-scheme",
    "content-visibility",
    "text-underline-offset",
    "text-wrap",
}
KNOWN_PSEUDOS = words(
    "root lang not empty first-child last-child last-of-type nth-child nth-last-child focus before after"
)
# An unknown selector takes its whole rule with it, so each of these stands in a rule of its own.
ALONE = {"has", "checked", "focus-visible", "-webkit-details-marker", "details-content"}
ALONE |= {"-webkit-progress-bar", "-webkit-progress-value", "-moz-progress-bar"}
KNOWN_FUNCTIONS = words("attr counter fit-content inset linear-gradient minmax repeat rotate var")
# Allowed where the declaration just before says the same without it.
WITH_FALLBACK = {"clamp"}
KNOWN_UNITS = {"rem", "em", "px", "vh", "vw", "fr", "deg", "%", ""}
KNOWN_MEDIA = {
    "print",
    "(max-width: 30rem)",
    "(min-width: 64rem)",
    "screen and (max-width: 40rem)",
    # Chrome knows it from 76 on; before that it is light.
    "screen and (prefers-color-scheme: dark)",
}
LIGHT = re.search(r":root \{(.*?)\}", CSS, re.DOTALL)[1]
DARK = re.search(r"prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}", CSS, re.DOTALL)[1]


def rules():
    """(selector, [(property, value), …]) of each rule, those inside @media too."""
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", CSS):
        declarations = [part.split(":", 1) for part in body.split(";") if part.strip()]
        yield selector.strip(), [(name.strip(), value.strip()) for name, value in declarations]


def declarations():
    for selector, body in rules():
        for name, value in body:
            if not name.startswith("--"):
                yield selector, name, value


def test_sheet_is_light():
    assert len(gzip.compress(SHEET.read_bytes(), 9, mtime=0)) <= 3_900


def test_sheet_loads_nothing():
    assert "@import" not in CSS
    assert "url(" not in CSS


def test_properties_are_known_to_the_floor():
    assert {name for _, name, _ in declarations()} - KNOWN_PROPERTIES - GAINS == set()


def test_appearance_is_spelt_for_old_browsers_first():
    for selector, body in rules():
        names = [name for name, _ in body]
        if "appearance" in names:
            place = names.index("appearance")
            assert names[place - 2 : place] == ["-webkit-appearance", "-moz-appearance"], selector


def test_functions_are_known_or_have_a_fallback_just_before():
    wrong = []
    for selector, body in rules():
        for place, (name, value) in enumerate(body):
            for function in re.findall(r"([\w-]+)\(", value):
                plain = place and body[place - 1][0] == name and "(" not in body[place - 1][1]
                if function not in KNOWN_FUNCTIONS and not (function in WITH_FALLBACK and plain):
                    wrong.append((selector, name, value))
    assert wrong == []


def test_values_are_known_to_the_floor():
    young = re.compile(r"\b(anywhere|dvh|svh|lvh|subgrid|clip|revert|inline-start|inline-end|content-box)\b")
    wrong = [
        (selector, name, value)
        for selector, name, value in declarations()
        if young.search(value)
        or not set(re.findall(r"(?<![\w#\\-])\d*\.?\d+([a-z]+|%)?", value)) <= KNOWN_UNITS
    ]
    assert wrong == []


def test_gap_is_used_in_grids_only():
    for selector, body in rules():
        names = {name for name, _ in body}
        if "grid-gap" in names and ("display", "grid") not in body:
            shown = [other for other, declared in rules() if ("display", "grid") in declared]
            assert any(selector in re.split(r",\s*", other) for other in shown), selector


def test_selectors_are_known_to_the_floor_or_stand_alone():
    wrong = []
    for selector, _ in rules():
        for pseudo in re.findall(r"::?([\w-]+)", re.split("@media|@supports", selector)[0]):
            if pseudo not in KNOWN_PSEUDOS and not (pseudo in ALONE and "," not in selector):
                wrong.append(selector)
        if "&" in selector or re.search(r":not\([^)]*,", selector):
            wrong.append(selector)
    assert wrong == []


def test_at_rules_are_known_to_the_floor():
    # A browser that does not know what is asked, or how to ask, leaves all of it out.
    assert re.findall(r"@(?!media)[^{]+", CSS) == ["@supports selector(::details-content) "]
    assert {query.strip() for query in re.findall(r"@media ([^{]+)\{", CSS)} <= KNOWN_MEDIA


def test_sheet_has_no_nesting():
    depth = 0
    for place, sign in enumerate(CSS):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        since = CSS.rfind("\n}", 0, place)
        opened = (CSS.rfind("@media", 0, place) > since) + (CSS.rfind("@supports", 0, place) > since)
        assert depth <= 1 + opened, CSS[max(0, place - 80) : place]
    assert depth == 0


def test_sides_are_logical():
    """Left and right only where both are the same, as an offset whose twin stands under [dir=rtl], or for figures."""
    wrong = []
    selectors = {selector for selector, _ in rules()}
    for selector, body in rules():
        names = {name for name, _ in body}
        if len(names & {"left", "right"}) == 1 and f"[dir=rtl] {selector}" not in selectors:
            wrong.append(selector)
        for name, value in body:
            sides = value.split()
            # Figures run left to right in every language: units stand below units.
            if (selector, name, value) == (".n", "text-align", "right"):
                continue
            if re.search(r"-(left|right)\b", name) or re.search(r"\b(left|right)\b", value):
                wrong.append((selector, name))
            if name in ("margin", "padding", "border-width") and len(sides) == 4 and sides[1] != sides[3]:
                wrong.append((selector, name, value))
            if name == "border-radius" and len(sides) > 1:
                wrong.append((selector, name, value))
    assert wrong == []


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_contrast_is_enough_to_read_in_the_sun(scheme):
    colours = dict(re.findall(r"--([\w-]+): (#\w+)", scheme))
    faint = {
        (text, ground): contrast(colours[text], colours[ground])
        for ground in ("paper", "sheet")
        for text in ("ink", "soft", "deep", "gold", "good", "bad")
        if contrast(colours[text], colours[ground]) < 7
    }
    assert faint == {}
    assert contrast(colours["on-deep"], colours["deep"]) >= 7
    # Edges of what can be filled in.
    assert contrast(colours["edge"], colours["paper"]) >= 3


@pytest.mark.parametrize("selector", [".button, button", ".choice", "input, select, textarea", ".bar a"])
def test_things_to_press_are_48_pixels_high(selector):
    root = re.search(r"html \{ font: ([\d.]+)%", CSS)[1]
    body = next(dict(body) for found, body in rules() if selector in found and "min-block-size" in dict(body))
    assert body["min-block-size"] == "3rem"
    assert 3 * 16 * float(root) / 100 >= 48


def contrast(one, other):
    """WCAG's contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
