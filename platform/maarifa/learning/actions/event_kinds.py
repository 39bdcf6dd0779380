"""What a kind of event has to say: each of them is in `events`."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from maarifa.accounts.models import User
from maarifa.learning.models import Enrolment
from maarifa.learning.stored import Outcome

Payload = dict[str, Any]
"""As it came: each kind reads its own fields."""
Prepared = TypeVar("Prepared")


class Applied(NamedTuple):
    """`done_at`: when a step was done that may complete the course; None where none was."""

    outcome: Outcome
    done_at: datetime | None


class Handler(ABC, Generic[Prepared]):
    """A kind of event."""

    may_complete: ClassVar[bool]
    """Whether it may be the last step of a course."""

    @staticmethod
    @abstractmethod
    def find(learner: User, payload: Payload, at: datetime) -> tuple[Enrolment, Prepared]:
        """Whose enrolment it is of, and what `apply` needs. Refuses what names nothing of this learner's."""

    @staticmethod
    def began(enrolment: Enrolment, subject: Prepared) -> datetime:
        """When that began which it belongs to."""
        return enrolment.enrolled_at

    @staticmethod
    @abstractmethod
    def apply(enrolment: Enrolment, subject: Prepared, moment: datetime, at: datetime) -> Applied:
        """Does it, and says what comes of it. Refuses with QuizError what a rule says no to."""
