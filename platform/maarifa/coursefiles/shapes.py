"""What each file of a course may say. Fields stand in the order in which they are written."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, model_validator

from maarifa.lib.shapes import Day, Key, Line, LooseDate, Shape, Url, Words, once_each, refuse
from maarifa.quizzes.kinds.choices import LEAST as LEAST_CHOICES
from maarifa.quizzes.kinds.choices import MOST as MOST_CHOICES

MOST_MINUTES = 10_000
MOST_ATTEMPTS = 1000
UNLIMITED = "unlimited"
DIGEST = re.compile(r"[0-9a-f]{16}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
DECIMAL = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,20})?")


def _language(text: str) -> str:
    if not LANGUAGE.fullmatch(text) or len(text) > 15:
        raise refuse("language")
    return text


def _digest(text) -> str:
    if not DIGEST.fullmatch(text):
        raise refuse("digest")
    return text


def _decimal(value) -> str:
    if not isinstance(value, str) or not DECIMAL.fullmatch(value):
        raise refuse("number")
    return value


def _all_or_keys(value):
    if value == "all":
        return value
    if not isinstance(value, list):
        raise refuse("literal_error", expected="all, [lesson-key, another-key]")
    for item in value:
        if not isinstance(item, str):
            raise refuse("key")
    return once_each(value)


def _attempts(value):
    if value == UNLIMITED or (type(value) is int and 1 <= value <= MOST_ATTEMPTS):
        return value
    raise refuse("literal_error", expected=f"1, … {MOST_ATTEMPTS}, {UNLIMITED}")


def _truth_as_key(value):
    """`true` in a list of right answers is the key of the choice "true"."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


Language = Annotated[str, AfterValidator(_language)]
# An all-digit digest looks like a number.
Digest = Annotated[str, BeforeValidator(lambda v: v if isinstance(v, bool | list | dict) else str(v))]
Digest = Annotated[Digest, AfterValidator(_digest)]
Decimal = Annotated[str, PlainValidator(_decimal)]
Keys = Annotated[list[Key], AfterValidator(once_each)]
Minutes = Annotated[int, Field(ge=0, le=MOST_MINUTES)]
State = Literal["machine", "reviewed"]
Level = Literal["recall", "application", "judgement"]


# course.yaml --------------------------------------------------------------------------------------------


class LessonEntry(Shape):
    key: Key
    activity_minutes: Minutes
    outcomes: Keys | None = None


class Cell(Shape):
    """So many questions of one outcome and one level are drawn."""

    outcome: Key
    level: Level
    count: Annotated[int, Field(ge=1, le=500)]


class QuizEntry(Shape):
    key: Key
    bank: Key
    draw: Annotated[int, Field(ge=1, le=500)]
    cells: Annotated[list[Cell], Field(min_length=1)] | None = None
    pass_percent: Annotated[int, Field(ge=1, le=100)]
    attempts: Annotated[int | str, PlainValidator(_attempts)]
    wait_minutes: Minutes
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)]


class ModuleEntry(Shape):
    key: Key
    lessons: Annotated[list[LessonEntry], Field(min_length=1)]
    product: Key | None = None
    quiz: QuizEntry | None = None


class Requirements(Shape):
    lessons: Annotated[str | list[str], PlainValidator(_all_or_keys)]
    quizzes: Keys


class CourseFile(Shape):
    format: Literal[1]
    key: Key
    profile: Literal["maarifa", "partner"] | None = None
    source_language: Language
    languages: Annotated[list[Language], Field(min_length=1), AfterValidator(once_each)]
    licence: Line
    authors: Annotated[list[Line], Field(min_length=1), AfterValidator(once_each)]
    outcomes: Keys
    modules: Annotated[list[ModuleEntry], Field(min_length=1)]
    requirements: Requirements

    @property
    def lesson_keys(self) -> list[str]:
        return [lesson.key for module in self.modules for lesson in module.lessons]

    @property
    def quizzes(self) -> list[QuizEntry]:
        return [module.quiz for module in self.modules if module.quiz]


# course.<lang>.yaml -------------------------------------------------------------------------------------


class Translated(Shape):
    source_digest: Digest | None = None
    state: State | None = None


class ModuleWords(Shape):
    title: Line
    summary: Words | None = None


class QuizWords(Shape):
    title: Line


class CourseWordsFile(Translated):
    format: Literal[1]
    language: Language
    title: Annotated[Line, Field(max_length=200)]
    summary: Words
    outcomes: dict[Key, Line] = {}
    modules: dict[Key, ModuleWords] = {}
    quizzes: dict[Key, QuizWords] = {}

    def words(self) -> dict:
        """As `CourseText.words()` has them."""
        return {
            "title": self.title,
            "summary": self.summary,
            "outcomes": dict(self.outcomes),
            "modules": {key: words.model_dump(exclude_none=True) for key, words in self.modules.items()},
            "quizzes": {key: words.model_dump() for key, words in self.quizzes.items()},
        }


# <lesson>/lesson.<lang>.md ------------------------------------------------------------------------------


class Source(Shape):
    title: Line
    publisher: Line
    date: LooseDate
    url: Url


class LessonFile(Translated):
    """The head of a lesson file; `body` is what stands below it."""

    title: Annotated[Line, Field(max_length=200)]
    summary: Words | None = None
    objectives: list[Line] = []
    sources: list[Source] = []
    checked: Day | None = None
    review_by: Day | None = None
    _body: str = ""

    def with_body(self, body: str) -> "LessonFile":
        self._body = body
        return self

    @property
    def body(self) -> str:
        return self._body

    def words(self) -> dict:
        """As `LessonText.words()` has them."""
        return {
            "title": self.title,
            "summary": self.summary or "",
            "objectives": list(self.objectives),
            "body": self.body,
        }


# glossary.<lang>.yaml, products/<key>.<lang>.md, figures/<key>.<lang>.svg ---------------------------------


class Term(Shape):
    term: Line
    meaning: Words


class GlossaryFile(Translated):
    format: Literal[1]
    language: Language
    terms: dict[Key, Term]

    def words(self) -> dict:
        return {"terms": {key: term.model_dump() for key, term in self.terms.items()}}


class ProductFile(Translated):
    """The head of a product's file; `body` is what stands below it."""

    title: Annotated[Line, Field(max_length=200)]
    summary: Words | None = None
    _body: str = ""

    def with_body(self, body: str) -> "ProductFile":
        self._body = body
        return self

    @property
    def body(self) -> str:
        return self._body

    def words(self) -> dict:
        return {"title": self.title, "summary": self.summary or "", "body": self.body}


class FigureFile(Shape):
    """A drawing. It stands as it is, but for its last line's end."""

    svg: str

    def words(self) -> dict:
        return {"svg": self.svg}


# banks/<bank>.yaml --------------------------------------------------------------------------------------

CHOICE_FIELDS, NUMBER_FIELDS = ("choices", "correct"), ("answer", "tolerance")
FIELDS = {
    "single": CHOICE_FIELDS,
    "multiple": CHOICE_FIELDS,
    "truefalse": ("correct",),
    "numeric": NUMBER_FIELDS,
}


class QuestionEntry(Shape):
    key: Key
    kind: Literal["single", "multiple", "truefalse", "numeric"]
    points: Annotated[int, Field(ge=1, le=100)]
    lesson: Key | None = None
    outcome: Key | None = None
    level: Level | None = None
    choices: (
        Annotated[
            list[Key], Field(min_length=LEAST_CHOICES, max_length=MOST_CHOICES), AfterValidator(once_each)
        ]
        | None
    ) = None
    correct: (
        Annotated[list[Annotated[Key, BeforeValidator(_truth_as_key)]], AfterValidator(once_each)] | None
    ) = None
    answer: Decimal | None = None
    tolerance: Decimal | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self):
        for name in (*CHOICE_FIELDS, *NUMBER_FIELDS):
            there = getattr(self, name) is not None
            if there and name not in FIELDS[self.kind]:
                raise refuse("field_kind", kind=self.kind, at=name)
            if not there and name in FIELDS[self.kind]:
                raise refuse("field_needed", kind=self.kind, at=name)
        if self.kind == "numeric":
            if self.tolerance.startswith("-"):
                raise refuse("tolerance", at="tolerance")
            return self
        choices = ["true", "false"] if self.kind == "truefalse" else self.choices
        for key in self.correct:
            if key not in choices:
                raise refuse("choice_unknown", item=key, choices=", ".join(choices), at="correct")
        if self.kind != "multiple" and len(self.correct) != 1:
            raise refuse("one_right", count=len(self.correct), at="correct")
        if not self.correct:
            raise refuse("some_right", at="correct")
        return self

    def structure(self) -> dict:
        """As `Question.structure` has it."""
        return {name: getattr(self, name) for name in FIELDS[self.kind]}


class BankFile(Shape):
    format: Literal[1]
    bank: Key
    kind: Literal["practice", "module", "sample", "exam"]
    questions: Annotated[list[QuestionEntry], Field(min_length=1)]


# banks/<bank>.<lang>.yaml -------------------------------------------------------------------------------


class ChoiceWords(Shape):
    text: Words | None = None
    feedback: Words | None = None


class NumberFeedback(Shape):
    correct: Words | None = None
    wrong: Words | None = None


class QuestionWords(Translated):
    stem: Words
    choices: dict[Key, ChoiceWords] | None = None
    unit: Line | None = None
    feedback: NumberFeedback | None = None

    def words(self) -> dict:
        """As `QuestionText.words` has them."""
        return self.model_dump(exclude_none=True, exclude={"source_digest", "state"})


class BankWordsFile(Shape):
    format: Literal[1]
    bank: Key
    language: Language
    questions: dict[Key, QuestionWords]
