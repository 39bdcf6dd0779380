"""What follows for learners when a question was graded again: completions, and one message for each quiz."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from maarifa.curriculum import editions
from maarifa.delivery.actions import Message, queue_messages
from maarifa.learning.actions.completion import complete_if_met
from maarifa.learning.actions.reviewing import refresh_cards
from maarifa.learning.messages import RESULT
from maarifa.learning.models import Enrolment, EnrolmentAttempt
from maarifa.lib.contact import contact_for
from maarifa.lib.holding import hold
from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import Attempt, AttemptGrant, Regrade, RegradedAnswer

Place: TypeAlias = tuple[int, int]
"""A learner and a quiz. Quizzes on one question bank can ask the same question."""


def follow_regrade(
    *,
    regrade: Regrade,
    learners: Collection[int],
    grants: Iterable[AttemptGrant] = (),
    at: datetime | None = None,
) -> int:
    """Completes the courses of which the last requirement is met now, on the day on which the learner did the last of
    it; and tells each of the learners whose result changed, or who got an attempt back, once for each quiz, whatever
    the number of their attempts. Returns how many messages are new. Call it inside the transaction that records that
    they were looked at: run again, it does nothing twice.
    """
    at = at or timezone.now()
    changed = RegradedAnswer.objects.filter(
        regrade=regrade, attempt_question__attempt__learner__in=learners
    ).select_related("attempt_question__attempt")
    changes = list(changed.order_by("attempt_question__attempt__number", "pk"))
    _complete(changes)
    _refresh_cards(changes, at)
    changes_of: dict[Place, list[RegradedAnswer]] = {}
    for one in changes:
        attempt = one.attempt_question.attempt
        changes_of.setdefault((attempt.learner_id, attempt.quiz_id), []).append(one)
    grant_of = {(grant.learner_id, grant.quiz_id): grant for grant in grants}
    told = {place: _most_telling(some) for place, some in changes_of.items()}
    return queue_messages(messages=_messages(regrade, told, grant_of), at=at)


def _complete(changes: Iterable[RegradedAnswer]) -> None:
    newly_passed = [
        one.attempt_question.attempt_id for one in changes if one.passed_after and not one.passed_before
    ]
    if not newly_passed:
        return
    links = EnrolmentAttempt.objects.current().filter(attempt__in=newly_passed)
    hold(Enrolment.objects.filter(pk__in=links.values("enrolment")))
    for enrolment in Enrolment.objects.unfinished().for_page().filter(pk__in=links.values("enrolment")):
        complete_if_met(enrolment=enrolment)


def _refresh_cards(changes: Iterable[RegradedAnswer], at: datetime) -> None:
    """What was right or wrong then decides when a question is reviewed."""
    attempts = [one.attempt_question.attempt_id for one in changes]
    links = EnrolmentAttempt.objects.current().filter(attempt__in=attempts)
    enrolments = list(Enrolment.objects.for_page().filter(pk__in=links.values("enrolment")))
    if enrolments:
        refresh_cards(enrolments=enrolments, at=at)


def _most_telling(changes: Sequence[RegradedAnswer]) -> RegradedAnswer:
    """Of one learner in one quiz: the attempt that is passed now, else the latest."""
    return next((one for one in changes if one.passed_after and not one.passed_before), changes[-1])


@dataclass(frozen=True)
class _News:
    attempt: Attempt
    change: RegradedAnswer | None
    grant: AttemptGrant | None


def _messages(
    regrade: Regrade, told: dict[Place, RegradedAnswer], grant_of: dict[Place, AttemptGrant]
) -> list[Message]:
    news = {
        place: _News(change.attempt_question.attempt, change, grant_of.get(place))
        for place, change in told.items()
    }
    for place, grant in grant_of.items():
        if place not in news:
            learner, quiz = place
            attempts = Attempt.objects.submitted().filter(learner=learner, quiz=quiz)
            news[place] = _News(attempts.latest("number"), None, grant)
    links = EnrolmentAttempt.objects.current().filter(attempt__in=[one.attempt.pk for one in news.values()])
    links = links.select_related(
        "attempt__quiz", "enrolment__course", "enrolment__institution", "enrolment__learner"
    )
    return [
        _message(regrade, link, news[link.attempt.learner_id, link.attempt.quiz_id])
        for link in links.order_by("pk")
    ]


def _message(regrade: Regrade, link: EnrolmentAttempt, news: _News) -> Message:
    enrolment = link.enrolment
    learner, quiz = enrolment.learner, link.attempt.quiz.own_key
    outline = editions.outline(enrolment.edition_id)
    if quiz not in outline.quiz_keys:
        outline = editions.outline(link.edition_id)
    language = learner.interface_language
    with translation.override(language):
        path = reverse("result", args=[outline.course, quiz, link.attempt.public_id])
        contact = str(contact_for(institution=enrolment.institution))
    change = news.change
    return {
        "key": f"regrade:{regrade.pk}:{learner.pk}:{link.attempt.quiz_id}",
        "kind": RESULT.name,
        "language": language,
        "template": "learning/mail/regraded",
        "context": {
            "name": learner.name,
            "course": outline.texts(enrolment.language)["title"],
            "quiz": outline.quiz_texts(quiz, enrolment.language)["title"],
            "note": regrade.note,
            "changed": change is not None,
            "before": change.attempt_before / POINT if change else 0,
            "maximum_before": change.maximum_before / POINT if change else 0,
            "score": change.attempt_after / POINT if change else 0,
            "maximum": change.maximum_after / POINT if change else 0,
            "passed": bool(change and change.passed_after and not change.passed_before),
            "no_longer_passed": bool(change and change.passed_before and not change.passed_after),
            "one_more": news.grant is not None,
            "url": settings.SITE_URL + path,
            "contact": contact,
        },
        "recipient": learner,
    }
