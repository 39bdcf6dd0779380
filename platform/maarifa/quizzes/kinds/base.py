"""What every kind of question can do."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeAlias

from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from maarifa.lib.problems import Problem
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds.exchanged import Exchanged
from maarifa.quizzes.kinds.fields import author_text
from maarifa.quizzes.kinds.parts import (
    NO_TEXTS,
    POINT,
    RESPONSE,
    AllTexts,
    AnswerFields,
    Cleaned,
    FormFields,
    Misfit,
    PartFields,
    Parts,
    Percent,
    Response,
    ResponseT,
    Reviewed,
    Shown,
    ShownT,
    Structure,
    StructureData,
    Texts,
    TextsData,
    TypedFields,
    texts_in,
    without_blanks,
)
from maarifa.quizzes.kinds.practice import Guessed, Practice
from maarifa.quizzes.kinds.problems import is_misplaced, place_of, problem, problems_in

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

__all__ = [
    "NO_TEXTS",
    "POINT",
    "RESPONSE",
    "AllTexts",
    "AnswerFields",
    "AnyKind",
    "Cleaned",
    "FormFields",
    "Kind",
    "Misfit",
    "PartFields",
    "Parts",
    "Percent",
    "Response",
    "ResponseT",
    "Reviewed",
    "Shown",
    "ShownT",
    "Structure",
    "StructureData",
    "Texts",
    "TextsData",
    "TypedFields",
    "texts_in",
    "without_blanks",
]


class Kind(Exchanged, ABC, Generic[ShownT, ResponseT]):
    """Of what its pages show, and of what it takes as an answer."""

    name: str
    """As it is stored and stands in files."""
    label: "str | StrPromise"
    """For authors."""
    help: "str | StrPromise" = ""
    """How to answer, in a few words beside the question. See `help_for`."""
    structure: type[Structure]
    texts: type[Texts]
    response: TypeAdapter[ResponseT]
    form: type[AnswerFields[ShownT, ResponseT]]
    practice: type[Practice] | None = None
    """As a block in a lesson; None for a kind that is not used there."""
    review_template: str
    """The inner part of the card that says what was answered."""
    shuffles = False
    """Whether its choices stand in another order in every attempt."""
    fixes = False
    """Whether a part of an answer can be fixed while the attempt goes on: see `after`."""
    script = ""
    """A script that makes it easier to answer, as a static file. Nothing needs it."""
    asking_fields: tuple[str, ...] = ()
    """Those of `structure_fields` that change what is asked: a key is corrected without them. Of names such as
    `more_items`, the part before the first `_`.
    """
    empty: Mapping[str, object]
    """What a draft that lacks a field of its structure has in its place."""

    # What an author writes

    @abstractmethod
    def blank(self) -> StructureData:
        """The structure that an author begins with."""

    def structure_problems(self, structure: object) -> list[Problem]:
        """What is wrong with a structure; nothing, for one that can be asked."""
        whole = {**self.empty, **structure} if isinstance(structure, dict) else structure
        return problems_in(self.structure, whole)

    def texts_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        """What is wrong with the words in one language, given a structure without problems."""
        problems = problems_in(self.texts, without_blanks(texts))
        if any(is_misplaced(one) for one in problems):
            return problems
        problems += [
            self.misfit_problem(structure, one) for one in self.misfits(structure, without_blanks(texts))
        ]
        return problems or self.contradictions(structure, texts)

    def contradictions(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        """What no draft may say either, among what is wrong with the words."""
        return []

    def keyed_texts(self, structure: StructureData) -> dict[str, list[str]]:
        """Which fields of the texts go by keys of the structure, and by which, in their order."""
        return {}

    def ways(self, structure: StructureData) -> object:
        """What else decides which answers there can be, beside its parts and choices; to be compared."""
        return None

    def misfits(self, structure: StructureData, texts: TextsData) -> Iterable[Misfit]:
        """Where texts in one language are not those of this structure."""
        for field in texts:
            if field not in self.texts.model_fields:
                yield Misfit("field", (field,))
        for field, keys in self.keyed_texts(structure).items():
            field_texts = texts.get(field, {})
            for key in keys:
                if key not in field_texts:
                    yield Misfit("key_missing", (field, key))
            for key in field_texts:
                if key not in keys:
                    yield Misfit("key_unknown", (field, key))

    def misfit_problem(self, structure: StructureData, misfit: Misfit) -> Problem:
        where, last = ".".join(misfit.path), misfit.path[-1]
        if misfit.code == "key_unknown":
            keys = self.keyed_texts(structure)[misfit.path[0]]
            return problem("UNKNOWN_CHOICE", where, last, allowed=", ".join(keys))
        if misfit.code in ("field", "text_unknown"):
            return problem("UNKNOWN_FIELD", where, last, allowed=", ".join(self.texts.model_fields))
        return problem("MISSING", where)

    @abstractmethod
    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        """Form fields (name to field, initial value set) in which an author changes the structure."""

    def is_asking_field(self, name: str) -> bool:
        """Whether one of `structure_fields` changes what is asked."""
        return name.partition("_")[0] in self.asking_fields

    def close_fields(self, fields: FormFields, texts: Iterable[TextsData]) -> None:
        """Disable those of `structure_fields` whose change would remove words. `texts`: of all languages."""

    @abstractmethod
    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        """The structure that the author's form says."""

    @abstractmethod
    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        """Form fields (name to field, initial value set) in which an author changes the words of one language."""

    @abstractmethod
    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        """The words that the author's form says."""

    def followed(self, structure: StructureData, texts: TextsData) -> StructureData:
        """The structure with what the author has added to it in the source texts."""
        return structure

    def all_texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        """As `texts_fields`, with what every kind has."""
        explanation = author_text(_("Explanation"), texts.get("explanation", ""), required=False)
        explanation.help_text = _("Every learner reads this when the correct answers are shown.")
        return {**self.texts_fields(structure, texts), "explanation": explanation}

    def all_texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        """As `texts_from`, with what every kind has."""
        explanation = cleaned.get("explanation")
        texts = self.texts_from(cleaned, structure)
        return {**texts, "explanation": explanation} if explanation else texts

    def field_of(self, where: str) -> str:
        """The author's form field in which a problem of the words is."""
        return where.replace(".", "_")

    def place_of(self, where: str) -> str:
        """The same for people, as the form names it; empty where it has no name there."""
        return place_of(where)

    def structure_value(self, name: str, value: Any) -> str:
        """A plain value of the structure, for people to compare."""
        return str(value)

    def has_leftovers(self, structure: StructureData, texts: TextsData) -> bool:
        """Whether there are words for what the structure has no longer."""
        return any(one.code == "key_unknown" for one in self.misfits(structure, texts))

    def has_texts_for(self, structure: StructureData, texts: TextsData, key: str) -> bool:
        """Whether anything is written for this key of the structure."""
        fields = [field for field, keys in self.keyed_texts(structure).items() if key in keys]
        return any(any(texts_in(texts.get(field, {}).get(key, {}))) for field in fields)

    # What a learner sees and answers

    def choice_keys(self, structure: StructureData) -> list[str]:
        """What stands in an order of its own in every attempt."""
        return []

    def last_keys(self, structure: StructureData) -> list[str]:
        """Those of them that stay at the end, in the order of their author."""
        return []

    def help_for(self, structure: StructureData) -> str:
        """How to answer, and what a partly right answer is worth. Nothing in it tells what is right."""
        return str(self.help)

    def order(self, structure: StructureData, shuffled: list[str]) -> list[str]:
        """Its choices as an attempt shows them; `shuffled` is how the seed of the attempt has them."""
        return shuffled if self.shuffles else self.choice_keys(structure)

    @abstractmethod
    def shows(self, structure: StructureData, texts: TextsData, order: list[str], language: str) -> ShownT:
        """What the page needs, the choices in the order of this attempt."""

    def shows_after(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        language: str,
        response: ResponseT | None,
    ) -> ShownT:
        """As `shows`, once this answer is stored: it may decide what else there is to read."""
        return self.shows(structure, texts, order, language)

    def after(
        self, structure: StructureData, stored: ResponseT | None, response: ResponseT | None
    ) -> ResponseT | None:
        """What is stored once this answer comes after the stored one. Raises `AnswerError` (without a position) where
        it changes what is fixed.
        """
        return response

    def is_finished(self, structure: StructureData, response: ResponseT) -> bool:
        """Whether an answer leaves nothing of the question to be answered."""
        return True

    def read(self, structure: StructureData, raw: object, texts: AllTexts = NO_TEXTS) -> ResponseT | None:
        """An answer as it came in JSON, as it will be stored; None for no answer.

        Raises `AnswerError` (without a position) for what cannot be an answer.
        """
        if raw is None:
            return None
        try:
            answer = self.response.validate_python(raw, strict=True)
        except ValidationError:
            raise AnswerError("NOT_AN_ANSWER", value=repr(raw)) from None
        return self.settled(structure, answer)

    @abstractmethod
    def settled(self, structure: StructureData, answer: ResponseT) -> ResponseT | None:
        """An answer of the right type in the one form in which it is stored; None for one that says nothing.

        Raises `AnswerError` where it does not fit the structure.
        """

    def read_form(
        self, structure: StructureData, parts: Parts, order: Sequence[str] = (), texts: AllTexts = NO_TEXTS
    ) -> ResponseT | None:
        """As `read`, from what the form of a page says that shows the choices in this order."""
        return self.read(structure, self.unmasked(structure, order, self.form.answer(parts)), texts)

    def masked(
        self, structure: StructureData, order: Sequence[str], response: ResponseT | None
    ) -> Response | None:
        """An answer as its page has it. A kind whose keys may tell what is right puts other names in their place."""
        return response

    def unmasked(self, structure: StructureData, order: Sequence[str], raw: object) -> object:
        """What a page has as an answer, as `read` takes it. What is not masked stays as it is."""
        return raw

    @abstractmethod
    def said(self, shown: ShownT, response: ResponseT) -> list[str]:
        """An answer in the words of the page, part by part."""

    # What it is worth, and what is said about it

    def maximum(self, points: int) -> int:
        return points * POINT

    @abstractmethod
    def grade(
        self, structure: StructureData, points: int, response: ResponseT | None, texts: AllTexts
    ) -> int:
        """The score in hundred-thousandths of a point: from 0 to `points` times `POINT`. No answer is worth
        0.
        """

    @abstractmethod
    def review(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        response: ResponseT | None,
        language: str,
        all_texts: AllTexts,
    ) -> Reviewed:
        """What the learner reads about the answer, once it is submitted: in the words of `texts`; `all_texts` is what
        it was graded by.
        """

    @abstractmethod
    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> ResponseT:
        """An answer that is worth everything, or nothing: for demonstrations."""

    # In files: the fields of the structure among those of the question

    @property
    def file_fields(self) -> tuple[str, ...]:
        """No other stands there; those that the structure needs are needed there, too."""
        return tuple(self.structure.model_fields)

    def from_file(self, fields: StructureData) -> StructureData:
        """The structure that these fields say, unchecked."""
        return fields

    def to_file(self, structure: StructureData) -> StructureData:
        """The same fields for a structure, whatever is wrong with it."""
        return {
            name: value for name, value in {**self.empty, **structure}.items() if name in self.file_fields
        }

    def feedback_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        """Where a learner would read nothing about the answer."""
        return []

    def choice_texts(self, texts: TextsData) -> dict[str, str]:
        """What each choice says, by its key; empty where there is nothing to choose from."""
        return {}

    def guessed(self, structure: StructureData, texts: TextsData) -> Guessed | None:
        """The question as one that may be guessed by how its choices are written."""
        return None


AnyKind: TypeAlias = Kind[Any, Any]
"""Of a question of which nothing else is known: what it shows and takes belongs together all the same."""
