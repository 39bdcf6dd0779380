"""What only we know of a question, as tags: Moodle keeps those, and gives them back when it exports."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from maarifa.quizzes.exchange.model import ExchangeQuestion

_OURS = re.compile(r"maarifa:(lesson|outcome|level|points|last):([a-z0-9,-]{1,60})")


def tags_of(question: ExchangeQuestion, *, points: bool) -> list[str]:
    """`points`: whether they have no other place in the format."""
    values = {
        "lesson": question.lesson,
        "outcome": question.outcome,
        "level": question.level,
        "points": str(question.points) if points and question.points != 1 else "",
        "last": ",".join(map(str, question.last)),
    }
    return [f"maarifa:{name}:{value}" for name, value in values.items() if value]


def fields_of(tags: Iterable[str]) -> tuple[dict[str, Any], bool]:
    """The fields of a question that its tags say, and whether there are tags that are not ours."""
    fields: dict[str, Any] = {}
    others = False
    for tag in tags:
        match = _OURS.fullmatch(tag.strip())
        if match is None:
            others = True
            continue
        name, value = match.groups()
        if name == "points":
            if value.isdecimal():
                fields["points"] = Decimal(value)
        elif name == "last":
            fields["last"] = tuple(int(place) for place in value.split(",") if place.isdecimal())
        else:
            fields[name] = value
    return fields, others
