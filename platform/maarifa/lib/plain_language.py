"""What keeps a text from being plain, as far as a pattern can tell: mannered turns, and too long sentences."""

import re
from collections.abc import Iterator
from functools import lru_cache

from maarifa.lib.customs import customs_of

LONGEST_SENTENCE = 25
"""Words on a screen, by docs/style."""

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
_PATH = re.compile(r"\b[\w.-]+/[\w.-]*\w")
_TAG = re.compile(r"<[^<>]*>")
# A colon or a line ends a sentence too; a point inside a number, an address or a file's name does not.
_END = re.compile(r"(?<=[.!?:;؟؛])[\s\u00a0]+|\n")


def bare(text: str) -> str:
    """A string of the interface without its tags, and with one sign for each placeholder and path of a file: none of
    them says a term.
    """
    return _PATH.sub("…", _PLACEHOLDER.sub("…", _TAG.sub("", text)))


def faults(text: str, *, language: str) -> Iterator[str]:
    """What to rewrite in a string of the interface, in sentences for those who write it."""
    bare_text = bare(text)
    pattern = _mannered(language)
    if pattern and (match := pattern.search(bare_text)):
        yield f"“{match[0].strip()}” is mannered: use the plain word of docs/style"
    for sentence in _END.split(bare_text):
        count = len(sentence.split())
        if count > LONGEST_SENTENCE:
            yield f"a sentence of {count} words: write {LONGEST_SENTENCE} at most"


@lru_cache
def _mannered(language: str) -> re.Pattern[str] | None:
    own = customs_of(language)
    return re.compile("|".join(own.mannered)) if own and own.mannered else None
