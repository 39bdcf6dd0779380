"""One more attempt at a quiz, for a learner who has used all."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.curriculum import editions
from maarifa.curriculum.editions import Outline
from maarifa.delivery.actions import queue_message
from maarifa.learning.actions.event_kinds import EventError
from maarifa.learning.messages import LEARNING
from maarifa.learning.models import Enrolment
from maarifa.lib.contact import contact_for
from maarifa.quizzes import actions as quizzes
from maarifa.quizzes.models import AttemptGrant, QuizVersion


def grant_attempt(
    *,
    enrolment: Enrolment,
    quiz: str,
    by: User,
    reason: str = AttemptGrant.Reason.REREAD,
    institution: UUID | None = None,
    at: datetime | None = None,
) -> bool:
    """Lets the learner try this quiz of their course once more, writes that into the audit, and tells them by mail
    where there is an address. True where this call did it: of two at once, one does.

    `quiz`: its key in the course; `institution`: the public id of the one in whose name. Refuses UNKNOWN_QUIZ
    (EventError) for a quiz that the learner's edition does not have, and as `quizzes.actions.grant_attempt`.
    """
    at = at or timezone.now()
    outline = editions.outline(enrolment.edition_id)
    entry = outline.quiz(quiz)
    if entry is None:
        raise EventError("UNKNOWN_QUIZ", quiz=quiz)
    with transaction.atomic():
        grant, new = quizzes.grant_attempt(
            learner=enrolment.learner,
            quiz_version=QuizVersion.objects.get(pk=entry.version),
            by=by,
            reason=reason,
            at=at,
        )
        if new:
            record_audit(
                actor=by,
                action="attempt.granted",
                on_user=enrolment.learner,
                institution=institution,
                details={"quiz": grant.quiz.key, "number": grant.number, "reason": grant.reason},
                at=at,
            )
            _tell(enrolment, outline, entry.key, grant, at)
    return new


def _tell(enrolment: Enrolment, outline: Outline, quiz: str, grant: AttemptGrant, at: datetime) -> None:
    learner = enrolment.learner
    language = learner.interface_language
    course_language = enrolment.language
    with translation.override(language):
        path = reverse("quiz", args=[outline.course, quiz])
        contact = str(contact_for(institution=enrolment.institution))
    queue_message(
        key=f"attempt-grant:{grant.pk}",
        kind=LEARNING.name,
        language=language,
        template="learning/mail/granted",
        context={
            "name": learner.name,
            "course": outline.texts(course_language)["title"],
            "quiz": outline.quiz_texts(quiz, course_language)["title"],
            "url": settings.SITE_URL + path,
            "contact": contact,
        },
        recipient=learner,
        at=at,
    )
