"""A passage with gaps to fill in: each from its own list of choices, or in the learner's own words.

Each gap is worth an equal share of the points, and an incorrect one costs nothing:

    score = right gaps ÷ gaps × points

rounded down to a hundred-thousandth of a point; all gaps right earn exactly the points. Moodle (Cloze, gaps of equal
weight) and QTI (an interaction for each gap) count so as well.

Texts that are typed are compared as those of a short text: right where one language of the question accepts them.

Authors may name a gap by what is right in it. So a page has a letter in place of its key before submission: A for the
first key, B and so on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter

from maarifa.lib.problems import Problem
from maarifa.lib.text import same_texts
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import gapforms
from maarifa.quizzes.kinds.base import (
    POINT,
    AllTexts,
    Cleaned,
    FormFields,
    Kind,
    Misfit,
    PartFields,
    Response,
    Reviewed,
    Shown,
    StructureData,
    TextsData,
)
from maarifa.quizzes.kinds.gappractice import GapsPractice
from maarifa.quizzes.kinds.gapshapes import GapsStructure, GapsTexts, gaps_of, is_key
from maarifa.quizzes.kinds.items import LETTERS
from maarifa.quizzes.kinds.problems import problem
from maarifa.quizzes.kinds.typed import first_of, is_accepted, settled_text, wrong_text
from maarifa.quizzes.markers import markers, pieces

MISFITS = {
    "marker_missing": _("The passage does not have the marker [[%(value)s]]. Write it, or remove the gap."),
    "marker_twice": _("The passage has the marker [[%(value)s]] more than once. Keep one."),
    "marker_unknown": _("The question has no gap with the key “%(value)s”. Remove the marker."),
    "marker_invalid": _(
        "“%(value)s” cannot be used in a marker. Use 1 to 60 lower-case Latin letters, digits and hyphens, "
        "for example [[1]]."
    ),
    "gap_text": _("This gap does not have this text. Remove it."),
}
NO_FEEDBACK = _("Gap %(gap)s has no feedback for an incorrect answer. Add it.")


@dataclass(frozen=True)
class ShownGap:
    """`number` counts from 1 as the passage has the gaps; `choices` (key and text) are empty for one that is typed.
    `letter` stands on pages for the key, which no page shows.
    """

    key: str
    letter: str
    number: int
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Piece:
    """A text of the passage, and the gap after it; None after the last text."""

    text: str
    gap: ShownGap | None


@dataclass(frozen=True)
class ShownGaps(Shown):
    pieces: tuple[Piece, ...] = ()

    @property
    def gaps(self) -> list[ShownGap]:
        return [piece.gap for piece in self.pieces if piece.gap]


@dataclass(frozen=True)
class ReviewedGap:
    number: int
    given: str
    right: bool
    answer: str
    feedback: str


@dataclass(frozen=True)
class ReviewedPiece:
    text: str
    gap: ReviewedGap | None


@dataclass(frozen=True)
class ReviewedGaps(Reviewed):
    pieces: tuple[ReviewedPiece, ...] = ()

    @property
    def gaps(self) -> list[ReviewedGap]:
        return [piece.gap for piece in self.pieces if piece.gap]


@dataclass(frozen=True)
class GapField:
    """A select or a text field inside the passage."""

    gap: ShownGap
    name: str
    value: str

    @property
    def id(self) -> str:
        return f"id_{self.name}"


class GapsFields(PartFields[ShownGaps]):
    template = "quizzes/kinds/gaps.html"

    @property
    def id(self) -> str:
        return f"id_{self.name}_{self.shown.gaps[0].letter}"

    @property
    def pieces(self) -> list[tuple[str, GapField | None]]:
        return [(piece.text, self._field(piece.gap) if piece.gap else None) for piece in self.shown.pieces]

    def _field(self, gap: ShownGap) -> GapField:
        values = self.held or {} if self.sent is None else self.answer(self.sent)
        return GapField(gap, f"{self.name}_{gap.letter}", values.get(gap.letter, ""))


class Gaps(Kind[ShownGaps, dict[str, str]]):
    """A response maps the key of a gap to the key of a choice, or to the text as it was typed."""

    asking_fields = ("remove", "filled", "more")
    name = "gaps"
    label = _("fill in the gaps")
    structure = GapsStructure
    texts = GapsTexts
    response = TypeAdapter(dict[str, str])
    form = GapsFields
    practice = GapsPractice
    review_template = "quizzes/kinds/gaps_review.html"
    help = _(
        "Fill in every gap. Each correct gap earns the same share of the points. Incorrect gaps cost nothing."
    )
    shuffles = True
    empty = {"gaps": {}}

    # What an author writes

    def blank(self) -> StructureData:
        return {"gaps": {}}

    def followed(self, structure: StructureData, texts: TextsData) -> StructureData:
        """A new marker in the passage is a new gap, to be typed until its author says otherwise."""
        new = [one for one in markers(texts.get("passage")) if is_key(one)]
        return {**structure, "gaps": {key: {"typed": True} for key in new} | gaps_of(structure)}

    def keyed_texts(self, structure: StructureData) -> dict[str, list[str]]:
        return {"gaps": list(gaps_of(structure))}

    def misfits(self, structure: StructureData, texts: TextsData) -> Iterable[Misfit]:
        yield from super().misfits(structure, texts)
        yield from _marker_misfits(gaps_of(structure), texts)
        for key, gap in gaps_of(structure).items():
            text = texts.get("gaps", {}).get(key)
            if isinstance(text, dict):
                yield from _gap_misfits(key, gap, text)

    def misfit_problem(self, structure: StructureData, misfit: Misfit) -> Problem:
        if misfit.code in MISFITS:
            where = "passage" if misfit.path[0] == "passage" else ".".join(misfit.path)
            params = {"value": misfit.path[-1]}
            return Problem(code=misfit.code, template=MISFITS[misfit.code], params=params, where=where)
        if misfit.code == "key_unknown" and misfit.path[2:3] == ("choices",):
            allowed = ", ".join(gaps_of(structure)[misfit.path[1]]["choices"])
            return problem("UNKNOWN_CHOICE", ".".join(misfit.path), misfit.path[-1], allowed=allowed)
        return super().misfit_problem(structure, misfit)

    def contradictions(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        """Two choices of a gap that say the same."""
        return [
            problem("SAME_CHOICES", f"gaps.{key}.choices.{second}", "", first=first, second=second)
            for key, text in texts.get("gaps", {}).items()
            for first, second in same_texts(text.get("choices", {}))
        ]

    def has_texts_for(self, structure: StructureData, texts: TextsData, key: str) -> bool:
        gap, dot, choice = key.partition(".")
        if not dot:
            return super().has_texts_for(structure, texts, key)
        return bool(texts.get("gaps", {}).get(gap, {}).get("choices", {}).get(choice))

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        return gapforms.structure_fields(structure, texts)

    def close_fields(self, fields: FormFields, texts: Iterable[TextsData]) -> None:
        gapforms.close_fields(fields, texts)

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        return gapforms.structure_from(cleaned, structure)

    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        return gapforms.texts_fields(structure, texts)

    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        return gapforms.texts_from(cleaned, structure)

    def field_of(self, where: str) -> str:
        return gapforms.field_of(where)

    def place_of(self, where: str) -> str:
        first, _dot, rest = where.partition(".")
        if first == "passage":
            return str(_("Passage"))
        if first != "gaps":
            return super().place_of(where)
        key, _dot, inner = rest.partition(".")
        return gapforms.place_in_gap(key, inner) if key else str(_("Gaps"))

    # What a learner sees and answers

    def choice_keys(self, structure: StructureData) -> list[str]:
        """Of all gaps in one list, each with the key of its gap before it: `1.a`."""
        return [
            f"{key}.{choice}" for key, gap in gaps_of(structure).items() for choice in gap.get("choices", [])
        ]

    def choice_texts(self, texts: TextsData) -> dict[str, str]:
        return {
            f"{key}.{choice}": text
            for key, gap in texts.get("gaps", {}).items()
            for choice, text in gap.get("choices", {}).items()
        }

    def shows(self, structure: StructureData, texts: TextsData, order: list[str], language: str) -> ShownGaps:
        choice_texts, letters = self.choice_texts(texts), letters_of(structure)
        choices: dict[str, list[tuple[str, str]]] = {}
        for one in order:
            gap, _dot, choice = one.partition(".")
            choices.setdefault(gap, []).append((choice, choice_texts[one]))
        return ShownGaps(
            stem=texts["stem"],
            pieces=tuple(
                Piece(text, ShownGap(key, letters[key], number, tuple(choices.get(key, ()))) if key else None)
                for number, (text, key) in enumerate(pieces(texts["passage"]), start=1)
            ),
        )

    def masked(
        self, structure: StructureData, order: Sequence[str], response: dict[str, str] | None
    ) -> Response | None:
        letters = letters_of(structure)
        return response and {letters[key]: value for key, value in response.items()}

    def unmasked(self, structure: StructureData, order: Sequence[str], raw: object) -> object:
        if not isinstance(raw, dict):
            return raw
        keys = {letter: key for key, letter in letters_of(structure).items()}
        return {keys.get(part, part): value for part, value in raw.items()}

    def settled(self, structure: StructureData, answer: dict[str, str]) -> dict[str, str] | None:
        gaps = gaps_of(structure)
        if not answer.keys() <= gaps.keys():
            raise AnswerError("NOT_AN_ANSWER", value=repr(answer))
        filled = {key: settled_text(answer[key]) for key in gaps if key in answer}
        filled = {key: value for key, value in filled.items() if value}
        for key, value in filled.items():
            if not gaps[key].get("typed") and value not in gaps[key]["choices"]:
                raise AnswerError("UNKNOWN_CHOICE", value=value)
        return filled or None

    def said(self, shown: ShownGaps, response: dict[str, str]) -> list[str]:
        return [
            f"{gap.number}: {dict(gap.choices).get(response[gap.key], response[gap.key])}"
            for gap in shown.gaps
            if gap.key in response
        ]

    # What it is worth, and what is said about it

    def grade(
        self, structure: StructureData, points: int, response: dict[str, str] | None, texts: AllTexts
    ) -> int:
        gaps = gaps_of(structure)
        right = sum(_is_right(key, gap, response or {}, texts) for key, gap in gaps.items())
        return right * points * POINT // len(gaps)

    def review(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        response: dict[str, str] | None,
        language: str,
        all_texts: AllTexts,
    ) -> ReviewedGaps:
        gaps, response = gaps_of(structure), response or {}

        def reviewed(key: str, number: int) -> ReviewedGap:
            text, right = texts["gaps"][key], _is_right(key, gaps[key], response, all_texts)
            choices, given = text.get("choices", {}), response.get(key, "")
            answer = choices[gaps[key]["correct"]] if choices else first_of(text["accepted"])
            feedback = text.get("feedback", {}).get("correct" if right else "wrong", "")
            return ReviewedGap(number, choices.get(given, given), right, answer, feedback)

        return ReviewedGaps(
            pieces=tuple(
                ReviewedPiece(text, reviewed(key, number) if key else None)
                for number, (text, key) in enumerate(pieces(texts["passage"]), start=1)
            )
        )

    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> dict[str, str]:
        return {key: _sample(key, gap, texts, right=right) for key, gap in gaps_of(structure).items()}

    # In files

    def to_file(self, structure: StructureData) -> StructureData:
        return {"gaps": gaps_of(structure)}

    def feedback_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        gaps = texts.get("gaps", {})
        return [
            Problem(code="no_gap_feedback", template=NO_FEEDBACK, params={"gap": key})
            for key in gaps_of(structure)
            if not gaps.get(key, {}).get("feedback", {}).get("wrong")
        ]


def letters_of(structure: StructureData) -> dict[str, str]:
    """What pages have in place of the key of each gap."""
    return dict(zip(gaps_of(structure), LETTERS, strict=False))


def _marker_misfits(gaps: Iterable[str], texts: TextsData) -> Iterator[Misfit]:
    if "passage" not in texts:
        yield Misfit("key_missing", ("passage",))
        return
    found = markers(texts["passage"])
    for key in gaps:
        if found.count(key) != 1:
            yield Misfit("marker_twice" if key in found else "marker_missing", ("passage", key))
    for marker in dict.fromkeys(found):
        if marker not in gaps:
            yield Misfit("marker_unknown" if is_key(marker) else "marker_invalid", ("passage", marker))


def _gap_misfits(key: str, gap: StructureData, text: TextsData) -> Iterator[Misfit]:
    own, other = ("accepted", "choices") if gap.get("typed") else ("choices", "accepted")
    if own not in text:
        yield Misfit("key_missing", ("gaps", key, own))
    if other in text:
        yield Misfit("gap_text", ("gaps", key, other))
    choices = text.get("choices")
    if own == "choices" and isinstance(choices, dict):
        for choice in gap["choices"]:
            if choice not in choices:
                yield Misfit("key_missing", ("gaps", key, "choices", choice))
        for choice in choices:
            if choice not in gap["choices"]:
                yield Misfit("key_unknown", ("gaps", key, "choices", choice))


def _accepted(key: str, texts: AllTexts) -> list[str]:
    """What a gap accepts, in all languages."""
    return [
        one for language_texts in texts.values() for one in language_texts["gaps"][key].get("accepted", [])
    ]


def _is_right(key: str, gap: StructureData, response: dict[str, str], texts: AllTexts) -> bool:
    if key not in response:
        return False
    if "choices" in gap:
        return bool(response[key] == gap["correct"])
    return is_accepted(response[key], _accepted(key, texts), gap)


def _sample(key: str, gap: StructureData, texts: AllTexts, *, right: bool) -> str:
    choices: list[str] = gap.get("choices", [])
    if choices:
        return next(choice for choice in choices if (choice == gap["correct"]) is right)
    accepted = _accepted(key, texts)
    return first_of(accepted, wildcard="a") if right else wrong_text(accepted, gap)
