"""The sections of a text that practice leads back to."""

import re
from collections.abc import Collection

from maarifa.lib.text import one_line
from maarifa.quizzes.practice import Section

_HEADING = re.compile(r"<h([2-6])>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def with_sections(html: str, places: Collection[str]) -> tuple[str, dict[str, Section]]:
    """The HTML with an id on each heading that a question leads back to, and that heading for each of these places
    where a question stands.

    It is the nearest heading above under which something is written beside practice. Some have none: questions at the
    beginning of a text, about an earlier lesson.
    """
    headings = list(_HEADING.finditer(html))
    ends = [*(heading.start() for heading in headings[1:]), len(html)]
    bodies = [html[heading.end() : end] for heading, end in zip(headings, ends, strict=bool(headings))]
    sections: dict[str, Section] = {}
    named: set[int] = set()
    to_read = None
    for number, body in enumerate(bodies):
        if _has_text(body, places):
            to_read = number
        for place in places:
            if to_read is not None and place in body:
                title = one_line(_plain(headings[to_read][2]))
                sections[place] = {"id": f"s{to_read + 1}", "title": title}
                named.add(to_read)
    for number in sorted(named, reverse=True):
        start = headings[number].start() + len("<h2")
        html = f'{html[:start]} id="s{number + 1}"{html[start:]}'
    return html, sections


def _has_text(body: str, places: Collection[str]) -> bool:
    for place in places:
        body = body.replace(place, "")
    return bool(_TAG.sub("", body).strip())


def _plain(html: str) -> str:
    text = _TAG.sub("", html)
    for entity, sign in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(entity, sign)
    return text
