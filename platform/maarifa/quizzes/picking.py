"""Which questions are answered by picking choices, as their kinds take answers."""

from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import AnyKind, StructureData


def takes_choices(kind: AnyKind, structure: StructureData) -> bool:
    """Whether an answer is a choice, or some, out of several."""
    keys = kind.choice_keys(structure)
    return len(keys) > 1 and _takes(kind, structure, keys[:1])


def takes_one(kind: AnyKind, structure: StructureData) -> bool:
    """Whether it is exactly one."""
    keys = kind.choice_keys(structure)
    return takes_choices(kind, structure) and not _takes(kind, structure, keys[:2])


def _takes(kind: AnyKind, structure: StructureData, keys: list[str]) -> bool:
    try:
        return kind.read(structure, list(keys)) is not None
    except AnswerError:
        return False
