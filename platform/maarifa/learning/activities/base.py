"""What every kind of activity is to learners, so that progress, cohorts and reminders need not know which there are."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from django.db.models import CharField, F, OuterRef, QuerySet, Value
from django.utils.safestring import SafeString

from maarifa.curriculum.activities import OutlineActivity
from maarifa.curriculum.editions import Outline
from maarifa.learning.models import Enrolment, EnrolmentQuerySet
from maarifa.quizzes.eligibility import Eligibility


class State(StrEnum):
    """How somebody stands with an activity."""

    NOT_YET = ""
    BEGUN = "begun"
    FAILED = "failed"
    DONE = "done"


class Record(ABC):
    """How one learner stands with all activities of a kind, each named by its key."""

    @property
    @abstractmethod
    def done_keys(self) -> Set[str]:
        """Of those that are done: also late ones, and some that the edition no longer has."""

    @property
    @abstractmethod
    def awaiting(self) -> bool:
        """Something came late, and nobody has decided yet."""

    @abstractmethod
    def counts(self, key: str) -> bool:
        """Whether it counts for completion: done in time, or late and accepted."""

    def locked(self, key: str) -> Eligibility | None:
        """Why it cannot be done now, though it is not done; None where it can be, or is done."""
        return None


@dataclass(frozen=True)
class Result:
    """How an enrolment stands with an activity; `percent` is the best result, where there is one."""

    enrolment: int
    key: str
    state: State
    percent: float | None = None


@dataclass(frozen=True)
class Mark:
    """`label` is for who cannot see the sign."""

    sign: str
    css: str
    label: str


@dataclass(frozen=True)
class Row:
    """An activity on the page of its course. `url` is empty where it cannot be opened yet."""

    mark: Mark
    url: str
    title: str
    attributes: str
    aside: str
    tag: str = ""
    below: str = ""


@dataclass(frozen=True)
class Requirement:
    """Something that the certificate asks, in words."""

    text: str | SafeString
    met: bool
    awaiting: bool


class ActivityKind(ABC):
    """A kind of activity as learners meet it. What it is made of says the kind of this name in `curriculum.activities`.

    Keys are those of the course; `course` is its key.
    """

    name: ClassVar[str]
    url_name: ClassVar[str]
    """The route of its page: of the course's key and its own."""

    @property
    def named(self) -> Value:
        """Its name, as a column of a query."""
        return Value(self.name, output_field=CharField())

    # What it is called ---------------------------------------------------------------------------------------

    @abstractmethod
    def title(self, outline: Outline, key: str, language: str) -> dict[str, str]:
        """Its title, and the language that this is in."""

    @abstractmethod
    def row(
        self,
        outline: Outline,
        activity: OutlineActivity,
        language: str,
        record: Record | None,
        *,
        is_next: bool,
        url: str,
    ) -> Row:
        """On the page of the course; without a record, for who does not take it."""

    @abstractmethod
    def requirements(
        self, outline: Outline, keys: Sequence[str], record: Record, language: str
    ) -> Iterator[Requirement]:
        """What completion takes of these, which it asks for."""

    @abstractmethod
    def state_words(self, state: State) -> str:
        """For coordinators."""

    @abstractmethod
    def tally_words(self, states: Collection[State]) -> Iterator[str]:
        """How many are done of those that stand thus, for coordinators."""

    # How far somebody is -------------------------------------------------------------------------------------

    @abstractmethod
    def records(self, enrolments: Iterable[Enrolment], at: datetime) -> Mapping[int, Record]:
        """By the enrolment's id. One query."""

    def keys_at_a_glance(self, outline: Outline) -> tuple[str, ...]:
        """What `at_a_glance` must be told of the edition: its text depends on nothing else."""
        return ()

    @abstractmethod
    def at_a_glance(
        self, course: str, keys: tuple[str, ...], *, enrolment: int, learner: int
    ) -> QuerySet[Any, tuple[Any, ...]]:
        """For the hot path: rows of `name`, a key (perhaps after the course's and a slash), and a text."""

    @abstractmethod
    def record_at_a_glance(
        self, rows: Iterable[tuple[str, str]], enrolment: Enrolment, outline: Outline, at: datetime
    ) -> Record:
        """From the keys and texts of these rows."""

    @abstractmethod
    def results(self, enrolments: Collection[int]) -> Iterator[Result]:
        """Of all activities that these have begun. One query."""

    # What counts ---------------------------------------------------------------------------------------------

    @abstractmethod
    def moments(
        self, enrolment: Enrolment, course: str, keys: Collection[str]
    ) -> QuerySet[Any, tuple[Any, ...]]:
        """When each was done that counts: rows of `name`, a key (perhaps after the course's and a slash), a moment.
        Others than `keys` may be among them.
        """

    @abstractmethod
    def have_done(
        self, enrolments: EnrolmentQuerySet, course: str, keys: Collection[str]
    ) -> EnrolmentQuerySet:
        """Those in which all these are done and count."""

    @abstractmethod
    def still_to_do(self, edition: Any) -> QuerySet[Any]:
        """For `Exists` below enrolments: what they can do in their edition, now or later, and have not."""

    @abstractmethod
    def late(self, enrolment: OuterRef | F | int) -> QuerySet[Any]:
        """What came late and waits for a decision."""

    @abstractmethod
    def accept_late(self, enrolment: Enrolment) -> int:
        """All that came late counts now. Returns how much that was."""
