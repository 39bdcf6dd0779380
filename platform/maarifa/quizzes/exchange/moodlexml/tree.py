"""XML of strangers as a tree whose elements know their lines.

A file may have no DOCTYPE, so that it can have neither entities of its own nor any from elsewhere: nothing is expanded,
and nothing is fetched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

# The three handlers below make it as safe as defusedxml, which gives no lines.
from xml.parsers import expat

from maarifa.lib.problems import Problem
from maarifa.quizzes.exchange.opening import cleaned
from maarifa.quizzes.exchange.problems import ExchangeError, note

DEEPEST = 30
MOST_ELEMENTS = 400_000


@dataclass(slots=True)
class Element:
    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def all(self, name: str) -> list["Element"]:
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> "Element | None":
        return next(iter(self.all(name)), None)

    def walk(self) -> Iterator["Element"]:
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def own_text(self) -> str:
        return "".join(self.pieces)

    def text(self, name: str) -> str:
        """That of the first child of this name; of its <text>, where it has one. Empty without such a child."""
        child = self.first(name)
        if child is None:
            return ""
        inner = child.first("text")
        return (inner or child).own_text.strip()


def parse(content: bytes, *, file: str) -> tuple[Element, list[Problem]]:
    """The root, with texts without control characters, and what is noted of them. Refuses XML_BROKEN, XML_DOCTYPE and
    XML_DEEP, each with the line.
    """
    parser = expat.ParserCreate()
    root = Element("", 0)
    stack, count, controls = [root], 0, 0

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if len(stack) > DEEPEST or count > MOST_ELEMENTS:
            raise ExchangeError("XML_DEEP", file=file, line=parser.CurrentLineNumber)
        element = Element(name, parser.CurrentLineNumber, attributes)
        stack[-1].children.append(element)
        stack.append(element)

    def end(_name: str) -> None:
        stack.pop()

    def characters(text: str) -> None:
        nonlocal controls
        text, strange = cleaned(text)
        controls += strange
        stack[-1].pieces.append(text)

    def refuse(*_whatever: object) -> int:
        raise ExchangeError("XML_DOCTYPE", file=file, line=parser.CurrentLineNumber)

    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ExchangeError("XML_BROKEN", file=file, line=error.lineno)
    # An encoding that nobody knows, or that is none.
    except (LookupError, ValueError):
        raise ExchangeError("XML_BROKEN", file=file, line=1)
    return root.children[0], [note("CONTROL")] if controls else []
