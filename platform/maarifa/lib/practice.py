"""What stands in a lesson as fenced blocks of YAML, told by their info string: practice questions, whose answers are
public, and cards of jurisdictions.
"""

import re
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from pydantic import Field, model_validator

from maarifa.lib.problems import Problem
from maarifa.lib.shapes import Key, Line, Shape, Words, refuse, shape
from maarifa.lib.strict_yaml import YamlError, dump, load
from maarifa.lib.text import same_texts

_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})(.*)")


class Choice(Shape):
    text: Words
    correct: bool
    feedback: Words


class Practice(Shape):
    key: Key
    kind: Literal["single", "multiple", "truefalse"]
    stem: Words
    choices: Annotated[list[Choice], Field(min_length=2)]

    @model_validator(mode="after")
    def _right_choices(self):
        right = sum(choice.correct for choice in self.choices)
        if self.kind == "truefalse" and len(self.choices) != 2:
            raise refuse("two_choices", count=len(self.choices))
        if self.kind != "multiple" and right != 1:
            raise refuse("one_right", count=right)
        if not right:
            raise refuse("some_right")
        texts = {str(number): choice.text for number, choice in enumerate(self.choices, 1)}
        for first, second in same_texts(texts):
            raise refuse("same_choices", first=first, second=second)
        return self

    def as_yaml(self) -> str:
        """The one way to write it."""
        return dump(self.model_dump())

    def as_html(self) -> SafeString:
        """A card whose choices open to show their feedback, with no script."""
        choices = format_html_join(
            "\n",
            '<details class="try"><summary>{}</summary><p class="{}">{}</p></details>',
            (
                (_broken(choice.text), "good" if choice.correct else "bad", _broken(choice.feedback))
                for choice in self.choices
            ),
        )
        return format_html(
            '<div class="card"><p><strong>{}</strong></p>\n{}</div>', _broken(self.stem), choices
        )


class Jurisdiction(Shape):
    """How one jurisdiction answers the question of a lesson: every one is asked the same, at about the same length."""

    key: Key
    name: Line
    text: Words
    scope: Words
    duties: Words
    enforcement: Words
    criticism_home: Words
    criticism_abroad: Words
    borrow: Words

    FIELDS: ClassVar = {
        "text": gettext_noop("Text and status"),
        "scope": gettext_noop("Whom it reaches"),
        "duties": gettext_noop("Duties"),
        "enforcement": gettext_noop("Enforcement so far"),
        "criticism_home": gettext_noop("Strongest criticism at home"),
        "criticism_abroad": gettext_noop("Strongest criticism abroad"),
        "borrow": gettext_noop("What a small state could borrow"),
    }

    def as_yaml(self) -> str:
        """The one way to write it."""
        return dump(self.model_dump())

    def as_html(self) -> SafeString:
        """A card, its fields named in the language active now: that of the lesson, when it is published."""
        fields = format_html_join(
            "\n",
            "<dt>{}</dt><dd>{}</dd>",
            ((gettext(name), _broken(getattr(self, field))) for field, name in self.FIELDS.items()),
        )
        return format_html('<div class="card"><p><strong>{}</strong></p><dl>{}</dl></div>', self.name, fields)

    @property
    def said(self) -> str:
        """What its fields say."""
        return "\n".join(getattr(self, field) for field in self.FIELDS)

    @property
    def word_count(self) -> int:
        return len(self.said.split())


KINDS = {"practice": Practice, "jurisdiction": Jurisdiction}


@dataclass(frozen=True)
class Block:
    """A block as it stands in a text: `kind` is its info string, `line` that of its opening fence, counted from 1."""

    yaml: str
    line: int
    kind: str = "practice"

    def read(self) -> tuple[Practice | Jurisdiction | None, list[Problem]]:
        try:
            parsed = load(self.yaml)
        except YamlError as error:
            return None, [error.problem.moved(lines=self.line)]
        found, problems = shape(KINDS[self.kind], parsed)
        return found, [problem.moved(lines=self.line) for problem in problems]


def split(text: str) -> list[str | Block]:
    """The text in its parts: Markdown, and the blocks between."""
    parts: list[str | Block] = []
    markdown: list[str] = []
    inside: list[str] = []
    fence, begun, kind = "", 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        match = _FENCE.fullmatch(line)
        if begun:
            if match and match[2].startswith(fence) and not match[3].strip():
                parts += ["\n".join(markdown), Block("".join(f"{one}\n" for one in inside), begun, kind)]
                markdown, inside, fence, begun = [], [], "", 0
            else:
                inside.append(line)
            continue
        if match and not fence and not (match[2][0] == "`" and "`" in match[3]):
            fence = match[2]
            if match[3].strip() in KINDS and not match[1]:
                begun, kind = number, match[3].strip()
                continue
        elif match and fence and match[2].startswith(fence) and not match[3].strip():
            fence = ""
        markdown.append(line)
    if begun:
        # Never closed: shown as the code that it is, and found by the check.
        markdown += [f"{fence}{kind}", *inside]
    parts.append("\n".join(markdown))
    return parts


def blocks(text: str, kind: str = "practice") -> list[Block]:
    return [part for part in split(text) if isinstance(part, Block) and part.kind == kind]


def join(parts: list[str | Block]) -> str:
    """The text with its blocks in the canonical form; a block that cannot be read stays as it is."""
    written = []
    for part in parts:
        if isinstance(part, str):
            written.append(part.strip("\n"))
            continue
        found, _problems = part.read()
        written.append(f"```{part.kind}\n{found.as_yaml() if found else part.yaml}```")
    return "\n\n".join(part for part in written if part)


def _broken(text: str) -> SafeString:
    """A text with its line breaks kept."""
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.split("\n")))
