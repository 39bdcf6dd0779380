"""Questions whose answer is a number."""

from collections.abc import Sequence
from decimal import Decimal, localcontext

from maarifa.lib.problems import Problem
from maarifa.quizzes.exchange.decimals import plain
from maarifa.quizzes.exchange.mapping.base import Data, Mapped, Mapping, whole_percent, with_feedback
from maarifa.quizzes.exchange.model import ANYTHING, WHOLE, Answer, ExchangeQuestion, Unit
from maarifa.quizzes.exchange.problems import Refused, note


class NumericMapping(Mapping):
    """One number with its tolerance, perhaps with a wider one that is worth a part of the points."""

    kind = "numeric"
    structure_fields = frozenset({"answer", "tolerance", "near", "units"})
    texts_fields = frozenset({"unit", "feedback"})

    def read(self, question: ExchangeQuestion) -> Mapped:
        notes: list[Problem] = []
        numbers = [answer for answer in question.answers if answer.text != ANYTHING]
        right = [answer for answer in numbers if answer.percent == WHOLE]
        if not right:
            raise Refused("NO_RIGHT")
        parts = [answer for answer in numbers if 0 < answer.percent < WHOLE]
        others = [answer for answer in question.answers if answer.text == ANYTHING]
        if len(right) > 1 or len(parts) > 1 or any(answer.percent > 0 for answer in others):
            raise Refused("SEVERAL_NUMBERS")
        structure: Data = {"answer": right[0].text, "tolerance": plain(right[0].tolerance)}
        for near in parts:
            if Decimal(near.text) != Decimal(right[0].text):
                raise Refused("SEVERAL_NUMBERS")
            percent = whole_percent(near.percent, notes)
            structure["near"] = {"tolerance": plain(near.tolerance), "percent": percent}
            if near.feedback:
                notes.append(note("NEAR_FEEDBACK"))
        if any(answer.percent <= 0 for answer in numbers):
            notes.append(note("WRONG_NUMBERS"))
        if any(answer.percent < 0 for answer in question.answers):
            notes.append(note("NEGATIVE"))
        wrong = next((answer.feedback for answer in others), "")
        own, others_units = _units(question.units)
        if others_units:
            structure["units"] = others_units
        texts = with_feedback({"stem": question.stem, **own}, right[0].feedback, wrong)
        return Mapped(structure, texts, tuple(notes))

    def written(self, structure: Data, texts: Data) -> ExchangeQuestion:
        answer, feedback = structure["answer"], texts.get("feedback", {})
        answers = [
            Answer(
                text=plain(Decimal(answer)),
                percent=WHOLE,
                tolerance=_width(structure.get("tolerance", "0"), answer),
                feedback=feedback.get("correct", ""),
            )
        ]
        if near := structure.get("near"):
            answers.append(
                Answer(
                    text=plain(Decimal(answer)),
                    percent=Decimal(near["percent"]),
                    tolerance=_width(near["tolerance"], answer),
                )
            )
        if feedback.get("wrong"):
            answers.append(Answer(text=ANYTHING, feedback=feedback["wrong"]))
        units = [Unit(texts["unit"], Decimal(1))] if texts.get("unit") else []
        units += [Unit(name, Decimal(factor)) for name, factor in sorted(structure.get("units", {}).items())]
        return ExchangeQuestion(
            type=self.kind, stem=texts["stem"], answers=tuple(answers), units=tuple(units)
        )


def _units(units: Sequence[Unit]) -> tuple[Data, dict[str, str]]:
    """The question's own unit, as texts have it, and how many of each other one make one of it."""
    own = next((unit for unit in units if unit.factor == 1), None)
    others = {unit.name: plain(unit.factor) for unit in units if unit is not own}
    return ({"unit": own.name} if own else {}), others


def _width(tolerance: str, answer: str) -> Decimal:
    """A tolerance as a number: no other system writes a share of the answer."""
    with localcontext(prec=200):
        if tolerance.endswith("%"):
            return (abs(Decimal(answer)) * Decimal(tolerance[:-1])).scaleb(-2)
        return Decimal(tolerance)
