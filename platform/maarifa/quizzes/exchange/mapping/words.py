"""Questions whose answer is a word or a few."""

from maarifa.lib.problems import Problem
from maarifa.quizzes.exchange.mapping.base import (
    Data,
    Mapped,
    Mapping,
    note_negative,
    one_feedback,
    with_feedback,
)
from maarifa.quizzes.exchange.model import ANYTHING, WHOLE, Answer, ExchangeQuestion
from maarifa.quizzes.exchange.problems import Refused


class ShortTextMapping(Mapping):
    """Accepted answers, and wrong ones that have feedback of their own."""

    kind = "shorttext"
    structure_fields = frozenset({"case", "diacritics"})
    texts_fields = frozenset({"accepted", "expected_wrong", "feedback"})

    def read(self, question: ExchangeQuestion) -> Mapped:
        notes: list[Problem] = []
        right = [answer for answer in question.answers if answer.percent == WHOLE]
        if not right:
            raise Refused("NO_RIGHT")
        for answer in question.answers:
            if 0 < answer.percent < WHOLE:
                raise Refused("PART_OF_TEXT", value=answer.text)
        note_negative(question.answers, notes)
        wrong = [answer for answer in question.answers if answer.percent <= 0]
        expected = [
            {"text": answer.text, "feedback": answer.feedback}
            for answer in wrong
            if answer.text != ANYTHING and answer.feedback
        ]
        texts: Data = {"stem": question.stem, "accepted": [answer.text for answer in right]}
        if expected:
            texts["expected_wrong"] = expected
        anything = next((answer.feedback for answer in wrong if answer.text == ANYTHING), "")
        texts = with_feedback(texts, one_feedback(right, notes), anything)
        return Mapped({"case": True} if question.case else {}, texts, tuple(notes))

    def written(self, structure: Data, texts: Data) -> ExchangeQuestion:
        feedback = texts.get("feedback", {})
        correct = feedback.get("correct", "")
        answers = [Answer(text=text, percent=WHOLE, feedback=correct) for text in texts["accepted"]]
        answers += [
            Answer(text=one["text"], feedback=one["feedback"]) for one in texts.get("expected_wrong", [])
        ]
        if feedback.get("wrong"):
            answers.append(Answer(text=ANYTHING, feedback=feedback["wrong"]))
        return ExchangeQuestion(
            type=self.kind,
            stem=texts["stem"],
            answers=tuple(answers),
            case=bool(structure.get("case")),
            diacritics=bool(structure.get("diacritics")),
        )
