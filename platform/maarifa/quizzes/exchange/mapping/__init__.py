"""How each kind of question stands in files of other systems. `Kind.from_exchange` and `to_exchange` ask here."""

from maarifa.quizzes.exchange.mapping.base import Mapped, Mapping, Unmapped
from maarifa.quizzes.exchange.mapping.choices import MultipleMapping, SingleMapping, TrueFalseMapping
from maarifa.quizzes.exchange.mapping.gaps import GapsMapping
from maarifa.quizzes.exchange.mapping.items import MatchingMapping, OrderingMapping
from maarifa.quizzes.exchange.mapping.numbers import NumericMapping
from maarifa.quizzes.exchange.mapping.words import ShortTextMapping

__all__ = ["MAPPINGS", "Mapped", "mapping_of"]

MAPPINGS: dict[str, Mapping] = {
    mapping.kind: mapping
    for mapping in (
        SingleMapping(),
        MultipleMapping(),
        TrueFalseMapping(),
        NumericMapping(),
        ShortTextMapping(),
        GapsMapping(),
        MatchingMapping(),
        OrderingMapping(),
    )
}


def mapping_of(kind: str) -> Mapping:
    """That of a kind without one refuses every question by its kind."""
    return MAPPINGS.get(kind) or Unmapped(kind)
