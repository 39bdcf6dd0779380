"""A GIFT file divided into questions: by empty lines, without comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

ESCAPED = ":#={}~n\\"
"""What may stand after a backslash. `\\n` is a line end."""

# Characters that are none, and that no text has: the reader takes them out before.
_STANDINS = {sign: chr(0xFDD0 + place) for place, sign in enumerate(ESCAPED)}
_MEANT = {ord(standin): "\n" if sign == "n" else sign for sign, standin in _STANDINS.items()}
_NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")
_ESCAPE = re.compile(r"\\([:#={}~n\\])")
_COMMENT_FIELD = re.compile(r"\[(id|tag):([^\x00-\x1f\x7f\]]{1,300})\]")
_CATEGORY = re.compile(r"\$CATEGORY:[ \t]*(.*)")
_ENDS_SENTENCE = re.compile(r"[.?!:…؟。？！]\s*\Z")
# How far the end of answers is looked for behind empty lines.
_LOOK_AHEAD = 20


def protected(text: str) -> str:
    """The text with what a backslash escapes out of sight of the syntax; `unescaped` brings it back."""
    return _ESCAPE.sub(lambda match: _STANDINS[match[1]], _NONCHARACTERS.sub("", text))


def unescaped(text: str) -> str:
    return text.translate(_MEANT)


def is_missing_word(before: str, tail: str) -> bool:
    """Whether answers between these texts stand for a word. Without a word behind them, and at the end of a sentence,
    they only follow the question.
    """
    if any(sign.isalnum() for sign in tail):
        return True
    return bool(tail.strip()) and not _ENDS_SENTENCE.search(before)


@dataclass
class Block:
    """The lines of one question, protected and stripped, with their numbers. `broken`: an empty line stands inside its
    answers, so that what follows it belongs to it.
    """

    lines: list[tuple[int, str]] = field(default_factory=list)
    category: str = ""
    key: str = ""
    tags: list[str] = field(default_factory=list)
    broken: bool = False

    @property
    def text(self) -> str:
        return "\n".join(line for _number, line in self.lines)

    @property
    def line(self) -> int:
        return self.lines[0][0] if self.lines else 0

    def line_at(self, place: int) -> int:
        """The number of the line in which a character of `text` is."""
        return self.lines[self.text.count("\n", 0, place)][0]

    @property
    def is_open(self) -> bool:
        return self.text.rfind("{") > self.text.rfind("}")


def blocks(text: str, most: int) -> Iterator[Block]:
    """The first ones, so many at most."""
    divided = list(islice(_divided(protected(text)), most + _LOOK_AHEAD))
    place = 0
    while place < min(most, len(divided)):
        block = divided[place]
        place += 1
        if block.is_open:
            end = _end_of_answers(divided, place)
            block.broken, place = bool(end), end or place
        yield block


def _end_of_answers(divided: list[Block], place: int) -> int:
    """The place behind the block in which answers end that an earlier one begins; 0 where they do not end."""
    for index in range(place, min(place + _LOOK_AHEAD, len(divided))):
        text = divided[index].text
        opened, closed = text.find("{"), text.find("}")
        if closed >= 0 and (opened < 0 or closed < opened):
            return index + 1
        if opened >= 0:
            return 0
    return 0


def _divided(text: str) -> Iterator[Block]:
    block, category = Block(), ""
    for number, raw in enumerate(text.split("\n"), start=1):
        line = raw.strip()
        if not line:
            if block.lines:
                yield block
            block = Block(category=category)
        elif line.startswith("//"):
            for name, value in _COMMENT_FIELD.findall(unescaped(line)):
                if name == "id":
                    block.key = value.strip()
                else:
                    block.tags.append(value.strip())
        elif not block.lines and (match := _CATEGORY.match(line)):
            category = block.category = unescaped(match[1]).strip()
        else:
            block.lines.append((number, line))
    if block.lines:
        yield block
