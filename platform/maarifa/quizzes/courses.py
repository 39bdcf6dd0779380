"""What the forms of questions need to know of the course that a bank or a quiz belongs to.

Courses are described by an app above: it registers here how they are read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CourseFacts:
    """`lessons` and `outcomes` are keys with titles in the source language; `languages` are codes, the source first."""

    key: str
    languages: list[str] = field(default_factory=list)
    lessons: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[tuple[str, str]] = field(default_factory=list)


_readers: list[Callable[[str], CourseFacts | None]] = []


def register(reader: Callable[[str], CourseFacts | None]) -> None:
    """`reader` gives the facts of the course with this key; None where there is none."""
    _readers.append(reader)


def facts_of(key: str) -> CourseFacts | None:
    """Of the course whose key is the first part of `key`, that of a bank or a quiz."""
    course = key.partition("/")[0]
    return next((found for reader in _readers if (found := reader(course))), None)
