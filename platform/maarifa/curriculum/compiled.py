"""A course as an edition has it, typed. Publishing writes it, pages read it, and the difference compares two of it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, SerializeAsAny

from maarifa.curriculum.activities import KINDS, Compiled, CompiledActivity, CompiledText, Place
from maarifa.curriculum.activities.lesson import CompiledLesson
from maarifa.lib.digests import digest_of


def _of_its_kind(value: Any) -> Any:
    return KINDS[value["kind"]].compiled.model_validate(value) if isinstance(value, dict) else value


AnyActivity = Annotated[SerializeAsAny[CompiledActivity], BeforeValidator(_of_its_kind)]


class CompiledWorksheet(Compiled):
    key: str
    texts: Mapping[str, CompiledText]


class CompiledModule(Compiled):
    key: str
    activities: tuple[AnyActivity, ...]
    worksheet: CompiledWorksheet | None = None


class CourseTexts(Compiled):
    """The texts of a course in one language; those of its outcomes, modules and quizzes by their keys."""

    title: str
    summary: str
    outcomes: Mapping[str, str]
    modules: Mapping[str, Mapping[str, Any]]
    quizzes: Mapping[str, Mapping[str, Any]]
    state: str
    stale: bool


class CompiledCourse(Compiled):
    """`requirements`: by the plural of each kind the keys of the activities that completion takes."""

    course: str
    source_language: str
    languages: tuple[str, ...]
    licence: str
    authors: tuple[str, ...]
    minutes: int
    requirements: Mapping[str, tuple[str, ...]]
    outcomes: tuple[str, ...]
    texts: Mapping[str, CourseTexts]
    modules: tuple[CompiledModule, ...]
    glossary: Mapping[str, CompiledText] = {}

    @property
    def structure(self) -> dict[str, Any]:
        """As an edition keeps it; `CompiledCourse.model_validate` reads it back."""
        return self.model_dump(mode="json")

    @property
    def digest(self) -> str:
        return digest_of(self.structure)

    def placed(self) -> Iterator[tuple[CompiledModule, CompiledActivity]]:
        """Every activity in the order of the course, with its module."""
        for module in self.modules:
            for activity in module.activities:
                yield module, activity

    def activities(self) -> dict[Place, CompiledActivity]:
        return {activity.place: activity for _module, activity in self.placed()}

    def lessons(self) -> list[CompiledLesson]:
        return [one for _module, one in self.placed() if isinstance(one, CompiledLesson)]

    def pinned(self, versions: Mapping[int, int | None]) -> "CompiledCourse":
        """The same with the versions of its quizzes named, by the quiz's id; None where there is none yet."""
        modules = tuple(
            module.model_copy(update={"activities": tuple(one.pinned(versions) for one in module.activities)})
            for module in self.modules
        )
        return self.model_copy(update={"modules": modules})
