"""What each file of a course may say. Fields stand in the order in which they are written."""

from abc import abstractmethod
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_type_hints

from django.utils.translation import gettext_lazy as _
from pydantic import Field, ModelWrapValidatorHandler, ValidationError, create_model, model_validator
from pydantic_core import InitErrorDetails

from maarifa.coursefiles.fieldtypes import Digest, Language, Level, State
from maarifa.lib.shapes import Day, Key, Line, LooseDate, Shape, Url, Words, one_of, refuse
from maarifa.lib.strict_yaml import Flow
from maarifa.quizzes.kinds import KINDS, AnyKind, Structure, kind_named
from maarifa.quizzes.questiontests import QuestionTest
from maarifa.quizzes.stored import StoredTest

# course.<lang>.yaml -------------------------------------------------------------------------------------


class Translated(Shape):
    source_digest: Digest | None = None
    state: State | None = None

    @abstractmethod
    def texts(self) -> dict[str, Any]:
        """What a translation is made from, as the models have it."""


class ModuleTexts(Shape):
    title: Line
    summary: Words | None = None


class QuizTexts(Shape):
    title: Line


class CourseTextsFile(Translated):
    format: Literal[1]
    language: Language
    title: Annotated[Line, Field(max_length=200)]
    summary: Words
    outcomes: dict[Key, Line] = {}
    modules: dict[Key, ModuleTexts] = {}
    quizzes: dict[Key, QuizTexts] = {}

    def texts(self) -> dict[str, Any]:
        """As `CourseText.texts()` has them."""
        return {
            "title": self.title,
            "summary": self.summary,
            "outcomes": dict(self.outcomes),
            "modules": {key: texts.model_dump(exclude_none=True) for key, texts in self.modules.items()},
            "quizzes": {key: texts.model_dump() for key, texts in self.quizzes.items()},
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

    def texts(self) -> dict[str, Any]:
        """As `LessonText.texts()` has them."""
        return {
            "title": self.title,
            "summary": self.summary or "",
            "objectives": list(self.objectives),
            "body": self.body,
        }


# glossary.<lang>.yaml, worksheets/<key>.<lang>.md, figures/<key>.<lang>.svg ---------------------------------


class Term(Shape):
    term: Line
    meaning: Words


class GlossaryFile(Translated):
    format: Literal[1]
    language: Language
    terms: dict[Key, Term]

    def texts(self) -> dict[str, Any]:
        return {"terms": {key: term.model_dump() for key, term in self.terms.items()}}


class WorksheetFile(Translated):
    """The head of a worksheet's file; `body` is what stands below it."""

    title: Annotated[Line, Field(max_length=200)]
    summary: Words | None = None
    _body: str = ""

    def with_body(self, body: str) -> "WorksheetFile":
        self._body = body
        return self

    @property
    def body(self) -> str:
        return self._body

    def texts(self) -> dict[str, Any]:
        return {"title": self.title, "summary": self.summary or "", "body": self.body}


class FigureFile(Shape):
    """A drawing. It stands as it is, but for its last line's end."""

    svg: str

    def texts(self) -> dict[str, Any]:
        return {"svg": self.svg}


# banks/<bank>.yaml --------------------------------------------------------------------------------------

FIELD_KIND = _("Questions of the kind “%(kind)s” do not have this field. Remove it.")
FIELD_NEEDED = _("Questions of the kind “%(kind)s” need this field. Add it.")


class QuestionEntry(Shape):
    """`structure` is that of its kind: in the file, its fields stand among those of the question."""

    key: Key
    kind: Annotated[str, one_of(KINDS)]
    points: Annotated[int, Field(ge=1, le=100)]
    lesson: Key | None = None
    outcome: Key | None = None
    level: Level | None = None
    tests: list[QuestionTest] | None = None
    structure: Structure

    @model_validator(mode="wrap")
    @classmethod
    def _with_the_fields_of_its_kind(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(value, dict):
            return handler(value)
        head = {name: value[name] for name in HEAD if name in value}
        rest = {name: field for name, field in value.items() if name not in HEAD}
        structure, errors = _structure(head.get("kind"), rest)
        try:
            entry = handler({**head, "structure": structure})
        except ValidationError as error:
            errors = [*_line_errors(error), *errors]
        if errors:
            raise ValidationError.from_exception_data(cls.__name__, errors)
        return entry

    def in_file(self) -> dict[str, Any]:
        """Its fields as they stand there."""
        head = self.model_dump(exclude_none=True, exclude={"structure", "tests"})
        fields = kind_named(self.kind).to_file(self.structure.stored())
        written = head | {name: _flowing(value) for name, value in fields.items()}
        if self.tests:
            written["tests"] = [_flowing(test) for test in self.stored_tests]
        return written

    @property
    def stored_tests(self) -> list[StoredTest]:
        return [test.stored() for test in self.tests or ()]


def _flowing(value: Any) -> Any:
    """With each list on one line."""
    if isinstance(value, dict):
        return {name: _flowing(inner) for name, inner in value.items()}
    return Flow(value) if isinstance(value, list) else value


HEAD = tuple(name for name in QuestionEntry.model_fields if name != "structure")


def _fields_of(kind: AnyKind) -> list[str]:
    """All that a question of this kind may have, in the order in which they are written."""
    return [*(name for name in HEAD if name != "tests"), *kind.file_fields, "tests"]


def _structure(name: object, fields: dict[str, Any]) -> tuple[Structure, list[InitErrorDetails]]:
    """The structure that these fields of a question say, and what is wrong; nothing, of an unknown kind."""
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        return Structure(), []
    elsewhere = {field for one in KINDS.values() for field in one.file_fields}
    errors = []
    for field, value in fields.items():
        if field in kind.file_fields:
            continue
        error = refuse("extra_forbidden", allowed=", ".join(_fields_of(kind)))
        if field in elsewhere:
            error = refuse("field_kind", template=FIELD_KIND, kind=name)
        errors.append(InitErrorDetails(type=error, loc=(field,), input=value))
    for field in kind.file_fields:
        if field not in fields and kind.structure.model_fields[field].is_required():
            error = refuse("field_needed", template=FIELD_NEEDED, kind=name)
            errors.append(InitErrorDetails(type=error, loc=(field,), input=fields))
    if errors:
        return Structure(), errors
    try:
        return kind.structure.model_validate(kind.from_file(fields)), []
    except ValidationError as error:
        return Structure(), _line_errors(error)


def _line_errors(error: ValidationError) -> list[InitErrorDetails]:
    """What an error found, to be said again in another place."""
    return [
        InitErrorDetails(type=refuse(one["type"], **one.get("ctx", {})), loc=one["loc"], input=one["input"])
        for one in error.errors(include_url=False)
    ]


class BankFile(Shape):
    format: Literal[1]
    bank: Key
    kind: Literal["practice", "module", "sample", "exam"]
    questions: Annotated[list[QuestionEntry], Field(min_length=1)]


# banks/<bank>.<lang>.yaml -------------------------------------------------------------------------------


class AnyQuestionTexts(Translated):
    def texts(self) -> dict[str, Any]:
        """As `QuestionText.texts` has them."""
        return self.model_dump(exclude_none=True, exclude={"source_digest", "state"})


def _texts_of_all_kinds() -> dict[str, Any]:
    """The fields of every kind's texts: which kind they are of, the words alone do not say."""
    types: dict[str, list[Any]] = {}
    for kind in KINDS.values():
        for name, its in get_type_hints(kind.texts, include_extras=True).items():
            if name in kind.texts.model_fields and its not in types.setdefault(name, []):
                types[name].append(its)
    either = {name: reduce(or_, options) for name, options in types.items()}
    # What every kind has is written last, but for what is asked.
    last = {"explanation": either.pop("explanation")}
    return {name: (its, ... if name == "stem" else None) for name, its in (either | last).items()}


if TYPE_CHECKING:
    QuestionTexts = AnyQuestionTexts
else:
    QuestionTexts = create_model("QuestionTexts", __base__=AnyQuestionTexts, **_texts_of_all_kinds())


class BankTextsFile(Shape):
    format: Literal[1]
    bank: Key
    language: Language
    questions: dict[Key, QuestionTexts]
