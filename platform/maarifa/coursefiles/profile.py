"""What courses of the profile `maarifa` promise to who learns from them, as far as a program can tell.

A partner's course may be of the profile `partner`, which asks for none of this.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import singledispatchmethod
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from maarifa.coursefiles.courseplan import CourseFile, LessonEntry, QuizEntry
from maarifa.coursefiles.guessing import by_absolute_words, by_chance, length_apart, limits
from maarifa.coursefiles.reading import AnyFile, CourseFileRead, CourseFolder
from maarifa.coursefiles.reading import problem as _problem
from maarifa.coursefiles.shapes import BankFile, BankTextsFile, LessonFile, QuestionEntry, QuestionTexts
from maarifa.curriculum.text.blocks import Jurisdiction, blocks
from maarifa.curriculum.text.markdown import alternatives, count_words
from maarifa.lib.numbers import numbers_in
from maarifa.lib.problems import shown
from maarifa.lib.terms import term_base
from maarifa.quizzes.kinds import Practice, kind_named
from maarifa.quizzes.kinds.base import texts_in
from maarifa.quizzes.kinds.practice import Guessed

OBJECTIVES, WORDS, PRACTICE = (2, 4), (500, 900), (2, 3)
RECALLS, BANK, SPARE = 2, 15, 1
ALTERNATIVE = 20
MOST_OF_THE_LAW = 25
MOST_BY_GUESSING = 5
MOST_APART = 25
RECALL = "recall-"

TEMPLATES = {
    "lesson_outcomes": _("The lesson “%(key)s” has no outcome. Add “outcomes: [key]”."),
    "objectives_count": _("Number of objectives: %(count)s. Write %(least)s to %(most)s."),
    "no_sources": _("The lesson has no sources. Add the sources of its facts."),
    "no_date": _(
        "“%(field)s” is missing. Say when the facts were checked (checked) and when to review them "
        "(review_by)."
    ),
    "review_passed": _(
        "The lesson was due for review by %(day)s. Check its facts, and update both dates (checked and "
        "review_by)."
    ),
    "word_count": _("Words in the text, not counting practice: %(count)s. Write %(least)s to %(most)s."),
    "recalls": _(
        "Practice questions with a key that begins with “recall-”: %(count)s. Write exactly %(right)s, "
        "about earlier lessons."
    ),
    "no_recalls": _(
        "The first lesson of a course has no earlier lesson to recall. Give these questions keys without "
        "“recall-”."
    ),
    "practice_count": _(
        "Practice questions, not counting those that recall earlier lessons: %(count)s. Write "
        "%(least)s to %(most)s."
    ),
    "alternative_short": _(
        "The text alternative of “%(key)s” has %(count)s characters. Describe what the figure shows, "
        "in at least %(least)s characters."
    ),
    "bank_small": _("Number of questions in the bank: %(count)s. Write at least %(least)s."),
    "no_cell": _("The question “%(key)s” has no outcome or no level. It needs both."),
    "no_cells": _(
        "The quiz “%(key)s” chooses from the whole bank. Add “cells”, with the number of questions for "
        "each outcome and level."
    ),
    "cell_spare": ngettext_lazy(
        "The cell %(outcome)s, %(level)s chooses %(draw)s of %(count)s question. Add questions to the "
        "bank, so that two attempts differ.",
        "The cell %(outcome)s, %(level)s chooses %(draw)s of %(count)s questions. Add questions to the "
        "bank, so that two attempts differ.",
        "count",
    ),
    "key_long": _(
        "“%(question)s”: the correct choice is %(percent)s %% longer than the others on average. Shorten it, or give "
        "the others more content."
    ),
    "key_short": _(
        "“%(question)s”: the correct choice is %(percent)s %% shorter than the others on average. "
        "Shorten the others. Do not add words to the correct one only to make it longer."
    ),
    "limit_lost": _(
        "“%(question)s”: the choice “%(value)s” has a word such as “only” in one language and not in the other. "
        "Write the same in both."
    ),
    "never_term": _("“%(value)s” is not used in this language. Write “%(right)s”."),
    "guessable_words": _(
        "A learner who only avoids choices with words such as “always” gets %(percent)s of 100 "
        "questions right. A learner who picks at random gets %(chance)s right. Rewrite these choices."
    ),
    "law_balance": _(
        "Of every 100 words on jurisdiction cards, %(percent)s are on the cards of “%(key)s”. No "
        "jurisdiction may have more than %(most)s."
    ),
    "numbers_differ": _(
        "The numbers differ from those in the source text. Missing: %(missing)s. Not in the source "
        "text: %(added)s."
    ),
}


def check_profile(folder: CourseFolder, *, today: date) -> None:
    """Adds to the folder's problems what keeps a course from its profile. `today` is the day to hold dates against."""
    if folder.course and folder.course.profile == "maarifa":
        _Profile(folder, folder.course, today).run()


class _Profile:
    def __init__(self, folder: CourseFolder, course: CourseFile, today: date) -> None:
        self.folder, self.today = folder, today
        self.course = course
        self.source = self.course.source_language

    def run(self) -> None:
        plan = self.folder.files["course.yaml"]
        for position, module in enumerate(self.course.modules):
            for path, entry in module.placed:
                self._activity(entry, plan, "modules", position, *path)
        for lesson_file in self.folder.of_kind(LessonFile):
            self._alternatives(lesson_file)
            self._choices(lesson_file)
            if lesson_file.names["language"] == self.source:
                self._lesson(lesson_file)
            else:
                self._numbers(lesson_file)
        for bank in self.folder.of_kind(BankFile):
            self._bank(bank)
        for bank_texts in self.folder.of_kind(BankTextsFile):
            self._bank_texts(bank_texts)
        self._law()
        for written in self.folder.files.values():
            self._terms(written)

    def refuse(self, file: AnyFile, code: str, line: int | None = 1, **params: Any) -> None:
        self.folder.refuse(file.path, _problem(code, line, templates=TEMPLATES, **params))

    def warn(self, file: AnyFile, code: str, line: int | None = 1, **params: Any) -> None:
        self.folder.warn(file.path, _problem(code, line, templates=TEMPLATES, **params))

    def _terms(self, file: AnyFile) -> None:
        """Words that the term base of the language rules out."""
        terms = term_base(file.names.get("language", ""))
        if terms is None:
            return
        for number, line in enumerate(file.text.split("\n"), 1):
            for word, term in terms.never_here(line, scope="courses"):
                self.refuse(file, "never_term", number, value=word, right=term.to_write)

    @singledispatchmethod
    def _activity(self, entry: object, plan: AnyFile, *path: str | int) -> None:
        raise TypeError(f"no list of activities holds a {type(entry).__name__}")

    @_activity.register
    def _(self, entry: LessonEntry, plan: AnyFile, *path: str | int) -> None:
        if not entry.outcomes:
            self.refuse(plan, "lesson_outcomes", plan.line(*path), key=entry.key)

    @_activity.register
    def _(self, entry: QuizEntry, plan: AnyFile, *path: str | int) -> None:
        if not entry.cells:
            self.refuse(plan, "no_cells", plan.line(*path), key=entry.key)
        else:
            self._cells(plan, entry, *path, "cells")

    # Lessons

    def _lesson(self, file: CourseFileRead[LessonFile]) -> None:
        lesson = file.shape
        least, most = OBJECTIVES
        if not least <= len(lesson.objectives) <= most:
            self.refuse(file, "objectives_count", count=len(lesson.objectives), least=least, most=most)
        if not lesson.sources:
            self.refuse(file, "no_sources")
        for field in ("checked", "review_by"):
            if not getattr(lesson, field):
                self.refuse(file, "no_date", field=field)
        if lesson.review_by and date.fromisoformat(lesson.review_by) < self.today:
            self.refuse(file, "review_passed", file.line("review_by"), day=lesson.review_by)
        least, most = WORDS
        count = count_words(lesson.body)
        if not least <= count <= most:
            self.refuse(file, "word_count", count=count, least=least, most=most)
        self._practice(file)

    def _practice(self, file: CourseFileRead[LessonFile]) -> None:
        asked = [practice for block in blocks(file.shape.body) if (practice := block.read()[0])]
        recalls = sum(practice.key.startswith(RECALL) for practice in asked)
        first = file.names["lesson"] == self.course.lesson_keys[0]
        if first and recalls:
            self.refuse(file, "no_recalls")
        elif not first and recalls != RECALLS:
            self.refuse(file, "recalls", count=recalls, right=RECALLS)
        least, most = PRACTICE
        if not least <= len(asked) - recalls <= most:
            self.refuse(file, "practice_count", count=len(asked) - recalls, least=least, most=most)

    def _choices(self, file: CourseFileRead[LessonFile]) -> None:
        """How the choices of practice questions are written, in whichever language."""
        origin = self.folder.find(LessonFile, lesson=file.names["lesson"], language=self.source)
        in_source = _practice_of(origin) if origin and origin is not file else {}
        for key, (line, practice) in _practice_of(file).items():
            if guessed := practice.guessed():
                self._length(file, line, key, guessed)
            if key in in_source:
                self._limits(file, line, key, in_source[key][1].texts, practice.texts)

    def _length(self, file: AnyFile, line: int | None, key: str, guessed: Guessed) -> None:
        apart = length_apart(guessed)
        if abs(apart) > MOST_APART:
            code = "key_long" if apart > 0 else "key_short"
            self.warn(file, code, line, question=key, percent=abs(apart))

    def _limits(
        self, file: AnyFile, line: int | None, key: str, source: dict[str, str], texts: dict[str, str]
    ) -> None:
        """Every choice that both have says “only” in both or in neither."""
        for choice in source.keys() & texts.keys():
            if limits(source[choice], self.source) != limits(texts[choice], file.names["language"]):
                self.refuse(file, "limit_lost", line, question=key, value=shown(texts[choice]))

    def _alternatives(self, file: CourseFileRead[LessonFile]) -> None:
        for key, text in alternatives(file.shape.body):
            if len(text) < ALTERNATIVE:
                self.refuse(file, "alternative_short", key=key, count=len(text), least=ALTERNATIVE)

    def _numbers(self, file: CourseFileRead[LessonFile]) -> None:
        origin = self.folder.find(LessonFile, lesson=file.names["lesson"], language=self.source)
        if origin:
            self._same_numbers(file, 1, _said(origin.shape), _said(file.shape))

    def _same_numbers(self, file: AnyFile, line: int, source_text: str, text: str) -> None:
        right = Counter(numbers_in(source_text, language=self.source))
        numbers = Counter(numbers_in(text, language=file.names["language"]))
        if right != numbers:
            missing, added = sorted((right - numbers).elements()), sorted((numbers - right).elements())
            params = {"missing": ", ".join(missing) or "–", "added": ", ".join(added) or "–"}
            self.refuse(file, "numbers_differ", line, **params)

    def _law(self) -> None:
        """Of all cards of the course in its source language, by jurisdiction."""
        word_counts: Counter[str] = Counter()
        where: dict[str, AnyFile] = {}
        for file in self.folder.of_kind(LessonFile):
            if file.names["language"] == self.source:
                for block in blocks(file.shape.body, "jurisdiction"):
                    if isinstance(card := block.read()[0], Jurisdiction):
                        word_counts[card.key] += card.word_count
                        where[card.key] = file
        for key, count in word_counts.items():
            percent = round(100 * count / word_counts.total())
            if percent > MOST_OF_THE_LAW:
                self.refuse(where[key], "law_balance", key=key, percent=percent, most=MOST_OF_THE_LAW)

    # Banks

    def _cells(self, plan: AnyFile, quiz: QuizEntry, *path: str | int) -> None:
        bank = self.folder.find(BankFile, bank=quiz.bank)
        if bank is None:
            return
        for number, cell in enumerate(quiz.cells or ()):
            count = sum(
                (one.outcome, one.level) == (cell.outcome, cell.level) for one in bank.shape.questions
            )
            if cell.count <= count < cell.count + SPARE:
                params = {"outcome": cell.outcome, "level": cell.level, "draw": cell.count, "count": count}
                self.refuse(plan, "cell_spare", plan.line(*path, number), **params)

    def _bank(self, file: CourseFileRead[BankFile]) -> None:
        if file.shape.kind == "module" and len(file.shape.questions) < BANK:
            self.refuse(file, "bank_small", count=len(file.shape.questions), least=BANK)
        for number, question in enumerate(file.shape.questions):
            if not question.outcome or not question.level:
                self.refuse(file, "no_cell", file.line("questions", number), key=question.key)

    def _bank_texts(self, file: CourseFileRead[BankTextsFile]) -> None:
        language = file.names["language"]
        bank = self.folder.find(BankFile, bank=file.names["bank"])
        origin = self.folder.find(BankTextsFile, bank=file.names["bank"], language=self.source)
        if bank is None or origin is None:
            return
        questions = {one.key: one for one in bank.shape.questions}
        for key, texts in file.shape.questions.items():
            line, in_source = file.line("questions", key), origin.shape.questions.get(key)
            if key in questions:
                self._feedback(file, questions[key], texts)
            if language != self.source and in_source:
                self._same_numbers(file, line, _asked(in_source), _asked(texts))
                if key in questions:
                    choices = kind_named(questions[key].kind).choice_texts
                    self._limits(file, line, key, choices(in_source.texts()), choices(texts.texts()))
        guessed = _guessed(questions, file)
        for key, one in guessed.items():
            self._length(file, file.line("questions", key), key, one)
        asked = list(guessed.values())
        percent, chance = by_absolute_words(asked, language), by_chance(asked)
        if percent > chance + MOST_BY_GUESSING:
            self.refuse(file, "guessable_words", percent=round(percent), chance=round(chance))

    def _feedback(self, file: AnyFile, question: QuestionEntry, texts: QuestionTexts) -> None:
        kind, line = kind_named(question.kind), file.line("questions", question.key)
        for feedback_problem in kind.feedback_problems(question.structure.stored(), texts.texts()):
            self.folder.refuse(file.path, replace(feedback_problem, line=line))


def _said(lesson: LessonFile) -> str:
    return "\n".join([lesson.title, lesson.summary or "", *lesson.objectives, lesson.body])


def _asked(texts: QuestionTexts) -> str:
    return "\n".join(texts_in(texts.texts()))


def _guessed(
    questions: Mapping[str, QuestionEntry], file: CourseFileRead[BankTextsFile]
) -> dict[str, Guessed]:
    """The questions of a bank that may be guessed by how they are written, by key."""
    guesses = {
        key: kind_named(questions[key].kind).guessed(questions[key].structure.stored(), texts.texts())
        for key, texts in file.shape.questions.items()
        if key in questions
    }
    return {key: one for key, one in guesses.items() if one}


def _practice_of(file: CourseFileRead[LessonFile]) -> dict[str, tuple[int, Practice]]:
    """The practice questions of a lesson with their lines, by key."""
    return {
        practice.key: (block.line + file.body_line, practice)
        for block in blocks(file.shape.body)
        if isinstance(practice := block.read()[0], Practice)
    }
