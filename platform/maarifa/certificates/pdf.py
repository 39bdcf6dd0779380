"""The certificate as paper: words in, PDF out. No database, no clock, no settings."""

import io
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, NotRequired, TypedDict, TypeVar

import segno

from maarifa.lib.pdf import TooLong, render_pdf

TEMPLATE = Path(__file__).parent / "typst" / "certificate.typ"


Made = TypeVar("Made")


class Labels(TypedDict):
    certificate: str
    with_maarifa: str
    awarded_to: str
    outcomes: str
    code: str
    verify: str
    qr: str


class Printed(TypedDict):
    """Every word that is printed; see `certificate_pdf`."""

    language: str
    dir: str
    name: str
    name_language: NotRequired[str]
    name_latin: NotRequired[str]
    name_line: NotRequired[str]
    preview: NotRequired[str]
    course_title: str
    statement: str
    institution: str
    hours_line: str
    earned_line: str
    outcomes: list[str]
    issued_line: str
    code: str
    verify_url: str
    issued_on: str
    labels: Labels


class Rare(NamedTuple):
    """A script that few certificates hold: each font that is tried in vain costs time, so these are named on demand."""

    font: str
    language: str
    points: tuple[tuple[int, int], ...]


RARE = {
    "hebrew": Rare("Noto Serif Hebrew", "he", ((0x0590, 0x05FF), (0xFB1D, 0xFB4F))),
    "nko": Rare("Noto Sans NKo", "nqo", ((0x07C0, 0x07FF),)),
    "tamil": Rare("Noto Serif Tamil", "ta", ((0x0B80, 0x0BFF),)),
    "burmese": Rare("Noto Serif Myanmar", "my", ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F))),
    "khmer": Rare("Noto Serif Khmer", "km", ((0x1780, 0x17FF), (0x19E0, 0x19FF))),
    "tifinagh": Rare("Noto Sans Tifinagh", "zgh", ((0x2D30, 0x2D7F),)),
    "korean": Rare("Noto Sans KR", "ko", ((0x1100, 0x11FF), (0x3130, 0x318F), (0xAC00, 0xD7A3))),
    "adlam": Rare("Noto Sans Adlam", "ff", ((0x1E900, 0x1E95F),)),
}
SCALES = (1, 0.9, 0.8, 0.7, 0.6, 0.5)


def certificate_pdf(data: Printed) -> bytes:
    """The certificate as a PDF of one page; the same data give the same bytes.

    `data` holds every word that is printed, in the holder's language:

    - `language` (`ar`, `zh-hans`) and `dir` (`ltr`, `rtl`) of the page;
    - `name` in its own script, optionally `name_language`, and `name_latin`, which is left out where it is
      the same or empty;
    - `name_line`, who says that this is the name, and `preview`, a mark across the page; both may be left out;
    - `course_title`, `statement` ("for completing the course"), `institution`, `hours_line`, `earned_line`,
      `outcomes` (a list), `issued_line`, `code` as it is shown, `verify_url`, `issued_on` (`2026-12-14`);
    - `labels`: `certificate`, `with_maarifa`, `awarded_to`, `outcomes`, `code`, `verify`, and `qr`, which says what
      the picture is to those who can't see it.

    Raises `maarifa.lib.pdf.MissingGlyphs` naming the characters that no font has, `TooLong` where the words don't
    fit on one page at half size, and `PdfError` naming a word that is missing.
    """
    return at_the_first_scale_that_fits(render_pdf, data)


def at_the_first_scale_that_fits(render: Callable[[Path, dict[str, Any]], Made], data: Printed) -> Made:
    """What `render(template, data)` makes of the certificate, its words no smaller than they have to be."""
    # So that a word that is missing is named by the template, not by a KeyError here.
    texts = (data.get("course_title", ""), data.get("institution", ""), data.get("earned_line", ""))
    scripts = _rare_scripts(data["name"], *texts, *data.get("outcomes", []))
    values: dict[str, Any] = {
        "name_line": "",
        "preview": "",
        **data,
        "fonts": [RARE[script].font for script in scripts],
        "name_dir": _direction(data["name"]),
        "qr_svg": _qr_svg(data["verify_url"]),
    }
    of_name = _rare_scripts(data["name"])
    if of_name:
        values.setdefault("name_language", RARE[of_name[0]].language)
    for scale in SCALES[:-1]:
        try:
            return render(TEMPLATE, {**values, "scale": scale})
        except TooLong:
            continue
    return render(TEMPLATE, {**values, "scale": SCALES[-1]})


def _rare_scripts(*texts: str) -> list[str]:
    """Those of `RARE` that the words to be printed hold, in order of appearance."""
    scripts: dict[str, None] = {}
    for character in "".join(texts):
        if character > "\u058f":
            point = ord(character)
            for script, rare in RARE.items():
                if any(low <= point <= high for low, high in rare.points):
                    scripts[script] = None
    return list(scripts)


def _qr_svg(url: str) -> str:
    # Level M fixes 15 % of the picture: a stamp, a fold. The page around it is the quiet zone. Every mask reads as
    # well in print; letting segno compare all eight would take a third of a certificate's time.
    picture = io.BytesIO()
    qr = segno.make_qr(url, error="m", boost_error=False, mask=2)
    qr.save(picture, kind="svg", border=0, dark="#1c2029", xmldecl=False, svgclass=None, lineclass=None)
    return picture.getvalue().decode()


def _direction(text: str) -> str:
    """The direction of the first letter that has one, as a browser reads `dir="auto"`."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return "ltr"
            case "R" | "AL":
                return "rtl"
    return "ltr"
