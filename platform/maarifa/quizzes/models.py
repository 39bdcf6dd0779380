"""What is asked and answered."""

from datetime import datetime
from uuid import UUID

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from maarifa.accounts.models import User
from maarifa.lib.append_only import AppendOnly
from maarifa.lib.constraints import CompositeForeignKey
from maarifa.lib.digests import short_digest
from maarifa.lib.fields import KeyField, key_is_valid, public_id
from maarifa.lib.models import TranslatedText
from maarifa.quizzes.courses import Titles
from maarifa.quizzes.enums import BankKind, Level
from maarifa.quizzes.grants import AttemptGrant as AttemptGrant
from maarifa.quizzes.kinds import Response, StructureData, TextsData, kind_choices
from maarifa.quizzes.querysets import AttemptQuerySet
from maarifa.quizzes.stored import AttemptRules, Cell, QuizRules

ANY_NUMBER = _(
    "Leave this empty for no limit. The wait between attempts then doubles after each failed attempt, up "
    "to one day."
)
NOT_SAMPLE = ~Q(kind=BankKind.SAMPLE)
STALE = "stale"
"""The state of a translation in a version, where the source words had changed since it was made."""


class Bank(models.Model):
    """A pool of questions. Exam banks are secret: they never stand in files, exports or offline copies.

    `key` is the course's key, a slash, and the bank's own.
    """

    key = models.CharField(_("key"), max_length=121, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=BankKind)
    retired_at = models.DateTimeField(_("retired on"), null=True, blank=True, editable=False)
    titles: Titles  # In lists of the admin.

    class Meta:
        verbose_name = _("question bank")
        verbose_name_plural = _("question banks")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="quizzes_bank_key_valid", condition=Q(key__regex=r"^[a-z0-9-]{1,60}/[a-z0-9-]{1,60}$")
            ),
            models.CheckConstraint(
                name="quizzes_bank_kind_known", condition=Q(kind__in=["practice", "module", "sample", "exam"])
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Question(models.Model):
    """A question as its authors edit it. Learners only ever meet a `QuestionVersion`.

    What stands in `structure` is the business of its kind, see `quizzes.kinds`. `lesson_key` names the lesson to read
    again; `outcome_key` and `level` the cell of a quiz that draws by cells.
    """

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="questions", verbose_name=_("question bank"))
    key = KeyField(_("key"))
    position = models.PositiveIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=kind_choices)
    points = models.PositiveIntegerField(
        _("points"), default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    lesson_key = models.CharField(_("lesson to read again"), max_length=60, blank=True)
    outcome_key = models.CharField(_("outcome tested"), max_length=60, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=Level, blank=True)
    structure: "models.JSONField[StructureData, StructureData]" = models.JSONField(
        _("structure"), default=dict
    )
    retired_at = models.DateTimeField(_("retired on"), null=True, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["bank", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "key"], name="quizzes_question_key_unique"),
            models.CheckConstraint(
                name="quizzes_question_points", condition=Q(points__gte=1, points__lte=100)
            ),
            key_is_valid("quizzes_question_key_valid"),
        ]

    def __str__(self) -> str:
        return self.key


class QuestionText(TranslatedText):
    """A question's words in one language, as the `texts` of its kind have them."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="texts")
    texts: "models.JSONField[TextsData, TextsData]" = models.JSONField(_("texts"), default=dict)
    history = HistoricalRecords()

    class Meta(TranslatedText.Meta):
        verbose_name = _("question text")
        verbose_name_plural = _("question texts")
        constraints = [
            *TranslatedText.Meta.constraints,
            models.UniqueConstraint(fields=["question", "language"], name="quizzes_questiontext_unique"),
            models.UniqueConstraint(
                fields=["question"], condition=Q(state="source"), name="quizzes_questiontext_one_source"
            ),
        ]

    def __str__(self) -> str:
        return self.language

    def digest(self) -> str:
        """What a translation made from these words remembers of them."""
        return short_digest(self.texts)


class QuestionVersion(AppendOnly):
    """A question as it was asked: never changed once made. Attempts are pinned to it.

    `texts` maps a language to the texts in it, `states` to the state of the translation (source, machine,
    reviewed).
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=kind_choices)
    points = models.PositiveIntegerField()
    lesson_key = models.CharField(max_length=60, blank=True)
    structure: "models.JSONField[StructureData, StructureData]" = models.JSONField()
    texts: "models.JSONField[dict[str, TextsData], dict[str, TextsData]]" = models.JSONField()
    source_language = models.CharField(max_length=15)
    states: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("question version")
        verbose_name_plural = _("question versions")
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="quizzes_questionversion_number_unique"
            ),
            models.UniqueConstraint(
                fields=["question", "digest"], name="quizzes_questionversion_digest_unique"
            ),
            models.CheckConstraint(
                name="quizzes_questionversion_number_from_one", condition=Q(number__gte=1)
            ),
            models.CheckConstraint(
                name="quizzes_questionversion_points", condition=Q(points__gte=1, points__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"


class Quiz(models.Model):
    """A quiz as its authors edit it. `key` is the course's key, a slash, and the quiz's own.

    The counts of `cells` sum to `draw`. Without any, the whole bank is sampled.
    """

    key = models.CharField(_("key"), max_length=121, unique=True)
    bank = models.ForeignKey(
        Bank, models.PROTECT, "quizzes", limit_choices_to=NOT_SAMPLE, verbose_name=_("question bank")
    )
    draw = models.PositiveIntegerField(_("questions per attempt"), validators=[MinValueValidator(1)])
    cells: "models.JSONField[list[Cell], list[Cell]]" = models.JSONField(
        _("questions for each outcome and level"), default=list, blank=True
    )
    pass_percent = models.PositiveIntegerField(
        _("pass mark in percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts = models.PositiveIntegerField(
        _("attempts"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=ANY_NUMBER
    )
    wait_minutes = models.PositiveIntegerField(_("minutes between attempts"), default=0)
    minutes = models.PositiveIntegerField(
        _("estimated time in minutes"), default=10, validators=[MinValueValidator(1)]
    )
    retired_at = models.DateTimeField(_("retired on"), null=True, blank=True, editable=False)
    history = HistoricalRecords()
    titles: Titles  # In lists of the admin.

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                name="quizzes_quiz_key_valid", condition=Q(key__regex=r"^[a-z0-9-]{1,60}/[a-z0-9-]{1,60}$")
            ),
            models.CheckConstraint(
                name="quizzes_quiz_rules",
                condition=Q(draw__gte=1, minutes__gte=1, pass_percent__gte=1, pass_percent__lte=100)
                & (Q(attempts__gte=1) | Q(attempts__isnull=True)),
            ),
            # Without an end and without a wait, a quiz would be passed by guessing.
            models.CheckConstraint(
                name="quizzes_quiz_unlimited_waits",
                condition=Q(attempts__isnull=False) | Q(wait_minutes__gte=1),
                violation_error_message=_(
                    "A quiz with no limit on attempts needs a wait between them. Write at least 1 minute."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def own_key(self) -> str:
        return self.key.partition("/")[2]

    def belongs_to(self, course: str) -> bool:
        """The first part of a quiz's key is the key of its course."""
        return self.key.partition("/")[0] == course


class QuizVersion(AppendOnly):
    """A quiz as it was published: its rules and its pool, never changed once made."""

    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rules: "models.JSONField[QuizRules, QuizRules]" = models.JSONField()
    pool = models.ManyToManyField(QuestionVersion, through="PoolEntry", related_name="quiz_versions")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("quiz version")
        verbose_name_plural = _("quiz versions")
        ordering = ["quiz", "number"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "number"], name="quizzes_quizversion_number_unique"),
            models.UniqueConstraint(fields=["quiz", "digest"], name="quizzes_quizversion_digest_unique"),
            models.CheckConstraint(name="quizzes_quizversion_number_from_one", condition=Q(number__gte=1)),
            # Attempts point here with their quiz.
            models.UniqueConstraint(fields=["quiz", "id"], name="quizzes_quizversion_of_quiz"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} v{self.number}"


class PoolEntry(AppendOnly):
    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="entries")
    question_version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["quiz_version", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["quiz_version", "question_version"], name="quizzes_poolentry_unique"
            ),
            models.UniqueConstraint(
                fields=["quiz_version", "position"], name="quizzes_poolentry_position_unique"
            ),
        ]


class Attempt(models.Model):
    """One attempt at a quiz: the seed, the questions sampled and their order, the language, and the rules frozen at
    its start. `eligibility` reads them.
    """

    class Late(models.TextChoices):
        NO = "", _("on time")
        AWAITING = "awaiting", _("late, waiting for a decision")
        ACCEPTED = "accepted", _("late, accepted")
        REFUSED = "refused", _("late, not accepted")

    COUNTED = (Late.NO, Late.ACCEPTED)

    public_id = public_id()
    learner = models.ForeignKey(User, models.PROTECT, related_name="attempts", verbose_name=_("learner"))
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts_made", verbose_name=_("quiz"))
    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField(_("number"))
    seed = models.BigIntegerField()
    language = models.CharField(_("language"), max_length=15)
    rules: "models.JSONField[AttemptRules, AttemptRules]" = models.JSONField()
    started_at = models.DateTimeField(_("started on"))
    saved_at = models.DateTimeField(_("last answers received on"), null=True)
    submitted_at = models.DateTimeField(_("submitted on"), null=True)
    late = models.CharField(_("on time or late"), max_length=8, choices=Late, default=Late.NO, blank=True)
    score = models.BigIntegerField(null=True, help_text="In hundred-thousandths of a point.")
    maximum = models.BigIntegerField(help_text="In hundred-thousandths of a point.")
    passed = models.BooleanField(_("passed"), null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["learner", "quiz", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "quiz", "number"], name="quizzes_attempt_number_unique"
            ),
            models.UniqueConstraint(
                fields=["learner", "quiz"],
                condition=Q(submitted_at__isnull=True),
                name="quizzes_attempt_one_open",
            ),
            models.CheckConstraint(
                name="quizzes_attempt_submitted_has_result",
                condition=Q(submitted_at__isnull=True, score__isnull=True, passed__isnull=True)
                | Q(submitted_at__isnull=False, score__isnull=False, passed__isnull=False),
            ),
            models.CheckConstraint(
                name="quizzes_attempt_score_in_range",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=models.F("maximum")),
            ),
            models.CheckConstraint(name="quizzes_attempt_number_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="quizzes_attempt_submitted_after_start",
                condition=Q(submitted_at__isnull=True) | Q(submitted_at__gte=models.F("started_at")),
            ),
            models.CheckConstraint(
                name="quizzes_attempt_late_is_submitted", condition=Q(late="") | Q(submitted_at__isnull=False)
            ),
            models.CheckConstraint(
                name="quizzes_attempt_late_known",
                condition=Q(late__in=["", "awaiting", "accepted", "refused"]),
            ),
            models.CheckConstraint(name="quizzes_attempt_maximum_positive", condition=Q(maximum__gte=1)),
            CompositeForeignKey(
                field="quiz_version", mine="quiz", theirs="quiz", name="quizzes_attempt_version_of_its_quiz"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id} #{self.number}"

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None

    @property
    def arrived_at(self) -> datetime | None:
        """When the submission reached the server, whatever a phone's clock said about when it was made."""
        return self.submitted_at and (self.saved_at or self.submitted_at)

    @property
    def counts_as_passed(self) -> bool:
        """As `AttemptQuerySet.passed`."""
        return bool(self.passed) and self.late in self.COUNTED


class AttemptQuestion(models.Model):
    """A question drawn for an attempt, the order its choices were shown in, and the answer given.

    `response` is a `quizzes.kinds.Response`. It is saved while the attempt is open.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="questions")
    position = models.PositiveIntegerField(_("position"))
    question_version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="asked")
    choice_order: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    response: "models.JSONField[Response | None, Response | None]" = models.JSONField(null=True)
    answered_at = models.DateTimeField(_("answered on"), null=True)
    form_id = models.UUIDField(
        null=True, help_text="Later answers from the same form do not conflict with this one."
    )
    score = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "position"], name="quizzes_attemptquestion_position_unique"
            ),
            models.UniqueConstraint(
                fields=["attempt", "question_version"], name="quizzes_attemptquestion_question_unique"
            ),
            models.CheckConstraint(
                name="quizzes_attemptquestion_answered_has_moment",
                condition=Q(response__isnull=True) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="quizzes_attemptquestion_score_not_negative",
                condition=Q(score__isnull=True) | Q(score__gte=0),
            ),
        ]

    def is_in_conflict(self, *, base: object, response: Response | None, form_id: UUID | None) -> bool:
        """True where an answer stands here that was neither the `base` of this response nor from the same form."""
        if self.answered_at is None or self.response in (base, response):
            return False
        return form_id is None or self.form_id != form_id
