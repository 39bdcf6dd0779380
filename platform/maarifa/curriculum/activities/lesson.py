"""Lessons: texts in several languages, each a document."""

from collections.abc import Mapping
from typing import Any, Literal, cast

from django.utils.translation import override

from maarifa.curriculum.activities.base import (
    ActivityKind,
    CompiledActivity,
    CompiledText,
    OutlineActivity,
    Place,
    TextsByLanguage,
    Work,
)
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.materials import Materials
from maarifa.curriculum.models import Activity, Document, Lesson, LessonText
from maarifa.curriculum.stored import About
from maarifa.curriculum.text.markdown import count_words, rendered
from maarifa.curriculum.translations import in_language, state_in_edition
from maarifa.lib.digests import digest_of
from maarifa.lib.stitching import deflate

WORDS_A_MINUTE = 100
"""Of a person who reads in a second language, and takes in what is new."""


class CompiledLessonText(CompiledText):
    summary: str


class CompiledLesson(CompiledActivity):
    kind: Literal["lesson"] = "lesson"
    texts: Mapping[str, CompiledLessonText]


class OutlineLesson(TextsByLanguage, OutlineActivity):
    kind = "lesson"

    def __init__(self, compiled: CompiledLesson, module: str, source_language: str) -> None:
        OutlineActivity.__init__(self, compiled, module)
        TextsByLanguage.__init__(self, compiled.texts, source_language)

    def texts(self, language: str) -> dict[str, Any]:
        """title, summary, bytes, state, stale and document (its digest)."""
        return super().texts(language)


class LessonKind(ActivityKind):
    name = "lesson"
    plural = "lessons"
    compiled = CompiledLesson

    def compile(self, activity: Activity, work: Work) -> CompiledLesson:
        return _compile(cast(Lesson, activity.lesson), work)

    def outline(self, compiled: CompiledActivity, module: str, source_language: str) -> OutlineLesson:
        return OutlineLesson(cast(CompiledLesson, compiled), module, source_language)

    def required(self, requirement: Any, draft: Draft) -> list[str]:
        return [lesson.key for lesson in draft.lessons] if requirement == "all" else list(requirement)


def compile_document(text: LessonText, materials: Materials) -> Document:
    """A lesson in one language, finished but not saved."""
    with override(text.language):
        html, practice = rendered(text.body, figures=materials.figures(text.language), language=text.language)
    about: About = {
        "title": text.title,
        "summary": text.summary,
        "objectives": text.objectives,
        "sources": text.sources,
        "checked": text.checked.isoformat() if text.checked else "",
        "review_by": text.review_by.isoformat() if text.review_by else "",
    }
    if practice:
        about["practice"] = practice
    digest = digest_of({"language": text.language, "about": about, "html": html})
    return Document(
        digest=digest, language=text.language, html=html, about=about, deflated=deflate(html.encode())
    )


def minutes_of(lesson: Lesson, source: LessonText) -> int:
    """What reading takes, begun minutes counted whole, and the practice beside it."""
    return -(-count_words(source.body) // WORDS_A_MINUTE) + lesson.activity_minutes


def _compile(lesson: Lesson, work: Work) -> CompiledLesson:
    """A lesson held in the source language stays as it was in all."""
    draft = work.draft
    former = cast(CompiledLesson | None, work.former.get(Place(LessonKind.name, lesson.key)))
    rows = list(lesson.texts.all())
    source = cast(LessonText, in_language(rows, draft.source_language))  # the checks have found one
    # A lesson is readable in the languages that the course itself has words in.
    languages = sorted(draft.languages, key=lambda code: code != draft.source_language)
    if former and (lesson.key, draft.source_language) in work.held:
        held_texts = {code: former.texts[code] for code in languages if code in former.texts}
        work.entries += [(lesson.pk, code, entry.document) for code, entry in held_texts.items()]
        return former.model_copy(update={"texts": held_texts})
    texts: dict[str, CompiledLessonText] = {}
    for language in languages:
        if (lesson.key, language) in work.held:
            entry = _held(former, texts, language, draft.source_language) if former else None
        else:
            text = in_language(rows, language)
            entry = _text(text, source, work) if text else None
        if entry:
            work.entries.append((lesson.pk, language, entry.document))
            texts[language] = entry
    return CompiledLesson(key=lesson.key, id=lesson.pk, minutes=minutes_of(lesson, source), texts=texts)


def _text(text: LessonText, source: LessonText, work: Work) -> CompiledLessonText:
    document = compile_document(text, work.draft.materials)
    work.documents[document.digest] = document
    return CompiledLessonText(
        title=text.title,
        summary=text.summary,
        bytes=len(document.deflated) + work.draft.materials.picture_bytes(document.html),
        document=document.digest,
        **state_in_edition(text, source.digest()),
    )


def _held(
    former: CompiledLesson, texts: Mapping[str, CompiledLessonText], language: str, source_language: str
) -> CompiledLessonText | None:
    """A translation as it was; behind, where the source is no longer what it was made from."""
    entry = former.texts.get(language)
    if entry is None:
        return None
    changed = former.texts[source_language].document != texts[source_language].document
    return entry.model_copy(update={"stale": entry.stale or changed})
