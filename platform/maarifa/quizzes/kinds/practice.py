"""Questions for practice: blocks in a lesson, in one language, whose answers are public and count for nothing."""

from abc import abstractmethod
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from pydantic import Field, model_validator

from maarifa.lib.shapes import Key, Shape, Words
from maarifa.lib.text import same_texts
from maarifa.quizzes.kinds.problems import check_correct, refuse

Guessed = tuple[dict[str, str], str]
"""The texts of choices by their keys, and the key of the right one: what somebody may guess who knows nothing else."""


class AskedPractice(NamedTuple):
    """A question for practice as one that is asked by itself: the name of a kind, and what this kind stores."""

    kind: str
    structure: dict[str, Any]
    texts: dict[str, Any]


class Practice(Shape):
    key: Key
    kind: str
    stem: Words

    @abstractmethod
    def outline(self) -> tuple[object, ...]:
        """What all languages of a lesson share of it."""

    @abstractmethod
    def as_html(self) -> SafeString:
        """A card that works without a script, and says what is right once it is asked."""

    @property
    def texts(self) -> dict[str, str]:
        """As `Kind.choice_texts`, by number from 1."""
        return {}

    def guessed(self) -> Guessed | None:
        """As `Kind.guessed`."""
        return None

    def asked(self) -> AskedPractice | None:
        """As a review asks it; None for one that is never asked by itself."""
        return None


class PracticeChoice(Shape):
    text: Words
    correct: bool
    feedback: Words


class ChoicePractice(Practice):
    choices: Annotated[list[PracticeChoice], Field(min_length=2)]
    ONE_ONLY: ClassVar[bool] = True
    COUNT: ClassVar[int | None] = None
    ASKED_AS: ClassVar[str] = "single"
    """Also a statement that is true or false, whose two choices have words of their own here."""

    @model_validator(mode="after")
    def _right_choices(self) -> Self:
        if self.COUNT is not None and len(self.choices) != self.COUNT:
            raise refuse("two_choices", count=len(self.choices))
        check_correct(self.correct, list(self.texts), one_only=self.ONE_ONLY, at=None)
        for first, second in same_texts(self.texts):
            raise refuse("same_choices", first=first, second=second)
        return self

    @property
    def texts(self) -> dict[str, str]:
        return {str(number): choice.text for number, choice in enumerate(self.choices, 1)}

    @property
    def correct(self) -> list[str]:
        return [key for key, choice in zip(self.texts, self.choices, strict=True) if choice.correct]

    def outline(self) -> tuple[object, ...]:
        return self.key, self.kind, tuple(choice.correct for choice in self.choices)

    def asked(self) -> AskedPractice:
        choices = zip(self.texts, self.choices, strict=True)
        choice_texts = {key: {"text": one.text, "feedback": one.feedback} for key, one in choices}
        structure = {"choices": list(self.texts), "correct": self.correct}
        return AskedPractice(self.ASKED_AS, structure, {"stem": self.stem, "choices": choice_texts})

    def as_html(self) -> SafeString:
        """Its choices open to show their feedback."""
        choices = format_html_join(
            "\n",
            '<details class="try"><summary>{}</summary><p class="{}">{}</p></details>',
            (
                (
                    linebreaksbr(choice.text),
                    "good" if choice.correct else "bad",
                    linebreaksbr(choice.feedback),
                )
                for choice in self.choices
            ),
        )
        return format_html(
            '<div class="card"><p><strong>{}</strong></p>\n{}</div>', linebreaksbr(self.stem), choices
        )


class OneChoicePractice(ChoicePractice):
    def guessed(self) -> Guessed | None:
        return self.texts, self.correct[0]


class SomeChoicesPractice(ChoicePractice):
    ONE_ONLY = False
    ASKED_AS = "multiple"


class TruthPractice(ChoicePractice):
    """Its two choices have words of their own. As in a bank, their length gives nothing away."""

    COUNT = 2
