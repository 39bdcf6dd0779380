"""What the files of a course say of one another: keys that name nothing, words that are missing, translations."""

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from maarifa.coursefiles.courseplan import CourseFile
from maarifa.coursefiles.plancheck import FolderCheck, PlanCheck
from maarifa.coursefiles.problems import problem
from maarifa.coursefiles.reading import AnyFile, CourseFileRead, CourseFolder, first_line_not_canonical
from maarifa.coursefiles.shapes import (
    BankFile,
    BankTextsFile,
    CourseTextsFile,
    FigureFile,
    GlossaryFile,
    LessonFile,
    QuestionEntry,
    QuestionTexts,
    Translated,
    WorksheetFile,
)
from maarifa.coursefiles.testcheck import check_tests
from maarifa.curriculum.text.markdown import outline_of, practice_outline
from maarifa.curriculum.translations import TranslationState
from maarifa.lib.digests import short_digest
from maarifa.lib.shapes import Shape
from maarifa.quizzes.kinds import kind_named

T = TypeVar("T", bound=Translated)

MISFITS = {
    "field": "texts_field",
    "key_missing": "texts_missing",
    "key_unknown": "texts_unknown",
    "text_missing": "choice_text",
    "text_unknown": "choice_text_truefalse",
    "near_unknown": "texts_near",
    "unit_twice": "texts_unit",
}


def check(folder: CourseFolder) -> None:
    """Adds to the folder's problems what its files say of one another, and what is not in canonical form.

    A file that could not be read has named its own problems; nothing is said of it again.
    """
    if folder.course is None:
        if "course.yaml" not in folder.files:
            folder.refuse("course.yaml", problem("no_plan"))
    else:
        _Check(folder, folder.course).run()
    # What has mistakes changes again: its form is of no interest yet.
    mistaken = {file_problem.path for file_problem in folder.problems}
    for file in folder.files.values():
        if file.shape is None or str(folder.root / file.path) in mistaken:
            continue
        if form_problem := first_line_not_canonical(file):
            folder.refuse(file.path, form_problem)


def check_exam_banks(folder: CourseFolder, course: CourseFile) -> None:
    """As `check`, of a folder that has nothing but banks of secret questions for this course."""
    _ExamCheck(folder, course).run()


def translations(folder: CourseFolder) -> dict[str, TranslationState]:
    """How far each translated file is, those that are missing included, by path. Of a bank, its last question."""
    if folder.course is None:
        return {}
    source, *others = [folder.course.source_language, *_others(folder.course)]
    states = {}
    for path in expected(folder.course, source):
        for language in others:
            translation = folder.files.get(path.replace(f".{source}.", f".{language}."))
            origin = folder.files.get(path)
            if translation is None:
                states[path.replace(f".{source}.", f".{language}.")] = TranslationState.MISSING
            elif translation.shape and origin and origin.shape:
                states[translation.path] = _state(translation.shape, origin.shape)
    return states


def source_path(file: AnyFile, source: str) -> str:
    """The path of the file that this one is a translation of."""
    return file.path.replace(f".{file.names['language']}.", f".{source}.")


def digest_of_texts(file: Translated) -> str:
    """What a translation of these words remembers, as the models compute it."""
    return short_digest(file.texts())


def expected(course: CourseFile, language: str) -> list[str]:
    """The files of words in a language."""
    banks = dict.fromkeys(quiz.bank for quiz in course.quizzes)
    return [
        f"course.{language}.yaml",
        *(f"{key}/lesson.{language}.md" for key in course.lesson_keys),
        *(f"worksheets/{module.worksheet}.{language}.md" for module in course.modules if module.worksheet),
        *(f"banks/{bank}.{language}.yaml" for bank in banks),
    ]


def _line_of(file: AnyFile, piece: str) -> int:
    lines = file.text.split("\n")
    return next((number for number, line in enumerate(lines, 1) if piece in line), 1)


def _others(course: CourseFile) -> list[str]:
    return [language for language in course.languages if language != course.source_language]


def _state(file: Shape, source: Shape) -> TranslationState:
    pairs: list[tuple[Translated | None, Translated]] = []
    if isinstance(file, BankTextsFile) and isinstance(source, BankTextsFile):
        pairs = [(file.questions.get(key), texts) for key, texts in source.questions.items()]
    elif isinstance(file, Translated) and isinstance(source, Translated):
        pairs = [(file, source)]
    states = {_state_of_texts(texts, origin) for texts, origin in pairs}
    order = ("MISSING", "STALE", "MACHINE", "REVIEWED")
    return next(TranslationState[name] for name in order if TranslationState[name] in states)


def _state_of_texts(texts: Translated | None, origin: Translated) -> TranslationState:
    if texts is None:
        return TranslationState.MISSING
    if texts.source_digest != digest_of_texts(origin):
        return TranslationState.STALE
    return TranslationState(texts.state or "machine")


class _Check(FolderCheck):
    def run(self) -> None:
        PlanCheck(self.folder, self.course).run()
        for course_texts in self.folder.of_kind(CourseTextsFile):
            self._named(course_texts)
            self._course_texts(course_texts)
            self._marks(course_texts, course_texts.shape)
        for lesson in self.folder.of_kind(LessonFile):
            self._lesson(lesson)
        for glossary in self.folder.of_kind(GlossaryFile):
            self._glossary(glossary)
        for worksheet in self.folder.of_kind(WorksheetFile):
            self._worksheet(worksheet)
        for figure in self.folder.of_kind(FigureFile):
            self._named(figure)
        for bank_file in self.folder.of_kind(BankFile):
            self._bank(bank_file)
        for bank_texts in self.folder.of_kind(BankTextsFile):
            self._bank_texts(bank_texts)
        check_tests(self.folder, self.course)
        for path in expected(self.course, self.source):
            bank = path.startswith("banks/") and path.replace(f".{self.source}.", ".")
            # That a bank is missing has been said already.
            if path not in self.folder.files and (not bank or bank in self.folder.files):
                self.folder.refuse(path, problem("source_missing", path=path))

    # Words

    def _named(self, file: AnyFile) -> None:
        """A file's name and its fields say the same, and its language is one of the course's."""
        language = file.names.get("language")
        if language and language not in self.course.languages:
            self.folder.refuse(file.path, problem("language_unlisted", 1, language=language))
        if getattr(file.shape, "language", language) != language:
            self.refuse(file, "language_differs", "language", right=language)
        if getattr(file.shape, "bank", file.names.get("bank")) != file.names.get("bank"):
            self.refuse(file, "bank_differs", "bank", right=file.names["bank"])

    def _marks(self, file: AnyFile, texts: Translated, *path: str | int) -> None:
        """Translations say what they were made from, and who has read them; the source says neither."""
        is_source = file.names["language"] == self.source
        for name in ("source_digest", "state"):
            is_present = getattr(texts, name) is not None
            if is_source and is_present:
                self.refuse(file, "source_marked", *path, name)
            elif not is_source and not is_present:
                self.refuse(file, "translation_unmarked", *path, name)

    def _keys(
        self,
        file: AnyFile,
        existing: Collection[str],
        right: Collection[str],
        *path: str | int,
        complete: bool,
    ) -> None:
        """Words for every key and for no other."""
        if complete:
            for key in right:
                if key not in existing:
                    self.refuse(file, "texts_missing", *path, key=key)
        for key in existing:
            if key not in right:
                self.refuse(file, "texts_unknown", *path, key, key=key)

    def _course_texts(self, file: CourseFileRead[CourseTextsFile]) -> None:
        texts, course = file.shape, self.course
        keys = {
            "outcomes": course.outcomes,
            "modules": [module.key for module in course.modules],
            "quizzes": [quiz.key for quiz in course.quizzes],
        }
        for name, right in keys.items():
            self._keys(file, getattr(texts, name), right, name, complete=not self._is_behind(file))

    def _is_behind(self, file: CourseFileRead[T]) -> bool:
        """A translation of words that have changed since may lack what is new."""
        source = self.folder.at(source_path(file, self.source), type(file.shape))
        if file.names["language"] == self.source or not source:
            return False
        return file.shape.source_digest != digest_of_texts(source.shape)

    def _lesson(self, file: CourseFileRead[LessonFile]) -> None:
        self._named(file)
        self._marks(file, file.shape)
        if file.names["lesson"] not in self.course.lesson_keys:
            self.folder.refuse(file.path, problem("lesson_unlisted", 1, key=file.names["lesson"]))
        self._links(file)
        source = self.folder.at(source_path(file, self.source), LessonFile)
        if not source or source is file or self._is_behind(file):
            return
        if outline_of(file.shape.body) != outline_of(source.shape.body):
            self.folder.refuse(file.path, problem("outline_differs", 1))
        if practice_outline(file.shape.body) != practice_outline(source.shape.body):
            lines = file.text.split("\n")
            line = next((n for n, text in enumerate(lines, 1) if text.startswith("```practice")), 1)
            self.folder.refuse(file.path, problem("practice_differs", line))
        count, right = len(file.shape.objectives), len(source.shape.objectives)
        if count != right:
            self.refuse(file, "objectives_differ", "objectives", count=count, right=right)

    def _links(self, file: CourseFileRead[LessonFile] | CourseFileRead[WorksheetFile]) -> None:
        """Terms, worksheets and figures that a text points to are there, in the source language at least."""
        glossary = self.folder.find(GlossaryFile, language=self.source)
        terms = glossary.shape.terms if glossary else {}
        outline = outline_of(file.shape.body)
        for key in outline["terms"]:
            if key not in terms:
                line = _line_of(file, f"(glossary:{key})")
                self.folder.refuse(file.path, problem("term_unknown", line, key=key, language=self.source))
        worksheets = [module.worksheet for module in self.course.modules]
        for key in outline["worksheets"]:
            if key not in worksheets:
                line = _line_of(file, f"(worksheet:{key})")
                self.folder.refuse(file.path, problem("worksheet_unknown", line, key=key))
        for key in outline["figures"]:
            if f"figures/{key}.{self.source}.svg" not in self.folder.files:
                line = _line_of(file, f"(figures/{key}.svg)")
                self.folder.refuse(file.path, problem("figure_unknown", line, key=key, language=self.source))

    def _glossary(self, file: CourseFileRead[GlossaryFile]) -> None:
        self._named(file)
        self._marks(file, file.shape)
        source = self.folder.find(GlossaryFile, language=self.source)
        if source is None:
            path = f"glossary.{self.source}.yaml"
            if path not in self.folder.files:
                self.folder.refuse(path, problem("source_missing", path=path))
        elif source is not file:
            self._keys(
                file, file.shape.terms, source.shape.terms, "terms", complete=not self._is_behind(file)
            )

    def _worksheet(self, file: CourseFileRead[WorksheetFile]) -> None:
        self._named(file)
        self._marks(file, file.shape)
        if file.names["worksheet"] not in [module.worksheet for module in self.course.modules]:
            self.folder.refuse(file.path, problem("worksheet_unplanned", 1, key=file.names["worksheet"]))
        self._links(file)
        source = self.folder.at(source_path(file, self.source), WorksheetFile)
        if not source or source is file or self._is_behind(file):
            return
        if outline_of(file.shape.body) != outline_of(source.shape.body):
            self.folder.refuse(file.path, problem("outline_differs", 1))

    # Banks

    def _bank(self, file: CourseFileRead[BankFile]) -> None:
        self._named(file)
        self._bank_kind(file)
        seen = set()
        for number, question in enumerate(file.shape.questions):
            if question.key in seen:
                self.refuse(file, "question_twice", "questions", number, "key", key=question.key)
            seen.add(question.key)
            if question.lesson and question.lesson not in self.course.lesson_keys:
                self.refuse(file, "reread_unknown", "questions", number, "lesson", key=question.lesson)
            # An exam asks for the whole course, modules to come included.
            planned = self.course.outcomes if file.shape.kind != "sample" else [question.outcome]
            if question.outcome and question.outcome not in planned:
                self.refuse(file, "outcome_unknown", "questions", number, "outcome", key=question.outcome)
        path = f"banks/{file.names['bank']}.{self.source}.yaml"
        if path not in self.folder.files and path not in expected(self.course, self.source):
            self.folder.refuse(path, problem("source_missing", path=path))

    def _bank_kind(self, file: CourseFileRead[BankFile]) -> None:
        if file.shape.kind == "exam":
            self.refuse(file, "exam_bank", "kind")

    def _bank_texts(self, file: CourseFileRead[BankTextsFile]) -> None:
        self._named(file)
        bank = self.folder.find(BankFile, bank=file.names["bank"])
        if bank is None:
            if f"banks/{file.names['bank']}.yaml" not in self.folder.files:
                self.folder.refuse(file.path, problem("bank_unplanned", key=file.names["bank"]))
            return
        # Of two with the same key, which is a problem of its own, the first.
        questions = {question.key: question for question in reversed(bank.shape.questions)}
        is_source = file.names["language"] == self.source
        self._keys(file, file.shape.questions, questions, "questions", complete=is_source)
        for key, texts in file.shape.questions.items():
            self._marks(file, texts, "questions", key)
            if key in questions:
                self._question_texts(file, questions[key], texts, "questions", key)

    def _question_texts(
        self, file: AnyFile, question: QuestionEntry, texts: QuestionTexts, *path: str | int
    ) -> None:
        kind = kind_named(question.kind)
        structure = question.structure.stored()
        for misfit in kind.misfits(structure, texts.texts()):
            if misfit.code not in MISFITS:
                # What only one kind finds, it says itself.
                said, line = kind.misfit_problem(structure, misfit), file.line(*path, *misfit.path)
                where = ".".join([*map(str, path), said.where])
                self.folder.refuse(file.path, replace(said, line=line, where=where))
                continue
            code, names = MISFITS[misfit.code], {"kind": question.kind, "key": misfit.path[-1]}
            # What is not there has no line of its own.
            missing = misfit.code in ("key_missing", "text_missing")
            self.refuse(file, code, *path, *(misfit.path[:-1] if missing else misfit.path), **names)


class _ExamCheck(_Check):
    def run(self) -> None:
        for path, file in self.folder.files.items():
            if file.shape and not isinstance(file.shape, BankFile | BankTextsFile):
                self.folder.refuse(path, problem("no_bank", 1))
        banks = self.folder.of_kind(BankFile)
        if not banks and not self.folder.problems:
            self.folder.refuse("banks", problem("no_exam_bank"))
        for bank_file in banks:
            self._bank(bank_file)
        for bank_texts in self.folder.of_kind(BankTextsFile):
            self._bank_texts(bank_texts)

    def _bank_kind(self, file: CourseFileRead[BankFile]) -> None:
        if file.shape.kind != "exam":
            self.refuse(file, "not_exam_bank", "kind")
