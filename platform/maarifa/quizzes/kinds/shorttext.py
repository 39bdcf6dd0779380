"""A word or a few words, right where they are one of the accepted answers.

The accepted answers are in the texts of each language, for a translator writes them. An answer that is accepted in any
language of the question is right: a learner may know the term in another language than the one shown. How answers are
compared, and what `*` means in an accepted one, says `lib.spelling`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, TypeAdapter

from maarifa.lib.problems import Problem
from maarifa.lib.rows import Column, RowsField
from maarifa.lib.shapes import Line, Shape
from maarifa.lib.spelling import has_wildcard
from maarifa.quizzes.kinds.base import (
    POINT,
    AllTexts,
    Cleaned,
    FormFields,
    Kind,
    Misfit,
    Reviewed,
    Shown,
    Structure,
    StructureData,
    Texts,
    TextsData,
    TypedFields,
)
from maarifa.quizzes.kinds.feedback import (
    Feedback,
    feedback_fields,
    feedback_from,
    feedback_place,
    feedback_problems,
)
from maarifa.quizzes.kinds.fields import author_text
from maarifa.quizzes.kinds.practice import AskedPractice, Practice, PracticeFeedback
from maarifa.quizzes.kinds.problems import refuse
from maarifa.quizzes.kinds.typed import (
    MOST,
    SPELLING,
    Accepted,
    Flag,
    Spelling,
    accepted_field,
    first_of,
    is_accepted,
    settled_text,
    spelling_fields,
    spelling_from,
    wrong_text,
)

ACCEPTED, EXPECTED_WRONG = _("Accepted answers"), _("Expected incorrect answers")
ACCEPTED_AND_WRONG = _("“%(value)s” is also an accepted answer. Remove one of the two.")
WRONG_MANY = _("There are too many expected incorrect answers. Write at most %(most)s.")


class ShortTextStructure(Spelling, Structure):
    """How strictly answers are compared: in every language alike."""


class ExpectedWrong(Shape):
    """A wrong answer with feedback of its own; `text` is written as accepted answers are."""

    text: Line
    feedback: Line


def _not_many(answers: list[ExpectedWrong]) -> list[ExpectedWrong] | None:
    if len(answers) > MOST:
        raise refuse("wrong_many", template=WRONG_MANY, most=MOST)
    return answers or None


ExpectedAnswers = Annotated[list[ExpectedWrong], AfterValidator(_not_many)]


class ShortTextTexts(Texts):
    accepted: Accepted | None = None
    expected_wrong: ExpectedAnswers | None = None
    feedback: Feedback | None = None


class TextPractice(Practice):
    """Its accepted answers are those of one language: that of its lesson."""

    accepted: Accepted
    case: Flag | None = None
    diacritics: Flag | None = None
    expected_wrong: ExpectedAnswers | None = None
    feedback: PracticeFeedback

    def asked(self) -> AskedPractice:
        structure = {name: True for name in Spelling.model_fields if getattr(self, name)}
        texts: dict[str, Any] = {
            "stem": self.stem,
            "accepted": self.accepted,
            "feedback": self.feedback.stored(),
        }
        if self.expected_wrong:
            texts["expected_wrong"] = [one.model_dump() for one in self.expected_wrong]
        return AskedPractice("shorttext", structure, texts)


@dataclass(frozen=True)
class ReviewedText(Reviewed):
    typed: str = ""
    answer: str = ""
    feedback: str = ""


class TextFields(TypedFields[Shown]):
    template = "quizzes/kinds/text.html"


class ShortText(Kind[Shown, str]):
    """A response is the text as it was typed."""

    name = "shorttext"
    label = _("a short text")
    structure = ShortTextStructure
    texts = ShortTextTexts
    response = TypeAdapter(str)
    form = TextFields
    practice = TextPractice
    review_template = "quizzes/kinds/text_review.html"
    help = _("Write one word or a few words.")
    empty = {}

    # What an author writes

    def blank(self) -> StructureData:
        return {}

    def misfits(self, structure: StructureData, texts: TextsData) -> Iterable[Misfit]:
        yield from super().misfits(structure, texts)
        if "accepted" not in texts:
            yield Misfit("key_missing", ("accepted",))

    def contradictions(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        """An answer that is accepted and wrong."""
        accepted = texts.get("accepted", [])
        return [
            Problem(
                code="ACCEPTED_AND_WRONG",
                template=ACCEPTED_AND_WRONG,
                params={"value": one["text"]},
                where="expected_wrong",
            )
            for one in texts.get("expected_wrong", [])
            if not has_wildcard(one["text"]) and is_accepted(one["text"], accepted, structure)
        ]

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        return spelling_fields(structure)

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        return spelling_from(cleaned)

    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        columns = {
            "text": Column(_("Incorrect answer"), direction="auto"),
            "feedback": Column(_("Feedback for this answer"), long=True, direction="auto"),
        }
        return {
            "stem": author_text(_("Question"), texts.get("stem", ""), required=True),
            "accepted": accepted_field(ACCEPTED, texts.get("accepted", [])),
            **feedback_fields(texts),
            "expected_wrong": RowsField(
                label=EXPECTED_WRONG,
                help_text=_("Learners who give one of these answers read its own feedback."),
                columns=columns,
                initial=texts.get("expected_wrong", []),
                required=False,
            ),
        }

    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        texts: TextsData = {"stem": cleaned["stem"]}
        for name in ("accepted", "expected_wrong"):
            if cleaned.get(name):
                texts[name] = cleaned[name]
        return {**texts, **feedback_from(cleaned)}

    def place_of(self, where: str) -> str:
        names = {"accepted": ACCEPTED, "expected_wrong": EXPECTED_WRONG, **SPELLING}
        first = where.partition(".")[0]
        return str(names[first]) if first in names else feedback_place(where) or super().place_of(where)

    # What a learner sees and answers

    def shows(self, structure: StructureData, texts: TextsData, order: list[str], language: str) -> Shown:
        return Shown(stem=texts["stem"])

    def settled(self, structure: StructureData, answer: str) -> str | None:
        return settled_text(answer) or None

    def said(self, shown: Shown, response: str) -> list[str]:
        return [response]

    # What it is worth, and what is said about it

    def grade(self, structure: StructureData, points: int, response: str | None, texts: AllTexts) -> int:
        """All or nothing: one of the answers that are accepted in any language."""
        return points * POINT if response and _is_right(structure, response, texts) else 0

    def review(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        response: str | None,
        language: str,
        all_texts: AllTexts,
    ) -> ReviewedText:
        feedback = texts.get("feedback", {})
        expected = (
            one["feedback"]
            for one in texts.get("expected_wrong", [])
            if response and is_accepted(response, [one["text"]], structure)
        )
        right = self.grade(structure, 1, response, all_texts) == POINT
        return ReviewedText(
            typed=response or "",
            answer=first_of(texts["accepted"]),
            feedback=feedback.get("correct", "") if right else next(expected, feedback.get("wrong", "")),
        )

    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> str:
        accepted = _accepted(texts)
        return first_of(accepted, wildcard="a") if right else wrong_text(accepted, structure)

    # In files

    def feedback_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        return feedback_problems("no_text_feedback", texts)


def _accepted(texts: AllTexts) -> list[str]:
    """In all languages."""
    return [one for language_texts in texts.values() for one in language_texts.get("accepted", [])]


def _is_right(structure: StructureData, response: str, texts: AllTexts) -> bool:
    return is_accepted(response, _accepted(texts), structure)
