"""What keeps a course from being published: everything at once, each with the place where it is."""

from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.translations import in_language
from maarifa.lib.markdown import practice_outline
from maarifa.lib.markdown import problems as text_problems
from maarifa.lib.problems import Problem
from maarifa.quizzes.checks import quiz_problems
from maarifa.quizzes.models import Question

TEMPLATES = {
    "no_source_language": _("“%(language)s” is not among the languages of the course. Add it."),
    "no_course_words": _("The course has no words in “%(language)s”, its source language. Write them."),
    "no_words_for": _("“%(key)s” has no words in “%(language)s”. Write them."),
    "no_lessons": _("The course has no lesson. Add one."),
    "empty_module": _("The module has no lesson. Add one, or retire the module."),
    "quiz_elsewhere": _(
        "The module “%(module)s” ends in a quiz of another course. Choose one of this course."
    ),
    "practice_differs": _(
        "The practice questions are not those of the source: same keys, kinds, choices and right answers. "
        "Bring them in line."
    ),
    "objectives_differ": _(
        "There are %(count)s objectives, and %(right)s in the source. Bring them in line."
    ),
    "no_lesson_words": _("The lesson has no words in “%(language)s”, the source language. Write them."),
    "few_questions": _(
        "The quiz draws %(draw)s questions, and its bank has %(count)s. Draw fewer, or add some."
    ),
    "bank_retired": _("The question bank “%(bank)s” is retired. Choose another."),
    "reread_unknown": _(
        "The question “%(question)s” names the lesson “%(lesson)s”, which is not in the course."
    ),
    "question": _("Question “%(question)s”: %(problem)s"),
    "question_in": _("Question “%(question)s” in “%(language)s”: %(problem)s"),
    "required_lesson_unknown": _("The requirements name the lesson “%(key)s”, which is not in the course."),
    "required_quiz_unknown": _("The requirements name the quiz “%(key)s”, which is not in the course."),
    "requires_nothing": _("Completion requires nothing. Name a lesson or a quiz in the requirements."),
}


def problems_of(draft: Draft) -> list[Problem]:
    """Nothing, for a course that can be published. `where` names the course's part by its keys."""
    return [
        *_course_problems(draft),
        *_lesson_problems(draft),
        *_quiz_problems(draft),
        *_requirement_problems(draft),
    ]


def _problem(code: str, where: str, **params) -> Problem:
    return Problem(code=code, template=TEMPLATES[code], params=params, where=where)


def _course_problems(draft: Draft):
    course, language = draft.course, draft.source_language
    if language not in course.languages:
        yield _problem("no_source_language", course.key, language=language)
    if draft.source is None:
        yield _problem("no_course_words", course.key, language=language)
        return
    # A translation may lag behind; what learners of the source language read may not have holes.
    quizzes = [quiz.own_key for quiz in draft.quizzes.values()]
    for key in course.outcomes:
        if not str(draft.source.outcomes.get(key, "")).strip():
            yield _problem("no_words_for", f"{course.key}, outcomes", key=key, language=language)
    for module in draft.modules:
        if not draft.source.modules.get(module.key, {}).get("title", "").strip():
            yield _problem("no_words_for", f"{course.key}, modules", key=module.key, language=language)
    for key in quizzes:
        if not draft.source.quizzes.get(key, {}).get("title", "").strip():
            yield _problem("no_words_for", f"{course.key}, quizzes", key=key, language=language)


def _lesson_problems(draft: Draft):
    if not draft.lessons:
        yield _problem("no_lessons", draft.course.key)
    for module in draft.modules:
        if draft.lessons and not draft.lessons_of(module):
            yield _problem("empty_module", module.key)
    for lesson in draft.lessons:
        texts = list(lesson.texts.all())
        source = in_language(texts, draft.source_language)
        if source is None:
            yield _problem("no_lesson_words", lesson.key, language=draft.source_language)
        for text in sorted(texts, key=lambda text: text.language):
            if text.language in draft.course.languages:
                for problem in text_problems(text.body):
                    yield problem.moved(where=f"{lesson.key} ({text.language})")
                # A translation that lags behind may differ; one that says it is up to date may not.
                if source and not text.is_stale(source.digest()):
                    yield from _differences(text, source, f"{lesson.key} ({text.language})")


def _differences(text, source, where: str):
    if practice_outline(text.body) != practice_outline(source.body):
        yield _problem("practice_differs", where)
    count, right = len(text.objectives), len(source.objectives)
    if count != right:
        yield _problem("objectives_differ", where, count=count, right=right)


def _quiz_problems(draft: Draft):
    lesson_keys = {lesson.key for lesson in draft.lessons}
    modules = {module.pk: module.key for module in draft.modules}
    for module, quiz in draft.quizzes.items():
        if not quiz.belongs_to(draft.course.key):
            yield _problem("quiz_elsewhere", quiz.key, module=modules[module])
        if quiz.bank.retired_at:
            yield _problem("bank_retired", quiz.own_key, bank=quiz.bank.key)
        questions = list(
            Question.objects.filter(bank_id=quiz.bank_id, retired_at__isnull=True).values_list(
                "key", "lesson_key"
            )
        )
        if len(questions) < quiz.draw:
            yield _problem("few_questions", quiz.own_key, draw=quiz.draw, count=len(questions))
        for key, lesson_key in questions:
            if lesson_key and lesson_key not in lesson_keys:
                yield _problem("reread_unknown", quiz.own_key, question=key, lesson=lesson_key)
        for found in quiz_problems(quiz):
            yield _problem(
                "question_in" if found.language else "question",
                quiz.own_key,
                question=found.question,
                problem=found.problem.message,
                **({"language": found.language} if found.language else {}),
            )


def _requirement_problems(draft: Draft):
    lesson_keys = {lesson.key for lesson in draft.lessons}
    quiz_keys = {quiz.own_key for quiz in draft.quizzes.values()}
    for key in draft.required_lessons:
        if key not in lesson_keys:
            yield _problem("required_lesson_unknown", draft.course.key, key=key)
    for key in draft.required_quizzes:
        if key not in quiz_keys:
            yield _problem("required_quiz_unknown", draft.course.key, key=key)
    if not draft.required_lessons and not draft.required_quizzes:
        yield _problem("requires_nothing", draft.course.key)
