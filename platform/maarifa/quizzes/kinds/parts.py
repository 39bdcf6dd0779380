"""What kinds of question are made of: the types of what they keep, show and take."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Generic, TypeAlias, TypeVar

from django import forms
from pydantic import Field, TypeAdapter

from maarifa.lib.shapes import Shape, Words

POINT = 100_000
"""Scores are whole numbers of hundred-thousandths of a point."""

Percent = Annotated[int, Field(ge=1, le=99)]
"""Of the points, for an answer that is worth a part of them."""

Response = str | list[str] | dict[str, str]
"""An answer as it is stored: a text as typed, a list of keys (chosen, or in the learner's order), or a map from the
key of a part (a gap, the left side of a pair) to what it was given. None is no answer.
"""

RESPONSE: TypeAdapter[Response] = TypeAdapter(Response)

StructureData: TypeAlias = dict[str, Any]
"""A structure as rows keep it. That of a version is what the kind's `structure` dumps; that of a draft may lack fields,
and of one that is only checked yet every value may be anything.
"""

TextsData: TypeAlias = dict[str, Any]
"""The words of one language as rows keep them: what the kind's `texts` dump, or a draft of it."""

AllTexts: TypeAlias = Mapping[str, TextsData]
"""The words of all languages of a question, by language: an answer that is right in one of them is right."""

NO_TEXTS: AllTexts = MappingProxyType({})

Cleaned: TypeAlias = Mapping[str, Any]
"""The cleaned data of an author's form: of each field what its own type cleans to."""

FormFields: TypeAlias = dict[str, forms.Field]

Parts = Mapping[str, list[str]]
"""What a form says of one question: the values by the part of the question; "" is the question as a whole."""


class Structure(Shape):
    """What is asked and what is right, the same in every language."""

    def stored(self) -> StructureData:
        """As rows keep it."""
        return self.model_dump(exclude_none=True)


class Texts(Shape):
    """What is asked, in one language. `explanation` is what everybody reads once right answers are shown."""

    stem: Words
    explanation: Words | None = None


@dataclass(frozen=True)
class Shown:
    """What a page may show before submission: never a key, never feedback."""

    stem: str


@dataclass(frozen=True)
class Reviewed:
    """What may be said of an answer after submission."""


@dataclass(frozen=True)
class Misfit:
    """Where texts are not those of their structure, by path.

    `field`: a field that this kind has not; `key_unknown`: texts for what the structure does not have; `key_missing`:
    none for what it has; `text_missing` and `text_unknown`: one text among those of a key. Of other codes the kind has
    the sentence (`misfit_problem`).
    """

    code: str
    path: tuple[str, ...]


ShownT = TypeVar("ShownT", bound=Shown)
ResponseT = TypeVar("ResponseT", bound=Response)


@dataclass(frozen=True)
class AnswerFields(ABC, Generic[ShownT, ResponseT]):
    """The fields of one question on its page. Each is called `name`, or `name`, an underscore and a part of the
    question; the name of a part has no underscore.

    They hold `held`, an answer; or `sent`, what came back and could not be read.
    """

    shown: ShownT
    name: str
    held: ResponseT | None = None
    sent: Parts | None = None

    template: ClassVar[str]
    """The inner part of the question's fieldset; its context has this form as `question.form`."""

    @staticmethod
    @abstractmethod
    def answer(parts: Parts) -> object:
        """The answer that a form says, as it would come in JSON; it need not make sense."""

    @property
    def id(self) -> str:
        """Of its first field, where a link to the question leads."""
        return f"id_{self.name}"


class TypedFields(AnswerFields[ShownT, str], Generic[ShownT]):
    """One field in which the answer is typed."""

    @staticmethod
    def answer(parts: Parts) -> str | None:
        return parts[""][-1] if parts.get("") else None

    @property
    def typed(self) -> str:
        """As it stands in the field, whether it can be read or not."""
        return self.held or "" if self.sent is None else "".join(self.sent.get("", [])[-1:])


class PartFields(AnswerFields[ShownT, dict[str, str]], Generic[ShownT]):
    """A field for each part of the question."""

    @staticmethod
    def answer(parts: Parts) -> dict[str, str]:
        return {part: values[-1] for part, values in parts.items() if part and values}


def texts_in(value: Response) -> list[str]:
    """All texts of an answer, or among the words of a question, keys of parts included in neither."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value
    return [text for one in inner for text in texts_in(one)]


def without_blanks(texts: Any) -> Any:
    """Texts that nobody wrote are as good as none."""
    if not isinstance(texts, dict):
        return texts
    values = {name: without_blanks(value) for name, value in texts.items()}
    return {name: value for name, value in values.items() if not isinstance(value, str) or value.strip()}
