"""Keys of imported questions: nobody types them, and none is used twice."""

import re
import unicodedata
from collections.abc import Iterable

from maarifa.lib.shapes import KEY
from maarifa.quizzes.exchange.model import ExchangeQuestion

_LONGEST = 50
"""With room for a number behind it."""
_OTHERS = re.compile(r"[^a-z0-9]+")
FALLBACK = "question"


def key_for(question: ExchangeQuestion, used: Iterable[str]) -> str:
    """The key that the file gives, or one from the name or the text. A text in another script than Latin gives
    `question`. Where `used` has it, a number follows.
    """
    given = (question.key, question.name, slug(question.name), slug(question.stem), FALLBACK)
    wanted = next(key for key in given if KEY.fullmatch(key))
    if wanted not in used:
        return wanted
    base, number = wanted[:_LONGEST].strip("-") or FALLBACK, 2
    while f"{base}-{number}" in used:
        number += 1
    return f"{base}-{number}"


def slug(text: str) -> str:
    """Its Latin letters and digits, whole words as long as there is room; empty where most of it is something else."""
    letters = "".join(
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign)
    )
    words = [word for word in _OTHERS.split(letters) if word]
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word[:_LONGEST]
        if len(longer) > _LONGEST:
            break
        kept = longer
    others = sum(sign.isalnum() and not sign.isascii() for sign in letters)
    return kept if others <= len("".join(words)) else ""
