"""From files to the database."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import singledispatch
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.coursefiles.actions.banks import BankLoad, Who
from maarifa.coursefiles.courseplan import CourseFile, LessonEntry, QuizEntry
from maarifa.coursefiles.planning import Change, Plan, plan
from maarifa.coursefiles.reading import CourseFileRead, CourseFolder
from maarifa.coursefiles.shapes import (
    CourseTextsFile,
    FigureFile,
    GlossaryFile,
    LessonFile,
    Translated,
    WorksheetFile,
)
from maarifa.curriculum.actions import (
    save_course,
    save_course_text,
    save_lesson_text,
    save_material,
    save_plan,
)
from maarifa.curriculum.models import Course, CourseText, Lesson, LessonText, LoadedFile, Material
from maarifa.lib.errors import DomainError
from maarifa.lib.models import TranslatedText
from maarifa.quizzes.models import Quiz


class LoadingError(DomainError):
    """`paths` are the files that were refused."""

    MESSAGES = {
        "BROKEN": _("The files of “%(course)s” have errors. To list them, run check_courses."),
        "BROKEN_BANKS": _("The banks in %(folder)s have errors, so nothing was loaded."),
        "PUBLIC_BANK": _(
            "The course already has a bank “%(bank)s” whose answers are public. Give the bank of the exam another key."
        ),
        "CHANGED_IN_ADMIN": _(
            "“%(course)s” was not loaded: some texts have changed both in the admin and in the files "
            "since the last load. To write the admin’s texts to files, run export_courses. To use the "
            "files instead, run load_courses with --take-files."
        ),
    }

    def __init__(self, code: str, *, paths: Iterable[str] = (), **params: Any) -> None:
        super().__init__(code, **params)
        self.paths = list(paths)


def load_course(
    *, folder: CourseFolder, by: User | None, take_files: bool = False, at: datetime | None = None
) -> Plan:
    """Bring a course's draft to what the files say, in one transaction, and return what was done.

    A second load of the same files writes nothing. What was changed in the admin since the last load stays, where
    the file has not changed; where it has too, everything is refused (CHANGED_IN_ADMIN), unless the files are to
    be taken. Lessons and questions that the files no longer name are retired. Nothing is published. Refuses BROKEN
    where the folder, checked before, has problems.
    """
    at = at or timezone.now()
    if folder.problems or folder.course is None:
        raise LoadingError("BROKEN", course=folder.root.name)
    with transaction.atomic():
        load_plan = plan(folder, take_files=take_files)
        if load_plan.refused:
            raise LoadingError("CHANGED_IN_ADMIN", course=load_plan.key, paths=load_plan.refused)
        if load_plan.writes or load_plan.to_remember or load_plan.to_forget:
            _Load(folder, folder.course, load_plan, by, at).run()
    return load_plan


class _Load:
    def __init__(
        self, folder: CourseFolder, file: CourseFile, load_plan: Plan, by: User | None, at: datetime
    ) -> None:
        self.folder, self.plan, self.by, self.at = folder, load_plan, by, at
        self.file = file
        self.who = Who(by=by, at=at)

    def run(self) -> None:
        if self._takes("course.yaml"):
            self.course = self._course()
        else:
            self.course = Course.objects.get(key=self.file.key)
        banks = BankLoad(self.course, self.folder, self.plan, self.by, self.at)
        banks.save_banks()
        if self._takes("course.yaml"):
            self._modules(banks)
        for texts in self.folder.of_kind(CourseTextsFile):
            if self._takes(texts.path):
                self._course_texts(texts.shape)
        for lesson in self.folder.of_kind(LessonFile):
            if self._takes(lesson.path):
                self._lesson_texts(lesson.names["lesson"], lesson.names["language"], lesson.shape)
        materials: list[
            CourseFileRead[GlossaryFile] | CourseFileRead[WorksheetFile] | CourseFileRead[FigureFile]
        ]
        materials = [
            *self.folder.of_kind(GlossaryFile),
            *self.folder.of_kind(WorksheetFile),
            *self.folder.of_kind(FigureFile),
        ]
        for material in materials:
            if self._takes(material.path):
                self._material(material.path, material.names["language"], material.shape)
        banks.save_texts()
        for path in self.plan.of(Change.REMOVE):
            self._remove(path)
        banks.retire()
        self._remember()

    def _takes(self, path: str) -> bool:
        return self.plan.changes.get(path) in (Change.NEW, Change.UPDATE)

    def _course(self) -> Course:
        fields = ("source_language", "languages", "licence", "authors", "outcomes")
        course, _changed = save_course(
            key=self.file.key,
            requirements=self.file.requirements.model_dump(),
            profile=self.file.profile or "",
            **{name: getattr(self.file, name) for name in fields},
            **self.who,
        )
        return course

    def _modules(self, banks: BankLoad) -> None:
        modules = [
            {
                "key": module.key,
                "worksheet": module.worksheet,
                "activities": [_planned(entry, banks) for entry in module.in_order],
            }
            for module in self.file.modules
        ]
        save_plan(course=self.course, modules=modules, **self.who)
        banks.retire_quizzes([quiz.key for quiz in self.file.quizzes])

    def _course_texts(self, file: CourseTextsFile) -> None:
        save_course_text(
            course=self.course, language=file.language, **file.texts(), **translated(file), **self.who
        )

    def _lesson_texts(self, key: str, language: str, file: LessonFile) -> None:
        save_lesson_text(
            lesson=Lesson.objects.get(course=self.course, key=key),
            language=language,
            sources=[source.model_dump() for source in file.sources],
            checked=file.checked and date.fromisoformat(file.checked),
            review_by=file.review_by and date.fromisoformat(file.review_by),
            **file.texts(),
            **translated(file),
            **self.who,
        )

    def _material(self, path: str, language: str, file: GlossaryFile | WorksheetFile | FigureFile) -> None:
        named = Material.named(path)
        if named is None:
            raise ValueError(f"{path} names no material")
        kind, key = named
        save_material(
            course=self.course,
            kind=kind,
            key=key,
            language=language,
            texts=file.texts(),
            **({} if isinstance(file, FigureFile) else translated(file)),
            **self.who,
        )

    def _remove(self, path: str) -> None:
        """A translation whose file is gone. What it said stays in the history."""
        name, _slash, rest = path.partition("/")
        language = path.split(".")[-2]
        if named := Material.named(path):
            kind, key = named
            Material.objects.filter(course=self.course, kind=kind, key=key, language=language).delete()
        elif not rest:
            CourseText.objects.filter(course=self.course, language=language).delete()
        elif name != "banks":
            LessonText.objects.filter(
                lesson__course=self.course, lesson__key=name, language=language
            ).delete()

    def _remember(self) -> None:
        LoadedFile.objects.filter(course=self.course, path__in=self.plan.to_forget).delete()
        LoadedFile.objects.bulk_create(
            [
                LoadedFile(course=self.course, path=path, digest=digest)
                for path, digest in self.plan.to_remember.items()
            ],
            update_conflicts=True,
            unique_fields=["course", "path"],
            update_fields=["digest"],
        )


@singledispatch
def _planned(entry: object, banks: BankLoad) -> dict[str, Any] | Quiz:
    """What `save_plan` takes for an entry of a module's list."""
    raise TypeError(f"no list of activities holds a {type(entry).__name__}")


@_planned.register
def _lesson(entry: LessonEntry, banks: BankLoad) -> dict[str, Any]:
    return entry.model_dump()


@_planned.register
def _quiz(entry: QuizEntry, banks: BankLoad) -> Quiz:
    return banks.save_quiz(entry)


def translated(file: Translated) -> dict[str, str]:
    """State and digest of the source, as a row of words has them."""
    if not file.source_digest:
        return {"state": TranslatedText.State.SOURCE, "source_digest": ""}
    return {"state": TranslatedText.State(file.state or "").value, "source_digest": file.source_digest}
