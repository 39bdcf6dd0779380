"""The path that an answer takes through a case, and what it earns there.

An answer maps each step that is fixed to its own answer, and `OPEN` to what was given to the step after them, which can
still be changed. A list of keys is written with commas. So the answer alone says which steps have been reached.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from maarifa.quizzes.kinds.base import AllTexts, AnyKind, Response, StructureData
from maarifa.quizzes.kinds.case.structure import (
    END,
    asked_by,
    follow_ups,
    question_texts,
    steps_of,
    texts_of_step,
    weight_of,
)
from maarifa.quizzes.kinds.choices import ChoiceKind

OPEN = "Open"
"""The name of the answer that is not fixed. No key has a capital letter."""


def as_response(kind: AnyKind, text: str) -> Response:
    """The answer to a step as its kind has it."""
    if isinstance(kind, ChoiceKind):
        return text.split(",") if text else []
    return text


def as_text(response: Response) -> str:
    return response if isinstance(response, str) else ",".join(response)


def next_step(step: StructureData, answer: str) -> str | None:
    """The key of the step that this answer leads to; None where the case ends."""
    leads = step["next"]
    following: str | None = leads.get(answer) if isinstance(leads, dict) else leads
    return None if following == END else following


@dataclass(frozen=True)
class Taken:
    """A step of a path. `answer` is empty where it has none."""

    key: str
    answer: str
    is_fixed: bool


def path(structure: StructureData, response: dict[str, str] | None) -> list[Taken]:
    """The steps that an answer has reached: those that are fixed, and the one to be answered, unless the case ended."""
    steps, response = steps_of(structure), response or {}
    key: str | None = structure["first"]
    taken: list[Taken] = []
    while key is not None and key in response:
        taken.append(Taken(key, response[key], is_fixed=True))
        key = next_step(steps[key], response[key])
    return taken if key is None else [*taken, Taken(key, response.get(OPEN, ""), is_fixed=False)]


def graded_path(
    structure: StructureData, response: dict[str, str] | None, texts: AllTexts
) -> Iterator[tuple[Taken, int]]:
    """Each step that an answer has reached, with what it earned of it, from 0 to `POINT`."""
    for taken in path(structure, response):
        yield taken, share(structure, taken, texts)


def share(structure: StructureData, taken: Taken, texts: AllTexts) -> int:
    kind, question = asked_by(steps_of(structure)[taken.key])
    if not taken.answer:
        return 0
    return kind.grade(question, 1, as_response(kind, taken.answer), texts_at(texts, taken.key))


def texts_at(texts: AllTexts, key: str) -> AllTexts:
    """The texts of the question of a step, in all languages."""
    return {language: question_texts(texts_of_step(one, key)) for language, one in texts.items()}


def heaviest(structure: StructureData) -> dict[str, int]:
    """Of each step, the weight of the heaviest path that begins there."""
    steps = steps_of(structure)
    found: dict[str, int] = {}

    def weigh(key: str) -> int:
        if key not in found:
            found[key] = weight_of(steps[key]) + max(map(weigh, follow_ups(steps[key])), default=0)
        return found[key]

    weigh(structure["first"])
    return found


def earned(structure: StructureData, points: int, response: dict[str, str] | None, texts: AllTexts) -> int:
    """The score of an answer, in hundred-thousandths of a point: see `kind`."""
    steps, weights = steps_of(structure), heaviest(structure)
    total = 0
    for taken, its_share in graded_path(structure, response, texts):
        step = steps[taken.key]
        following = next_step(step, taken.answer) if taken.answer else None
        skipped = weights[taken.key] - weight_of(step) - (weights[following] if following else 0)
        total += (weight_of(step) + skipped) * its_share
    return total * points // weights[structure["first"]]


def best_path(structure: StructureData, texts: AllTexts, *, right: bool = True) -> dict[str, str]:
    """An answer that is right in every step, or wrong in every step, to the end."""
    steps, answer = steps_of(structure), {}
    key: str | None = structure["first"]
    while key is not None:
        kind, question = asked_by(steps[key])
        answer[key] = as_text(kind.sample(question, texts_at(texts, key), right=right))
        key = next_step(steps[key], answer[key])
    return answer
