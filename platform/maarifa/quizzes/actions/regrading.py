"""Grading a question again because its key was wrong."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from maarifa.accounts.actions import record_audit
from maarifa.accounts.models import User
from maarifa.lib import jobs
from maarifa.lib.holding import hold
from maarifa.lib.jobs import Claim
from maarifa.quizzes import tasks
from maarifa.quizzes.errors import RegradeError
from maarifa.quizzes.models import (
    Attempt,
    AttemptGrant,
    AttemptQuestion,
    GradingRule,
    QuestionVersion,
    Regrade,
    RegradedAnswer,
)
from maarifa.quizzes.regrading import (
    Change,
    Correction,
    Preview,
    asked_in,
    attempt_grade,
    changes_in,
    learners_with_attempt_back,
    preview,
)
from maarifa.quizzes.signals import results_corrected
from maarifa.quizzes.stored import RuleData

ANSWERS, LEARNERS = 200, 50
"""So many are one transaction."""
TURN_SECONDS = 20
"""After so long the rest goes to the end of the queue."""

Told = Callable[[], object]


class Regrades(jobs.Runner[Regrade]):
    name = "regrade"
    model = Regrade
    task = tasks.regrade
    # Longer than a batch takes; every batch claims anew, so that a dead worker's rest is taken soon.
    claim_seconds = 60
    takes_long = True

    def load(self, pk: int) -> Regrade:
        return Regrade.objects.select_related("question", "by").get(pk=pk)

    def work(self, row: Regrade, claim: Claim, *, tell: Told | None = None, turn: int = TURN_SECONDS) -> bool:
        # Versions that a later correction took over are graded by that one.
        mine = GradingRule.objects.filter(regrade=row).select_related("question_version")
        rules = {one.question_version_id: one for one in mine}
        # Whoever submits after the first batch began finds the rule.
        if not row.graded_up_to:
            _wait_for_submissions(rules)
        for step in (_grade_next, _follow_next):
            while step(claim, row, rules):
                if tell:
                    tell()
                if turn and claim.seconds() > turn:
                    raise jobs.MoreError
        return claim.finish()


REGRADES = Regrades()


def regrade_question(
    *,
    correction: Correction,
    note: str,
    by: User,
    seen: str | None = None,
    lowers: bool = False,
    at: datetime | None = None,
) -> Regrade:
    """The correction holds from now on for every attempt at these versions that is submitted; a job grades those that
    were submitted before, and tells their learners. Written into the audit.

    `seen` is the digest of the preview that a person looked at, `lowers` whether they have said that scores may fall.
    Refuses as `Correction.rules`, and NO_NOTE, CHANGED where the figures are others by now, NOT_CONFIRMED, and RUNNING
    while another correction of the question is being applied.
    """
    at = at or timezone.now()
    if not note.strip():
        raise RegradeError("NO_NOTE")
    figures = preview(correction)
    if seen is not None and seen != figures.digest:
        raise RegradeError("CHANGED")
    if figures.falling and not lowers:
        raise RegradeError("NOT_CONFIRMED")
    numbers = sorted(version.number for version in correction.versions)
    try:
        with transaction.atomic():
            row = _store(correction, figures, numbers, note.strip(), by, at)
            record_audit(
                actor=by,
                action="question.regraded",
                details={
                    "question": f"{correction.question.bank.key}/{correction.question.key}",
                    "versions": numbers,
                    "method": correction.method,
                    "lower": correction.lower,
                    "regrade": row.pk,
                },
                at=at,
            )
            REGRADES.hand_over(row)
    except IntegrityError:
        raise RegradeError("RUNNING") from None
    return row


def _store(
    correction: Correction, figures: Preview, numbers: list[int], note: str, by: User, at: datetime
) -> Regrade:
    row = Regrade.objects.create(
        question=correction.question,
        versions=numbers,
        method=correction.method,
        lower=correction.lower,
        note=note,
        by=by,
        attempts=figures.attempts,
        created_at=at,
        due_at=at,
        queued_at=at,
    )
    for version in correction.versions:
        GradingRule.objects.update_or_create(
            question_version=version, defaults={"regrade": row, "rule": correction.rules[version.pk]}
        )
    return row


def apply_regrade(
    *, regrade_id: int, at: datetime | None = None, tell: Told | None = None, turn: int = TURN_SECONDS
) -> bool:
    """Grades in batches, then does what follows for the learners in batches; True where this call brought it to its
    end. `tell` is called after each. After `turn` seconds, unless it is 0, the rest is left to another turn.

    The scores of a batch, what was changed, and how far the job has come are one transaction; so are, for a batch of
    learners, the attempts they get back, what they complete and what they are told. Whoever dies anywhere leaves whole
    batches and a claim that runs out, and the next one goes on after the last batch; nothing happens twice.
    """
    return REGRADES.run(regrade_id, at=at, tell=tell, turn=turn)


def try_regrade_again(*, regrade: Regrade, by: User, at: datetime | None = None) -> bool:
    """One that failed is in the queue once more, and goes on where it stopped. True where this call did it."""
    at = at or timezone.now()
    try:
        with transaction.atomic():
            again = REGRADES.queue_again(Regrade.objects.filter(pk=regrade.pk), at=at)
            if again:
                record_audit(
                    actor=by, action="question.regrade-tried-again", details={"regrade": regrade.pk}, at=at
                )
    except IntegrityError:
        raise RegradeError("RUNNING") from None
    return bool(again)


Rules = Mapping[int, GradingRule]


def _wait_for_submissions(rules: Rules) -> None:
    """Whoever is submitting at this moment may have read the versions before their rule was there: afterwards they have
    finished, and are found among the submitted attempts. Who submits later finds the rule.
    """
    with transaction.atomic():
        asked = AttemptQuestion.objects.filter(question_version__in=list(rules))
        hold(Attempt.objects.open().filter(pk__in=asked.values("attempt")))


def _grade_next(claim: Claim, row: Regrade, rules: Rules) -> bool:
    """One batch. False when there is nothing left to grade."""
    reached = Regrade.objects.values_list("graded_up_to", flat=True).get(pk=row.pk)
    todo = asked_in(rules).filter(pk__gt=reached).order_by("pk")
    places = list(todo.values_list("pk", "attempt_id")[:ANSWERS])
    if places:
        _grade(claim, row, rules, places)
    return bool(places)


def _grade(claim: Claim, row: Regrade, rules: Rules, places: list[tuple[int, int]]) -> None:
    with transaction.atomic():
        claim.renew()
        # Whoever else grades one of these attempts waits, and then sees what was written here.
        hold(Attempt.objects.filter(pk__in={attempt for _pk, attempt in places}))
        asked = AttemptQuestion.objects.filter(pk__in=[pk for pk, _attempt in places])
        answers = list(asked.select_related("attempt").order_by("pk"))
        changes = [one for one in changes_in(answers, _versions(rules), _rules(rules)) if one.changes]
        _write(row, changes, {answer.pk: answer for answer in answers})
        Regrade.objects.filter(pk=row.pk).update(
            graded_up_to=places[-1][0],
            graded=F("graded") + len(places),
            raised=F("raised") + sum(one.rises for one in changes),
            lowered=F("lowered") + sum(one.falls for one in changes),
            newly_passed=F("newly_passed") + sum(one.newly_passed for one in changes),
            no_longer_passed=F("no_longer_passed") + sum(one.no_longer_passed for one in changes),
        )


def _versions(rules: Rules) -> dict[int, QuestionVersion]:
    return {pk: one.question_version for pk, one in rules.items()}


def _rules(rules: Rules) -> dict[int, RuleData]:
    return {pk: one.rule for pk, one in rules.items()}


def _write(row: Regrade, changes: list[Change], answers: Mapping[int, AttemptQuestion]) -> None:
    """The scores, and what they were before."""
    for change in changes:
        answer = answers[change.row]
        answer.score, answer.dropped = change.after.question, change.after.question is None
        answer.attempt.score, answer.attempt.maximum = change.after.score, change.after.maximum
        answer.attempt.passed = change.after.passed
    changed = [answers[change.row] for change in changes]
    AttemptQuestion.objects.bulk_update(changed, ["score", "dropped"])
    Attempt.objects.bulk_update([one.attempt for one in changed], ["score", "maximum", "passed"])
    RegradedAnswer.objects.bulk_create(
        RegradedAnswer(
            regrade=row,
            attempt_question_id=change.row,
            score_before=change.before.question,
            score_after=change.after.question,
            attempt_before=change.before.score,
            attempt_after=change.after.score,
            maximum_before=change.before.maximum,
            maximum_after=change.after.maximum,
            passed_before=change.before.passed,
            passed_after=change.after.passed,
        )
        for change in changes
    )


def _follow_next(claim: Claim, row: Regrade, rules: Rules) -> bool:
    """What follows for some learners. False when all have been looked at."""
    reached = Regrade.objects.values_list("followed_up_to", flat=True).get(pk=row.pk)
    # Those that were changed before a later correction took over their version are still this one's to tell.
    changed = AttemptQuestion.objects.filter(regraded__regrade=row)
    concerned = AttemptQuestion.objects.filter(
        Q(pk__in=asked_in(rules).values("pk")) | Q(pk__in=changed.values("pk"))
    )
    todo = concerned.filter(attempt__learner_id__gt=reached).order_by("attempt__learner_id")
    learners = list(todo.values_list("attempt__learner_id", flat=True).distinct()[:LEARNERS])
    if not learners:
        return False
    with transaction.atomic():
        claim.renew()
        grants = _give_back(row, rules, learners, claim.now())
        results_corrected.send(sender=Regrade, regrade=row, learners=learners, grants=grants)
        Regrade.objects.filter(pk=row.pk).update(
            followed_up_to=learners[-1], attempts_back=F("attempts_back") + len(grants)
        )
    return True


def _give_back(row: Regrade, rules: Rules, learners: list[int], at: datetime) -> list[AttemptGrant]:
    """One more attempt for those who failed by the question alone and have none left: see
    `learners_with_attempt_back`.
    """
    rows = asked_in(rules).filter(attempt__learner__in=learners).select_related("attempt")
    before = {
        one.attempt_question_id: one.passed_before
        for one in RegradedAnswer.objects.filter(regrade=row, attempt_question__attempt__learner__in=learners)
    }
    versions = _versions(rules)
    found: list[Change] = []
    for answer in rows:
        attempt = answer.attempt
        # Whoever submitted later was graded by the rule from the beginning.
        if attempt.arrived_at is None or attempt.arrived_at > row.created_at:
            continue
        after = attempt_grade(attempt, answer, versions[answer.question_version_id])
        earlier = replace(after, passed=before.get(answer.pk, after.passed))
        found.append(Change(answer.pk, attempt.pk, attempt.learner_id, attempt.quiz_id, earlier, after))
    grants: list[AttemptGrant] = []
    for (learner, quiz), number in learners_with_attempt_back(found).items():
        grant, new = AttemptGrant.objects.select_related("learner", "quiz").get_or_create(
            learner_id=learner,
            quiz_id=quiz,
            number=number,
            defaults={"granted_by": row.by, "granted_at": at, "reason": AttemptGrant.Reason.REGRADE},
        )
        if new:
            grants.append(grant)
            record_audit(
                actor=row.by,
                action="attempt.granted",
                on_user=grant.learner,
                details={"quiz": grant.quiz.key, "number": grant.number, "reason": grant.reason},
                at=at,
            )
    return grants
