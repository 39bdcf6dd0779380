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


@dataclass(frozen=True)
class Titles:
    """In the source language: of courses by their key, of quizzes by the key of the course, a slash and their own."""

    courses: dict[str, str] = field(default_factory=dict)
    quizzes: dict[str, str] = field(default_factory=dict)


_readers: list[tuple[Callable[[str], CourseFacts | None], Callable[[], Titles]]] = []


def register(facts: Callable[[str], CourseFacts | None], titles: Callable[[], Titles]) -> None:
    """`facts` gives those of the course with this key; None where there is none. `titles` are of all courses."""
    _readers.append((facts, titles))


def all_titles() -> Titles:
    """Of all courses. A query for each reader."""
    result = Titles()
    for _facts, titles in _readers:
        course_titles = titles()
        result.courses.update(course_titles.courses)
        result.quizzes.update(course_titles.quizzes)
    return result


def facts_of(key: str) -> CourseFacts | None:
    """Of the course whose key is the first part of `key`, that of a bank or a quiz."""
    course = key.partition("/")[0]
    return next((course_facts for facts, _titles in _readers if (course_facts := facts(course))), None)
