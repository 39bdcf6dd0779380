"""Two texts compared word by word, for people to look at."""

import re
from difflib import SequenceMatcher
from itertools import takewhile

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from maarifa.lib.strict_yaml import dump

AROUND = 12
"""So many words stay on each side of a change; what is further off is left out."""
MOST, LEAD = 90, 25
"""So many characters of a text stay where a line quotes it, and so many before the place where two begin to differ."""


def word_difference(before: str, after: str) -> SafeString:
    """The text `after`, with <ins> around what is new and <del> around what is gone; empty where they are the same."""
    if before == after:
        return SafeString("")
    old, new = _words(before), _words(after)
    pieces = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (what, i, j, k, end) in enumerate(steps):
        if what == "equal":
            pieces.append(_abridged(old[i:j], first=number == 0, last=number == len(steps) - 1))
            continue
        if i < j:
            pieces.append(format_html("<del>{}</del>", "".join(old[i:j])))
        if k < end:
            pieces.append(format_html("<ins>{}</ins>", "".join(new[k:end])))
    return format_html_join("", "{}", ((piece,) for piece in pieces))


def shortened(before: str, after: str) -> tuple[str, str]:
    """Both texts in one line each, cut to the part in which they differ."""
    texts = [" ".join(text.split()) for text in (before, after)]
    same = sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    return _excerpt(texts[0], same), _excerpt(texts[1], same)


def _excerpt(text: str, differs_at: int) -> str:
    if len(text) <= MOST:
        return text
    start = max(0, min(differs_at - LEAD, len(text) - MOST))
    if start:
        # At the beginning of a word, where one is near.
        start = text.find(" ", start, differs_at) + 1 or start
    piece = text[start : start + MOST]
    return f"{'…' if start else ''}{piece}{'…' if start + MOST < len(text) else ''}"


def as_text(value: object) -> str:
    """A value of a row as people read it."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "\n".join(value)
    return dump(value) if isinstance(value, dict | list) else "" if value is None else str(value)


def _words(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)


def _abridged(pieces: list[str], *, first: bool, last: bool) -> str:
    head = pieces if first and last else pieces[: 0 if first else AROUND]
    tail = pieces[len(pieces) - (0 if last else AROUND) :]
    if len(head) + len(tail) >= len(pieces):
        return "".join(pieces)
    return "".join([*head, " … ", *tail])
