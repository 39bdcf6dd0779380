"""What a kind of event has to say: each of them is in `events`."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.learning.models import Enrolment
from maarifa.learning.stored import Outcome
from maarifa.lib.errors import DomainError

Payload = dict[str, Any]
"""As it came: each kind reads its own fields."""
Prepared = TypeVar("Prepared")


class EventError(DomainError):
    MESSAGES = {
        "EVENT_REUSED": _(
            "The same form was already sent with different content. Reload the page and send the form again."
        ),
        "UNKNOWN_KIND": _("“%(kind)s” is not a kind of event. Use one of: %(kinds)s."),
        "BAD_PAYLOAD": _("The field “%(field)s” is missing or cannot be read. Expected: %(expected)s."),
        "NOT_ENROLLED": _("You are not enrolled in this course."),
        "NOT_OPEN": _("This course is not open to you at the moment."),
        "UNKNOWN_LESSON": _("There is no lesson “%(lesson)s” in this course."),
        "UNKNOWN_QUIZ": _("There is no quiz “%(quiz)s” in this course."),
        "UNKNOWN_ATTEMPT": _("There is no such attempt in your account."),
        "UNKNOWN_CARD": _("This question is not part of your review at the moment."),
        "UNKNOWN_PRACTICE": _("There is no practice question “%(practice)s” in this lesson."),
    }


def text_in(payload: Payload, field: str) -> str:
    value = payload.get(field)
    if not isinstance(value, str) or not value or len(value) > 200 or not value.isprintable():
        raise EventError("BAD_PAYLOAD", field=field, expected=_("a short text"))
    return value


def object_in(payload: Payload, field: str) -> dict[str, Any]:
    value = payload.get(field)
    if not isinstance(value, dict):
        raise EventError("BAD_PAYLOAD", field=field, expected="{…}")
    return value


def enrolment_of(learner: User, at: datetime, **where: Any) -> Enrolment:
    """The learner's own enrolment of this kind, which is open. Refuses otherwise."""
    enrolment = Enrolment.objects.for_page().filter(learner=learner, **where).first()
    if enrolment is None:
        raise EventError("NOT_ENROLLED")
    enrolment.learner = learner
    if not enrolment.is_open(at):
        raise EventError("NOT_OPEN")
    return enrolment


class Applied(NamedTuple):
    """`done_at`: when a step was done that may complete the course; None where none was."""

    outcome: Outcome
    done_at: datetime | None


class Handler(ABC, Generic[Prepared]):
    """A kind of event."""

    may_complete: ClassVar[bool]
    """Whether it may be the last step of a course."""
    is_activity: ClassVar[bool] = True
    """Whether it shows that its learner is active in the course; what others see of a learner follows from that."""

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
