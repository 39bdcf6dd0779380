"""PDF documents from a typst template and data.

The data travels as JSON (`sys.inputs.data`), so nothing a person typed is ever read as markup. A template sees
its own folder, the fonts in `lib/fonts` and nothing else: no system fonts, no packages, no clock. The same
template and data therefore give the same bytes on every machine.

Documents are PDF/A-2a and PDF/UA-1: they keep, and a screen reader can read them. The export refuses a character
that no font of ours can draw, which is how a name never comes out as empty boxes.
"""

import json
import os
import re
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import typst

FONTS = Path(__file__).parent / "fonts"
STANDARDS = ["a-2a", "ua-1"]

_UNDRAWABLE = re.compile(
    r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed|disallowed codepoint `"((?:[^"\\]|\\.)*)"`'
)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


class PdfError(Exception):
    """The document could not be made: a value is missing or does not fit. `str()` is typst's own sentence."""


class MissingGlyphs(PdfError):
    """The data holds characters that none of our fonts can draw.

    `texts` names them, each once, in order of appearance. An item is one character, or a letter together with the
    marks on it where the combination is what cannot be drawn.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(texts)
        super().__init__(
            "No font has these characters: "
            + ", ".join(f"{text} ({_code_points(text)})" for text in self.texts)
        )


class TooLong(PdfError):
    """The words run over the page: the template found so and said `panic("too-long")`."""


def render_pdf(template: Path, data: dict[str, Any]) -> bytes:
    """The document as PDF. Raises `MissingGlyphs`, `TooLong`, or `PdfError` for what else keeps it from being made."""
    return render(template, data, format="pdf", pdf_standards=STANDARDS)


# typst keeps parsed fonts and templates inside the compiler, so one per template and process is enough. It isn't
# documented as safe between threads, and rendering is all computing: one at a time loses nothing.
_rendering = threading.Lock()
_rendering_process: int | None = None


def render(template: Path, data: dict[str, Any], **export: Any) -> bytes:
    """As `render_pdf`, in the format that `export` says to typst."""
    global _rendering_process
    with _rendering:
        if _rendering_process not in (None, os.getpid()):
            # typst's threads don't survive a fork: the child would wait for them for ever.
            raise PdfError("This process has already created PDFs, so its child processes cannot create any.")
        _rendering_process = os.getpid()
        try:
            document, warnings = _compiler(Path(template)).compile_with_warnings(
                sys_inputs={"data": json.dumps(data)}, timestamp=0, **export
            )
        except typst.TypstError as error:
            raise _plain_error(error) from error
    if not isinstance(document, bytes):
        raise PdfError("The template produces more than one document.")
    if warnings:
        # Such as a font family we don't have, whose text typst would silently leave out.
        raise PdfError(warnings[0].message)
    return document


@cache
def _compiler(template: Path) -> typst.Compiler:
    return typst.Compiler(
        input=template, root=template.parent, font_paths=_fonts(), sys_inputs={"data": "{}"}
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


def _plain_error(error: typst.TypstError) -> PdfError:
    glyphs = [_unescaped(shown or refused) for shown, refused in _UNDRAWABLE.findall(error.diagnostic)]
    if glyphs:
        return MissingGlyphs(dict.fromkeys(glyphs))
    if error.message == "panicked with: too-long":
        return TooLong("The words do not fit on the page.")
    return PdfError(error.message)


def _unescaped(text: str) -> str:
    """typst quotes characters the way Rust does; the reader wants the character itself."""
    return _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else _ESCAPES.get(m[2], m[2]), text)


def _code_points(text: str) -> str:
    return " ".join(f"U+{ord(character):04X}" for character in text)
