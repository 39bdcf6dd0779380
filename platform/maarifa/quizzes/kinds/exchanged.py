"""How a kind of question goes into files of other systems, and comes from them."""

from typing import Any

from maarifa.quizzes.exchange.mapping import Mapped, mapping_of
from maarifa.quizzes.exchange.model import ExchangeQuestion


class Exchanged:
    """What `exchange.mapping` says of the kind with this name; a kind may say it itself instead."""

    name: str

    def from_exchange(self, question: ExchangeQuestion) -> Mapped:
        """The structure and texts of a question, unchecked. Raises `Refused` for what this kind does not have."""
        return mapping_of(self.name).from_exchange(question)

    def to_exchange(self, structure: dict[str, Any], texts: dict[str, Any]) -> ExchangeQuestion:
        """A question without problems, in one language. Raises `Refused` for what other systems do not have."""
        return mapping_of(self.name).to_exchange(structure, texts)
