"""Keeping the questions for practice of an edition so that they can be asked by themselves."""

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import override

from maarifa.curriculum.models import Document, Edition, EditionEntry, LessonText, PracticeQuestion
from maarifa.curriculum.text.blocks import blocks
from maarifa.quizzes.kinds import Practice, StructureData, TextsData

BATCH = 50
"""So many lessons are in memory at once."""


def keep_practice(*, edition: Edition | int) -> int:
    """Write a PracticeQuestion for each question for practice in the documents of this edition; how many are new.

    They stand beside a document. Those of a document from before practice had forms are read from the draft of its
    lesson, and each is taken only where the document has exactly this question: one that was edited since waits for the
    next edition. Again writes nothing twice. Never refuses.
    """
    edition_id = edition if isinstance(edition, int) else edition.pk
    entries = EditionEntry.objects.filter(edition=edition_id)
    texts = (
        LessonText.objects.filter(
            Exists(entries.filter(lesson=OuterRef("lesson"), language=OuterRef("language"))),
            body__contains="practice",
        )
        .order_by("pk")
        .values_list("lesson_id", "language", "body")
    )
    return sum(_keep(entries, batch) for batch in _batches(list(texts)))


def _batches(texts: list[tuple[int, str, str]]) -> list[list[tuple[int, str, str]]]:
    return [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]


def _keep(entries: "QuerySet[EditionEntry]", texts: list[tuple[int, str, str]]) -> int:
    lessons = {lesson for lesson, _language, _body in texts}
    documents = {
        (entry.lesson_id, entry.language): entry.document
        for entry in entries.filter(lesson__in=lessons).select_related("document").defer("document__deflated")
    }
    rows = [
        row
        for lesson, language, body in texts
        if (document := documents.get((lesson, language)))
        for row in _questions(document, body)
    ]
    known = set(
        PracticeQuestion.objects.filter(document__in=documents.values()).values_list("document", "key")
    )
    new = [row for row in rows if (row.document_id, row.key) not in known]
    with transaction.atomic():
        PracticeQuestion.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _questions(document: Document, body: str) -> list[PracticeQuestion]:
    if kept := document.about.get("practice"):
        return [_row(document, one["key"], one["kind"], one["structure"], one["texts"]) for one in kept]
    rows = []
    with override(document.language):
        for block in blocks(body):
            practice, _problems = block.read()
            if not isinstance(practice, Practice):
                continue
            former = practice.former_html()
            if former and former in document.html:
                rows.append(_row(document, practice.key, *practice.asked()))
    return rows


def _row(
    document: Document, key: str, kind: str, structure: StructureData, texts: TextsData
) -> PracticeQuestion:
    return PracticeQuestion(document=document, key=key, kind=kind, structure=structure, texts=texts)
