"""What loading a course's files would change: three ways, by the digest of each file when it was last loaded."""

from dataclasses import dataclass, field

from django.db import models
from django.utils.translation import gettext_lazy as _

from maarifa.coursefiles.courseplan import CourseFile
from maarifa.coursefiles.reading import CourseFolder
from maarifa.coursefiles.shapes import BankFile
from maarifa.coursefiles.writing import Unwritable, canonical, files_of
from maarifa.curriculum.models import Course, LoadedFile
from maarifa.lib.digests import digest
from maarifa.lib.shapes import Shape


class Change(models.TextChoices):
    NEW = "new", _("new")
    UPDATE = "update", _("update")
    REMOVE = "remove", _("remove")
    RETIRE = "retire", _("retire")
    KEPT = "kept", _("kept: changed in the admin, but not in the file")
    REFUSED = "refused", _("refused: changed both in the admin and in the file")
    SAME = "same", _("unchanged")

    @property
    def writes(self) -> bool:
        return self in (Change.NEW, Change.UPDATE, Change.REMOVE, Change.RETIRE)


@dataclass
class Plan:
    """`changes` by path. Retired lessons and questions have the path that they had, or their place in a file.

    `digests` are those of the files on disk; `remembered` those of the last load.
    """

    key: str
    is_new: bool
    changes: dict[str, Change] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    remembered: dict[str, str] = field(default_factory=dict)
    retired: list[str] = field(default_factory=list)

    def of(self, change: Change) -> list[str]:
        return [path for path, value in self.changes.items() if value == change]

    @property
    def refused(self) -> list[str]:
        return self.of(Change.REFUSED)

    @property
    def writes(self) -> bool:
        return any(change.writes for change in self.changes.values())

    @property
    def to_remember(self) -> dict[str, str]:
        """Digests that differ from those of the last load, of files whose content stands in the database."""
        settled = (Change.NEW, Change.UPDATE, Change.SAME)
        return {
            path: file_digest
            for path, file_digest in self.digests.items()
            if self.changes[path] in settled and self.remembered.get(path) != file_digest
        }

    @property
    def to_forget(self) -> list[str]:
        return [path for path in self.remembered if path not in self.digests]


def plan(folder: CourseFolder, *, take_files: bool = False) -> Plan:
    """Nothing is written. The folder has been checked, and has no problems."""
    file = folder.course
    if file is None:
        raise ValueError("a folder without a course that could be read")
    key = file.key
    course = Course.objects.filter(key=key).first()
    shapes = files_of(course) if course else {}
    written = {path: _digest(shape) for path, shape in shapes.items()}
    load_plan = Plan(key, is_new=course is None)
    if course:
        load_plan.remembered = dict(LoadedFile.objects.filter(course=course).values_list("path", "digest"))
    load_plan.digests = {path: digest(course_file.canonical) for path, course_file in folder.files.items()}
    for path, file_digest in load_plan.digests.items():
        load_plan.changes[path] = _change(
            file_digest, written.get(path), load_plan.remembered.get(path), take_files
        )
    for path in sorted(load_plan.remembered.keys() - load_plan.digests.keys()):
        if path in written:
            load_plan.changes[path] = _disappearance(
                folder, file, path, written[path] == load_plan.remembered[path], take_files
            )
    load_plan.retired = _retired(folder, file, shapes, load_plan.changes)
    return load_plan


def _change(file_digest: str, written: str | None, remembered: str | None, take_files: bool) -> Change:
    """`file_digest` is that of the file, `written` that of what the admin has, `remembered` that of the last load."""
    if file_digest == written:
        return Change.SAME
    if written is None and remembered is None:
        return Change.NEW
    if written == remembered or take_files:
        return Change.UPDATE
    if file_digest == remembered:
        return Change.KEPT
    return Change.REFUSED


def _disappearance(
    folder: CourseFolder, file: CourseFile, path: str, as_loaded: bool, take_files: bool
) -> Change:
    """A file that was loaded once, and is gone."""
    lesson, _slash, rest = path.partition("/")
    if rest.startswith("lesson.") and lesson not in file.lesson_keys:
        return Change.RETIRE
    if lesson == "banks" and f"banks/{rest.partition('.')[0]}.yaml" not in folder.files:
        return Change.RETIRE
    return Change.REMOVE if as_loaded or take_files else Change.REFUSED


def _retired(
    folder: CourseFolder, file: CourseFile, shapes: dict[str, Shape], changes: dict[str, Change]
) -> list[str]:
    """Lessons and questions that the database has and the files no longer name."""
    retired = []
    before = shapes.get("course.yaml")
    if changes.get("course.yaml") == Change.UPDATE and isinstance(before, CourseFile):
        retired += [key for key in before.lesson_keys if key not in file.lesson_keys]
    for path, change in changes.items():
        shape, bank_file = shapes.get(path), folder.at(path, BankFile)
        if change == Change.UPDATE and isinstance(shape, BankFile) and bank_file:
            keys = {question.key for question in bank_file.shape.questions}
            bank = path.removesuffix(".yaml").removeprefix("banks/")
            retired += [f"{bank}/{question.key}" for question in shape.questions if question.key not in keys]
    return retired


def _digest(shape: Shape) -> str:
    """No file has the digest of what the database cannot write."""
    return "" if isinstance(shape, Unwritable) else digest(canonical(shape))
