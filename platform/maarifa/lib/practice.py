"""Practice questions in a lesson: fenced blocks of YAML with the info string `practice`. Their answers are
public.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from pydantic import Field, model_validator

from maarifa.lib.problems import Problem
from maarifa.lib.shapes import Key, Shape, Words, refuse, shape
from maarifa.lib.strict_yaml import YamlError, dump, load

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


@dataclass(frozen=True)
class Block:
    """A practice block as it stands in a text: `line` is that of its opening fence, counted from 1."""

    yaml: str
    line: int

    def read(self) -> tuple[Practice | None, list[Problem]]:
        try:
            parsed = load(self.yaml)
        except YamlError as error:
            return None, [error.problem.moved(lines=self.line)]
        practice, problems = shape(Practice, parsed)
        return practice, [problem.moved(lines=self.line) for problem in problems]


def split(text: str) -> list[str | Block]:
    """The text in its parts: Markdown, and the practice blocks between."""
    parts: list[str | Block] = []
    markdown: list[str] = []
    inside: list[str] = []
    fence, begun = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        match = _FENCE.fullmatch(line)
        if begun:
            if match and match[2].startswith(fence) and not match[3].strip():
                parts += ["\n".join(markdown), Block("".join(f"{one}\n" for one in inside), begun)]
                markdown, inside, fence, begun = [], [], "", 0
            else:
                inside.append(line)
            continue
        if match and not fence and not (match[2][0] == "`" and "`" in match[3]):
            fence = match[2]
            if match[3].strip() == "practice" and not match[1]:
                begun = number
                continue
        elif match and fence and match[2].startswith(fence) and not match[3].strip():
            fence = ""
        markdown.append(line)
    if begun:
        # Never closed: shown as the code that it is, and found by the check.
        markdown += [f"{fence}practice", *inside]
    parts.append("\n".join(markdown))
    return parts


def blocks(text: str) -> list[Block]:
    return [part for part in split(text) if isinstance(part, Block)]


def join(parts: list[str | Block]) -> str:
    """The text with its practice blocks in the canonical form; a block that cannot be read stays as it is."""
    written = []
    for part in parts:
        if isinstance(part, str):
            written.append(part.strip("\n"))
            continue
        practice, _problems = part.read()
        written.append(f"```practice\n{practice.as_yaml() if practice else part.yaml}```")
    return "\n\n".join(part for part in written if part)


def _broken(text: str) -> SafeString:
    """A text with its line breaks kept."""
    return format_html_join(SafeString("<br>"), "{}", ((line,) for line in text.split("\n")))
