"""What every kind of question can do."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from django.utils.functional import Promise

from maarifa.lib.problems import Problem
from maarifa.quizzes.enums import QuestionKind
from maarifa.quizzes.kinds.problems import problem
from maarifa.quizzes.models import POINT

Response = list[str] | str
"""An answer as it is stored: keys of choices, or the number as typed. None is no answer."""


@dataclass(frozen=True)
class Shown:
    """What a page may show before submission: never a key, never feedback."""

    stem: str
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class ReviewedChoice:
    key: str
    text: str
    feedback: str
    chosen: bool
    right: bool


@dataclass(frozen=True)
class Reviewed:
    """What may be said of an answer after submission. `answer`, `feedback`: for kinds without choices."""

    choices: tuple[ReviewedChoice, ...] = ()
    typed: str = ""
    answer: str = ""
    unit: str = ""
    feedback: str = ""


class Kind(ABC):
    name: QuestionKind
    template: str
    """The inner part of the question's fieldset."""
    review_template: str
    """The inner part of the card that says what was answered."""
    help: str | Promise = ""
    """How to answer, in a few words beside the question."""
    shuffles = False
    """Whether its choices stand in another order in every attempt."""

    # What an author writes

    @abstractmethod
    def blank(self) -> dict:
        """The structure that an author begins with."""

    @abstractmethod
    def structure_problems(self, structure) -> list[Problem]:
        """What is wrong with a structure; nothing, for one that can be asked."""

    @abstractmethod
    def words_problems(self, structure: dict, words) -> list[Problem]:
        """What is wrong with the words in one language, given a structure without problems."""

    @abstractmethod
    def structure_fields(self, structure: dict, words: dict) -> dict:
        """Form fields (name to field, initial value set) in which an author changes the structure."""

    @abstractmethod
    def structure_from(self, cleaned: dict, structure: dict) -> dict:
        """The structure that the author's form says."""

    def contradictions(self, structure: dict, words: dict) -> list[Problem]:
        """What no draft may say either, among what is wrong with the words."""
        return []

    @abstractmethod
    def words_fields(self, structure: dict, words: dict) -> dict:
        """Form fields (name to field, initial value set) in which an author changes the words of one
        language.
        """

    @abstractmethod
    def words_from(self, cleaned: dict, structure: dict) -> dict:
        """The words that the author's form says."""

    # What a learner sees and answers

    def choice_keys(self, structure: dict) -> list[str]:
        return []

    @abstractmethod
    def shows(self, structure: dict, words: dict, order: list[str], language: str) -> Shown:
        """What the page needs, the choices in the order of this attempt."""

    @abstractmethod
    def read(self, structure: dict, raw) -> Response | None:
        """An answer as it came in JSON, as it will be stored; None for no answer.

        Raises `AnswerRefusal` (without a position) for what cannot be an answer.
        """

    @abstractmethod
    def read_form(self, structure: dict, values: list[str]) -> Response | None:
        """As `read`, from the values of the form fields with the question's name."""

    # What it is worth, and what is said about it

    def maximum(self, points: int) -> int:
        return points * POINT

    @abstractmethod
    def grade(self, structure: dict, points: int, response: Response | None) -> int:
        """The score in hundred-thousandths of a point: from 0 to `points` times `POINT`. No answer is worth
        0.
        """

    @abstractmethod
    def review(self, structure: dict, words: dict, order: list[str], response, language: str) -> Reviewed:
        """What the learner reads about the answer, once it is submitted."""


def text_problems(words: dict, name: str, field: str, *, required: bool = False) -> list[Problem]:
    """What is wrong with one text among the words."""
    value = words.get(name, "")
    if not isinstance(value, str):
        return [problem("NOT_A_TEXT", field, value)]
    if required and not value.strip():
        return [problem("MISSING", field)]
    return []


def field_problems(value, field: str, allowed: tuple[str, ...]) -> list[Problem]:
    """A problem where a value is no mapping, and one for each of its names that has no business there."""
    if not isinstance(value, dict):
        return [problem("NOT_A_MAPPING", field, value)]
    names = ", ".join(allowed)
    return [
        problem("UNKNOWN_FIELD", f"{field}.{name}" if field else str(name), name, allowed=names)
        for name in value
        if name not in allowed
    ]
