"""Questions with choices."""

from decimal import Decimal

from maarifa.lib.problems import Problem
from maarifa.quizzes.exchange.decimals import share
from maarifa.quizzes.exchange.mapping.base import (
    Data,
    Mapped,
    Mapping,
    keys_for,
    note_negative,
    whole_percent,
)
from maarifa.quizzes.exchange.model import WHOLE, Answer, ExchangeQuestion
from maarifa.quizzes.exchange.problems import Refused, note

ALL_OR_NOTHING = "all-or-nothing"
# Shares are written with five decimals, and some programs round them to two.
_SAME = Decimal("0.02")


class ChoicesMapping(Mapping):
    structure_fields = frozenset({"choices", "correct", "last", "credit", "grading"})
    texts_fields = frozenset({"choices"})

    def choices(self, question: ExchangeQuestion) -> tuple[dict[str, Answer], Data]:
        """The answers by key, and what every structure with choices has of them."""
        answers = dict(zip(keys_for(question.answers), question.answers, strict=True))
        keys = list(answers)
        last = [keys[place - 1] for place in question.last if 1 <= place <= len(keys)]
        structure: Data = {"choices": keys, **({"last": last} if last else {})}
        return answers, structure if question.shuffle else {**structure, "last": keys}

    def texts(self, question: ExchangeQuestion, answers: dict[str, Answer]) -> Data:
        return {"stem": question.stem, "choices": {key: _choice(answer) for key, answer in answers.items()}}

    def of_choices(self, structure: Data, texts: Data, worth: dict[str, Decimal]) -> ExchangeQuestion:
        keys, last = structure["choices"], structure.get("last", [])
        choices = texts["choices"]
        return ExchangeQuestion(
            type=self.kind,
            stem=texts["stem"],
            answers=tuple(
                Answer(
                    text=choices[key]["text"],
                    percent=worth.get(key, Decimal(0)),
                    feedback=choices[key].get("feedback", ""),
                )
                for key in keys
            ),
            shuffle=set(last) != set(keys),
            last=tuple(keys.index(key) + 1 for key in last) if set(last) != set(keys) else (),
        )


def _choice(answer: Answer) -> Data:
    return {"text": answer.text, **({"feedback": answer.feedback} if answer.feedback else {})}


class SingleMapping(ChoicesMapping):
    kind = "single"

    def read(self, question: ExchangeQuestion) -> Mapped:
        answers, structure = self.choices(question)
        notes: list[Problem] = []
        right = [key for key, answer in answers.items() if answer.percent == WHOLE]
        if not right:
            raise Refused("NO_RIGHT")
        if len(right) > 1:
            raise Refused("SEVERAL_RIGHT", count=len(right))
        note_negative(answers.values(), notes)
        credit = {
            key: whole_percent(answer.percent, notes)
            for key, answer in answers.items()
            if 0 < answer.percent < WHOLE
        }
        structure = {**structure, "correct": right, **({"credit": credit} if credit else {})}
        return Mapped(structure, self.texts(question, answers), tuple(notes))

    def written(self, structure: Data, texts: Data) -> ExchangeQuestion:
        worth = {key: Decimal(percent) for key, percent in structure.get("credit", {}).items()}
        worth |= dict.fromkeys(structure["correct"], WHOLE)
        return self.of_choices(structure, texts, worth)


class MultipleMapping(ChoicesMapping):
    """Each right choice is worth the same share, and each wrong one costs it: this is what the kind has. Other
    penalties are noted, other shares refused.
    """

    kind = "multiple"

    def read(self, question: ExchangeQuestion) -> Mapped:
        answers, structure = self.choices(question)
        right = {key: answer.percent for key, answer in answers.items() if answer.percent > 0}
        if not right:
            raise Refused("NO_RIGHT")
        structure = {**structure, "correct": list(right)}
        texts = self.texts(question, answers)
        if question.all_or_nothing:
            return Mapped({**structure, "grading": ALL_OR_NOTHING}, texts)
        each = WHOLE / len(right)
        if any(abs(percent - each) > _SAME for percent in right.values()):
            raise Refused("SHARES")
        wrong = [answer.percent for answer in answers.values() if answer.percent <= 0]
        differs = any(abs(percent + each) > _SAME for percent in wrong)
        return Mapped(structure, texts, (note("PENALTY"),) if differs else ())

    def written(self, structure: Data, texts: Data) -> ExchangeQuestion:
        right = structure["correct"]
        if structure.get("grading") == ALL_OR_NOTHING:
            question = self.of_choices(structure, texts, dict.fromkeys(right, WHOLE))
            return ExchangeQuestion(**{**vars(question), "all_or_nothing": True})
        each = Decimal(share(len(right)))
        worth = {key: each if key in right else -each for key in structure["choices"]}
        return self.of_choices(structure, texts, worth)


class TrueFalseMapping(Mapping):
    kind = "truefalse"
    structure_fields = frozenset({"choices", "correct"})
    texts_fields = frozenset({"choices"})

    def read(self, question: ExchangeQuestion) -> Mapped:
        right = [answer.text for answer in question.answers if answer.percent == WHOLE]
        if not right:
            raise Refused("NO_RIGHT")
        if len(right) > 1:
            raise Refused("SEVERAL_RIGHT", count=len(right))
        texts: Data = {"stem": question.stem}
        feedback = {
            answer.text: {"feedback": answer.feedback} for answer in question.answers if answer.feedback
        }
        return Mapped({"correct": right}, {**texts, "choices": feedback} if feedback else texts)

    def written(self, structure: Data, texts: Data) -> ExchangeQuestion:
        feedback = texts.get("choices", {})
        return ExchangeQuestion(
            type=self.kind,
            stem=texts["stem"],
            answers=tuple(
                Answer(
                    text=key,
                    percent=WHOLE if key in structure["correct"] else Decimal(0),
                    feedback=feedback.get(key, {}).get("feedback", ""),
                )
                for key in ("true", "false")
            ),
        )
