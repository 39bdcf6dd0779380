"""What the JSON columns of this app hold, but for the structure of an edition."""

from typing import TYPE_CHECKING, Any, NotRequired, TypeAlias, TypedDict

from maarifa.quizzes.practice import StoredPractice

if TYPE_CHECKING:
    from django.db.models import JSONField


class Requirements(TypedDict, total=False):
    """What completing a course takes: "all" or keys of lessons, and keys of quizzes. Empty before anybody said so."""

    lessons: str | list[str]
    quizzes: list[str]


class TitledTexts(TypedDict, total=False):
    """Of a module or a quiz in the text of its course. A draft may lack the title; a quiz has no summary."""

    title: str
    summary: str


class Source(TypedDict):
    """What a lesson rests on. `date` is a day, a month or a year."""

    title: str
    publisher: str
    date: str
    url: str


class Term(TypedDict):
    term: str
    meaning: str


class MaterialTexts(TypedDict, total=False):
    """Of a glossary `terms` by their keys; of a worksheet title, summary and body (CommonMark); of a figure `svg`."""

    terms: dict[str, Term]
    title: str
    summary: str
    body: str
    svg: str


class About(TypedDict):
    """What the frame says around a document. All of it is there for a lesson, the first two for anything else.

    `checked` and `review_by` are ISO days, or empty. `practice` is there where the document has any.
    """

    title: str
    summary: str
    objectives: NotRequired[list[str]]
    sources: NotRequired[list[Source]]
    checked: NotRequired[str]
    review_by: NotRequired[str]
    practice: NotRequired[list[StoredPractice]]


Structure: TypeAlias = dict[str, Any]
"""All that pages around the documents need of an edition, as compiling writes it."""


# The columns. What is written into one is what is read.
ListColumn: TypeAlias = "JSONField[list[str], list[str]]"
TextsColumn: TypeAlias = "JSONField[dict[str, str], dict[str, str]]"
TitlesColumn: TypeAlias = "JSONField[dict[str, TitledTexts], dict[str, TitledTexts]]"
RequirementsColumn: TypeAlias = "JSONField[Requirements, Requirements]"
SourcesColumn: TypeAlias = "JSONField[list[Source], list[Source]]"
MaterialColumn: TypeAlias = "JSONField[MaterialTexts, MaterialTexts]"
AboutColumn: TypeAlias = "JSONField[About, About]"
StructureColumn: TypeAlias = "JSONField[Structure, Structure]"
