"""The kinds of activity: what stands in modules. A new kind is one more file here, and one in `learning.activities`."""

from collections.abc import Mapping
from typing import Any

from maarifa.curriculum.activities.base import (
    ActivityKind,
    Compiled,
    CompiledActivity,
    CompiledText,
    HeldText,
    OutlineActivity,
    Place,
    TextsByLanguage,
    Work,
)
from maarifa.curriculum.activities.lesson import LessonKind
from maarifa.curriculum.activities.quiz import QuizKind

__all__ = [
    "KINDS",
    "ActivityKind",
    "Compiled",
    "CompiledActivity",
    "CompiledText",
    "HeldText",
    "OutlineActivity",
    "Place",
    "TextsByLanguage",
    "Work",
    "required_places",
]

KINDS: dict[str, ActivityKind] = {kind.name: kind for kind in (LessonKind(), QuizKind())}
"""By their names, in the order in which requirements list them."""


def required_places(requirements: Mapping[str, Any]) -> frozenset[Place]:
    """The activities that the requirements of an edition or an enrolment name: keys by the plural of their kind."""
    return frozenset(
        Place(kind.name, key) for kind in KINDS.values() for key in requirements.get(kind.plural, ())
    )
