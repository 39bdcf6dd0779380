"""How far a course is: every language of it, every lesson, every question."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import CourseText, Lesson, LessonText
from maarifa.curriculum.titles import lesson_title
from maarifa.curriculum.translations import TranslationState, in_language, state_of
from maarifa.quizzes.models import Question, QuestionText, Quiz

T = TypeVar("T", CourseText, LessonText, QuestionText)


@dataclass
class Cell:
    """The state of one text; `count` where it stands for several."""

    language: str
    state: TranslationState
    count: int = 1


@dataclass
class Row:
    """A lesson (or the course itself, where it is None), its title and that of its module, and its text in each
    language.
    """

    lesson: Lesson | None
    title: str = ""
    module: str = ""
    cells: list[Cell] = field(default_factory=list)


@dataclass
class QuestionRow:
    """A quiz, and in each language how many of its questions are in which state."""

    quiz: Quiz
    title: str
    questions: int
    cells: list[list[Cell]] = field(default_factory=list)


@dataclass
class Overview:
    languages: list[str]
    course: Row
    lessons: list[Row]
    quizzes: list[QuestionRow]


def overview(draft: Draft) -> Overview:
    languages = draft.course.languages
    modules = {module.pk: draft.module_title(module) for module in draft.modules}
    return Overview(
        languages,
        Row(None, cells=_cells(draft.texts, languages, draft.source_language)),
        [
            Row(
                lesson,
                lesson_title(lesson),
                modules.get(lesson.activity.module_id, ""),
                _cells(list(lesson.texts.all()), languages, draft.source_language),
            )
            for lesson in draft.lessons
        ],
        [_quiz(draft, quiz) for quiz in draft.quizzes.values()],
    )


def _cells(texts: Sequence[T], languages: list[str], source_language: str) -> list[Cell]:
    source = in_language(texts, source_language)
    digest = source.digest() if source else ""
    return [Cell(language, state_of(in_language(texts, language), digest)) for language in languages]


def _quiz(draft: Draft, quiz: Quiz) -> QuestionRow:
    questions = list(
        Question.objects.filter(bank_id=quiz.bank_id, retired_at__isnull=True).prefetch_related("texts")
    )
    row = QuestionRow(quiz, draft.quiz_title(quiz), len(questions))
    states = [
        _cells(list(question.texts.all()), draft.course.languages, draft.source_language)
        for question in questions
    ]
    for position, language in enumerate(draft.course.languages):
        counts = Counter(cells[position].state for cells in states)
        row.cells.append([Cell(language, state, count) for state, count in sorted(counts.items())])
    return row
