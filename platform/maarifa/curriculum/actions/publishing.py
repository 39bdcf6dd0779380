"""Making an edition of a course, and choosing which one learners read."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.curriculum.actions.practice import keep_practice
from maarifa.curriculum.activities import HeldText
from maarifa.curriculum.compiling import Compilation
from maarifa.curriculum.models import Course, Document, Edition, EditionEntry, EditionQuiz, Picture
from maarifa.curriculum.nextedition import next_edition
from maarifa.curriculum.signals import edition_chosen
from maarifa.lib.errors import DomainError
from maarifa.lib.problems import Problem
from maarifa.quizzes.actions import version_quiz
from maarifa.quizzes.models import QuizVersion

TRIES = 3
REASON = "edition "
"""With a number: why a row of the course's history is there."""


class _Overtaken(Exception):
    """The current edition is no longer the one that this one was compared with."""


class PublishingError(DomainError):
    """`problems` is empty but for BROKEN, where it holds everything that is wrong."""

    MESSAGES = {
        "BROKEN": _("“%(course)s” cannot be published yet. The problems are listed below."),
        "NOTHING_CHANGED": _("Nothing has changed in “%(course)s” since edition %(number)s."),
        "RETIRED": _("“%(course)s” is retired. No new editions of it can be published."),
        "MOVED": _(
            "“%(course)s” has changed since you opened this page. Check the list of changes again, then "
            "publish."
        ),
        "BUSY": _("Someone else is publishing “%(course)s” right now. Try again in a minute."),
        "OTHER_COURSE": _(
            "That edition is from another course, not “%(course)s”. Choose an edition of this course."
        ),
        "ALREADY_CURRENT": _("Learners of “%(course)s” already read edition %(number)s."),
    }

    def __init__(self, code: str, *, problems: Iterable[Problem] = (), **params: Any) -> None:
        super().__init__(code, **params)
        self.problems = list(problems)


def publish_course(
    *,
    course: Course,
    by: User | None,
    note: str = "",
    at: datetime | None = None,
    leave_out: Iterable[HeldText] = (),
    seen: str = "",
) -> Edition:
    """The course as it stands becomes the next edition, and the one that learners read from now on.

    Translations of lessons that cannot be published as they are stay as the current edition has them, and so does
    what `leave_out` names: pairs of a lesson's key and a language. `seen` is the digest of the `NextEdition` that
    somebody has read; where the draft is another by now, it is refused as MOVED.

    Everything or nothing: a process that dies midway leaves no trace. Documents and quiz versions that have
    not changed are those of earlier editions. Refuses BROKEN (with every problem), NOTHING_CHANGED where
    the current edition says exactly this, RETIRED, and BUSY where others kept publishing at the same moment.
    """
    at = at or timezone.now()
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                return _publish(Course.objects.get(pk=course.pk), by, note, at, frozenset(leave_out), seen)
        except (IntegrityError, _Overtaken):
            # Somebody took the number or wrote the same document first. Now theirs is there to be read.
            continue
    raise PublishingError("BUSY", course=course.key)


def _publish(
    course: Course, by: User | None, note: str, at: datetime, leave_out: frozenset[HeldText], seen: str
) -> Edition:
    if course.retired_at:
        raise PublishingError("RETIRED", course=course.key)
    upcoming_edition = next_edition(course, leave_out=leave_out)
    if upcoming_edition.problems or upcoming_edition.compiled is None:
        raise PublishingError("BROKEN", course=course.key, problems=upcoming_edition.problems)
    if not upcoming_edition.differs:
        raise PublishingError(
            "NOTHING_CHANGED",
            course=course.key,
            number=upcoming_edition.current.number if upcoming_edition.current else 0,
        )
    if seen and seen != upcoming_edition.digest:
        raise PublishingError("MOVED", course=course.key)
    versions = {pk: version_quiz(quiz=quiz, at=at) for pk, quiz in upcoming_edition.draft.quizzes.items()}
    compiled = upcoming_edition.compiled.pinned({pk: version.pk for pk, version in versions.items()})
    last = Edition.objects.filter(course=course).aggregate(Max("number"))["number__max"] or 0
    edition = Edition.objects.create(
        course=course,
        number=last + 1,
        structure=compiled.course.structure,
        digest=compiled.digest,
        note=note,
        published_at=at,
        published_by=by,
    )
    _write_manifest(edition, compiled, versions)
    keep_practice(edition=edition)
    _make_current(course, edition, by, at)
    return edition


def _write_manifest(edition: Edition, compiled: Compilation, versions: dict[int, QuizVersion]) -> None:
    wanted = {*compiled.documents, *(digest for _lesson, _language, digest in compiled.entries)}
    known = dict(Document.objects.filter(digest__in=wanted).values_list("digest", "pk"))
    new = [document for digest, document in compiled.documents.items() if digest not in known]
    Document.objects.bulk_create(new)
    known |= {document.digest: document.pk for document in new}
    drawn = set(Picture.objects.filter(digest__in=compiled.pictures).values_list("digest", flat=True))
    Picture.objects.bulk_create(row for digest, row in compiled.pictures.items() if digest not in drawn)
    EditionEntry.objects.bulk_create(
        EditionEntry(edition=edition, lesson_id=lesson, language=language, document_id=known[digest])
        for lesson, language, digest in compiled.entries
    )
    EditionQuiz.objects.bulk_create(
        EditionQuiz(edition=edition, quiz_id=pk, quiz_version=version) for pk, version in versions.items()
    )


def choose_edition(*, course: Course, edition: Edition, by: User | None, at: datetime | None = None) -> None:
    """Learners read this edition of the course from now on. Nothing else changes, the draft neither.

    Refuses OTHER_COURSE, ALREADY_CURRENT, and BUSY where others made another edition current at the same moment.
    """
    if edition.course_id != course.pk:
        raise PublishingError("OTHER_COURSE", course=course.key)
    try:
        with transaction.atomic():
            course = Course.objects.get(pk=course.pk)
            if course.current_edition_id == edition.pk:
                raise PublishingError("ALREADY_CURRENT", course=course.key, number=edition.number)
            _make_current(course, edition, by, at or timezone.now())
    except _Overtaken:
        raise PublishingError("BUSY", course=course.key) from None


def _make_current(course: Course, edition: Edition, by: User | None, at: datetime) -> None:
    """Compare-and-set: only over the edition that was current when `course` was read."""
    unchanged = Course.objects.filter(pk=course.pk, current_edition=course.current_edition_id)
    if unchanged.update(current_edition=edition) != 1:
        raise _Overtaken
    course.current_edition = edition
    # What simple_history reads when the row is saved.
    reason = f"{REASON}{edition.number}"
    vars(course).update(_history_user=by, _history_date=at, _change_reason=reason)
    course.save(update_fields=["current_edition"])
    edition_chosen.send(sender=Course, course=course)
