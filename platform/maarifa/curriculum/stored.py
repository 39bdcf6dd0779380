"""What the JSON columns of this app hold. Of an edition and its documents, see `compiling`."""

from typing import TypedDict


class Requirements(TypedDict, total=False):
    """What completing a course takes: "all" or keys of lessons, and keys of quizzes. Empty before anybody said so."""

    lessons: str | list[str]
    quizzes: list[str]
