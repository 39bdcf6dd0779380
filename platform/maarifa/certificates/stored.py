"""What the JSON columns of a certificate's versions hold."""

from typing import TypedDict


class CourseTexts(TypedDict):
    """A course in one of its languages, as a certificate keeps it."""

    title: str
    outcomes: list[str]
