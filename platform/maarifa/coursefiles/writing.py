"""The one text for a file of a course, and the files that the database would write."""

from collections.abc import Callable, Iterable, Mapping
from functools import singledispatch
from typing import Any, TypeVar

from pydantic import ValidationError

from maarifa.coursefiles.courseplan import (
    Cell,
    CourseFile,
    LessonActivity,
    ModuleEntry,
    QuizActivity,
    Requirements,
)
from maarifa.coursefiles.fieldtypes import UNLIMITED
from maarifa.coursefiles.shapes import (
    AnyQuestionTexts,
    BankFile,
    BankTextsFile,
    CourseTextsFile,
    FigureFile,
    GlossaryFile,
    LessonFile,
    QuestionEntry,
    Translated,
    WorksheetFile,
)
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import Course, CourseText, Lesson, LessonText, Material, Module
from maarifa.curriculum.text.markdown import canonical as canonical_markdown
from maarifa.lib.models import TranslatedText
from maarifa.lib.shapes import Shape
from maarifa.lib.strict_yaml import Bare, Flow, dump
from maarifa.quizzes.enums import BankKind, ReviewRule
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.models import Bank, Question, Quiz

T = TypeVar("T")
V = TypeVar("V")

# From shapes to texts -----------------------------------------------------------------------------------


@singledispatch
def canonical(file: Shape) -> str:
    """The text of a file: the same for the same content, and the same again when read back."""
    raise TypeError(f"no file is a {type(file).__name__}")


@canonical.register
def _(file: CourseFile) -> str:
    data = file.model_dump(exclude_none=True)
    for name in ("languages", "authors", "outcomes"):
        data[name] = Flow(data[name])
    required = data["requirements"]
    if required["lessons"] != "all":
        required["lessons"] = Flow(required["lessons"])
    required["quizzes"] = Flow(required["quizzes"])
    data["modules"] = [module.shortest().model_dump(exclude_none=True) for module in file.modules]
    for module in data["modules"]:
        for one in (*module.get("lessons", ()), *module.get("activities", ())):
            if "outcomes" in one:
                one["outcomes"] = Flow(one["outcomes"])
    return dump(data)


@canonical.register
def _(file: CourseTextsFile) -> str:
    texts = {"format": file.format, "language": file.language, **file.texts()}
    return dump(texts | _translated(file))


@canonical.register
def _(file: LessonFile) -> str:
    head = file.model_dump(exclude_none=True, exclude={"source_digest", "state"})
    for source in head["sources"]:
        source["date"] = Bare(source["date"]) if source["date"].isdigit() else source["date"]
    for name in ("objectives", "sources"):
        if not head[name]:
            del head[name]
    return f"---\n{dump(head | _translated(file))}---\n\n{file.body}\n"


@canonical.register
def _(file: GlossaryFile) -> str:
    return dump({"format": file.format, "language": file.language, **file.texts()} | _translated(file))


@canonical.register
def _(file: WorksheetFile) -> str:
    head = file.model_dump(exclude_none=True, exclude={"source_digest", "state"})
    return f"---\n{dump(head | _translated(file))}---\n\n{file.body}\n"


@canonical.register
def _(file: FigureFile) -> str:
    return f"{file.svg}\n"


@canonical.register
def _(file: BankFile) -> str:
    head = file.model_dump(exclude={"questions"})
    return dump(head | {"questions": [question.in_file() for question in file.questions]})


@canonical.register
def _(file: BankTextsFile) -> str:
    questions = {key: _question_texts(texts) for key, texts in file.questions.items()}
    return dump({"format": file.format, "bank": file.bank, "language": file.language, "questions": questions})


def _question_texts(question: AnyQuestionTexts) -> dict[str, Any]:
    return question.texts() | _translated(question)


def _translated(file: Translated) -> dict[str, str]:
    """What ends every translation."""
    marks = {"source_digest": file.source_digest, "state": file.state}
    return {name: value for name, value in marks.items() if value}


class Unwritable(Shape):
    """Stands for a file that the database cannot write, for something in it is not as files have it."""

    problems: list[str]


def _written(write: Callable[[T], Shape], of: T) -> Shape:
    try:
        return write(of)
    except ValidationError as error:
        return Unwritable(
            problems=[f"{'.'.join(map(str, one['loc']))}: {one['type']}" for one in error.errors()]
        )


def in_order(file: Shape, course: CourseFile, banks: dict[str, BankFile]) -> Shape:
    """The file with its words in the order of what they are for, whoever kept them: a file or the database."""
    if isinstance(file, CourseTextsFile):
        return file.model_copy(
            update={
                "outcomes": _ordered(file.outcomes, course.outcomes),
                "modules": _ordered(file.modules, [module.key for module in course.modules]),
                "quizzes": _ordered(file.quizzes, [quiz.key for quiz in course.quizzes]),
            }
        )
    if isinstance(file, GlossaryFile):
        return file.model_copy(update={"terms": dict(sorted(file.terms.items()))})
    if isinstance(file, BankTextsFile) and file.bank in banks:
        questions = {question.key: question for question in banks[file.bank].questions}
        texts = {
            key: _parts_in_order(texts, questions.get(key))
            for key, texts in _ordered(file.questions, questions).items()
        }
        return file.model_copy(update={"questions": texts})
    return file


def _parts_in_order(texts: AnyQuestionTexts, question: QuestionEntry | None) -> AnyQuestionTexts:
    if question is None:
        return texts
    parts = kind_named(question.kind).keyed_texts(question.structure.stored())
    texts_and_keys = {name: (getattr(texts, name, None), keys) for name, keys in parts.items()}
    return texts.model_copy(
        update={
            name: _ordered(part_texts, keys)
            for name, (part_texts, keys) in texts_and_keys.items()
            if part_texts is not None
        }
    )


def _ordered(mapping: Mapping[str, V], keys: Iterable[str]) -> dict[str, V]:
    known = {key: mapping[key] for key in keys if key in mapping}
    return known | {key: mapping[key] for key in sorted(mapping.keys() - known.keys())}


# From the database to shapes ----------------------------------------------------------------------------


def files_of(course: Course) -> dict[str, Shape]:
    """What the database would write of a course, by path. Banks of exams are left out, as is what is retired.

    Eight queries, whatever the size.
    """
    draft = Draft.read(course)
    plan = _course_file(draft)
    files: dict[str, Shape] = {"course.yaml": plan}
    for text in draft.texts:
        if text.language in course.languages:
            files[f"course.{text.language}.yaml"] = _written(_course_texts, text)
    for lesson in draft.lessons:
        for lesson_text in lesson.texts.all():
            if lesson_text.language in course.languages:
                path = f"{lesson.key}/lesson.{lesson_text.language}.md"
                files[path] = _written(_lesson_file, lesson_text)
    for material in sorted(draft.materials.rows, key=lambda one: (one.kind, one.key, one.language)):
        if material.language in course.languages:
            files[material.path] = _written(_material_file, material)
    banks = Bank.objects.filter(key__startswith=f"{course.key}/", retired_at__isnull=True)
    questions = Question.objects.filter(retired_at__isnull=True).order_by("position", "id")
    for bank in banks.exclude(kind=BankKind.EXAM).order_by("key"):
        asked = list(questions.filter(bank=bank).prefetch_related("texts"))
        if asked:
            files |= _bank_files(course, bank, asked)
    banked = {file.bank: file for file in files.values() if isinstance(file, BankFile)}
    return {path: in_order(file, plan, banked) for path, file in files.items()}


def course_file(course: Course) -> CourseFile:
    """What the database would write of the plan of a course alone."""
    return _course_file(Draft.read(course))


def _course_file(draft: Draft) -> CourseFile:
    course = draft.course
    # Unchecked, as all of this.
    profile: Any = course.profile or None
    return CourseFile.model_construct(
        format=1,
        key=course.key,
        profile=profile,
        source_language=course.source_language,
        languages=course.languages,
        licence=course.licence,
        authors=course.authors,
        outcomes=course.outcomes,
        modules=[_module(module, draft) for module in draft.modules],
        requirements=Requirements.model_construct(
            lessons=course.requirements.get("lessons", []), quizzes=course.requirements.get("quizzes", [])
        ),
    )


def _module(module: Module, draft: Draft) -> ModuleEntry:
    return ModuleEntry.model_construct(
        key=module.key,
        activities=[_entry(activity.content) for activity in draft.activities_of(module)],
        worksheet=module.worksheet or None,
    )


@singledispatch
def _entry(content: object) -> Shape:
    """What stands in a module's list."""
    raise TypeError(f"no list of activities holds a {type(content).__name__}")


@_entry.register
def _(lesson: Lesson) -> LessonActivity:
    return LessonActivity.model_construct(
        key=lesson.key, activity_minutes=lesson.activity_minutes, outcomes=lesson.outcomes or None
    )


@_entry.register
def _(quiz: Quiz) -> QuizActivity:
    rules = ("draw", "pass_percent", "wait_minutes", "minutes", "time_limit")
    return QuizActivity.model_construct(
        key=quiz.own_key,
        attempts=UNLIMITED if quiz.attempts is None else quiz.attempts,
        bank=quiz.bank.key.partition("/")[2],
        cells=[Cell.model_construct(**cell) for cell in quiz.cells] or None,
        review=None if quiz.review == ReviewRule.ALL.value else quiz.review,
        **{name: getattr(quiz, name) for name in rules},
    )


def _course_texts(text: CourseText) -> CourseTextsFile:
    return CourseTextsFile.model_validate(
        {"format": 1, "language": text.language, **text.texts(), **_state(text)}
    )


def _material_file(material: Material) -> GlossaryFile | WorksheetFile | FigureFile:
    texts = material.texts
    if material.kind == Material.Kind.GLOSSARY:
        head = {"format": 1, "language": material.language, **texts, **_state(material)}
        return GlossaryFile.model_validate(head)
    if material.kind == Material.Kind.FIGURE:
        return FigureFile.model_validate(texts)
    head = {"title": texts["title"], "summary": texts["summary"] or None, **_state(material)}
    body = canonical_markdown(texts["body"], language=material.language)
    return WorksheetFile.model_validate(head).with_body(body)


def _lesson_file(text: LessonText) -> LessonFile:
    head = {
        "title": text.title,
        "summary": text.summary or None,
        "objectives": text.objectives,
        "sources": text.sources,
        "checked": text.checked and text.checked.isoformat(),
        "review_by": text.review_by and text.review_by.isoformat(),
        **_state(text),
    }
    body = canonical_markdown(text.body, language=text.language)
    return LessonFile.model_validate(head).with_body(body)


def _bank_files(course: Course, bank: Bank, questions: list[Question]) -> dict[str, Shape]:
    own_key = bank.key.partition("/")[2]
    entries = [
        {
            "key": question.key,
            "kind": question.kind,
            "points": question.points,
            **({"lesson": question.lesson_key} if question.lesson_key else {}),
            **({"outcome": question.outcome_key} if question.outcome_key else {}),
            **({"level": question.level} if question.level else {}),
            **kind_named(question.kind).to_file(question.structure),
            **({"tests": question.tests} if question.tests else {}),
        }
        for question in questions
    ]
    bank_file = {"format": 1, "bank": own_key, "kind": bank.kind, "questions": entries}
    files: dict[str, Shape] = {f"banks/{own_key}.yaml": _written(BankFile.model_validate, bank_file)}
    for language in course.languages:
        texts = {
            question.key: text.texts | _state(text)
            for question in questions
            for text in question.texts.all()
            if text.language == language
        }
        if texts:
            texts_file = {"format": 1, "bank": own_key, "language": language, "questions": texts}
            path = f"banks/{own_key}.{language}.yaml"
            files[path] = _written(BankTextsFile.model_validate, texts_file)
    return files


def _state(text: TranslatedText) -> dict[str, str]:
    if text.state == TranslatedText.State.SOURCE:
        return {}
    return {"source_digest": text.source_digest, "state": text.state}
