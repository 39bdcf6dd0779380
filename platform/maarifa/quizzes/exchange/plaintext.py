"""Texts of other systems as plain text, which is what questions of ours are written in.

What changes how a text looks is left out and noted. What changes what it means is kept in other characters: 10 to the
sixth power is 10⁶. What plain text cannot hold at all, such as a picture, is refused.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3
from comrak import ExtensionOptions, RenderOptions, render_markdown

from maarifa.lib.problems import Problem
from maarifa.lib.text import nfc
from maarifa.quizzes.exchange.problems import Refused, note

HTML, MARKDOWN, MOODLE, PLAIN = "html", "markdown", "moodle", "plain"
MARKUPS = (HTML, MARKDOWN, MOODLE, PLAIN)
"""Moodle's formats of a text. `moodle` is plain text with its line ends, in which HTML may stand."""

LONGEST = 20_000
"""Characters of one text with its markup: what is nested deeply takes long to read."""

_BLOCKS = {
    *(
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
    ),
    *("section", "article", "header", "footer", "hr", "table", "thead", "tbody", "tr", "caption", "figure"),
}
_FORMATTING = {"b", "strong", "i", "em", "u", "s", "del", "ins", "mark", "code", "kbd", "pre"}
_MEDIA = {"img", "audio", "video", "object", "embed", "iframe", "svg", "math", "canvas", "picture", "input"}
_OTHERS = {"br", "a", "span", "sup", "sub", "td", "th"}
_TAGS = _BLOCKS | _FORMATTING | _MEDIA | _OTHERS
_CLEANER = nh3.Cleaner(tags=_TAGS, attributes={"a": {"href"}, "img": {"src", "alt"}}, link_rel=None)
_LOOKS_LIKE_HTML = re.compile(
    rf"</?(?:{'|'.join(sorted(_TAGS | {'font', 'small', 'big', 'center'}))})(?:\s[^<>]*)?/?>|&(?:[a-z]{{2,8}}|#\d+);",
    re.IGNORECASE,
)
# What cleans HTML takes time with the square of its depth.
_NESTED_QUOTES = re.compile(r"^(?:[ \t]*>){50}", re.MULTILINE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_RAISED = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-−=()aeoxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜ", strict=True))
_EXTENSIONS = ExtensionOptions()
_EXTENSIONS.table = True
_EXTENSIONS.strikethrough = True
_RENDER = RenderOptions()
# What this lets through is cleaned below: HTML in Markdown must not vanish unseen.
_RENDER.unsafe_ = True


@dataclass(frozen=True)
class PlainText:
    """`notes` say what was left out."""

    text: str
    notes: tuple[Problem, ...] = ()


def plain_text(text: str, markup: str) -> PlainText:
    """The text in NFC without markup. Refuses MEDIA (value) where it holds something else than text, and TEXT_LONG
    beyond `LONGEST`, or for 50 quotes inside one another.
    """
    if len(text) > LONGEST:
        # A picture that is written into the text itself.
        raise (
            Refused("MEDIA", value="data:")
            if "data:" in text[:LONGEST]
            else Refused("TEXT_LONG", limit=LONGEST)
        )
    if markup == MARKDOWN:
        if _NESTED_QUOTES.search(text):
            raise Refused("TEXT_LONG", limit=LONGEST)
        text, markup = render_markdown(text, extension_options=_EXTENSIONS, render_options=_RENDER), HTML
    if markup == MOODLE and _LOOKS_LIKE_HTML.search(text):
        text, markup = text.replace("\n", "<br>"), HTML
    notes: list[Problem] = []
    if markup == HTML:
        reader = _Reader()
        reader.feed(_CLEANER.clean(text))
        reader.close()
        text, notes = reader.text(), [note(code) for code in reader.lost]
    if markup != PLAIN and _has_formula(text):
        notes.append(note("FORMULA"))
    return PlainText(nfc(text).strip(), tuple(notes))


def _has_formula(text: str) -> bool:
    pairs = ("\\(", "\\)"), ("\\[", "\\]")
    return text.count("$$") > 1 or any(begin in text and end in text for begin, end in pairs)


@dataclass
class _Reader(HTMLParser):
    """Of what the cleaner wrote, which is always well formed."""

    parts: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    links: list[tuple[str, int]] = field(default_factory=list)
    raised: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _MEDIA:
            raise Refused(
                "MEDIA", value=given.get("alt") or (given.get("src") or tag).rpartition("/")[2] or tag
            )
        if tag in _FORMATTING:
            self._lose("FORMATTING")
        if tag == "table":
            self._lose("TABLE_LINES")
        if tag in _BLOCKS or tag == "br":
            self.parts.append("\n")
        if tag == "li":
            self.parts.append("• ")
        elif tag in ("td", "th") and self._line().strip():
            self.parts.append(" | ")
        elif tag in ("sup", "sub"):
            self.raised.append(len(self.parts))
        elif tag == "a":
            self.links.append((given.get("href") or "", len(self.parts)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("sup", "sub") and self.raised:
            self._raise(tag, self.raised.pop())
        elif tag == "a" and self.links:
            address, begin = self.links.pop()
            if address.startswith(("http://", "https://")) and address != "".join(self.parts[begin:]).strip():
                self.parts.append(f" ({address})")

    def handle_data(self, data: str) -> None:
        self.parts.append(_SPACES.sub(" ", data))

    def text(self) -> str:
        """No spaces around line ends, and no empty lines."""
        lines = (" ".join(line.split(" ")).strip() for line in "".join(self.parts).split("\n"))
        return "\n".join(_SPACES.sub(" ", line) for line in lines if line)

    def _line(self) -> str:
        return "".join(self.parts[-200:]).rpartition("\n")[2]

    def _raise(self, tag: str, begin: int) -> None:
        text = "".join(self.parts[begin:])
        signs, mark = (_RAISED, "^") if tag == "sup" else (_LOWERED, "_")
        if text and all(sign in signs for sign in text):
            text = "".join(signs[sign] for sign in text)
        elif text:
            text = f"{mark}({text})"
        self.parts[begin:] = [text]

    def _lose(self, code: str) -> None:
        if code not in self.lost:
            self.lost.append(code)
