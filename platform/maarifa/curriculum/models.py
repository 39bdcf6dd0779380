"""What is taught: drafts that instructors edit, and the editions that learners read."""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from maarifa.accounts.models import User
from maarifa.curriculum import stored
from maarifa.curriculum.activity import Activity as Activity
from maarifa.curriculum.practice import PracticeQuestion as PracticeQuestion
from maarifa.lib.append_only import AppendOnly
from maarifa.lib.constraints import CompositeForeignKey
from maarifa.lib.digests import short_digest
from maarifa.lib.fields import KeyField, key_is_valid, public_id
from maarifa.lib.models import TranslatedText
from maarifa.quizzes.models import Quiz, QuizVersion


class CourseQuerySet(models.QuerySet["Course"]):
    def published(self) -> Self:
        """Courses that learners can read now."""
        return self.filter(current_edition__isnull=False, retired_at__isnull=True)


class Course(models.Model):
    """A course as its authors edit it, and which of its editions is current.

    `profile` says how strictly the checks of its files read them.
    """

    key = KeyField(_("key"), unique=True)
    source_language = models.CharField(_("source language"), max_length=15)
    languages: stored.ListColumn = models.JSONField(_("languages"), default=list)
    licence = models.CharField(_("licence"), max_length=40)
    authors: stored.ListColumn = models.JSONField(_("authors"), default=list)
    outcomes: stored.ListColumn = models.JSONField(_("outcome keys"), default=list, blank=True)
    requirements: stored.RequirementsColumn = models.JSONField(_("requirements for completion"), default=dict)
    profile = models.CharField(
        _("profile"), max_length=10, choices=[("maarifa", "Maarifa"), ("partner", "Partner")], blank=True
    )
    current_edition = models.ForeignKey(
        "Edition", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("current edition")
    )
    retired_at = models.DateTimeField(_("retired on"), null=True, blank=True, editable=False)
    history = HistoricalRecords()

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["key"]
        permissions = [("publish_course", "Can publish course")]
        constraints = [
            key_is_valid("curriculum_course_key_valid"),
            CompositeForeignKey(
                field="current_edition",
                mine="id",
                theirs="course",
                name="curriculum_course_current_edition_is_its_own",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class CourseText(TranslatedText):
    """A course's words in one language, those of its outcomes, modules and quizzes included (key to
    words).
    """

    course = models.ForeignKey(Course, models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    outcomes: stored.TextsColumn = models.JSONField(_("outcomes"), default=dict, blank=True)
    modules: stored.TitlesColumn = models.JSONField(_("modules"), default=dict, blank=True)
    quizzes: stored.TitlesColumn = models.JSONField(_("quizzes"), default=dict, blank=True)
    history = HistoricalRecords()

    class Meta(TranslatedText.Meta):
        verbose_name = _("course text")
        verbose_name_plural = _("course texts")
        constraints = [
            *TranslatedText.Meta.constraints,
            models.UniqueConstraint(fields=["course", "language"], name="curriculum_coursetext_unique"),
            models.UniqueConstraint(
                fields=["course"], condition=Q(state="source"), name="curriculum_coursetext_one_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def texts(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "summary": self.summary,
            "outcomes": self.outcomes,
            "modules": self.modules,
            "quizzes": self.quizzes,
        }

    def digest(self) -> str:
        """What a translation of these words remembers."""
        return short_digest(self.texts())


class Module(models.Model):
    course = models.ForeignKey(Course, models.PROTECT, related_name="modules", verbose_name=_("course"))
    key = KeyField(_("key"))
    position = models.PositiveIntegerField(_("position"))
    worksheet = models.CharField(_("worksheet at the end of the module"), max_length=60, blank=True)
    retired_at = models.DateTimeField(_("retired on"), null=True, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["course", "position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="curriculum_module_key_unique"),
            key_is_valid("curriculum_module_key_valid"),
            # Activities point here with their course.
            models.UniqueConstraint(fields=["course", "id"], name="curriculum_module_of_course"),
        ]

    def __str__(self) -> str:
        return self.key


class Lesson(models.Model):
    """What learners read. Its `Activity` says in which module, and where."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="lessons", verbose_name=_("course"))
    key = KeyField(_("key"))
    activity_minutes = models.PositiveIntegerField(
        _("practice time in minutes, not including reading"), default=0
    )
    outcomes: stored.ListColumn = models.JSONField(_("outcome keys of the lesson"), default=list, blank=True)
    retired_at = models.DateTimeField(_("retired on"), null=True, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["course", "activity__module__position", "activity__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="curriculum_lesson_key_unique"),
            key_is_valid("curriculum_lesson_key_valid"),
            # Activities point here with their course.
            models.UniqueConstraint(fields=["course", "id"], name="curriculum_lesson_of_course"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def own_key(self) -> str:
        """As a quiz has one, whose key names the course too."""
        return self.key


class LessonText(TranslatedText):
    """A lesson's words in one language. `body` is CommonMark."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="texts")
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    objectives: stored.ListColumn = models.JSONField(_("after this lesson you can"), default=list, blank=True)
    body = models.TextField(_("text"))
    sources: stored.SourcesColumn = models.JSONField(_("sources"), default=list, blank=True)
    checked = models.DateField(_("facts checked on"), null=True, blank=True)
    review_by = models.DateField(_("next review due"), null=True, blank=True)
    history = HistoricalRecords()

    class Meta(TranslatedText.Meta):
        verbose_name = _("lesson text")
        verbose_name_plural = _("lesson texts")
        constraints = [
            *TranslatedText.Meta.constraints,
            models.UniqueConstraint(fields=["lesson", "language"], name="curriculum_lessontext_unique"),
            models.UniqueConstraint(
                fields=["lesson"], condition=Q(state="source"), name="curriculum_lessontext_one_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def texts(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "summary": self.summary,
            "objectives": self.objectives,
            "body": self.body,
        }

    def digest(self) -> str:
        """What a translation of these words remembers. Sources and dates are not words."""
        return short_digest(self.texts())


class Material(TranslatedText):
    """What a course has beside its lessons, in one language: its glossary, a printable worksheet of a module, a figure.

    A figure has no state: whoever draws it in another language answers for it.
    """

    class Kind(models.TextChoices):
        GLOSSARY = "glossary", _("glossary")
        WORKSHEET = "worksheet", _("worksheet")
        FIGURE = "figure", _("figure")

    PATHS = {Kind.WORKSHEET: ("worksheets/", ".md"), Kind.FIGURE: ("figures/", ".svg")}

    course = models.ForeignKey(Course, models.CASCADE, related_name="materials", verbose_name=_("course"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    key = KeyField(_("key"))
    texts: stored.MaterialColumn = models.JSONField(_("texts"), default=dict)
    history = HistoricalRecords()

    class Meta(TranslatedText.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [
            *TranslatedText.Meta.constraints,
            models.UniqueConstraint(
                fields=["course", "kind", "key", "language"], name="curriculum_material_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def path(self) -> str:
        """Where its file stands in the course's folder."""
        if self.kind == self.Kind.GLOSSARY:
            return f"glossary.{self.language}.yaml"
        folder, ending = self.PATHS[self.Kind(self.kind)]
        return f"{folder}{self.key}.{self.language}{ending}"

    @classmethod
    def named(cls, path: str) -> "tuple[Material.Kind, str] | None":
        """Kind and key of the material whose file this is; None for any other file."""
        if path.startswith("glossary."):
            return cls.Kind.GLOSSARY, "glossary"
        for kind, (folder, _ending) in cls.PATHS.items():
            if path.startswith(folder):
                return kind, path.removeprefix(folder).partition(".")[0]
        return None

    @property
    def is_translation(self) -> bool:
        return self.kind != self.Kind.FIGURE and self.language != self.course.source_language

    def source(self) -> "Material":
        """The words that this is a translation of."""
        return Material.objects.get(
            course=self.course_id, kind=self.kind, key=self.key, language=self.course.source_language
        )

    def digest(self) -> str:
        """What a translation of these words remembers."""
        return short_digest(self.texts)


class Picture(AppendOnly):
    """A figure as it was published, addressed by its content; `/media/<digest>.svg` serves it for good."""

    digest = models.CharField(max_length=64, unique=True)
    svg = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.digest[:12]


class Edition(AppendOnly):
    """A course as published: numbered, immutable. Everything a learner sees comes from one.

    `structure` is a `CompiledCourse`: all that pages around the documents need.
    """

    public_id = public_id()
    course = models.ForeignKey(Course, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("number"))
    structure: stored.StructureColumn = models.JSONField(editable=False)
    digest = models.CharField(max_length=64, editable=False)
    note = models.CharField(_("what changed"), max_length=500, blank=True)
    published_at = models.DateTimeField(editable=False)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["course", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="curriculum_edition_number_unique"),
            models.CheckConstraint(name="curriculum_edition_number_from_one", condition=Q(number__gte=1)),
            # Courses and enrolments point here with their course.
            models.UniqueConstraint(fields=["course", "id"], name="curriculum_edition_of_course"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} / {self.number}"


class Document(AppendOnly):
    """A lesson in one language as finished HTML, addressed by its content and shared between editions.

    It holds nothing about a person, no absolute address, and no words of the interface but those of its forms for
    practice, in its own language. `html` is the text of the lesson; `about` what the frame says around it, and what
    checks its practice.
    `deflated` is the raw deflate stream of `html`, made once, to be stitched into the compressed page.
    """

    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=15)
    html = models.TextField()
    about: stored.AboutColumn = models.JSONField(default=dict)
    deflated = models.BinaryField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(
                name="curriculum_document_digest_valid", condition=Q(digest__regex=r"^[0-9a-f]{64}$")
            )
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class EditionEntry(AppendOnly):
    """A line of an edition's manifest: the document of a lesson in a language."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="entries")
    lesson = models.ForeignKey(Lesson, models.PROTECT, related_name="+")
    language = models.CharField(max_length=15)
    document = models.ForeignKey(Document, models.PROTECT, related_name="entries")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "lesson", "language"], name="curriculum_editionentry_unique"
            )
        ]


class EditionQuiz(AppendOnly):
    """A line of an edition's manifest: the version of a quiz."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="quizzes")
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="+")
    quiz_version = models.ForeignKey(QuizVersion, models.PROTECT, related_name="edition_quizzes")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "quiz"], name="curriculum_editionquiz_quiz_unique"),
            CompositeForeignKey(
                field="quiz_version",
                mine="quiz",
                theirs="quiz",
                name="curriculum_editionquiz_version_of_its_quiz",
            ),
        ]


class LoadedFile(models.Model):
    """The digest of a course file when it was last loaded: tells what was changed in the admin since."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="loaded_files")
    path = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "path"], name="curriculum_loadedfile_unique")
        ]
