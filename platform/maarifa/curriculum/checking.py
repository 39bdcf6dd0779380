"""What keeps a course from being published: everything at once, each with the place where it is.

What is wrong with the translation of a lesson keeps back that translation only.
"""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from maarifa.curriculum.activities import KINDS, HeldText
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import Lesson, LessonText, Material
from maarifa.curriculum.text.markdown import outline_of, practice_outline
from maarifa.curriculum.text.markdown import problems as text_problems
from maarifa.curriculum.translations import in_language
from maarifa.lib.problems import Problem
from maarifa.quizzes.checks import quiz_problems
from maarifa.quizzes.checks import text_problems as texts_problems
from maarifa.quizzes.compiling import cells_of
from maarifa.quizzes.enums import Level
from maarifa.quizzes.models import Question, Quiz

TEMPLATES = {
    "no_source_language": _(
        "“%(language)s”, the source language, is missing from the languages of the course. Add it."
    ),
    "no_course_texts": _("The course has no texts in “%(language)s”, its source language. Write them."),
    "no_texts_for": _("“%(key)s” has no text in “%(language)s”. Write it."),
    "no_lessons": _("The course has no lessons. Add one."),
    "empty_module": _("The module has no lessons or quizzes. Add one, or retire the module."),
    "quiz_elsewhere": _(
        "The module “%(module)s” contains a quiz from another course. Choose a quiz of this course."
    ),
    "practice_differs": _(
        "The practice questions differ from those in the source text. Use the same keys, kinds, "
        "choices and correct answers."
    ),
    "objectives_differ": _(
        "Number of objectives: %(count)s here, %(right)s in the source text. Make them the same."
    ),
    "no_lesson_texts": _("The lesson has no text in “%(language)s”, the source language. Write it."),
    "few_questions": ngettext_lazy(
        "The quiz chooses %(draw)s question, but its bank has %(count)s. Add questions to the bank.",
        "The quiz chooses %(draw)s questions, but its bank has %(count)s. Choose fewer, or add "
        "questions to the bank.",
        "draw",
    ),
    "bank_retired": _("The question bank “%(bank)s” is retired. Choose another one."),
    "reread_unknown": _(
        "The question “%(question)s” refers to the lesson “%(lesson)s”, which is not in the course. "
        "Choose another lesson."
    ),
    "question": _("Question “%(question)s”: %(problem)s"),
    "question_in": _("Question “%(question)s” in “%(language)s”: %(problem)s"),
    "required_lesson_unknown": _(
        "Completion requires the lesson “%(key)s”, which is not in the course. Remove this requirement."
    ),
    "required_quiz_unknown": _(
        "Completion requires the quiz “%(key)s”, which is not in the course. Remove this requirement."
    ),
    "no_figure": _(
        "The figure “%(key)s” is not in the course. Ask the site administrators to add it, or remove it "
        "from the text."
    ),
    "no_term": _(
        "The text links to the term “%(key)s”, which is not in the glossary. Add the term, or remove "
        "the link."
    ),
    "worksheet_unknown": _(
        "The text links to the worksheet “%(key)s”, but no module of the course ends with it. Correct "
        "the key, or remove the link."
    ),
    "no_worksheet": _(
        "The module ends with the worksheet “%(key)s”, but the course does not have it in "
        "“%(language)s”. Ask the site administrators to add it, or choose another one."
    ),
    "quiz_unattached": _(
        "The quiz is not in any module, so learners cannot see it. Add it to a module, or retire it."
    ),
    "no_cell": _(
        "The quiz chooses questions by outcome and level. It does not use the outcome and level of "
        "“%(question)s”, so learners never get this question. Give the question an outcome and a level "
        "that the quiz uses."
    ),
    "few_in_cell": ngettext_lazy(
        "The quiz chooses %(draw)s question for the outcome “%(outcome)s” at the level “%(level)s”, "
        "but its bank has %(count)s. Add questions to the bank.",
        "The quiz chooses %(draw)s questions for the outcome “%(outcome)s” at the level “%(level)s”, "
        "but its bank has %(count)s. Choose fewer, or add questions to the bank.",
        "draw",
    ),
    "lessons_untranslated": _(
        "Lessons not translated into “%(language)s”: %(keys)s. Learners read the source text."
    ),
    "course_untranslated": _("The course texts are not translated into “%(language)s”."),
    "materials_untranslated": _("Not translated into “%(language)s”: %(keys)s."),
    "questions_untranslated": _(
        "Questions not fully translated into “%(language)s”: %(keys)s. Learners read the source text."
    ),
    "requires_nothing": _("Completion has no requirements. Require at least one lesson or quiz."),
}


def problems_of(draft: Draft, leave_out: Collection[HeldText] = ()) -> list[Problem]:
    """Nothing, for a course that can be published. `where` names the course's part by its keys, `about` is its row.

    `leave_out`: pairs of a lesson's key and a language that an edition would leave as they are.
    """
    return [
        *_course_problems(draft),
        *_lesson_problems(draft, leave_out),
        *_material_problems(draft),
        *_quiz_problems(draft),
        *_requirement_problems(draft),
    ]


def held_back(draft: Draft) -> dict[HeldText, list[Problem]]:
    """What is wrong with translations of lessons, by the lesson's key and the language: each stays as it is."""
    held: dict[HeldText, list[Problem]] = {}
    for lesson in draft.lessons:
        texts = list(lesson.texts.all())
        source = in_language(texts, draft.source_language)
        for text in sorted(texts, key=lambda text: text.language):
            if source is None or text == source or text.language not in draft.course.languages:
                continue
            problems = list(_text_problems(draft, lesson, text))
            # A translation that lags behind may differ; one that says it is up to date may not.
            if not text.is_stale(source.digest()):
                problems += _differences(lesson, text, source)
            if problems:
                held[lesson.key, text.language] = problems
    return held


def notices_of(draft: Draft) -> list[Problem]:
    """What does not keep the course from being published, and is hardly meant. Three queries a quiz at most."""
    notices = list(_untranslated(draft))
    for quiz in draft.quizzes.values():
        cells = {(cell["outcome"], cell["level"]) for cell in quiz.cells}
        for question in Question.objects.filter(bank_id=quiz.bank_id, retired_at=None) if cells else ():
            if (question.outcome_key, question.level) not in cells:
                notices.append(_problem("no_cell", quiz.own_key, about=question, question=question.key))
    return notices


def _untranslated(draft: Draft) -> Iterator[Problem]:
    """What learners of each language of the course would read in its source language."""
    languages = [code for code in draft.course.languages if code != draft.source_language]
    for language in languages:
        if draft.text(language) is None:
            yield _problem("course_untranslated", draft.course.key, about=draft.course, language=language)
        keys = [one.key for one in draft.lessons if in_language(one.texts.all(), language) is None]
        if keys:
            where = draft.course.key
            yield _problem("lessons_untranslated", where, language=language, keys=", ".join(keys))
        keys = draft.materials.missing_in(language)
        if keys:
            where = draft.course.key
            yield _problem("materials_untranslated", where, language=language, keys=", ".join(keys))
    for quiz in draft.quizzes.values() if languages else ():
        questions = Question.objects.filter(bank_id=quiz.bank_id, retired_at=None).prefetch_related("texts")
        for language in languages:
            keys = [one.key for one in questions if not _is_translated(one, language)]
            if keys:
                where, key_list = quiz.own_key, ", ".join(keys)
                yield _problem("questions_untranslated", where, about=quiz, language=language, keys=key_list)


def _is_translated(question: Question, language: str) -> bool:
    """Whether learners are asked it in this language: a text with holes is not shown."""
    text = in_language(question.texts.all(), language)
    return text is not None and not texts_problems(question, text)


def _problem(
    code: str,
    where: str,
    *,
    about: Model | None = None,
    field: str = "",
    line: int | None = None,
    **params: Any,
) -> Problem:
    return Problem(
        code=code, template=TEMPLATES[code], params=params, where=where, about=about, field=field, line=line
    )


def _course_problems(draft: Draft) -> Iterator[Problem]:
    course, language = draft.course, draft.source_language
    if language not in course.languages:
        yield _problem("no_source_language", course.key, about=course, field="languages", language=language)
    if draft.source is None:
        yield _problem("no_course_texts", course.key, about=course, language=language)
        return
    # A translation may lag behind; what learners of the source language read may not have holes.
    quizzes = [quiz.own_key for quiz in draft.quizzes.values()]
    for key in course.outcomes:
        if not str(draft.source.outcomes.get(key, "")).strip():
            yield from _no_texts(draft, "outcomes", key)
    for module in draft.modules:
        if not draft.source.modules.get(module.key, {}).get("title", "").strip():
            yield from _no_texts(draft, "modules", module.key)
    for key in quizzes:
        if not draft.source.quizzes.get(key, {}).get("title", "").strip():
            yield from _no_texts(draft, "quizzes", key)


def _no_texts(draft: Draft, what: str, key: str) -> Iterator[Problem]:
    where = f"{draft.course.key}, {what}"
    yield _problem(
        "no_texts_for", where, about=draft.source, field=what, key=key, language=draft.source_language
    )


def _lesson_problems(draft: Draft, leave_out: Collection[HeldText]) -> Iterator[Problem]:
    if not draft.lessons:
        yield _problem("no_lessons", draft.course.key, about=draft.course)
    for module in draft.modules:
        if draft.lessons and not draft.activities_of(module):
            yield _problem("empty_module", module.key, about=module)
    for lesson in draft.lessons:
        source = in_language(lesson.texts.all(), draft.source_language)
        if source is None:
            yield _problem("no_lesson_texts", lesson.key, about=lesson, language=draft.source_language)
        elif (lesson.key, draft.source_language) not in leave_out:
            yield from _text_problems(draft, lesson, source)


def _text_problems(draft: Draft, lesson: Lesson, text: LessonText) -> Iterator[Problem]:
    where = f"{lesson.key} ({text.language})"
    for problem in [*text_problems(text.body), *_holes(draft, text.body, text.language)]:
        yield problem.quoting(text.body).moved(where=where, about=text, field="body")


def _holes(draft: Draft, body: str, language: str) -> Iterator[Problem]:
    """What the text points to and the course does not have."""
    outline = outline_of(body)
    figures = set(draft.materials.keys(Material.Kind.FIGURE))
    for key in dict.fromkeys(outline["figures"]):
        if key not in figures:
            yield _problem("no_figure", "", line=_line_of(body, f"figures/{key}.svg"), key=key)
    terms = draft.materials.terms(language)
    for key in outline["terms"]:
        if key not in terms:
            yield _problem("no_term", "", line=_line_of(body, f"glossary:{key}"), key=key)
    worksheets = {module.worksheet for module in draft.modules}
    for key in outline["worksheets"]:
        if key not in worksheets:
            yield _problem("worksheet_unknown", "", line=_line_of(body, f"worksheet:{key}"), key=key)


def _line_of(body: str, piece: str) -> int | None:
    return next((number for number, line in enumerate(body.split("\n"), 1) if piece in line), None)


def _differences(lesson: Lesson, text: LessonText, source: LessonText) -> Iterator[Problem]:
    where = f"{lesson.key} ({text.language})"
    if practice_outline(text.body) != practice_outline(source.body):
        yield _problem("practice_differs", where, about=text, field="body")
    count, right = len(text.objectives), len(source.objectives)
    if count != right:
        yield _problem("objectives_differ", where, about=text, field="objectives", count=count, right=right)


def _material_problems(draft: Draft) -> Iterator[Problem]:
    for module in draft.modules:
        if not module.worksheet:
            continue
        if draft.materials.find(Material.Kind.WORKSHEET, module.worksheet, draft.source_language) is None:
            params: dict[str, Any] = {"key": module.worksheet, "language": draft.source_language}
            yield _problem("no_worksheet", module.key, about=module, field="worksheet", **params)
        for row in draft.materials.rows:
            if (row.kind, row.key) == (Material.Kind.WORKSHEET, module.worksheet):
                for problem in _holes(draft, row.texts["body"], row.language):
                    yield problem.quoting(row.texts["body"]).moved(where=row.path, about=row, field="body")


def _quiz_problems(draft: Draft) -> Iterator[Problem]:
    lesson_keys = {lesson.key for lesson in draft.lessons}
    for quiz in draft.quizzes.values():
        if not quiz.belongs_to(draft.course.key):
            module = draft.module_of(quiz)
            yield _problem("quiz_elsewhere", quiz.key, about=module, module=module.key)
        if quiz.bank.retired_at:
            yield _problem("bank_retired", quiz.own_key, about=quiz, field="bank", bank=quiz.bank.key)
        questions = {row.key: row for row in Question.objects.filter(bank_id=quiz.bank_id, retired_at=None)}
        if len(questions) < quiz.draw:
            params: dict[str, Any] = {"draw": quiz.draw, "count": len(questions)}
            yield _problem("few_questions", quiz.own_key, about=quiz, field="draw", **params)
        for cell in cells_of(quiz, questions.values()):
            if len(cell["questions"]) < cell["count"]:
                params = {"draw": cell["count"], "count": len(cell["questions"])}
                params |= {"outcome": cell["outcome"], "level": Level(cell["level"]).label}
                yield _problem("few_in_cell", quiz.own_key, about=quiz, field="cells", **params)
        for key, question in questions.items():
            if question.lesson_key and question.lesson_key not in lesson_keys:
                params = {"question": key, "lesson": question.lesson_key}
                yield _problem("reread_unknown", quiz.own_key, about=question, field="lesson_key", **params)
        for question_problem in quiz_problems(quiz):
            params = {"language": question_problem.language} if question_problem.language else {}
            yield _problem(
                "question_in" if question_problem.language else "question",
                quiz.own_key,
                about=questions[question_problem.question],
                question=question_problem.question,
                problem=question_problem.problem.message,
                **params,
            )
    for quiz in Quiz.objects.filter(
        key__startswith=f"{draft.course.key}/", retired_at=None, activity__isnull=True
    ):
        yield _problem("quiz_unattached", quiz.own_key, about=quiz)


def _requirement_problems(draft: Draft) -> Iterator[Problem]:
    keys_by_kind = {kind: set(rows) for kind, rows in draft.keys().items()}
    asked = 0
    for kind in KINDS.values():
        for key in kind.required(draft.course.requirements.get(kind.plural, []), draft):
            asked += 1
            if key not in keys_by_kind.get(kind.name, ()):
                yield _problem(f"required_{kind.name}_unknown", draft.course.key, about=draft.course, key=key)
    if not asked:
        yield _problem("requires_nothing", draft.course.key, about=draft.course)
