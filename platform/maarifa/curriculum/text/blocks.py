"""What stands in a lesson as fenced blocks of YAML, told by their info string: practice questions, whose answers are
public, and cards of jurisdictions.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from pydantic import BeforeValidator, ConfigDict

from maarifa.lib.problems import Problem
from maarifa.lib.shapes import Key, Line, Shape, Words, one_of, refuse, shape
from maarifa.lib.strict_yaml import YamlError, dump, load
from maarifa.lib.typography import no_break_spaces, no_break_spaces_within
from maarifa.quizzes.kinds import KINDS as QUESTION_KINDS
from maarifa.quizzes.kinds import Practice
from maarifa.quizzes.practice import unfit

_FENCE = re.compile(r"( {0,3})(`{3,}|~{3,})(.*)")


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

    FIELDS: ClassVar[dict[str, str]] = {
        "text": gettext_noop("Legal text and status"),
        "scope": gettext_noop("Who it applies to"),
        "duties": gettext_noop("Duties"),
        "enforcement": gettext_noop("Enforcement so far"),
        "criticism_home": gettext_noop("Strongest domestic criticism"),
        "criticism_abroad": gettext_noop("Strongest foreign criticism"),
        "borrow": gettext_noop("What a small state could adopt"),
    }

    def as_html(self) -> SafeString:
        """A card, its fields named in the language active now: that of the lesson, when it is published."""
        fields = format_html_join(
            "\n",
            "<dt>{}</dt><dd>{}</dd>",
            ((gettext(name), linebreaksbr(getattr(self, field))) for field, name in self.FIELDS.items()),
        )
        return format_html('<div class="card"><p><strong>{}</strong></p><dl>{}</dl></div>', self.name, fields)

    @property
    def full_text(self) -> str:
        """What its fields say."""
        return "\n".join(getattr(self, field) for field in self.FIELDS)

    @property
    def word_count(self) -> int:
        return len(self.full_text.split())


PRACTICES = {name: kind.practice for name, kind in QUESTION_KINDS.items() if kind.practice}
NOT_PRACTICE = _(
    "Lessons cannot ask questions of the kind “%(value)s”. Write this question in a bank, or use one of these "
    "kinds: %(expected)s."
)


def _not_of_banks_only(kind: object) -> object:
    if isinstance(kind, str) and kind in QUESTION_KINDS and kind not in PRACTICES:
        raise refuse("not_practice", template=NOT_PRACTICE, expected=", ".join(PRACTICES))
    return kind


class UnknownPractice(Shape):
    """A question of a kind that is not for practice, or that nobody knows."""

    model_config = ConfigDict(extra="ignore")

    key: Key
    kind: Annotated[str, one_of(PRACTICES), BeforeValidator(_not_of_banks_only)]
    stem: Words


def _practice(value: object) -> type[Shape]:
    kind = value.get("kind") if isinstance(value, dict) else None
    return PRACTICES.get(kind, UnknownPractice) if isinstance(kind, str) else UnknownPractice


KINDS: dict[str, Callable[[object], type[Shape]]] = {
    "practice": _practice,
    "jurisdiction": lambda _value: Jurisdiction,
}
"""By info string, from what a block says to the model of it."""


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
        content, problems = shape(KINDS[self.kind](parsed.value), parsed)
        card = content if isinstance(content, Practice | Jurisdiction) else None
        if isinstance(card, Practice):
            problems = [
                replace(problem, line=parsed.line((card.field_of(problem.where),))) for problem in unfit(card)
            ]
            card = None if problems else card
        return card, [problem.moved(lines=self.line) for problem in problems]


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


def join(parts: list[str | Block], *, language: str) -> str:
    """The text with its blocks in the canonical form, and the no-break spaces that the language wants; a block that
    cannot be read stays as it is.
    """
    written = []
    for part in parts:
        if isinstance(part, str):
            written.append(no_break_spaces(part.strip("\n"), language=language))
            continue
        content, _problems = part.read()
        written_fields = content.model_dump(exclude_none=True) if content else None
        fields = no_break_spaces_within(written_fields, language=language) if written_fields else None
        written.append(f"```{part.kind}\n{dump(fields) if fields else part.yaml}```")
    return "\n\n".join(part for part in written if part)
