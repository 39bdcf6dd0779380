"""From a draft to what an edition holds. Pure: the same draft gives the same bytes, and nothing is
written.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from django.utils.translation import override

from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.materials import Materials
from maarifa.curriculum.models import Document, Lesson, LessonText, Material, Picture
from maarifa.curriculum.text.markdown import count_words, render
from maarifa.curriculum.translations import TranslationState, in_language, state_of
from maarifa.lib.digests import digest_of
from maarifa.lib.stitching import deflate
from maarifa.quizzes.compiling import RULES, CompiledQuiz

Kind = Material.Kind

WORDS_A_MINUTE = 100
"""Of a person who reads in a second language, and takes in what is new."""


@dataclass
class Compiled:
    """`entries` are (lesson id, language, digest of the document); `documents` are those made from the draft, the
    others are those of an earlier edition. `quizzes` are by the id of the module.
    """

    structure: dict
    documents: dict[str, Document] = field(default_factory=dict)
    entries: list[tuple[int, str, str]] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)
    quizzes: dict[int, CompiledQuiz] = field(default_factory=dict)
    pinned: dict[int, dict] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return digest_of(self.structure)

    def pin(self, versions: dict[int, int | None]) -> None:
        """Name the quiz versions, by the id of the module; None where there is none yet that says this."""
        for module, version in versions.items():
            self.pinned[module]["version"] = version


def compile_document(text: LessonText, materials: Materials) -> Document:
    """A lesson in one language, finished but not saved."""
    with override(text.language):
        html = render(text.body, figures=materials.figures(text.language), language=text.language)
    about = {
        "title": text.title,
        "summary": text.summary,
        "objectives": text.objectives,
        "sources": text.sources,
        "checked": text.checked.isoformat() if text.checked else "",
        "review_by": text.review_by.isoformat() if text.review_by else "",
    }
    digest = digest_of({"language": text.language, "about": about, "html": html})
    return Document(
        digest=digest, language=text.language, html=html, about=about, deflated=deflate(html.encode())
    )


def minutes_of(lesson: Lesson, source: LessonText) -> int:
    """What reading takes, begun minutes counted whole, and the practice beside it."""
    return -(-count_words(source.body) // WORDS_A_MINUTE) + lesson.activity_minutes


def compile_course(
    draft: Draft, quizzes: dict[int, CompiledQuiz], *, before: dict | None = None, held: Iterable = ()
) -> Compiled:
    """What an edition made now would hold; its quiz versions are still to be pinned.

    `quizzes` are by the id of the module. `held`: pairs of a lesson's key and a language whose text stays as `before`,
    the structure of an edition, has it, and is left out where that has none. A lesson held in the source language
    stays in all.
    """
    course = draft.course
    compiled = Compiled({}, quizzes=quizzes)
    former = _lessons_in(before)
    modules = []
    for module in draft.modules:
        quiz = draft.quizzes.get(module.pk)
        lessons = [
            _lesson(draft, lesson, compiled, former.get(lesson.key), set(held))
            for lesson in draft.lessons_of(module)
        ]
        entry = quiz and _quiz(quiz, quizzes[module.pk])
        if entry:
            compiled.pinned[module.pk] = entry
        modules.append(
            {
                "key": module.key,
                "lessons": lessons,
                "quiz": entry,
                **_worksheet(draft, module, compiled),
            }
        )
    minutes = sum(lesson["minutes"] for module in modules for lesson in module["lessons"])
    compiled.structure = {
        "course": course.key,
        "source_language": course.source_language,
        "languages": [code for code in course.languages if draft.text(code)],
        "licence": course.licence,
        "authors": course.authors,
        "minutes": minutes + sum(module["quiz"]["minutes"] for module in modules if module["quiz"]),
        "requirements": {"lessons": draft.required_lessons, "quizzes": draft.required_quizzes},
        "outcomes": course.outcomes,
        "words": {
            text.language: _words(draft, text) for text in draft.texts if text.language in course.languages
        },
        "modules": modules,
        **_glossary(draft, compiled),
    }
    compiled.pictures = draft.materials.pictures()
    return compiled


def _glossary(draft: Draft, compiled: Compiled) -> dict:
    """Nothing where the course has none, so that its editions stay as they were."""
    words = _materials(draft, Kind.GLOSSARY, "glossary", draft.materials.glossary, compiled)
    return {"glossary": words} if words else {}


def _worksheet(draft: Draft, module, compiled: Compiled) -> dict:
    if not module.worksheet:
        return {}
    make = partial(draft.materials.worksheet, module.worksheet)
    words = _materials(draft, Kind.WORKSHEET, module.worksheet, make, compiled)
    return {"worksheet": {"key": module.worksheet, "words": words}}


def _materials(draft: Draft, kind: str, key: str, make, compiled: Compiled) -> dict:
    """By language: title, bytes, document, state and stale."""
    found = {}
    source = draft.materials.find(kind, key, draft.source_language)
    for language in draft.course.languages:
        document = make(language) if draft.text(language) else None
        if document is None or source is None:
            continue
        compiled.documents[document.digest] = document
        found[language] = {
            "title": document.about["title"],
            "bytes": len(document.deflated),
            "document": document.digest,
            **_state(draft.materials.find(kind, key, language), source.digest()),
        }
    return found


def _words(draft: Draft, text) -> dict:
    return {**text.words(), **_state(text, draft.source.digest())}


def _lesson(draft: Draft, lesson, compiled: Compiled, former: dict | None, held: set) -> dict:
    texts = list(lesson.texts.all())
    source = in_language(texts, draft.source_language)
    languages = [code for code in draft.course.languages if draft.text(code)]
    languages.sort(key=lambda code: code != draft.source_language)
    if former and (lesson.key, draft.source_language) in held:
        words = {code: former["words"][code] for code in languages if code in former["words"]}
        compiled.entries += [(lesson.pk, code, entry["document"]) for code, entry in words.items()]
        return {**former, "words": words}
    words = {}
    # A lesson is readable in the languages that the course itself has words in.
    for language in languages:
        if (lesson.key, language) in held:
            entry = former and _held(former["words"], words, language, draft.source_language)
        else:
            text = in_language(texts, language)
            entry = text and _entry(draft, text, source, compiled)
        if entry:
            compiled.entries.append((lesson.pk, language, entry["document"]))
            words[language] = entry
    return {
        "key": lesson.key,
        "id": lesson.pk,
        "minutes": minutes_of(lesson, source),
        "words": words,
    }


def _entry(draft: Draft, text: LessonText, source: LessonText, compiled: Compiled) -> dict:
    document = compile_document(text, draft.materials)
    compiled.documents[document.digest] = document
    return {
        "title": text.title,
        "summary": text.summary,
        "bytes": len(document.deflated) + draft.materials.picture_bytes(document.html),
        "document": document.digest,
        **_state(text, source.digest()),
    }


def _held(former: dict, words: dict, language: str, source_language: str) -> dict | None:
    """A translation as it was; behind, where the source is no longer what it was made from."""
    entry = former.get(language)
    if entry is None:
        return None
    changed = former[source_language]["document"] != words[source_language]["document"]
    return {**entry, "stale": entry["stale"] or changed}


def _lessons_in(structure: dict | None) -> dict[str, dict]:
    modules = structure["modules"] if structure else []
    return {lesson["key"]: lesson for module in modules for lesson in module["lessons"]}


def _state(text, source_digest: str) -> dict:
    return {"state": text.state, "stale": state_of(text, source_digest) == TranslationState.STALE}


def _quiz(quiz, compiled: CompiledQuiz) -> dict:
    return {
        "key": quiz.own_key,
        "id": quiz.pk,
        "version": None,
        **{name: compiled.rules[name] for name in RULES},
    }
