"""Which questions an attempt asks, and in which order they and their choices stand.

The order is that of SHA-256 digests of the seed and the item's name, so it is the same on every machine and
under every version of Python, for ever: whoever has the seed can sample the same questions again. `random.shuffle`
promises no such thing.

    rank of a question:  SHA-256 of  "<seed>:question:<key>"
    rank of a choice:    SHA-256 of  "<seed>:choice:<key of the question>:<key of the choice>"

in UTF-8, the seed in decimal digits; the lowest ranks are taken, and stand in rising order. Choices that stay last have
no rank: they stand behind the others as their author wrote them. Where a quiz samples by
cells, the lowest ranks of each cell are taken, and all of them stand in rising order.
"""

import secrets
from collections.abc import Collection, Iterable

from maarifa.lib.digests import digest
from maarifa.quizzes.stored import CellWithQuestions


def new_seed() -> int:
    """Nobody can guess it, and it fits into a column of 64 bits with a sign."""
    return secrets.randbits(63)


def sample(
    seed: int, questions: Iterable[str], count: int, cells: Iterable[CellWithQuestions] = ()
) -> list[str]:
    """The keys of the questions that this seed takes, in the order in which they are asked.

    Without `cells`, `count` are taken from all.
    """

    def rank(key: str) -> str:
        return digest(f"{seed}:question:{key}")

    cells = list(cells)
    if not cells:
        return sorted(questions, key=rank)[:count]
    taken = [key for cell in cells for key in sorted(cell["questions"], key=rank)[: cell["count"]]]
    return sorted(taken, key=rank)


def order_of_choices(
    seed: int, question: str, choices: Iterable[str], last: Collection[str] = ()
) -> list[str]:
    """The choices as this seed shuffles them, those of `last` behind the others in their own order."""
    choices = list(choices)
    ranked = [key for key in choices if key not in last]
    ranked.sort(key=lambda key: digest(f"{seed}:choice:{question}:{key}"))
    return ranked + [key for key in choices if key in last]
