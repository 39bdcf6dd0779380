"""Who is where."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import KeptPost, User
from maarifa.curriculum.activities import Place, required_places
from maarifa.curriculum.editions import Outline
from maarifa.curriculum.models import Course, Edition, Lesson
from maarifa.institutions.models import Institution
from maarifa.learning.practiceanswer import PracticeAnswer as PracticeAnswer
from maarifa.learning.reviewcards import ReviewAnswer as ReviewAnswer
from maarifa.learning.reviewcards import ReviewCard as ReviewCard
from maarifa.learning.reviewcards import ReviewCardQuerySet as ReviewCardQuerySet
from maarifa.learning.reviewcards import ReviewRefresh as ReviewRefresh
from maarifa.learning.stored import Outcome, QuizDates, Requirements
from maarifa.lib.constraints import CompositeForeignKey
from maarifa.lib.fields import public_id
from maarifa.quizzes.models import Attempt


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def current(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def unfinished(self) -> Self:
        return self.current().filter(completion__isnull=True)

    def with_edition(self) -> Self:
        """`edition`: the id of the edition that each reads now, as `Enrolment.edition_id`."""
        return self.annotate(edition=Coalesce("held_edition_id", "course__current_edition_id"))

    def visible_to(self, user: User) -> Self:
        """A learner's own."""
        return self.filter(learner_id=user.pk)

    def for_page(self) -> Self:
        """With what every learner's page needs of the course, the structure of editions left out."""
        return self.select_related("course", "institution").only(
            *(field.name for field in Enrolment._meta.concrete_fields),
            "course__key",
            "course__source_language",
            "course__current_edition_id",
            "course__retired_at",
            "institution__name",
            "institution__contact",
            "institution__retired_at",
            "institution__contact_email",
            "institution__contact_phone",
        )


class Deadline(models.TextChoices):
    """How a deadline stands; "" where there is none."""

    AHEAD = "ahead", _("not reached yet")
    GRACE = "grace", _("passed: work still counts for a short time")
    LATE = "late", _("passed: work counts if the institution accepts it")
    OVER = "over", _("passed: there is no institution to accept late work")


MOST_EXTRA_TIME = 300
"""In percent of the time limit: four times the usual time."""


@dataclass(frozen=True)
class QuizWindow:
    """From when and until when a quiz can be taken, None for no limit; and in whose time that was said."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    zone: str = ""

    @classmethod
    def of(cls, dates: QuizDates | None) -> Self:
        if dates is None:
            return cls()
        moments = (dates["opens_at"], dates["closes_at"])
        opens_at, closes_at = (datetime.fromisoformat(one) if one else None for one in moments)
        return cls(opens_at, closes_at, dates["zone"])

    def is_ahead(self, at: datetime) -> bool:
        return self.opens_at is not None and at < self.opens_at

    def is_over(self, at: datetime) -> bool:
        return self.closes_at is not None and at >= self.closes_at


class Enrolment(models.Model):
    """A learner takes a course. It follows the current edition, unless it is held to one.

    What counts for completion is fixed here at enrolment. A deadline keeps its zone and its local wall time beside
    the moment. `extra_time_percent` is what this learner gets on top of the time limit of every quiz that is started
    from then on; `quiz_dates` are by the key of the quiz. `institution` is whose name stands on the certificate; the
    enrolment knows no cohort.
    """

    public_id = public_id()
    learner = models.ForeignKey(User, models.PROTECT, related_name="enrolments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrolments")
    language = models.CharField(_("course language"), max_length=15)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    held_edition = models.ForeignKey(Edition, models.PROTECT, null=True, blank=True, related_name="+")
    requirements = models.JSONField[Requirements, Requirements]()
    opens_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    due_zone = models.CharField(max_length=60, blank=True)
    due_local = models.CharField(max_length=19, blank=True)
    grace_minutes = models.PositiveIntegerField(default=60)
    extra_time_percent = models.PositiveIntegerField(
        _("extra time in percent"), default=0, validators=[MaxValueValidator(MOST_EXTRA_TIME)]
    )
    enrolled_at = models.DateTimeField(default=timezone.now)
    last_activity_at = models.DateTimeField(default=timezone.now)
    quiz_dates: "models.JSONField[dict[str, QuizDates], dict[str, QuizDates]]" = models.JSONField(
        default=dict
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["learner", "course"], name="learning_enrolment_unique"),
            models.CheckConstraint(
                name="learning_enrolment_due_has_zone",
                condition=Q(due_at__isnull=True, due_zone="", due_local="")
                | (Q(due_at__isnull=False) & ~Q(due_zone="") & ~Q(due_local="")),
            ),
            models.CheckConstraint(
                name="learning_enrolment_opens_before_due",
                condition=Q(opens_at__isnull=True) | Q(due_at__isnull=True) | Q(opens_at__lt=F("due_at")),
            ),
            models.CheckConstraint(
                name="learning_enrolment_extra_time", condition=Q(extra_time_percent__lte=MOST_EXTRA_TIME)
            ),
            models.CheckConstraint(
                name="learning_enrolment_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("enrolled_at")),
            ),
            CompositeForeignKey(
                field="held_edition",
                mine="course",
                theirs="course",
                name="learning_enrolment_held_edition_of_its_course",
            ),
        ]
        indexes = [
            models.Index(
                fields=["last_activity_at"],
                name="learning_enrolment_activity",
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def edition_id(self) -> int:
        """The edition this learner reads now: the one held to, or the course's current one."""
        edition_id = self.held_edition_id or self.course.current_edition_id
        if edition_id is None:
            # Nobody can take a course before its first edition, and then it always has a current one.
            raise Edition.DoesNotExist(f"{self} is of a course without an edition")
        return edition_id

    def is_open(self, at: datetime) -> bool:
        """False before the cohort opens and after the enrolment has ended."""
        return self.ended_at is None and (self.opens_at is None or self.opens_at <= at)

    def deadline(self, at: datetime) -> str:
        """How the deadline stands, a `Deadline` or "": what a learner is told of it follows from this alone."""
        if self.due_at is None:
            return ""
        if at <= self.due_at:
            return Deadline.AHEAD
        if not self.is_late(at):
            return Deadline.GRACE
        return Deadline.LATE if self.institution and not self.institution.retired_at else Deadline.OVER

    def required_in(self, outline: Outline) -> frozenset[Place]:
        """The activities that count: asked for at enrolment, and by this edition still.

        So a later edition may ease what completion takes, and never harden it. Where it asks for nothing at all of
        what was asked then, what it asks itself takes its place: the lessons asked for then may be gone, and nobody
        shall be stuck, nor finish with nothing done. `ways_to_complete` also lets the old way hold for who has gone it.
        """
        current_places = required_places(outline.requirements)
        return (required_places(self.requirements) & current_places) or current_places

    def ways_to_complete(self, outline: Outline) -> list[frozenset[Place]]:
        """Activities as in `required_in`; each of these ways completes the course, gone to its end."""
        current_places, original_places = self.required_in(outline), required_places(self.requirements)
        if original_places & current_places:
            return [current_places]
        return [places for places in (current_places, original_places) if places]

    def quiz_window(self, quiz: str) -> QuizWindow:
        """Of the quiz with this key in the course."""
        return QuizWindow.of(self.quiz_dates.get(quiz))

    def is_late(self, happened_at: datetime) -> bool:
        """True where something happened after the deadline and the grace that the learner was told."""
        return self.due_at is not None and happened_at > self.due_at + timedelta(minutes=self.grace_minutes)


class Event(models.Model):
    """The event intake: everything learned comes in with an id chosen by the client, unique per learner.

    The same id with the same payload gives the stored outcome again; with another payload it is refused.
    `happened_at` is the client's time corrected by the measured offset of its clock, never after arrival nor before
    enrolment; the raw value is kept.
    """

    class Kind(models.TextChoices):
        LESSON_READ = "lesson-read", _("lesson read")
        ANSWER_SAVED = "answer-saved", _("answer saved")
        QUIZ_STARTED = "quiz-started", _("quiz started")
        QUIZ_SUBMITTED = "quiz-submitted", _("quiz submitted")
        CARD_REVIEWED = "card-reviewed", _("question reviewed")
        PRACTICE_ANSWERED = "practice-answered", _("practice question answered")

    learner = models.ForeignKey(User, models.PROTECT, related_name="events")
    client_id = models.UUIDField()
    kind = models.CharField(max_length=20, choices=Kind)
    payload_digest = models.CharField(max_length=64)
    outcome = models.JSONField[Outcome, Outcome]()
    client_time = models.CharField(max_length=40, blank=True)
    clock_offset_ms = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["learner", "client_id"], name="learning_event_unique"),
            models.CheckConstraint(
                name="learning_event_not_after_arrival", condition=Q(happened_at__lte=F("received_at"))
            ),
        ]


class EnrolmentAttemptQuerySet(models.QuerySet["EnrolmentAttempt"]):
    def current(self) -> Self:
        return self.filter(enrolment__ended_at__isnull=True)

    def visible_to(self, user: User) -> Self:
        """A learner's own."""
        return self.filter(enrolment__learner_id=user.pk)

    def for_page(self) -> Self:
        """With all that the pages of an attempt need, in one query."""
        return self.select_related("attempt__quiz__bank", "enrolment__course", "enrolment__institution")

    def with_kept(self, posts: QuerySet[KeptPost]) -> Self:
        """`has_kept_posts`: whether there are any of these."""
        return self.annotate(has_kept_posts=Exists(posts))


class EnrolmentAttempt(models.Model):
    """Links an attempt at a quiz to the enrolment it counts for."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="enrolment_attempts")
    attempt = models.OneToOneField(Attempt, models.PROTECT, related_name="enrolment_attempt")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")

    objects = EnrolmentAttemptQuerySet.as_manager()

    # Of rows `with_kept`.
    has_kept_posts: bool

    class Meta:
        verbose_name = _("enrolment attempt")
        verbose_name_plural = _("enrolment attempts")


class LessonCompletionQuerySet(models.QuerySet["LessonCompletion"]):
    def counted(self) -> Self:
        """What was done in time, or came late and was accepted."""
        return self.filter(late__in=Attempt.COUNTED)


class LessonCompletion(models.Model):
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="lesson_completions")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="completions")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    language = models.CharField(max_length=15)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    late = models.CharField(max_length=8, choices=Attempt.Late, default=Attempt.Late.NO, blank=True)

    objects = LessonCompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("finished lesson")
        verbose_name_plural = _("finished lessons")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "lesson"], name="learning_lessoncompletion_unique"),
            models.CheckConstraint(
                name="learning_lessoncompletion_not_after_arrival",
                condition=Q(happened_at__lte=F("received_at")),
            ),
            models.CheckConstraint(
                name="learning_lessoncompletion_late_known",
                condition=Q(late__in=["", "awaiting", "accepted", "refused"]),
            ),
        ]


class CourseCompletion(models.Model):
    """The requirements are met. Freezes the edition; never undone by a later one."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="completion")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    completed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("finished course")
        verbose_name_plural = _("finished courses")

    def __str__(self) -> str:
        return f"{self.enrolment_id}"
