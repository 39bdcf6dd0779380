"""What goes by the key of a choice, or of an item, in the texts of a question."""

from collections.abc import Iterator, Mapping

from maarifa.lib.shapes import Shape, Words
from maarifa.quizzes.kinds.parts import Misfit, TextsData


class ChoiceText(Shape):
    """`feedback` is what a learner reads afterwards who chose it."""

    text: Words | None = None
    feedback: Words | None = None


def text_misfits(
    texts: TextsData,
    keyed: Mapping[str, list[str]],
    names: Mapping[str, tuple[str, ...]],
    *,
    missing: str,
    unknown: str,
) -> Iterator[Misfit]:
    """Where a key has no text, or one that keys of its group do not have. `names`: those that they have, by group;
    `missing` and `unknown` are the codes.
    """
    for group, keys in keyed.items():
        for key, key_texts in texts.get(group, {}).items():
            if not isinstance(key_texts, dict) or key not in keys:
                continue
            if "text" in names[group] and "text" not in key_texts:
                yield Misfit(missing, (group, key, "text"))
            for name in ChoiceText.model_fields:
                if name in key_texts and name not in names[group]:
                    yield Misfit(unknown, (group, key, name))
