"""How a language sets what an author types: today, which of its spaces do not break."""

import re
from functools import lru_cache
from typing import Any

from maarifa.lib.customs import customs_of

# Code, tags and addresses are written as they are. Fenced code is code, whether its fence is closed or not.
_AS_TYPED = re.compile(r"((?ms:^```.*?(?:^```[ \t]*$|\Z))|`[^`\n]*`|<[^<>]*>|https?://\S+)")


def no_break_spaces(text: str, *, language: str) -> str:
    """The text with a no-break space wherever its language wants one; the same again for its own result.

    Code in backquotes or fences, tags and addresses stay as they are, and so does a text in a language without such a
    custom.
    """
    rules = _rules(language)
    if not rules:
        return text
    parts = _AS_TYPED.split(text)
    for number in range(0, len(parts), 2):
        for pattern, set_as in rules:
            parts[number] = pattern.sub(set_as, parts[number])
    return "".join(parts)


def no_break_spaces_within(value: Any, *, language: str) -> Any:
    """The same for every text in lists and dicts of them, as forms and files hold them; other values as they are."""
    if isinstance(value, str):
        return no_break_spaces(value, language=language)
    if isinstance(value, list):
        return [no_break_spaces_within(item, language=language) for item in value]
    if isinstance(value, dict):
        return {name: no_break_spaces_within(item, language=language) for name, item in value.items()}
    return value


@lru_cache
def _rules(language: str) -> list[tuple[re.Pattern[str], str]]:
    own = customs_of(language)
    return [(re.compile(pattern), set_as) for pattern, set_as in own.no_break] if own else []
