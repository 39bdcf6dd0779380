"""The markers of gaps in a passage: `[[1]]`, with or without spaces around the key. Nothing else is imported here."""

import re

MARKER = re.compile(r"\[\[([^\[\]\n]*)\]\]")


def key_in(marker: re.Match[str]) -> str:
    """What a marker names; it need not be a key."""
    return marker[1].strip(" ")


def markers(passage: object) -> list[str]:
    """What its markers name, in the order of the passage."""
    return [key_in(found) for found in MARKER.finditer(passage)] if isinstance(passage, str) else []


def pieces(passage: str) -> list[tuple[str, str]]:
    """The passage as pairs of a text and the key of the gap after it; empty after the last text."""
    texts = MARKER.split(passage)[::2]
    return list(zip(texts, [*markers(passage), ""], strict=True))
