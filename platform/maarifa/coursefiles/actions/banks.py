"""Question banks and quizzes from files."""

from datetime import datetime
from typing import TypedDict

from maarifa.accounts.models import User
from maarifa.coursefiles.courseplan import QuizEntry
from maarifa.coursefiles.fieldtypes import UNLIMITED
from maarifa.coursefiles.planning import Change, Plan
from maarifa.coursefiles.reading import CourseFolder
from maarifa.coursefiles.shapes import BankFile, BankTextsFile
from maarifa.curriculum.models import Course
from maarifa.lib.models import TranslatedText
from maarifa.lib.saving import save_if_changed
from maarifa.quizzes.enums import BankKind, ReviewRule
from maarifa.quizzes.models import Bank, Question, QuestionText, Quiz


class Who(TypedDict):
    """Whom the history names for a load, and when it was."""

    by: User | None
    at: datetime


class BankLoad:
    """The part of a load that is about questions."""

    def __init__(
        self, course: Course, folder: CourseFolder, plan: Plan, by: User | None, at: datetime
    ) -> None:
        self.course, self.folder, self.plan = course, folder, plan
        self.who = Who(by=by, at=at)
        self.at = at

    def save_banks(self) -> None:
        for file in self.folder.of_kind(BankFile):
            if self.plan.changes[file.path] in (Change.NEW, Change.UPDATE):
                self._bank(file.shape)

    def _bank(self, file: BankFile) -> None:
        bank = self.find_bank(file.bank) or Bank(key=f"{self.course.key}/{file.bank}")
        save_if_changed(bank, kind=file.kind, retired_at=None, **self.who)
        known = {question.key: question for question in Question.objects.filter(bank=bank)}
        for position, entry in enumerate(file.questions, 1):
            question = known.pop(entry.key, None) or Question(bank=bank, key=entry.key)
            save_if_changed(
                question,
                kind=entry.kind,
                points=entry.points,
                lesson_key=entry.lesson or "",
                outcome_key=entry.outcome or "",
                level=entry.level or "",
                structure=entry.structure.stored(),
                tests=entry.stored_tests,
                position=position,
                retired_at=None,
                **self.who,
            )
        for question in known.values():
            save_if_changed(question, retired_at=question.retired_at or self.at, **self.who)

    def save_quiz(self, entry: QuizEntry) -> Quiz:
        key = f"{self.course.key}/{entry.key}"
        quiz = Quiz.objects.filter(key=key).first() or Quiz(key=key)
        rules = entry.model_dump(exclude={"kind", "key", "bank"})
        rules["cells"] = rules["cells"] or []
        rules["review"] = rules["review"] or ReviewRule.ALL.value
        rules["attempts"] = None if entry.attempts == UNLIMITED else entry.attempts
        bank = Bank.objects.get(key=f"{self.course.key}/{entry.bank}")
        save_if_changed(quiz, bank_id=bank.pk, retired_at=None, **rules, **self.who)
        return quiz

    def save_texts(self) -> None:
        for file in self.folder.of_kind(BankTextsFile):
            if self.plan.changes[file.path] in (Change.NEW, Change.UPDATE):
                self._texts(file.shape)

    def _texts(self, file: BankTextsFile) -> None:
        questions = {row.key: row for row in Question.objects.filter(bank=self.find_bank(file.bank))}
        rows = {
            text.question_id: text
            for text in QuestionText.objects.filter(question__in=questions.values(), language=file.language)
        }
        for key, texts in file.questions.items():
            question = questions[key]
            text = rows.pop(question.pk, None) or QuestionText(question=question, language=file.language)
            digest = texts.source_digest or ""
            state = TranslatedText.State(texts.state or "") if digest else TranslatedText.State.SOURCE
            save_if_changed(text, texts=texts.texts(), state=state, source_digest=digest, **self.who)
        # What a retired question said stays with it.
        gone = [text.pk for text in rows.values() if text.question.retired_at is None]
        QuestionText.objects.filter(pk__in=gone).delete()

    def retire_quizzes(self, planned: list[str]) -> None:
        for quiz in Quiz.objects.filter(key__startswith=f"{self.course.key}/", retired_at__isnull=True):
            if quiz.own_key not in planned:
                save_if_changed(quiz, retired_at=self.at, **self.who)

    def retire(self) -> None:
        """Banks whose file is gone, and the words of languages whose file is. Exam banks have no files."""
        removed = [path for path in self.plan.of(Change.REMOVE) if path.startswith("banks/")]
        for path in removed:
            own_key, language, _ending = path.removeprefix("banks/").split(".")
            QuestionText.objects.filter(question__bank=self.find_bank(own_key), language=language).delete()
        gone = {path.removeprefix("banks/").partition(".")[0] for path in self.plan.of(Change.RETIRE)}
        for bank in Bank.objects.filter(key__startswith=f"{self.course.key}/", retired_at__isnull=True):
            if bank.key.partition("/")[2] in gone and bank.kind != BankKind.EXAM:
                save_if_changed(bank, retired_at=self.at, **self.who)

    def find_bank(self, key: str) -> Bank | None:
        return Bank.objects.filter(key=f"{self.course.key}/{key}").first()
