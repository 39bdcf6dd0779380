"""What every kind of activity says of itself, so that nobody else asks which kind it is."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import BaseModel, ConfigDict

from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import Activity, Document
from maarifa.quizzes.compiling import CompiledQuiz

HeldText = tuple[str, str]
"""A lesson's key and a language."""


class Place(NamedTuple):
    """What names an activity within its course: keys are unique among those of one kind."""

    kind: str
    key: str


class Compiled(BaseModel):
    """A part of a compiled course. Read back from an edition, it says the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class CompiledText(Compiled):
    """A text in one language: its title, the digest of its document, the compressed size, and how far its
    translation is.
    """

    title: str
    bytes: int
    document: str
    state: str
    stale: bool


class CompiledActivity(Compiled):
    """What an edition says of an activity; `id` is that of the row which it was made from."""

    kind: str
    key: str
    id: int
    minutes: int

    @property
    def place(self) -> Place:
        return Place(self.kind, self.key)

    def pinned(self, versions: Mapping[int, int | None]) -> Self:
        """The same with its version named, where it has versions; these are by the id of the quiz."""
        return self


@dataclass
class Work:
    """A course that is being compiled: what it is made from, and what has been made so far.

    `former`: the activities of the edition before. `held`: texts that stay as `former` has them. `entries` are (lesson
    id, language, digest of the document); `documents` those made from the draft.
    """

    draft: Draft
    quizzes: Mapping[int, CompiledQuiz]
    former: Mapping[Place, CompiledActivity] = field(default_factory=dict)
    held: frozenset[HeldText] = frozenset()
    documents: dict[str, Document] = field(default_factory=dict)
    entries: list[tuple[int, str, str]] = field(default_factory=list)


class OutlineActivity:
    """An activity as pages use it."""

    kind: ClassVar[str]

    def __init__(self, compiled: CompiledActivity, module: str) -> None:
        self.key = compiled.key
        self.id = compiled.id
        self.minutes = compiled.minutes
        self.module = module


class TextsByLanguage:
    """Texts in several languages: where there is none in the one asked for, that of the source."""

    def __init__(self, texts: Mapping[str, CompiledText], source_language: str) -> None:
        self._source = source_language
        self._texts = MappingProxyType({code: text.model_dump() for code, text in texts.items()})

    def language(self, language: str) -> str:
        """The language in which it is shown to someone who asked for this one."""
        return language if language in self._texts else self._source

    def texts(self, language: str) -> dict[str, Any]:
        """title, bytes, state, stale and document (its digest)."""
        return self._texts[self.language(language)]


class ActivityKind(ABC):
    """A kind of activity, as courses are written and published. What it is to learners says `learning.activities`."""

    name: ClassVar[str]
    """In editions, in files, and the column of `Activity` that says what stands there."""
    plural: ClassVar[str]
    """How the requirements of a course, and of an enrolment, name those that they take."""
    compiled: ClassVar[type[CompiledActivity]]

    @abstractmethod
    def compile(self, activity: Activity, work: Work) -> CompiledActivity:
        """What an edition made now says of it."""

    @abstractmethod
    def outline(self, compiled: CompiledActivity, module: str, source_language: str) -> OutlineActivity:
        """The same as pages use it; `module` is the key of its module."""

    @abstractmethod
    def required(self, requirement: Any, draft: Draft) -> list[str]:
        """The keys that a requirement of the draft means."""
