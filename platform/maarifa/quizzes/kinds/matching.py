"""Pairs: which choice belongs to each item. Choices stand in another order in every attempt, items do not.

Each item is worth an equal share of the points, and a wrong choice costs nothing: see `pairs`. There may be more
choices than items, and a choice may belong to several items.
"""

from django.utils.translation import gettext_lazy as _

from maarifa.quizzes.kinds.base import StructureData, TextsData
from maarifa.quizzes.kinds.itempractice import PairsPractice
from maarifa.quizzes.kinds.pairs import PairFields, PairsKind, ShownPairs


class Matching(PairsKind[ShownPairs]):
    name = "matching"
    label = _("match pairs")
    help = _(
        "Choose an answer for each item. Each correct pair earns an equal share of the points. "
        "An incorrect pair costs nothing."
    )
    form = PairFields[ShownPairs]
    practice = PairsPractice
    shuffles = True

    def blank(self) -> StructureData:
        return {"items": ["a", "b", "c"], "choices": ["a", "b", "c", "d"], "pairs": {}}

    def shows(
        self, structure: StructureData, texts: TextsData, order: list[str], language: str
    ) -> ShownPairs:
        return ShownPairs(
            stem=texts["stem"],
            items=self.shown_items(structure, texts, order),
            choices=self.shown_choices(texts, order),
        )
