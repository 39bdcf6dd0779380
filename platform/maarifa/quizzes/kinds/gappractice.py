"""A passage with gaps as a question for practice. The choices of a gap are texts: their keys are their numbers."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from maarifa.lib.shapes import Key, Line, Shape, Words
from maarifa.quizzes.kinds.gapshapes import LEAST_CHOICES, MOST_CHOICES, SENTENCES, in_order, some_gaps
from maarifa.quizzes.kinds.practice import AskedPractice, Practice
from maarifa.quizzes.kinds.problems import check_correct, refuse
from maarifa.quizzes.kinds.typed import Accepted, Flag


class GapChoice(Shape):
    text: Line
    correct: bool


class GapFeedback(Shape):
    correct: Words | None = None
    wrong: Words


class PracticeGap(Shape):
    """Either `choices`, of which one is correct, or the `accepted` answers of a gap that is typed."""

    choices: Annotated[list[GapChoice], Field(min_length=LEAST_CHOICES, max_length=MOST_CHOICES)] | None = (
        None
    )
    accepted: Accepted | None = None
    case: Flag | None = None
    diacritics: Flag | None = None
    feedback: GapFeedback

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.choices is None) == (self.accepted is None):
            code = "practice_gap_neither" if self.choices is None else "practice_gap_both"
            raise refuse(code, template=SENTENCES[code])
        if self.choices is None:
            return self
        if self.case or self.diacritics:
            raise refuse("gap_spelling", template=SENTENCES["gap_spelling"])
        check_correct(self.correct, list(self.keyed()), one_only=True, at="choices")
        return self

    def keyed(self) -> dict[str, str]:
        return {str(number): choice.text for number, choice in enumerate(self.choices or (), 1)}

    @property
    def correct(self) -> list[str]:
        choices = zip(self.keyed(), self.choices or (), strict=True)
        return [key for key, choice in choices if choice.correct]

    def structure(self) -> dict[str, Any]:
        if self.choices is not None:
            return {"choices": list(self.keyed()), "correct": self.correct[0]}
        spelling = {name: True for name in ("case", "diacritics") if getattr(self, name)}
        return {"typed": True, **spelling}

    def texts(self) -> dict[str, Any]:
        answers = {"accepted": self.accepted} if self.accepted else {"choices": self.keyed()}
        return {**answers, "feedback": self.feedback.model_dump(exclude_none=True)}


class GapsPractice(Practice):
    """`passage` has a marker for each gap, `[[key]]`."""

    passage: Words
    gaps: Annotated[dict[Key, PracticeGap], AfterValidator(some_gaps)]

    def asked(self) -> AskedPractice:
        gaps = in_order(self.gaps)
        return AskedPractice(
            "gaps",
            {"gaps": {key: gap.structure() for key, gap in gaps.items()}},
            {
                "stem": self.stem,
                "passage": self.passage,
                "gaps": {key: gap.texts() for key, gap in gaps.items()},
            },
        )
