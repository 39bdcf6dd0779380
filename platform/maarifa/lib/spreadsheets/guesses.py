"""Whether a guessed code page was the wrong one: its letters are all known, and spell no words."""

import re

from .encodings import code_page

_HIGH = re.compile(rb"[\x80-\xff]{3,}")
_ARABIC, _CYRILLIC = re.compile("[\u0600-\u06ff\u200c-\u200f]"), re.compile("[\u0400-\u04ff]")
# No language of Latin letters sets so many of them side by side; words of other scripts are made of nothing else.
_OTHERS = {"cp1256": _ARABIC, "cp1251": _CYRILLIC}
_LATIN = ("cp1252", "cp1250", "cp1254", "cp1257", "cp1258")
_MIXED = re.compile(
    "[A-Za-z][\u0600-\u06ff]|[\u0600-\u06ff][A-Za-z]|[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]"
)
_ENOUGH = 400_000
# So much of what is read must be letters of the other script.
_MOST = 0.9


def likelier_encoding(content: bytes, encoding: str) -> tuple[str, str, str] | None:
    """The encoding in which these bytes are words while in the guessed one they are not, with a sample as it was read
    and as it would be; None where the guess is as good.
    """
    content = content[:_ENOUGH]
    if encoding in _LATIN:
        runs = _HIGH.findall(content)
        for other, script in _OTHERS.items():
            letters = "".join(run.decode(other, "replace") for run in runs)
            if letters and len(script.findall(letters)) >= _MOST * len(letters):
                longest = max(runs[:50], key=len)
                return other, longest.decode(encoding, "replace"), longest.decode(other, "replace")
    elif encoding in _OTHERS:
        text = content.decode(encoding, "replace")
        match = _MIXED.search(text)
        if match:
            before = re.search(r"\S*$", text[: match.start()])
            after = re.match(r"\w{0,40}", text[match.end() :])
            start = max(before.start() if before else 0, match.start() - 40)
            end = match.end() + (len(after[0]) if after else 0)
            sample = content[start:end]
            latin = code_page("fr")
            return latin, sample.decode(encoding, "replace"), sample.decode(latin, "replace")
    return None
