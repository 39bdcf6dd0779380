"""The kinds of activity as learners meet them: one file each, as in `curriculum.activities`."""

from collections.abc import Collection

from maarifa.curriculum.activities import KINDS as WRITTEN
from maarifa.curriculum.activities import Place
from maarifa.learning.activities.base import (
    ActivityKind,
    Mark,
    Record,
    Requirement,
    Result,
    Row,
    State,
)
from maarifa.learning.activities.lesson import LessonKind, LessonRecord
from maarifa.learning.activities.quiz import QuizKind, QuizRecord
from maarifa.learning.models import EnrolmentQuerySet

__all__ = [
    "KINDS",
    "LESSON",
    "QUIZ",
    "ActivityKind",
    "LessonRecord",
    "Mark",
    "QuizRecord",
    "Record",
    "Requirement",
    "Result",
    "Row",
    "State",
    "have_done",
]

LESSON, QUIZ = LessonKind(), QuizKind()
KINDS: dict[str, ActivityKind] = {kind.name: kind for kind in (LESSON, QUIZ)}
"""By their names, in the order in which pages list what they ask for."""

if KINDS.keys() != WRITTEN.keys():
    raise RuntimeError(
        f"a kind of activity is known here or in curriculum only: {KINDS.keys() ^ WRITTEN.keys()}"
    )


def have_done(enrolments: EnrolmentQuerySet, course: str, places: Collection[Place]) -> EnrolmentQuerySet:
    """Those in which all these activities of the course are done, in time or accepted."""
    for kind in KINDS.values():
        if keys := [place.key for place in places if place.kind == kind.name]:
            enrolments = kind.have_done(enrolments, course, keys)
    return enrolments
