"""Figures of lessons: small drawings in SVG that hold nothing but shapes and words.

A document type, and with it every entity, is refused before anything that it declares is read.
"""

import re
from typing import Any, NoReturn
from xml.parsers import expat
from xml.parsers.expat import errors

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.lib import numbers
from maarifa.lib.problems import Problem, shown

MOST_BYTES = 10_000

TEMPLATES = {
    "figure_large": _("The figure has %(size)s bytes. Reduce it to at most %(most)s bytes."),
    "figure_xml": _(
        "A browser cannot read this SVG from here on. Check the tags, quotation marks and characters "
        "such as “<” and “&”."
    ),
    "figure_tag": _("An element is opened and not closed, or closed in the wrong order. Correct the tags."),
    "figure_entity": _(
        "SVG has no character with this name between “&” and “;”. Write the character itself."
    ),
    "figure_attribute_twice": _("An element has the same attribute twice. Keep one."),
    "figure_empty": _('The figure is empty. Begin it with <svg viewBox="0 0 360 200" …>.'),
    "figure_text": _("There is something before <svg …> or after </svg>. Remove it."),
    "figure_encoding": _("The figure says that its encoding is %(encoding)s. Save it as UTF-8."),
    "figure_doctype": _("A line that starts with <!DOCTYPE is not allowed in a figure. Remove this line."),
    "figure_element": _("The element “%(name)s” is not allowed in a figure. Use only: %(allowed)s."),
    "figure_attribute": _("The attribute “%(name)s” is not allowed in a figure. Remove it."),
    "figure_outside": _(
        "“%(value)s” refers to something outside the figure. Draw it here, or refer to “#name” in the figure."
    ),
    "figure_viewbox": _('The figure has no size. Begin it with <svg viewBox="0 0 360 200" …>.'),
    "figure_title": _("The figure has no title. Begin it with <title>what it shows</title>."),
}
_MISREAD = {
    errors.codes[errors.XML_ERROR_TAG_MISMATCH]: "figure_tag",
    errors.codes[errors.XML_ERROR_NO_ELEMENTS]: "figure_tag",
    errors.codes[errors.XML_ERROR_UNDEFINED_ENTITY]: "figure_entity",
    errors.codes[errors.XML_ERROR_DUPLICATE_ATTRIBUTE]: "figure_attribute_twice",
    errors.codes[errors.XML_ERROR_SYNTAX]: "figure_text",
    errors.codes[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]: "figure_text",
}
"""What the parser's own errors, which are in English, mean to the author of a figure. All others: `figure_xml`."""
_ELEMENTS = (
    *("svg", "title", "desc", "defs", "g", "symbol", "use", "pattern", "marker", "clipPath"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
)
_LEADS_OUT = re.compile(r"""url\((?!\s*["']?\s*#)|javascript:|data:|@import|image-set\(|/\*""", re.IGNORECASE)
_VIEW_BOX = re.compile(r"\s*0[ ,]+0[ ,]+([0-9]{1,4})(?:\.[0-9]+)?[ ,]+([0-9]{1,4})(?:\.[0-9]+)?\s*")


def size_of(svg: str) -> tuple[int, int]:
    """Width and height in pixels, from the view box. Raises ValueError where there is none."""
    match = re.search(r'<svg[^>]*\bviewBox="([^"]*)"', svg)
    box = _VIEW_BOX.fullmatch(match[1]) if match else None
    if box is None:
        raise ValueError("the figure has no view box that begins at 0 0")
    return int(box[1]), int(box[2])


def problems(svg: str) -> list[Problem]:
    """Everything that keeps a figure from being shown, with its line."""
    size, problem_list = len(svg.encode()), []
    if size > MOST_BYTES:
        # Not in kB: a few bytes too many would read as “10 kB”, which is what it may have.
        language = get_language() or "en"
        has, most = (numbers.number(count, language=language) for count in (size, MOST_BYTES))
        problem_list.append(_problem("figure_large", 1, size=has, most=most))
    declared = re.match(r"""\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"'>]*)""", svg.lstrip("\ufeff"))
    if declared and declared[1].lower() not in ("utf-8", "utf8"):
        return [*problem_list, _problem("figure_encoding", 1, encoding=shown(declared[1]))]
    if not svg.strip():
        return [_problem("figure_empty", 1)]
    reader = _Reader()
    try:
        reader.read(svg)
    except _Refused:  # and nothing that it declares is read
        return [*problem_list, *reader.problems]
    except expat.ExpatError as error:
        return [
            *problem_list,
            *reader.problems,
            _problem(_MISREAD.get(error.code, "figure_xml"), error.lineno),
        ]
    problem_list += reader.problems
    try:
        size_of(svg)
    except ValueError:
        problem_list.append(_problem("figure_viewbox", 1))
    if "title" not in reader.seen:
        problem_list.append(_problem("figure_title", 1))
    return problem_list


class _Refused(Exception):
    """The rest of the file is of no interest."""


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.seen: set[str] = set()
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.element
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction

    def read(self, svg: str) -> None:
        self.parser.Parse(svg.encode(), True)

    def doctype(self, *_names: object) -> NoReturn:
        self.refuse("figure_doctype")
        raise _Refused

    def instruction(self, target: str, _data: str) -> None:
        self.refuse("figure_element", name=f"?{target}", allowed=", ".join(_ELEMENTS))

    def element(self, name: str, attributes: dict[str, str]) -> None:
        self.seen.add(name)
        if name not in _ELEMENTS:
            self.refuse("figure_element", name=shown(name), allowed=", ".join(_ELEMENTS))
        for attribute, value in attributes.items():
            if attribute.startswith("on") or attribute in ("style", "class"):
                self.refuse("figure_attribute", name=shown(attribute))
            outside = attribute.endswith("href") and not value.startswith("#")
            # A backslash would spell “url” so that it isn't read as one here, and is by a browser.
            escaped = "\\" in value and attribute not in ("id", "aria-label")
            if outside or escaped or _LEADS_OUT.search(value):
                self.refuse("figure_outside", value=shown(value))

    def refuse(self, code: str, **params: Any) -> None:
        self.problems.append(_problem(code, self.parser.CurrentLineNumber, **params))


def _problem(code: str, line: int, **params: Any) -> Problem:
    return Problem(code=code, template=TEMPLATES[code], params=params, line=line)
