"""Questions whose items are matched or put in order."""

from maarifa.quizzes.exchange.mapping.base import Data, Mapped, Mapping, keys_for, with_feedback
from maarifa.quizzes.exchange.model import ExchangeQuestion, Pair


class MatchingMapping(Mapping):
    """Items with what belongs to them. Choices with the same text are one."""

    kind = "matching"
    structure_fields = frozenset({"items", "choices", "pairs"})
    texts_fields = frozenset({"items", "choices"})

    def read(self, question: ExchangeQuestion) -> Mapped:
        pairs = [pair for pair in question.pairs if pair.left]
        rights = list(dict.fromkeys([pair.right for pair in (*pairs, *question.pairs)]))
        key_of = dict(zip(rights, keys_for(rights), strict=True))
        items = dict(zip(keys_for(pairs), pairs, strict=True))
        return Mapped(
            {
                "items": list(items),
                "choices": list(key_of.values()),
                "pairs": {key: key_of[pair.right] for key, pair in items.items()},
            },
            {
                "stem": question.stem,
                "items": {key: _item(pair) for key, pair in items.items()},
                "choices": {key: {"text": text} for text, key in key_of.items()},
            },
        )

    def written(self, structure: Data, texts: Data) -> ExchangeQuestion:
        choices = {key: texts["choices"][key]["text"] for key in structure["choices"]}
        items, pairs = texts["items"], structure["pairs"]
        used = set(pairs.values())
        return ExchangeQuestion(
            type=self.kind,
            stem=texts["stem"],
            pairs=(
                *(
                    Pair(items[key]["text"], choices[pairs[key]], items[key].get("feedback", ""))
                    for key in structure["items"]
                ),
                *(Pair("", text) for key, text in choices.items() if key not in used),
            ),
        )


def _item(pair: Pair) -> Data:
    return {"text": pair.left, **({"feedback": pair.feedback} if pair.feedback else {})}


class OrderingMapping(Mapping):
    kind = "ordering"
    structure_fields = frozenset({"items"})
    texts_fields = frozenset({"items", "feedback"})

    def read(self, question: ExchangeQuestion) -> Mapped:
        keys = keys_for(question.items)
        items = {key: {"text": text} for key, text in zip(keys, question.items, strict=True)}
        texts: Data = {"stem": question.stem, "items": items}
        feedback = (question.right_feedback, question.wrong_feedback)
        return Mapped({"items": keys}, with_feedback(texts, *feedback))

    def written(self, structure: Data, texts: Data) -> ExchangeQuestion:
        feedback = texts.get("feedback", {})
        return ExchangeQuestion(
            type=self.kind,
            stem=texts["stem"],
            items=tuple(texts["items"][key]["text"] for key in structure["items"]),
            right_feedback=feedback.get("correct", ""),
            wrong_feedback=feedback.get("wrong", ""),
        )
