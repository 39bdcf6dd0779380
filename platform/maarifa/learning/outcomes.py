"""What became of an event, as it is stored with it and told to whoever sent it."""

from typing import Any, Literal, Required, TypedDict

from maarifa.quizzes.kinds import Response


class Outcome(TypedDict, total=False):
    """`code` and `params` are those of a refusal; what else is told depends on the kind of event."""

    status: Required[Literal["accepted", "refused"]]
    code: str
    params: dict[str, Any]
    lesson: str
    attempt: str
    passed: bool
    late: bool
    conflicts: dict[str, Response | None]
    """By position, the answers that stand."""
