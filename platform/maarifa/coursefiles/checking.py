"""What the files of a course say of one another: keys that name nothing, words that are missing, translations."""

from django.utils.translation import gettext_lazy as _

from maarifa.coursefiles.reading import CourseFileRead, CourseFolder, first_line_not_canonical
from maarifa.coursefiles.reading import problem as _problem
from maarifa.coursefiles.shapes import BankFile, BankWordsFile, CourseFile, CourseWordsFile, LessonFile
from maarifa.curriculum.translations import TranslationState
from maarifa.lib.digests import short_digest
from maarifa.lib.markdown import practice_outline

TEMPLATES = {
    "no_plan": _("The course has no course.yaml, or it cannot be read. Write it first."),
    "folder_key": _("The key is “%(key)s”, and the folder “%(folder)s”. Give both the same name."),
    "source_first": _("“%(language)s” is not the first language. Put the source language first."),
    "language_unlisted": _("“%(language)s” is not among the languages in course.yaml. Add it there."),
    "language_differs": _("The file is named for “%(right)s”. Write that here, or rename the file."),
    "bank_differs": _("The file is named for the bank “%(right)s”. Write that here, or rename the file."),
    "source_missing": _("“%(path)s” is missing: the words in the source language. Write it."),
    "lesson_twice": _("The lesson “%(key)s” stands in the course twice. Keep one."),
    "quiz_twice": _("The quiz “%(key)s” stands in the course twice. Keep one."),
    "module_twice": _("The module “%(key)s” stands in the course twice. Keep one."),
    "lesson_unlisted": _("course.yaml has no lesson “%(key)s”. Add it there, or take the folder away."),
    "bank_unknown": _("There is no file banks/%(key)s.yaml. Write it, or name another bank."),
    "bank_unplanned": _("There is no file banks/%(key)s.yaml for these words. Write it."),
    "exam_bank": _("A bank of exam questions is secret and never stands in these files. Take the file away."),
    "few_questions": _(
        "The quiz draws %(draw)s questions, and its bank has %(count)s. Draw fewer, or add some."
    ),
    "required_lesson": _("The course has no lesson “%(key)s”. Name one that it has, or write “all”."),
    "required_quiz": _("The course has no quiz “%(key)s”. Name one that it has."),
    "requires_nothing": _("Completion requires nothing. Name a lesson or a quiz."),
    "question_twice": _("The question “%(key)s” stands in the bank twice. Keep one."),
    "reread_unknown": _("The course has no lesson “%(key)s”. Name one that it has."),
    "words_missing": _("“%(key)s” has no words here. Add them."),
    "words_unknown": _("Nothing in the course has the key “%(key)s”. Take its words away."),
    "words_field": _("A question of the kind “%(kind)s” has no such words. Take them away."),
    "choice_text": _("The choice has no text. Add it."),
    "choice_text_truefalse": _("The words for true and false come from the interface. Take the text away."),
    "source_marked": _("The file in the source language has no such field. Take it away."),
    "translation_unmarked": _(
        "A translation ends with this field. Run format_courses --translated on the file."
    ),
    "not_a_translation": _("The file is no translation: the course is written in “%(language)s”."),
    "practice_differs": _(
        "The practice blocks are not those of the source: same keys, kinds, choices and right answers. "
        "Bring them in line."
    ),
    "objectives_differ": _(
        "There are %(count)s objectives, and %(right)s in the source. Bring them in line."
    ),
}


def check(folder: CourseFolder) -> None:
    """Adds to the folder's problems what its files say of one another, and what is not in canonical form.

    A file that could not be read has named its own problems; nothing is said of it again.
    """
    if folder.course is None:
        if "course.yaml" not in folder.files:
            folder.refuse("course.yaml", problem("no_plan"))
    else:
        _Check(folder).run()
    # What has mistakes changes again: its form is of no interest yet.
    mistaken = {found.path for found in folder.problems}
    for read in folder.files.values():
        if read.shape is None or str(folder.root / read.path) in mistaken:
            continue
        if found := first_line_not_canonical(read):
            folder.refuse(read.path, found)


def problem(code: str, line: int | None = None, where: str = "", **params):
    return _problem(code, line, where, templates=TEMPLATES, **params)


def translations(folder: CourseFolder) -> dict[str, TranslationState]:
    """How far each translated file is, those that are missing included, by path. Of a bank, its last question."""
    if folder.course is None:
        return {}
    source, *others = [folder.course.source_language, *_others(folder.course)]
    found = {}
    for path in expected(folder.course, source):
        for language in others:
            there = folder.files.get(path.replace(f".{source}.", f".{language}."))
            origin = folder.files.get(path)
            if there is None:
                found[path.replace(f".{source}.", f".{language}.")] = TranslationState.MISSING
            elif there.shape and origin and origin.shape:
                found[there.path] = _state(there.shape, origin.shape)
    return found


def source_path(read: CourseFileRead, source: str) -> str:
    """The path of the file that this one is a translation of."""
    return read.path.replace(f".{read.names['language']}.", f".{source}.")


def digest_of_words(file) -> str:
    """What a translation of these words remembers, as the models compute it."""
    return short_digest(file.words())


def expected(course: CourseFile, language: str) -> list[str]:
    """The files of words in a language."""
    banks = dict.fromkeys(quiz.bank for quiz in course.quizzes)
    return [
        f"course.{language}.yaml",
        *(f"{key}/lesson.{language}.md" for key in course.lesson_keys),
        *(f"banks/{bank}.{language}.yaml" for bank in banks),
    ]


def _others(course: CourseFile) -> list[str]:
    return [language for language in course.languages if language != course.source_language]


def _state(file, source) -> TranslationState:
    if not isinstance(file, BankWordsFile):
        pairs = [(file, source)]
    else:
        pairs = [(file.questions.get(key), words) for key, words in source.questions.items()]
    states = {_state_of_words(words, origin) for words, origin in pairs}
    order = ("MISSING", "STALE", "MACHINE", "REVIEWED")
    return next(TranslationState[name] for name in order if TranslationState[name] in states)


def _state_of_words(words, origin) -> TranslationState:
    if words is None:
        return TranslationState.MISSING
    if words.source_digest != digest_of_words(origin):
        return TranslationState.STALE
    return TranslationState(words.state or "machine")


class _Check:
    def __init__(self, folder: CourseFolder):
        self.folder = folder
        self.course = folder.course
        self.source = self.course.source_language
        self.plan = folder.files["course.yaml"]

    def run(self) -> None:
        self._plan()
        self._requirements()
        for read in self.folder.of_kind(CourseWordsFile):
            self._named(read)
            self._course_words(read)
            self._marks(read, read.shape)
        for read in self.folder.of_kind(LessonFile):
            self._lesson(read)
        for read in self.folder.of_kind(BankFile):
            self._bank(read)
        for read in self.folder.of_kind(BankWordsFile):
            self._bank_words(read)
        for path in expected(self.course, self.source):
            bank = path.startswith("banks/") and path.replace(f".{self.source}.", ".")
            # That a bank is missing has been said already.
            if path not in self.folder.files and (not bank or bank in self.folder.files):
                self.folder.refuse(path, problem("source_missing", path=path))

    def refuse(self, read: CourseFileRead, code: str, *path, **params) -> None:
        where = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
        self.folder.refuse(read.path, problem(code, read.line(*path), where, **params))

    # course.yaml

    def _plan(self) -> None:
        course, plan = self.course, self.plan
        if course.key != self.folder.root.resolve().name:
            self.refuse(plan, "folder_key", "key", key=course.key, folder=self.folder.root.resolve().name)
        if course.languages[0] != self.source:
            self.refuse(plan, "source_first", "languages", language=self.source)
        seen = {"module": set(), "lesson": set(), "quiz": set()}

        def once(kind: str, key: str, *path) -> None:
            if key in seen[kind]:
                self.refuse(plan, f"{kind}_twice", *path, key=key)
            seen[kind].add(key)

        for position, module in enumerate(course.modules):
            once("module", module.key, "modules", position, "key")
            for number, lesson in enumerate(module.lessons):
                once("lesson", lesson.key, "modules", position, "lessons", number, "key")
            if module.quiz:
                once("quiz", module.quiz.key, "modules", position, "quiz", "key")
                self._quiz(module.quiz, "modules", position, "quiz")

    def _quiz(self, quiz, *path) -> None:
        if f"banks/{quiz.bank}.yaml" not in self.folder.files:
            self.refuse(self.plan, "bank_unknown", *path, "bank", key=quiz.bank)
        elif bank := self.folder.find(BankFile, bank=quiz.bank):
            count = len(bank.shape.questions)
            if count < quiz.draw:
                self.refuse(self.plan, "few_questions", *path, "draw", draw=quiz.draw, count=count)

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

    # Words

    def _named(self, read: CourseFileRead) -> None:
        """A file's name and its fields say the same, and its language is one of the course's."""
        language = read.names.get("language")
        if language and language not in self.course.languages:
            self.folder.refuse(read.path, problem("language_unlisted", 1, language=language))
        if hasattr(read.shape, "language") and read.shape.language != language:
            self.refuse(read, "language_differs", "language", right=language)
        if hasattr(read.shape, "bank") and read.shape.bank != read.names["bank"]:
            self.refuse(read, "bank_differs", "bank", right=read.names["bank"])

    def _marks(self, read: CourseFileRead, words, *path) -> None:
        """Translations say what they were made from, and who has read them; the source says neither."""
        is_source = read.names["language"] == self.source
        for name in ("source_digest", "state"):
            there = getattr(words, name) is not None
            if is_source and there:
                self.refuse(read, "source_marked", *path, name)
            elif not is_source and not there:
                self.refuse(read, "translation_unmarked", *path, name)

    def _keys(self, read: CourseFileRead, there, right, *path, complete: bool) -> None:
        """Words for every key and for no other."""
        if complete:
            for key in right:
                if key not in there:
                    self.refuse(read, "words_missing", *path, key=key)
        for key in there:
            if key not in right:
                self.refuse(read, "words_unknown", *path, key, key=key)

    def _course_words(self, read: CourseFileRead) -> None:
        words, course = read.shape, self.course
        keys = {
            "outcomes": course.outcomes,
            "modules": [module.key for module in course.modules],
            "quizzes": [quiz.key for quiz in course.quizzes],
        }
        for name, right in keys.items():
            self._keys(read, getattr(words, name), right, name, complete=not self._is_behind(read))

    def _is_behind(self, read: CourseFileRead) -> bool:
        """A translation of words that have changed since may lack what is new."""
        source = self.folder.files.get(source_path(read, self.source))
        if read.names["language"] == self.source or not source or not source.shape:
            return False
        return read.shape.source_digest != digest_of_words(source.shape)

    def _lesson(self, read: CourseFileRead) -> None:
        self._named(read)
        self._marks(read, read.shape)
        if read.names["lesson"] not in self.course.lesson_keys:
            self.folder.refuse(read.path, problem("lesson_unlisted", 1, key=read.names["lesson"]))
        source = self.folder.files.get(source_path(read, self.source))
        if not source or not source.shape or source is read or self._is_behind(read):
            return
        if practice_outline(read.shape.body) != practice_outline(source.shape.body):
            lines = read.text.split("\n")
            line = next((n for n, text in enumerate(lines, 1) if text.startswith("```practice")), 1)
            self.folder.refuse(read.path, problem("practice_differs", line))
        count, right = len(read.shape.objectives), len(source.shape.objectives)
        if count != right:
            self.refuse(read, "objectives_differ", "objectives", count=count, right=right)

    # Banks

    def _bank(self, read: CourseFileRead) -> None:
        self._named(read)
        if read.shape.kind == "exam":
            self.refuse(read, "exam_bank", "kind")
        seen = set()
        for number, question in enumerate(read.shape.questions):
            if question.key in seen:
                self.refuse(read, "question_twice", "questions", number, "key", key=question.key)
            seen.add(question.key)
            if question.lesson and question.lesson not in self.course.lesson_keys:
                self.refuse(read, "reread_unknown", "questions", number, "lesson", key=question.lesson)
        path = f"banks/{read.names['bank']}.{self.source}.yaml"
        if path not in self.folder.files and path not in expected(self.course, self.source):
            self.folder.refuse(path, problem("source_missing", path=path))

    def _bank_words(self, read: CourseFileRead) -> None:
        self._named(read)
        bank = self.folder.find(BankFile, bank=read.names["bank"])
        if bank is None:
            if f"banks/{read.names['bank']}.yaml" not in self.folder.files:
                self.folder.refuse(read.path, problem("bank_unplanned", key=read.names["bank"]))
            return
        # Of two with the same key, which is a problem of its own, the first.
        questions = {question.key: question for question in reversed(bank.shape.questions)}
        is_source = read.names["language"] == self.source
        self._keys(read, read.shape.questions, questions, "questions", complete=is_source)
        for key, words in read.shape.questions.items():
            self._marks(read, words, "questions", key)
            if key in questions:
                self._question_words(read, questions[key], words, "questions", key)

    def _question_words(self, read, question, words, *path) -> None:
        if question.kind == "numeric":
            if words.choices is not None:
                self.refuse(read, "words_field", *path, "choices", kind=question.kind)
            return
        for name in ("unit", "feedback"):
            if getattr(words, name) is not None:
                self.refuse(read, "words_field", *path, name, kind=question.kind)
        choices = ["true", "false"] if question.kind == "truefalse" else question.choices
        self._keys(
            read, words.choices or {}, choices, *path, "choices", complete=question.kind != "truefalse"
        )
        for key, choice in (words.choices or {}).items():
            if question.kind == "truefalse" and choice.text is not None:
                self.refuse(read, "choice_text_truefalse", *path, "choices", key, "text")
            elif question.kind != "truefalse" and choice.text is None:
                self.refuse(read, "choice_text", *path, "choices", key)
