"""Questions with gaps in a passage.

Other systems have one text for what is asked and the passage. Its first line is what is asked, where it has no gap;
without such a line, our own sentence is.
"""

import re
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from maarifa.lib.problems import Problem
from maarifa.quizzes import markers
from maarifa.quizzes.exchange.mapping.base import (
    Data,
    Mapped,
    Mapping,
    keys_for,
    note_negative,
    one_feedback,
    with_feedback,
)
from maarifa.quizzes.exchange.model import ANYTHING, BLANK, MARKER, WHOLE, Answer, ExchangeQuestion, Gap
from maarifa.quizzes.exchange.problems import Refused


def with_gap(question: ExchangeQuestion) -> ExchangeQuestion | None:
    """A question with a missing word as one with a gap; None where a gap cannot say the same."""
    if not question.missing_word or question.type not in ("single", "shorttext"):
        return None
    if "[[" in question.stem or any(answer.percent not in (0, WHOLE) for answer in question.answers):
        return None
    for right in (True, False):
        feedback = {one.feedback for one in question.answers if (one.percent == WHOLE) is right}
        if len(feedback) > 1:
            return None
    gap = Gap(question.answers, typed=question.type == "shorttext")
    stem = question.stem.replace(BLANK, "[[1]]")
    return replace(question, type="gaps", stem=stem, answers=(), gaps=(gap,), missing_word=False)


class GapsMapping(Mapping):
    kind = "gaps"
    structure_fields = frozenset({"gaps"})
    texts_fields = frozenset({"passage", "gaps"})

    def read(self, question: ExchangeQuestion) -> Mapped:
        notes: list[Problem] = []
        stem, passage = _divided(question.stem)
        structure: Data = {}
        texts: Data = {}
        for number, gap in enumerate(question.gaps, start=1):
            right = [answer for answer in gap.answers if answer.percent == WHOLE]
            for answer in gap.answers:
                if 0 < answer.percent < WHOLE:
                    raise Refused("PART_OF_GAP", value=answer.text)
            note_negative(gap.answers, notes)
            read = self._typed if gap.typed else self._chosen
            structure[str(number)], words = read(number, gap, right)
            wrong = [answer for answer in gap.answers if answer not in right]
            texts[str(number)] = with_feedback(words, one_feedback(right, notes), one_feedback(wrong, notes))
        return Mapped({"gaps": structure}, {"stem": stem, "passage": passage, "gaps": texts}, tuple(notes))

    def _typed(self, number: int, gap: Gap, right: list[Answer]) -> tuple[Data, Data]:
        if not right:
            raise Refused("NO_RIGHT")
        structure: Data = {"typed": True, **({"case": True} if gap.case else {})}
        return structure, {"accepted": [answer.text for answer in right]}

    def _chosen(self, number: int, gap: Gap, right: list[Answer]) -> tuple[Data, Data]:
        if len(right) != 1:
            raise Refused("GAP_RIGHT", gap=number, count=len(right))
        keys = keys_for(gap.answers)
        correct = keys[gap.answers.index(right[0])]
        choices = {key: answer.text for key, answer in zip(keys, gap.answers, strict=True)}
        return {"choices": keys, "correct": correct}, {"choices": choices}

    def written(self, structure: Data, texts: Data) -> ExchangeQuestion:
        order: list[str] = []

        def numbered(match: re.Match[str]) -> str:
            order.append(markers.key_in(match))
            return f"[[{len(order)}]]"

        passage = markers.MARKER.sub(numbered, texts["passage"])
        if found := markers.MARKER.search(texts["stem"]):
            raise Refused("MARKER_IN_TEXT", value=found[0])
        gaps = [self._gap(structure["gaps"][key], texts["gaps"][key]) for key in order]
        return ExchangeQuestion(
            type=self.kind,
            stem=f"{texts['stem']}\n{passage}",
            gaps=tuple(gaps),
            diacritics=any(gap.get("diacritics") for gap in structure["gaps"].values()),
        )

    def _gap(self, structure: Data, texts: Data) -> Gap:
        feedback = texts.get("feedback", {})
        correct, wrong = feedback.get("correct", ""), feedback.get("wrong", "")
        if structure.get("typed"):
            answers = [Answer(text=text, percent=WHOLE, feedback=correct) for text in texts["accepted"]]
            anything = [Answer(text=ANYTHING, feedback=wrong)] if wrong else []
            return Gap((*answers, *anything), typed=True, case=bool(structure.get("case")))
        return Gap(
            tuple(
                Answer(
                    text=texts["choices"][key],
                    percent=WHOLE if key == structure["correct"] else Decimal(0),
                    feedback=correct if key == structure["correct"] else wrong,
                )
                for key in structure["choices"]
            )
        )


def _divided(text: str) -> tuple[str, str]:
    """What is asked, and the passage."""
    first, _end, rest = text.partition("\n")
    if rest.strip() and not MARKER.search(first):
        return first.strip(), rest.strip()
    return _("Fill in the gaps."), text
