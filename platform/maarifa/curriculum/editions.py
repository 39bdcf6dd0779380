"""Reading editions. What learners see comes from here: nothing in an edition ever changes, so much of it is
kept.

Two caches of this process, both bounded: outlines by the edition's id, documents by their digest. Which
edition is current is not kept: it is read on each request.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from django.conf import settings
from django.utils.safestring import SafeString

from maarifa.curriculum.activities import KINDS, TextsByLanguage
from maarifa.curriculum.activities.lesson import OutlineLesson
from maarifa.curriculum.activities.quiz import OutlineQuiz
from maarifa.curriculum.compiled import CompiledCourse, CompiledModule, CompiledWorksheet
from maarifa.curriculum.models import Document, Edition
from maarifa.curriculum.stored import About

OUTLINES = 200


class Outline:
    """What all pages around the documents need of an edition. Nobody changes what it hands out."""

    def __init__(self, *, edition_id: int, number: int, course: CompiledCourse) -> None:
        self.edition_id = edition_id
        self.number = number
        self.compiled = course
        self.course = course.course
        self.source_language = course.source_language
        self.languages = list(course.languages)
        self.licence = course.licence
        self.authors = list(course.authors)
        self.outcomes = list(course.outcomes)
        self.requirements = {kind: list(keys) for kind, keys in course.requirements.items()}
        self.minutes = course.minutes
        self.modules = tuple(
            OutlineModule(module, position, course.source_language)
            for position, module in enumerate(course.modules, 1)
        )
        self.activities = tuple(one for module in self.modules for one in module.activities)
        self.glossary = course.glossary
        self._modules = {module.key: module for module in self.modules}
        self._lessons = {one.key: one for one in self.activities if isinstance(one, OutlineLesson)}
        self._quizzes = {one.key: one for one in self.activities if isinstance(one, OutlineQuiz)}

    def texts(self, language: str) -> dict[str, Any]:
        """title, summary, outcomes, modules, quizzes, state and language; the source's where there are
        none.
        """
        return self._texts.get(language) or self._texts[self.source_language]

    @cached_property
    def _texts(self) -> dict[str, dict[str, Any]]:
        texts_by_language = {}
        for code, texts in self.compiled.texts.items():
            # PostgreSQL keeps the keys of JSON in an order of its own.
            outcomes = {key: texts.outcomes[key] for key in self.outcomes if key in texts.outcomes}
            texts_by_language[code] = {**texts.model_dump(), "outcomes": outcomes, "language": code}
        return texts_by_language

    @cached_property
    def lesson_order(self) -> list[str]:
        return list(self._lessons)

    @cached_property
    def lesson_keys(self) -> frozenset[str]:
        return frozenset(self._lessons)

    @property
    def quiz_order(self) -> list[str]:
        return list(self._quizzes)

    @cached_property
    def quiz_keys(self) -> frozenset[str]:
        return frozenset(self._quizzes)

    def worksheet(self, key: str) -> "OutlineWorksheet | None":
        return next(
            (one.worksheet for one in self.modules if one.worksheet and one.worksheet.key == key), None
        )

    @property
    def worksheets(self) -> list[str]:
        """The keys of what its modules end in, in their order."""
        return [one.worksheet.key for one in self.modules if one.worksheet]

    def module(self, key: str) -> "OutlineModule | None":
        return self._modules.get(key)

    def module_number(self, key: str) -> int:
        return self._modules[key].number

    def lesson(self, key: str) -> "OutlineLesson | None":
        return self._lessons.get(key)

    def quiz(self, key: str) -> "OutlineQuiz | None":
        return self._quizzes.get(key)

    def quiz_texts(self, key: str, language: str) -> dict[str, str]:
        """Its title, and the language that this is in: the source where the translation has none yet."""
        return self._titled("quizzes", key, language)

    def module_texts(self, key: str, language: str) -> dict[str, str]:
        """As `quiz_texts`."""
        return self._titled("modules", key, language)

    def _titled(self, what: str, key: str, language: str) -> dict[str, str]:
        for texts in (self.texts(language), self.texts(self.source_language)):
            if title := texts[what].get(key, {}).get("title"):
                return {"title": title, "language": texts["language"]}
        return {"title": key, "language": self.source_language}

    def bytes(self, language: str) -> int:
        """The compressed size of all documents in a language, the source's where a lesson has no other."""
        return sum(lesson.texts(language)["bytes"] for lesson in self._lessons.values())


class OutlineModule:
    def __init__(self, module: CompiledModule, number: int, source_language: str) -> None:
        self.key = module.key
        self.number = number
        self.activities = tuple(
            KINDS[one.kind].outline(one, module.key, source_language) for one in module.activities
        )
        self.worksheet = OutlineWorksheet(module.worksheet, source_language) if module.worksheet else None

    @cached_property
    def lessons(self) -> tuple[OutlineLesson, ...]:
        return tuple(one for one in self.activities if isinstance(one, OutlineLesson))

    def lesson_number(self, key: str) -> int:
        """Which of its lessons this is."""
        return next(number for number, lesson in enumerate(self.lessons, 1) if lesson.key == key)


class OutlineWorksheet(TextsByLanguage):
    """What a module ends in."""

    def __init__(self, worksheet: CompiledWorksheet, source_language: str) -> None:
        super().__init__(worksheet.texts, source_language)
        self.key = worksheet.key


@dataclass(frozen=True)
class Text:
    """A lesson in one language, finished: `html` is bytes, `deflated` its raw deflate stream.

    `texts`: title, summary, objectives, sources (title, publisher, date, url), checked, review_by, state,
    stale.
    """

    digest: str
    language: str
    html: bytes
    deflated: bytes
    texts: dict[str, Any]

    @property
    def markup(self) -> SafeString:
        """For a template. It was sanitised at publication."""
        return SafeString(self.html.decode())


Kept: TypeAlias = tuple[bytes, bytes, About]
"""HTML, its deflate stream, and what the frame says around it."""


class _DocumentCache:
    """The documents read last, up to so many bytes together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, Kept] = OrderedDict()
        self.bytes = 0

    def get(self, digest: str) -> Kept | None:
        with self._lock:
            if digest in self._entries:
                self._entries.move_to_end(digest)
            return self._entries.get(digest)

    def put(self, digest: str, entry: Kept, *, most: int) -> None:
        with self._lock:
            if digest in self._entries:
                return
            self._entries[digest] = entry
            self.bytes += self._size(entry)
            while self.bytes > most and self._entries:
                self.bytes -= self._size(self._entries.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self.bytes = 0

    @staticmethod
    def _size(entry: Kept) -> int:
        html, deflated, about = entry
        # What Python adds to a few texts and a dict, roughly.
        return len(html) + len(deflated) + 2 * len(str(about)) + 2000


_outlines: OrderedDict[int, Outline] = OrderedDict()
_outlines_lock = threading.Lock()
documents = _DocumentCache()


def outline(edition: "Edition | int") -> Outline:
    """The outline of an edition, by the row or its id. No query if this process has read it before."""
    edition_id = edition if isinstance(edition, int) else edition.pk
    with _outlines_lock:
        if course_outline := _outlines.get(edition_id):
            _outlines.move_to_end(edition_id)
            return course_outline
    row = Edition.objects.only("number", "structure").get(pk=edition_id)
    course = CompiledCourse.model_validate(row.structure)
    course_outline = Outline(edition_id=row.pk, number=row.number, course=course)
    with _outlines_lock:
        _outlines[edition_id] = course_outline
        while len(_outlines) > OUTLINES:
            _outlines.popitem(last=False)
    return course_outline


def document(edition: "Edition | int", lesson_key: str, language: str) -> Text | None:
    """A lesson as an edition has it, in the source language where it has no other; None without such a
    lesson.

    One query at most, none where this process still keeps the document.
    """
    lesson = outline(edition).lesson(lesson_key)
    return _text(lesson.texts(language), lesson.language(language)) if lesson else None


def worksheet(edition: "Edition | int", key: str, language: str) -> Text | None:
    """As `document`, a worksheet of a module."""
    module_worksheet = outline(edition).worksheet(key)
    return (
        _text(module_worksheet.texts(language), module_worksheet.language(language))
        if module_worksheet
        else None
    )


def glossary(edition: "Edition | int", language: str) -> Text | None:
    """As `document`, the course's glossary."""
    course_outline = outline(edition)
    code = language if language in course_outline.glossary else course_outline.source_language
    return _text(course_outline.glossary[code].model_dump(), code) if course_outline.glossary else None


def _text(texts: Mapping[str, Any], language: str) -> Text:
    digest = texts["document"]
    entry = documents.get(digest)
    if entry is None:
        row = Document.objects.only("html", "deflated", "about").get(digest=digest)
        entry = (row.html.encode(), bytes(row.deflated), row.about)
        documents.put(digest, entry, most=settings.DOCUMENT_CACHE_BYTES)
    html, deflated, about = entry
    return Text(
        digest=digest,
        language=language,
        html=html,
        deflated=deflated,
        texts={**about, "state": texts["state"], "stale": texts["stale"]},
    )


def forget() -> None:
    """Empty both caches: after a restore, and between tests."""
    with _outlines_lock:
        _outlines.clear()
    documents.clear()
