"""What the next edition would change for learners, as sentences."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from maarifa.curriculum.compiling import compile_document, minutes_of
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import Edition
from maarifa.quizzes.models import Question, QuestionVersion

TEMPLATES = {
    "licence": _("The licence of the course has changed."),
    "authors": _("The authors of the course have changed."),
    "outcomes": _("The outcomes of the course have changed."),
    "requirements": _("What completion requires has changed."),
    "words": _("The words of the course in “%(language)s” have changed."),
    "words_added": _("The words of the course in “%(language)s” are new."),
    "words_removed": _("The words of the course in “%(language)s” are gone."),
    "module_added": _("The module “%(key)s” is new."),
    "module_removed": _("The module “%(key)s” is gone."),
    "lesson_added": _("The lesson “%(key)s” is new."),
    "lesson_removed": _("The lesson “%(key)s” is gone."),
    "order": _("Lessons or modules stand in another order."),
    "minutes": _("The minutes of practice in the lesson “%(key)s” have changed."),
    "text": _("The lesson “%(key)s” has changed in “%(language)s”."),
    "text_added": _("The lesson “%(key)s” is new in “%(language)s”."),
    "text_removed": _("The lesson “%(key)s” is gone in “%(language)s”."),
    "state": _("The translation of the lesson “%(key)s” in “%(language)s” has another state."),
    "glossary": _("The glossary in “%(language)s” has changed."),
    "product": _("The product “%(key)s” has changed in “%(language)s”."),
    "quiz_added": _("The quiz “%(key)s” is new."),
    "quiz_removed": _("The quiz “%(key)s” is gone."),
    "rules": _("The rules of the quiz “%(key)s” have changed."),
    "question": _("The question “%(question)s” of the quiz “%(key)s” has changed."),
    "question_added": _("The question “%(question)s” of the quiz “%(key)s” is new."),
    "question_removed": _("The question “%(question)s” of the quiz “%(key)s” is gone."),
}
RULES = ("draw", "pass_percent", "attempts", "wait_minutes", "minutes")
CELL = ("outcome", "level", "count")


@dataclass(frozen=True)
class Change:
    code: str
    params: dict

    @property
    def message(self) -> str:
        return str(TEMPLATES[self.code]) % self.params


def changes_since(draft: Draft, edition: Edition) -> list[Change]:
    """Everything in which the draft, which can be published, differs from the edition."""
    before = edition.structure
    return [
        *_of_course(draft, before),
        *_of_lessons(draft, before),
        *_of_materials(draft, before),
        *_of_quizzes(draft, edition),
    ]


def _change(code: str, **params) -> Change:
    return Change(code, params)


def _added_and_removed(name: str, before, after, **more):
    for key in after:
        if key not in before:
            yield _change(f"{name}_added", key=key, **more)
    for key in before:
        if key not in after:
            yield _change(f"{name}_removed", key=key, **more)


def _of_course(draft: Draft, before: dict):
    course = draft.course
    now = {
        "licence": course.licence,
        "authors": course.authors,
        "outcomes": course.outcomes,
        "requirements": {"lessons": draft.required_lessons, "quizzes": draft.required_quizzes},
    }
    for name, value in now.items():
        if value != before[name]:
            yield _change(name)
    texts = {text.language: text for text in draft.texts if text.language in course.languages}
    for language, text in texts.items():
        if language not in before["words"]:
            yield _change("words_added", language=language)
        elif text.words() != {name: before["words"][language][name] for name in text.words()}:
            yield _change("words", language=language)
    for language in before["words"]:
        if language not in texts:
            yield _change("words_removed", language=language)


def _of_lessons(draft: Draft, before: dict):
    modules = [module["key"] for module in before["modules"]]
    now = [module.key for module in draft.modules]
    yield from _added_and_removed("module", modules, now)
    lessons = {lesson["key"]: lesson for module in before["modules"] for lesson in module["lessons"]}
    keys = [lesson.key for module in draft.modules for lesson in draft.lessons_of(module)]
    yield from _added_and_removed("lesson", lessons, keys)
    stay = [key for key in keys if key in lessons]
    if stay != [key for key in lessons if key in stay] or _places(draft, stay) != _former_places(
        before, stay
    ):
        yield _change("order")
    for lesson in draft.lessons:
        if lesson.key in lessons:
            yield from _of_lesson(draft, lesson, lessons[lesson.key])


def _places(draft: Draft, keys) -> dict[str, str]:
    module_keys = {module.pk: module.key for module in draft.modules}
    return {lesson.key: module_keys[lesson.module_id] for lesson in draft.lessons if lesson.key in keys}


def _former_places(before: dict, keys) -> dict[str, str]:
    return {
        lesson["key"]: module["key"]
        for module in before["modules"]
        for lesson in module["lessons"]
        if lesson["key"] in keys
    }


def _of_lesson(draft: Draft, lesson, before: dict):
    texts = {
        text.language: text
        for text in lesson.texts.all()
        if text.language in draft.course.languages and draft.text(text.language)
    }
    changed = False
    for language, text in texts.items():
        words = before["words"].get(language)
        if words is None:
            yield _change("text_added", key=lesson.key, language=language)
        elif words["document"] != compile_document(text, draft.materials).digest:
            changed = True
            yield _change("text", key=lesson.key, language=language)
        elif words["state"] != text.state:
            yield _change("state", key=lesson.key, language=language)
    for language in before["words"]:
        if language not in texts:
            yield _change("text_removed", key=lesson.key, language=language)
    source = texts.get(draft.source_language)
    if source and not changed and minutes_of(lesson, source) != before["minutes"]:
        yield _change("minutes", key=lesson.key)


def _of_materials(draft: Draft, before: dict):
    languages = [code for code in draft.course.languages if draft.text(code)]
    there = before.get("glossary", {})
    for language in languages:
        if _differs(there.get(language), draft.materials.glossary(language)):
            yield _change("glossary", language=language)
    products = {module["key"]: module.get("product") or {} for module in before["modules"]}
    for module in draft.modules:
        there = products.get(module.key, {})
        words = there.get("words", {}) if there.get("key") == module.product else {}
        for language in languages if module.product else ():
            if _differs(words.get(language), draft.materials.product(module.product, language)):
                yield _change("product", key=module.product, language=language)


def _differs(before: dict | None, document) -> bool:
    return (before or {}).get("document") != (document.digest if document else None)


def _of_quizzes(draft: Draft, edition: Edition):
    before = {
        pinned.quiz_version.quiz.own_key: pinned.quiz_version
        for pinned in edition.quizzes.select_related("quiz_version__quiz")
    }
    now = {quiz.own_key: quiz for quiz in draft.quizzes.values()}
    yield from _added_and_removed("quiz", before, now)
    for key, quiz in now.items():
        if key in before:
            yield from _of_quiz(key, quiz, before[key])


def _of_quiz(key: str, quiz, version):
    cells = [{name: cell[name] for name in CELL} for cell in version.rules.get("cells", [])]
    rules = {name: version.rules[name] for name in RULES}
    if {name: getattr(quiz, name) for name in RULES} != rules or quiz.cells != cells:
        yield _change("rules", key=key)
    pool = QuestionVersion.objects.filter(quiz_versions=version).select_related("question")
    before = {one.question.key: one for one in pool}
    questions = Question.objects.filter(bank_id=quiz.bank_id, retired_at__isnull=True)
    now = {question.key: question for question in questions.prefetch_related("texts")}
    for question in now:
        if question not in before:
            yield _change("question_added", key=key, question=question)
        elif _asks(now[question]) != _asked(before[question]):
            yield _change("question", key=key, question=question)
    for question in before:
        if question not in now:
            yield _change("question_removed", key=key, question=question)


def _asks(question: Question) -> tuple:
    texts = question.texts.all()
    return (
        question.kind,
        question.points,
        question.lesson_key,
        question.structure,
        {text.language: (text.words, text.state) for text in texts},
    )


def _asked(version: QuestionVersion) -> tuple:
    return (
        version.kind,
        version.points,
        version.lesson_key,
        version.structure,
        {language: (words, version.states.get(language)) for language, words in version.words.items()},
    )
