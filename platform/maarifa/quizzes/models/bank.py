"""Questions and their banks."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from maarifa.lib.append_only import AppendOnly
from maarifa.lib.digests import short_digest
from maarifa.lib.fields import KeyField, key_is_valid
from maarifa.lib.models import TranslatedText
from maarifa.quizzes.courses import Titles
from maarifa.quizzes.enums import BankKind, Level
from maarifa.quizzes.kinds import StructureData, TextsData, kind_choices
from maarifa.quizzes.stored import StoredTest

NOT_SAMPLE = ~Q(kind=BankKind.SAMPLE)


STALE = "stale"
"""The state of a translation in a version, where the source text had changed since it was made."""


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
    again; `outcome_key` and `level` the cell of a quiz that draws by cells. `tests` are no part of its versions.
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
    tests: "models.JSONField[list[StoredTest], list[StoredTest]]" = models.JSONField(
        _("tests"), default=list, blank=True
    )
    retired_at = models.DateTimeField(_("retired on"), null=True, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["bank", "position", "id"]
        permissions = [("regrade_question", "Can correct the grading of questions")]
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
