"""From a draft to what an edition holds. Pure: the same draft gives the same bytes, and nothing is
written.
"""

from dataclasses import dataclass, field
from functools import partial

from django.utils.translation import override

from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.materials import Materials
from maarifa.curriculum.models import Document, Lesson, LessonText, Material, Picture
from maarifa.curriculum.translations import TranslationState, in_language, state_of
from maarifa.lib.digests import digest_of
from maarifa.lib.markdown import count_words, render
from maarifa.lib.stitching import deflate
from maarifa.quizzes.models import QuizVersion

Kind = Material.Kind

WORDS_A_MINUTE = 100
"""Of a person who reads in a second language, and takes in what is new."""


@dataclass
class Compiled:
    """`entries` are (lesson id, language, digest of the document)."""

    structure: dict
    documents: dict[str, Document] = field(default_factory=dict)
    entries: list[tuple[int, str, str]] = field(default_factory=list)
    pictures: dict[str, Picture] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        return digest_of(self.structure)


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


def compile_course(draft: Draft, quiz_versions: dict[int, QuizVersion]) -> Compiled:
    """`quiz_versions` are those of the draft's quizzes, by the id of the module."""
    course = draft.course
    compiled = Compiled({})
    modules = []
    for module in draft.modules:
        quiz = draft.quizzes.get(module.pk)
        modules.append(
            {
                "key": module.key,
                "lessons": [_lesson(draft, lesson, compiled) for lesson in draft.lessons_of(module)],
                "quiz": quiz and _quiz(quiz, quiz_versions[module.pk]),
                **_product(draft, module, compiled),
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


def _product(draft: Draft, module, compiled: Compiled) -> dict:
    if not module.product:
        return {}
    make = partial(draft.materials.product, module.product)
    words = _materials(draft, Kind.PRODUCT, module.product, make, compiled)
    return {"product": {"key": module.product, "words": words}}


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


def _lesson(draft: Draft, lesson, compiled: Compiled) -> dict:
    texts = list(lesson.texts.all())
    source = in_language(texts, draft.source_language)
    words = {}
    for language in draft.course.languages:
        text = in_language(texts, language)
        # A lesson is readable in the languages that the course itself has words in.
        if text is None or draft.text(language) is None:
            continue
        document = compile_document(text, draft.materials)
        compiled.documents[document.digest] = document
        compiled.entries.append((lesson.pk, language, document.digest))
        words[language] = {
            "title": text.title,
            "summary": text.summary,
            "bytes": len(document.deflated) + draft.materials.picture_bytes(document.html),
            "document": document.digest,
            **_state(text, source.digest()),
        }
    return {
        "key": lesson.key,
        "id": lesson.pk,
        "minutes": minutes_of(lesson, source),
        "words": words,
    }


def _state(text, source_digest: str) -> dict:
    return {"state": text.state, "stale": state_of(text, source_digest) == TranslationState.STALE}


def _quiz(quiz, version: QuizVersion) -> dict:
    return {
        "key": quiz.own_key,
        "id": quiz.pk,
        "version": version.pk,
        **{
            name: version.rules[name]
            for name in ("draw", "pass_percent", "attempts", "wait_minutes", "minutes")
        },
    }
