"""Publishing a quiz, and one learner's way through an attempt."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.lib.digests import digest_of
from maarifa.quizzes.checks import question_problems, source_of, text_problems
from maarifa.quizzes.drawing import draw, new_seed, order_of_choices
from maarifa.quizzes.grading import grade, maximum
from maarifa.quizzes.kinds import Response, kind_named
from maarifa.quizzes.models import (
    STALE,
    Attempt,
    AttemptQuestion,
    Bank,
    PoolEntry,
    Question,
    QuestionVersion,
    Quiz,
    QuizVersion,
)
from maarifa.quizzes.refusals import AnswerRefusal, QuizRefusal
from maarifa.quizzes.reviews import terms as terms_for
from maarifa.quizzes.signals import attempt_graded

# Publishing -------------------------------------------------------------------------------------------------


def version_quiz(*, quiz: Quiz, at: datetime | None = None) -> QuizVersion:
    """The quiz as it stands now, never to change again: its rules, and a version of each question not
    retired.

    What has not changed since an earlier version is not made again: the same content gives the same rows.
    Refuses INVALID_QUESTIONS (questions) and TOO_FEW_QUESTIONS (draw, found); `checks.quiz_problems` says
    what is wrong, question by question.
    """
    at = at or timezone.now()
    questions = list(
        Question.objects.filter(bank_id=quiz.bank_id, retired_at__isnull=True)
        .order_by("position", "id")
        .prefetch_related("texts")
    )
    incomplete = [
        question.key for question in questions if question_problems(question, list(question.texts.all()))
    ]
    if incomplete:
        raise QuizRefusal("INVALID_QUESTIONS", questions=incomplete)
    if len(questions) < quiz.draw:
        raise QuizRefusal("TOO_FEW_QUESTIONS", draw=quiz.draw, found=len(questions))
    try:
        with transaction.atomic():
            return _version_quiz(quiz, questions, at)
    except IntegrityError:
        # Somebody published the same at the same moment: their rows are there now, and serve us as well.
        with transaction.atomic():
            return _version_quiz(quiz, questions, at)


def _version_quiz(quiz: Quiz, questions: list[Question], at: datetime) -> QuizVersion:
    pool = _version_questions(questions, at)
    rules = {
        "draw": quiz.draw,
        "pass_percent": quiz.pass_percent,
        "attempts": quiz.attempts,
        "wait_minutes": quiz.wait_minutes,
        "minutes": quiz.minutes,
    }
    asked = [[question.key, version.digest] for question, version in zip(questions, pool, strict=True)]
    digest = digest_of({"rules": rules, "pool": asked})
    earlier = list(QuizVersion.objects.filter(quiz=quiz).order_by("number"))
    same = next((version for version in earlier if version.digest == digest), None)
    if same:
        return same
    number = earlier[-1].number + 1 if earlier else 1
    made = QuizVersion.objects.create(quiz=quiz, number=number, rules=rules, digest=digest, made_at=at)
    PoolEntry.objects.bulk_create(
        PoolEntry(quiz_version=made, question_version=version, position=position)
        for position, version in enumerate(pool, start=1)
    )
    return made


def _version_questions(questions: list[Question], at: datetime) -> list[QuestionVersion]:
    earlier: dict[int, list[QuestionVersion]] = {question.pk: [] for question in questions}
    known = QuestionVersion.objects.filter(question__in=earlier).only("question_id", "number", "digest")
    for version in known.order_by("number"):
        earlier[version.question_id].append(version)
    versions, new = [], []
    for question in questions:
        content = _content(question)
        digest = digest_of(content)
        version = next((version for version in earlier[question.pk] if version.digest == digest), None)
        if version is None:
            number = earlier[question.pk][-1].number + 1 if earlier[question.pk] else 1
            version = QuestionVersion(question=question, number=number, digest=digest, made_at=at, **content)
            new.append(version)
        versions.append(version)
    QuestionVersion.objects.bulk_create(new)
    return versions


def _content(question: Question) -> dict:
    """What a version keeps. Translations with holes are left out: the source words are shown instead."""
    texts = sorted(question.texts.all(), key=lambda text: text.language)
    source = source_of(texts)
    complete = [text for text in texts if text == source or not text_problems(question, text)]
    return {
        "kind": question.kind,
        "points": question.points,
        "lesson_key": question.lesson_key,
        "structure": question.structure,
        "words": {text.language: text.words for text in complete},
        "states": {
            text.language: STALE if text.is_stale(source.digest()) else text.state for text in complete
        },
        "source_language": source.language,
    }


# Drafts -----------------------------------------------------------------------------------------------------


def retire(*, rows: Iterable[Bank | Question | Quiz], at: datetime | None = None) -> int:
    """Take banks, questions or quizzes out of use; what was published with them stays. Returns how many were in
    use. Row by row, so that history knows.
    """
    return _set_retired([row for row in rows if row.retired_at is None], at or timezone.now())


def bring_back(*, rows: Iterable[Bank | Question | Quiz]) -> int:
    """Undo `retire`. Returns how many were retired."""
    return _set_retired([row for row in rows if row.retired_at is not None], None)


def _set_retired(rows: list, at: datetime | None) -> int:
    with transaction.atomic():
        for row in rows:
            row.retired_at = at
            row.save(update_fields=["retired_at"])
    return len(rows)


# An attempt -------------------------------------------------------------------------------------------------


def start_attempt(
    *,
    learner: User,
    quiz_version: QuizVersion,
    language: str,
    deadline: datetime | None = None,
    at: datetime | None = None,
) -> Attempt:
    """Questions drawn for this learner, under terms that hold from now on.

    An open attempt at the quiz, of whichever version, is returned instead of a second one. Refuses
    ALREADY_PASSED, ATTEMPTS_USED (attempts) and WAIT (until).
    """
    at = at or timezone.now()
    terms = terms_for(learner=learner, quiz_version=quiz_version, at=at)
    if terms.open_attempt:
        return terms.open_attempt
    if terms.passed:
        raise QuizRefusal("ALREADY_PASSED")
    if not terms.left:
        raise QuizRefusal("ATTEMPTS_USED", attempts=terms.attempts)
    if terms.next_at:
        raise QuizRefusal("WAIT", until=terms.next_at)

    pool = {
        version.question.key: version
        for version in QuestionVersion.objects.filter(quiz_versions=quiz_version).select_related("question")
    }
    seed = new_seed()
    drawn = draw(seed, pool, quiz_version.rules["draw"])
    attempt = Attempt(
        learner=learner,
        quiz_id=quiz_version.quiz_id,
        quiz_version=quiz_version,
        number=terms.last_number + 1,
        seed=seed,
        language=language,
        terms={
            "pass_percent": terms.pass_percent,
            "attempts": terms.attempts,
            "wait_minutes": terms.wait_minutes,
            "deadline": deadline.isoformat() if deadline else None,
        },
        started_at=at,
        maximum=maximum(pool[key] for key in drawn),
    )
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
            AttemptQuestion.objects.bulk_create(
                AttemptQuestion(
                    attempt=attempt,
                    position=position,
                    question_version=pool[key],
                    choice_order=_choice_order(seed, key, pool[key]),
                )
                for position, key in enumerate(drawn, start=1)
            )
    except IntegrityError:
        # Two clicks at once: the other one's attempt is the attempt.
        open_attempt = Attempt.objects.open().filter(learner=learner, quiz=quiz_version.quiz_id).first()
        if open_attempt is None:
            raise
        return open_attempt
    return attempt


def _choice_order(seed: int, key: str, version: QuestionVersion) -> list[str]:
    kind = kind_named(version.kind)
    choices = kind.choice_keys(version.structure)
    return order_of_choices(seed, key, choices) if kind.shuffles else choices


def save_answers(
    *,
    attempt: Attempt,
    responses: Mapping,
    happened_at: datetime,
    at: datetime | None = None,
    rows: Iterable[AttemptQuestion] | None = None,
) -> list[str]:
    """Keep these answers (question position to response; None takes an answer back) and no other.

    Answers may arrive in any order: of two to the same question, the one that happened later stays. Returns
    the positions that changed. Refuses the whole batch with CLOSED after submission, and with an
    `AnswerRefusal` (its `all` names every one) where an answer cannot be read. `rows`: all questions of the
    attempt with their versions, where the caller has just read them.
    """
    at = at or timezone.now()
    if not attempt.is_open:
        raise QuizRefusal("CLOSED")
    rows = _rows_answered(attempt, responses, rows)
    moment = _moment(attempt, happened_at, at)
    # Nothing is raised inside, so that a caller's own transaction can go on and record the refusal.
    with transaction.atomic(savepoint=False):
        still_open = Attempt.objects.open().filter(pk=attempt.pk).update(saved_at=at)
        changed = _store(rows, moment) if still_open else []
    if not still_open:
        raise QuizRefusal("CLOSED")
    attempt.saved_at = at
    return changed


def submit_attempt(
    *,
    attempt: Attempt,
    responses: Mapping,
    happened_at: datetime,
    at: datetime | None = None,
    late: bool = False,
    rows: Iterable[AttemptQuestion] | None = None,
) -> Attempt:
    """Grade the attempt on the answers kept so far and these; what has no answer counts zero.

    Of any number of submissions the first one counts: later ones change nothing and return its result. Sends
    `signals.attempt_graded` inside the transaction. `late` marks the result as awaiting a decision. Refuses
    with an `AnswerRefusal`, as `save_answers`, and then nothing is submitted. `rows`: as there.
    """
    at = at or timezone.now()
    if not attempt.is_open:
        return attempt
    rows = _rows_answered(attempt, responses, rows)
    moment = _moment(attempt, happened_at, at)
    with transaction.atomic(savepoint=False):
        # The first statement takes the attempt's row: whoever saves or submits after us finds it closed. What
        # it writes for a score is replaced before anyone can read it.
        closing = {
            "submitted_at": moment,
            "saved_at": at,
            "late": Attempt.Late.AWAITING if late else Attempt.Late.NO,
        }
        open_still = Attempt.objects.open().filter(pk=attempt.pk)
        won = open_still.update(**closing, score=0, passed=False)
        if won:
            _store(rows, moment)
            result = _grade(attempt)
            for name, value in (closing | result).items():
                setattr(attempt, name, value)
            attempt_graded.send(sender=Attempt, attempt=attempt)
    if not won:
        attempt.refresh_from_db()
    return attempt


def decide_late(*, attempt: Attempt, accept: bool) -> bool:
    """An attempt that came late counts, or not. True where this call decided it; sends `attempt_graded`."""
    verdict = Attempt.Late.ACCEPTED if accept else Attempt.Late.REFUSED
    with transaction.atomic():
        waiting = Attempt.objects.filter(pk=attempt.pk, late=Attempt.Late.AWAITING)
        decided = waiting.update(late=verdict) == 1
        attempt.refresh_from_db()
        if decided:
            attempt_graded.send(sender=Attempt, attempt=attempt)
    return decided


def _moment(attempt: Attempt, happened_at: datetime, at: datetime) -> datetime:
    """Never after arrival, nor before the attempt began, whatever a phone's clock says."""
    return max(min(happened_at, at), attempt.started_at)


def _rows_answered(
    attempt: Attempt, responses: Mapping, rows: Iterable[AttemptQuestion] | None
) -> list[tuple[AttemptQuestion, Response | None]]:
    """The rows that the answers are for, each with its answer as it will be stored; or all the refusals."""
    if not responses:
        return []
    if rows is None:
        rows = AttemptQuestion.objects.filter(attempt_id=attempt.pk).select_related("question_version")
    asked = {str(row.position): row for row in rows}
    answered, refusals = [], []
    for position, raw in responses.items():
        row = asked.get(str(position))
        if row is None:
            refusals.append(AnswerRefusal("UNKNOWN_POSITION", value=position, position=str(position)))
            continue
        version = row.question_version
        try:
            answered.append((row, kind_named(version.kind).read(version.structure, raw)))
        except AnswerRefusal as refusal:
            refusals.append(
                AnswerRefusal(refusal.code, value=refusal.params["value"], position=str(position))
            )
    if refusals:
        first, *more = refusals
        first.more = tuple(more)
        raise first
    return answered


def _store(rows: list[tuple[AttemptQuestion, Response | None]], moment: datetime) -> list[str]:
    """Write the answers that changed, unless a later one is there. The attempt's row is ours."""
    changed, cleared = [], []
    for row, response in rows:
        if row.response == response:
            continue
        row.response, row.answered_at = response, moment
        (cleared if response is None else changed).append(row)
    overtakes = AttemptQuestion.objects.filter(Q(answered_at__isnull=True) | Q(answered_at__lte=moment))
    if changed:
        overtakes.bulk_update(changed, ["response", "answered_at"])
    if cleared:
        # Apart from the others: in a bulk update None would become JSON's null, which is an answer to a
        # database.
        overtakes.filter(pk__in=[row.pk for row in cleared]).update(response=None, answered_at=moment)
    return [str(row.position) for row in (*changed, *cleared)]


def _grade(attempt: Attempt) -> dict:
    """Write the scores, and return those of the attempt. Its row is ours."""
    # Read again: an answer may have been saved between our reading and our taking of the attempt.
    rows = list(AttemptQuestion.objects.filter(attempt_id=attempt.pk).select_related("question_version"))
    answers = ((row.question_version, row.response) for row in rows)
    graded = grade(answers, pass_percent=attempt.terms["pass_percent"])
    for row, score in zip(rows, graded.scores, strict=True):
        row.score = score
    AttemptQuestion.objects.bulk_update(rows, ["score"])
    result = {"score": graded.score, "passed": graded.passed}
    Attempt.objects.filter(pk=attempt.pk).update(**result)
    return result
