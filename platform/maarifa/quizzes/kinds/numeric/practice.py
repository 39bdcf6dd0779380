"""A number as a question for practice."""

from typing import Any

from maarifa.lib.shapes import Line
from maarifa.quizzes.kinds.numeric.structure import DecimalText, Tolerance
from maarifa.quizzes.kinds.practice import AskedPractice, Practice, PracticeFeedback


class NumberPractice(Practice):
    """As `NumberStructure` and the texts of a number, without what is nearly right: there is no score."""

    answer: DecimalText
    tolerance: Tolerance | None = None
    unit: Line | None = None
    units: dict[str, Any] | None = None
    feedback: PracticeFeedback

    def asked(self) -> AskedPractice:
        structure: dict[str, Any] = {"answer": self.answer, "tolerance": self.tolerance or "0"}
        texts: dict[str, Any] = {"stem": self.stem, "feedback": self.feedback.stored()}
        if self.units:
            structure["units"] = self.units
        if self.unit:
            texts["unit"] = self.unit
        return AskedPractice("numeric", structure, texts)
