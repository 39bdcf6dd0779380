"""From a draft to what an edition holds. Pure: the same draft gives the same bytes, and nothing is
written.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

from maarifa.curriculum.activities import KINDS, CompiledText, HeldText, Work
from maarifa.curriculum.compiled import CompiledCourse, CompiledModule, CompiledWorksheet, CourseTexts
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import CourseText, Document, Material, Module, Picture
from maarifa.curriculum.translations import state_in_edition
from maarifa.quizzes.compiling import CompiledQuiz

Kind = Material.Kind


@dataclass(frozen=True)
class Compilation:
    """A compiled course with what it points to.

    `entries` are (lesson id, language, digest of the document); `documents` are those made from the draft, the
    others are those of an earlier edition. `quizzes` are by the id of the quiz.
    """

    course: CompiledCourse
    documents: Mapping[str, Document] = field(default_factory=dict)
    entries: tuple[tuple[int, str, str], ...] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    quizzes: Mapping[int, CompiledQuiz] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return self.course.digest

    def pinned(self, versions: Mapping[int, int | None]) -> "Compilation":
        """See `CompiledCourse.pinned`."""
        return replace(self, course=self.course.pinned(versions))


def compile_course(
    draft: Draft,
    quizzes: Mapping[int, CompiledQuiz],
    *,
    before: CompiledCourse | None = None,
    held: Iterable[HeldText] = (),
) -> Compilation:
    """What an edition made now would hold; its quiz versions are still to be pinned.

    `quizzes` are by their ids. `held`: pairs of a lesson's key and a language whose text stays as `before`,
    the edition that learners read, has it, and is left out where that has none. A lesson held in the source language
    stays in all.
    """
    course = draft.course
    work = Work(draft, quizzes, before.activities() if before else {}, frozenset(held))
    modules = tuple(_module(module, work) for module in draft.modules)
    compiled = CompiledCourse(
        course=course.key,
        source_language=course.source_language,
        languages=tuple(draft.languages),
        licence=course.licence,
        authors=course.authors,
        minutes=sum(one.minutes for module in modules for one in module.activities),
        requirements={
            kind.plural: tuple(kind.required(course.requirements.get(kind.plural, []), draft))
            for kind in KINDS.values()
        },
        outcomes=course.outcomes,
        texts={
            text.language: _of_course(draft, text)
            for text in draft.texts
            if text.language in course.languages
        },
        modules=modules,
        glossary=_texts(work, Kind.GLOSSARY, "glossary", draft.materials.glossary),
    )
    return Compilation(
        compiled, work.documents, tuple(work.entries), draft.materials.pictures(), dict(quizzes)
    )


def _module(module: Module, work: Work) -> CompiledModule:
    activities = tuple(
        KINDS[activity.kind].compile(activity, work) for activity in work.draft.activities_of(module)
    )
    return CompiledModule(key=module.key, activities=activities, worksheet=_worksheet(module, work))


def _worksheet(module: Module, work: Work) -> CompiledWorksheet | None:
    if not module.worksheet:
        return None
    make = partial(work.draft.materials.worksheet, module.worksheet)
    texts = _texts(work, Kind.WORKSHEET, module.worksheet, make)
    return CompiledWorksheet(key=module.worksheet, texts=texts)


def _texts(
    work: Work, kind: str, key: str, make: Callable[[str], Document | None]
) -> dict[str, CompiledText]:
    """By language."""
    draft = work.draft
    texts: dict[str, CompiledText] = {}
    source = draft.materials.find(kind, key, draft.source_language)
    for language in draft.languages:
        document, text = make(language), draft.materials.find(kind, key, language)
        if document is None or text is None or source is None:
            continue
        work.documents[document.digest] = document
        texts[language] = CompiledText(
            title=document.about["title"],
            bytes=len(document.deflated),
            document=document.digest,
            **state_in_edition(text, source.digest()),
        )
    return texts


def _of_course(draft: Draft, text: CourseText) -> CourseTexts:
    source = cast(CourseText, draft.source)  # the checks have found one
    return CourseTexts(**text.texts(), **state_in_edition(text, source.digest()))
