"""What course.yaml says of itself and of the banks that it names."""

from collections.abc import Iterable
from functools import singledispatchmethod

from maarifa.coursefiles.courseplan import CourseFile, LessonEntry, QuizEntry
from maarifa.coursefiles.fieldtypes import UNLIMITED
from maarifa.coursefiles.problems import problem
from maarifa.coursefiles.reading import AnyFile, CourseFolder
from maarifa.coursefiles.shapes import BankFile

# Pages of a course that stand beside its lessons.
TAKEN = {"glossary", "quiz", "worksheets"}


class FolderCheck:
    """Checks that tell their folder what is wrong."""

    def __init__(self, folder: CourseFolder, course: CourseFile) -> None:
        self.folder = folder
        self.course = course
        self.source = self.course.source_language

    def refuse(self, file: AnyFile, code: str, *path: str | int, **params: object) -> None:
        where = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
        self.folder.refuse(file.path, problem(code, file.line(*path), where, **params))


class PlanCheck(FolderCheck):
    def __init__(self, folder: CourseFolder, course: CourseFile) -> None:
        super().__init__(folder, course)
        self.plan = folder.files["course.yaml"]

    def run(self) -> None:
        self._plan()
        self._requirements()

    def _plan(self) -> None:
        course, plan = self.course, self.plan
        if course.key != self.folder.root.resolve().name:
            self.refuse(plan, "folder_key", "key", key=course.key, folder=self.folder.root.resolve().name)
        if course.languages[0] != self.source:
            self.refuse(plan, "source_first", "languages", language=self.source)
        seen: set[tuple[str, str]] = set()

        def once(kind: str, key: str, *path: str | int) -> None:
            if (kind, key) in seen:
                self.refuse(plan, f"{kind}_twice", *path, key=key)
            seen.add((kind, key))

        for position, module in enumerate(course.modules):
            once("module", module.key, "modules", position, "key")
            for inside, entry in module.placed:
                path = ("modules", position, *inside)
                once(entry.names, entry.key, *path, "key")
                self._activity(entry, *path)

    @singledispatchmethod
    def _activity(self, entry: object, *path: str | int) -> None:
        raise TypeError(f"no list of activities holds a {type(entry).__name__}")

    @_activity.register
    def _(self, lesson: LessonEntry, *path: str | int) -> None:
        if lesson.key in TAKEN:
            self.refuse(self.plan, "lesson_key_taken", *path, "key", key=lesson.key)
        self._outcomes(lesson.outcomes or [], *path, "outcomes")

    @_activity.register
    def _(self, quiz: QuizEntry, *path: str | int) -> None:
        if quiz.attempts == UNLIMITED and not quiz.wait_minutes:
            self.refuse(self.plan, "unlimited_without_wait", *path, "wait_minutes")
        if f"banks/{quiz.bank}.yaml" not in self.folder.files:
            self.refuse(self.plan, "bank_unknown", *path, "bank", key=quiz.bank)
        elif bank := self.folder.find(BankFile, bank=quiz.bank):
            if bank.shape.kind == "sample":
                self.refuse(self.plan, "sample_asked", *path, "bank", key=quiz.bank)
            count = len(bank.shape.questions)
            if count < quiz.draw:
                self.refuse(self.plan, "few_questions", *path, "draw", draw=quiz.draw, count=count)
            if quiz.cells:
                self._cells(quiz, bank.shape, *path)

    def _outcomes(self, keys: Iterable[str], *path: str | int) -> None:
        for number, key in enumerate(keys):
            if key not in self.course.outcomes:
                self.refuse(self.plan, "outcome_unknown", *path, number, key=key)

    def _cells(self, quiz: QuizEntry, bank: BankFile, *path: str | int) -> None:
        cells = quiz.cells or []
        drawn = sum(cell.count for cell in cells)
        if drawn != quiz.draw:
            self.refuse(self.plan, "cells_sum", *path, "cells", count=drawn, draw=quiz.draw)
        seen = set()
        for number, cell in enumerate(cells):
            where = (*path, "cells", number)
            name = {"outcome": cell.outcome, "level": cell.level}
            if cell.outcome not in self.course.outcomes:
                self.refuse(self.plan, "outcome_unknown", *where, "outcome", key=cell.outcome)
            if (cell.outcome, cell.level) in seen:
                self.refuse(self.plan, "cell_twice", *where, **name)
            seen.add((cell.outcome, cell.level))
            count = sum((one.outcome, one.level) == (cell.outcome, cell.level) for one in bank.questions)
            if count < cell.count:
                self.refuse(self.plan, "few_in_cell", *where, **name, draw=cell.count, count=count)

    def _requirements(self) -> None:
        required = self.course.requirements
        quizzes = [quiz.key for quiz in self.course.quizzes]
        if required.lessons != "all":
            for number, key in enumerate(required.lessons):
                if key not in self.course.lesson_keys:
                    self.refuse(self.plan, "required_lesson", "requirements", "lessons", number, key=key)
        for number, key in enumerate(required.quizzes):
            if key not in quizzes:
                self.refuse(self.plan, "required_quiz", "requirements", "quizzes", number, key=key)
        if not required.lessons and not required.quizzes:
            self.refuse(self.plan, "requires_nothing", "requirements")
