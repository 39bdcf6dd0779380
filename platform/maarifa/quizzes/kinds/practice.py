"""Questions for practice: blocks in a lesson, in one language, whose answers are public and count for nothing."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple, Self

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from maarifa.lib.shapes import Key, Shape, Words
from maarifa.lib.text import same_texts
from maarifa.quizzes.kinds.problems import check_correct, refuse

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Guessed = tuple[dict[str, str], str]
"""The texts of choices by their keys, and the key of the right one: what somebody may guess who knows nothing else."""


class AskedPractice(NamedTuple):
    """A question for practice as one that is asked by itself: the name of a kind, and what this kind stores."""

    kind: str
    structure: dict[str, Any]
    texts: dict[str, Any]


class Practice(Shape):
    """`lesson`: the key of an earlier lesson to read again, where the answer is not in this one."""

    key: Key
    kind: str
    stem: Words
    lesson: Key | None = None
    HELP: "ClassVar[str | StrPromise]" = ""
    """How to answer, where its fields do not say it."""
    SHUFFLES: ClassVar[bool] = False
    """Whether its choices stand in another order than their author wrote them in, which would say what is right."""

    @abstractmethod
    def asked(self) -> AskedPractice:
        """In the terms of its kind."""

    def outline(self) -> tuple[object, ...]:
        """What all languages of a lesson share of it."""
        return self.key, self.kind, self.lesson, self.asked().structure

    def field_of(self, where: str) -> str:
        """The field of the block that says what the kind has there: in its structure, or in its texts."""
        return where.partition(".")[0]

    @property
    def texts(self) -> dict[str, str]:
        """As `Kind.choice_texts`, by number from 1."""
        return {}

    def guessed(self) -> Guessed | None:
        """As `Kind.guessed`."""
        return None

    def former_html(self) -> str:
        """As documents have it that were published before practice had forms; empty for what they have none of."""
        return ""


class PracticeFeedback(Shape):
    """For who was right, and who was not."""

    correct: Words
    wrong: Words

    def stored(self) -> dict[str, str]:
        """As the texts of a kind have it."""
        return {"correct": self.correct, "wrong": self.wrong}


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

    def asked(self) -> AskedPractice:
        choices = zip(self.texts, self.choices, strict=True)
        choice_texts = {key: {"text": one.text, "feedback": one.feedback} for key, one in choices}
        structure = {"choices": list(self.texts), "correct": self.correct}
        return AskedPractice(self.ASKED_AS, structure, {"stem": self.stem, "choices": choice_texts})

    def former_html(self) -> SafeString:
        """Choices that opened to show their feedback."""
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
    HELP = _("Choose all that apply.")
    ONE_ONLY = False
    ASKED_AS = "multiple"


class TruthPractice(ChoicePractice):
    """Its two choices have words of their own. As in a bank, their length gives nothing away."""

    COUNT = 2
