"""What the JSON columns of learning hold."""

from typing import Any, Literal, Required, TypedDict

from maarifa.quizzes.kinds import Response

Requirements = dict[str, list[str]]
"""Keys of activities, by the plural of their kind."""


class QuizDates(TypedDict):
    """From when and until when a quiz can be taken: ISO moments, None for no limit; and in whose time it was said."""

    opens_at: str | None
    closes_at: str | None
    zone: str


class Outcome(TypedDict, total=False):
    """What became of an event, as it is told to whoever sent it.

    `code` and `params` are those of a refusal; what else is told depends on the kind of event.
    """

    status: Required[Literal["accepted", "refused"]]
    code: str
    params: dict[str, Any]
    lesson: str
    attempt: str
    card: str
    right: bool
    passed: bool
    late: bool
    practice: str
    conflicts: dict[str, Response | None]
    """By position, the answers that stand."""
