"""The choices of a bank without its questions, for a reader who guesses which are right, and the score of the picks.

Nothing in a sheet tells what is right: questions have numbers and choices letters, both in an order that the seed
gives, and neither the keys of the bank nor the order of its author appear. The order is that of SHA-256 digests, so
that the same seed gives the same sheet on every machine:

    rank of a question:  SHA-256 of  "<seed>:<language>:question:<key>"
    rank of a choice:    SHA-256 of  "<seed>:<language>:choice:<key of the question>:<key of the choice>"
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field, PlainValidator

from maarifa.coursefiles.fieldtypes import Language
from maarifa.coursefiles.guessing import by_absolute_words, by_chance
from maarifa.lib.digests import digest
from maarifa.lib.problems import Problem, shown
from maarifa.lib.proportions import wilson
from maarifa.lib.shapes import Line, Shape, Words, refuse, shape
from maarifa.lib.strict_yaml import Parsed, YamlError, dump, load
from maarifa.quizzes.checks import question_problems, text_problems
from maarifa.quizzes.kinds import AnyKind, TextsData, kind_named
from maarifa.quizzes.kinds.practice import Guessed
from maarifa.quizzes.models import Bank, Question
from maarifa.quizzes.picking import takes_choices, takes_one

HOW_TO = (
    "Guess which choices are right. Write the letter after “pick”.",
    "Where “several” is true, more than one may be right: write all letters that you pick, such as a, c.",
    "Change nothing else.",
)
TEMPLATES = {
    "sheet_bank": _(
        "This sheet is for the bank “%(value)s”, not for “%(bank)s”. Name the bank of the sheet."
    ),
    "sheet_language": _(
        "The bank has no questions with choices in “%(value)s”. Create the sheet again with "
        "--write. Languages: %(languages)s."
    ),
    "sheet_changed": _(
        "These are not the choices that the bank has here now. The sheet or the bank was changed. "
        "Write the sheet again."
    ),
    "sheet_count": _(
        "The sheet has %(count)s questions in “%(language)s”, but the bank has %(right)s. Write the sheet again."
    ),
    "sheet_unpicked": _("Nothing is picked here. Write one of these letters: %(letters)s."),
    "sheet_letter": _("“%(value)s” is not one of the choices. Write one of these letters: %(letters)s."),
    "sheet_one": _("“%(value)s” is more than one choice. Pick exactly one of these: %(letters)s."),
}
PICK_FORM = _("“%(value)s” is not a pick. Write a letter such as a, or letters with commas such as a, c.")


def _pick(value: object) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if not isinstance(value, str):
        raise refuse("sheet_pick", template=PICK_FORM)
    return value


class SheetQuestion(Shape):
    """`several` is there where more than one choice may be right."""

    number: Annotated[int, Field(ge=1)]
    several: bool | None = None
    choices: dict[str, Words]
    pick: Annotated[str, PlainValidator(_pick)] = ""


class ChoiceSheet(Shape):
    format: Literal[1]
    bank: Line
    seed: Annotated[int, Field(ge=0)]
    languages: dict[Language, list[SheetQuestion]]


@dataclass(frozen=True)
class _Asked:
    """A question in one language, with the keys of its choices in the order of the sheet."""

    question: Question
    texts: TextsData
    keys: list[str]

    @property
    def kind(self) -> AnyKind:
        return kind_named(self.question.kind)

    @property
    def is_one(self) -> bool:
        return takes_one(self.kind, self.question.structure)

    @property
    def chance(self) -> float:
        """That somebody is right who picks by lot: one choice, or any choices but none at all."""
        return 1 / len(self.keys) if self.is_one else 1 / (2 ** len(self.keys) - 1)

    def guessed(self) -> Guessed:
        """Of a question with one right choice."""
        structure = self.question.structure
        choice_texts = self.kind.choice_texts(self.texts)
        right: list[str] = self.kind.sample(structure, self._all_texts, right=True)
        return {key: choice_texts[key] for key in self.keys}, right[0]

    def is_right(self, keys: Iterable[str]) -> bool:
        structure, points = self.question.structure, self.question.points
        response = self.kind.read(structure, list(keys))
        return self.kind.grade(structure, points, response, self._all_texts) == self.kind.maximum(points)

    @property
    def _all_texts(self) -> dict[str, TextsData]:
        return {text.language: text.texts for text in self.question.texts.all()}

    def in_sheet(self, number: int) -> SheetQuestion:
        choice_texts = self.kind.choice_texts(self.texts)
        choices = {letter: choice_texts[key] for letter, key in zip(ascii_lowercase, self.keys, strict=False)}
        return SheetQuestion(number=number, several=None if self.is_one else True, choices=choices)


@dataclass(frozen=True)
class Score:
    """Of one language of a bank. `expected`: how many are right by chance. `by_words`: how many in a hundred of the
    questions with one right choice somebody gets right who only avoids absolute words; None where there are none.
    """

    language: str
    right: int
    count: int
    expected: float
    by_words: float | None

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share that is right, with 95 % confidence."""
        return wilson(self.right, self.count)

    @property
    def is_above_chance(self) -> bool:
        return self.interval[0] > self.expected / self.count


def languages_of(bank: Bank) -> list[str]:
    """Those in which a sheet of the bank has questions."""
    questions = _questions(bank)
    found = {text.language for question in questions for text in question.texts.all()}
    return sorted(language for language in found if _asked(questions, language, 0))


def write_sheet(bank: Bank, languages: Iterable[str], *, seed: int) -> str:
    """The text of a sheet: the same for the same bank, languages and seed."""
    asked = _questions(bank)
    questions = {
        language: [one.in_sheet(number) for number, one in enumerate(_asked(asked, language, seed), 1)]
        for language in sorted(set(languages))
    }
    sheet = ChoiceSheet(format=1, bank=bank.key, seed=seed, languages=questions)
    return "".join(f"# {line}\n" for line in HOW_TO) + dump(sheet.model_dump(exclude_none=True))


def score_sheet(bank: Bank, text: str) -> tuple[list[Score], list[Problem]]:
    """How many picks are right, language by language; or every problem with its line, and no score."""
    try:
        parsed = load(text)
    except YamlError as error:
        return [], [error.problem]
    sheet, problems = shape(ChoiceSheet, parsed)
    if sheet is None:
        return [], problems
    if sheet.bank != bank.key:
        return [], [_problem(parsed, "sheet_bank", "bank", value=sheet.bank, bank=bank.key)]
    scores, known = [], _questions(bank)
    for language, questions in sheet.languages.items():
        asked = _asked(known, language, sheet.seed)
        found = list(_language_problems(bank, parsed, language, questions, asked))
        problems += found
        if not found:
            scores.append(_score(language, questions, asked))
    return ([] if problems else scores), problems


def _questions(bank: Bank) -> list[Question]:
    rows = Question.objects.filter(bank=bank, retired_at__isnull=True).prefetch_related("texts")
    return [
        row
        for row in rows
        if not any(not one.is_failed_test for one in question_problems(row, list(row.texts.all())))
        and takes_choices(kind_named(row.kind), row.structure)
    ]


def _asked(questions: Iterable[Question], language: str, seed: int) -> list[_Asked]:
    """Those questions whose choices have texts in this language, in the order of the sheet."""
    asked = []
    for question in questions:
        kind = kind_named(question.kind)
        text = next((one for one in question.texts.all() if one.language == language), None)
        if text is None or text_problems(question, text):
            continue
        keys, choice_texts = kind.choice_keys(question.structure), kind.choice_texts(text.texts)
        if not all(choice_texts.get(key) for key in keys):
            # Choices such as true and false are the same in every question.
            continue
        rank = f"{seed}:{language}:choice:{question.key}"
        order = [key for _rank, key in sorted((digest(f"{rank}:{key}"), key) for key in keys)]
        asked.append(_Asked(question, text.texts, order))
    return sorted(asked, key=lambda one: digest(f"{seed}:{language}:question:{one.question.key}"))


def _language_problems(
    bank: Bank, parsed: Parsed, language: str, questions: list[SheetQuestion], asked: list[_Asked]
) -> Iterator[Problem]:
    path: tuple[str | int, ...] = ("languages", language)
    if not asked:
        known = ", ".join(languages_of(bank))
        yield _problem(parsed, "sheet_language", *path, value=language, languages=known)
    elif len(questions) != len(asked):
        params = {"language": language, "count": len(questions), "right": len(asked)}
        yield _problem(parsed, "sheet_count", *path, **params)
    else:
        for place, (written, one) in enumerate(zip(questions, asked, strict=True)):
            as_written = one.in_sheet(place + 1)
            if written.model_copy(update={"pick": ""}) != as_written:
                yield _problem(parsed, "sheet_changed", *path, place, "choices")
                continue
            if wrong := _wrong_pick(written, one):
                yield _problem(
                    parsed, wrong, *path, place, "pick", value=shown(written.pick), letters=_list(written)
                )


def _wrong_pick(written: SheetQuestion, one: _Asked) -> str | None:
    letters = letters_of(written.pick)
    if not letters:
        return "sheet_unpicked"
    if any(letter not in written.choices for letter in letters):
        return "sheet_letter"
    return "sheet_one" if one.is_one and len(set(letters)) > 1 else None


def letters_of(pick: str) -> list[str]:
    """“B, d” and “b d” are b and d."""
    return pick.replace(",", " ").lower().split()


def _list(written: SheetQuestion) -> str:
    return ", ".join(written.choices)


def _score(language: str, questions: list[SheetQuestion], asked: list[_Asked]) -> Score:
    right = 0
    for written, one in zip(questions, asked, strict=True):
        keys = dict(zip(ascii_lowercase, one.keys, strict=False))
        right += one.is_right({keys[letter] for letter in letters_of(written.pick)})
    with_one = [one.guessed() for one in asked if one.is_one]
    expected = by_chance(with_one) / 100 * len(with_one) + sum(one.chance for one in asked if not one.is_one)
    by_words = by_absolute_words(with_one, language) if with_one else None
    return Score(language, right, len(asked), expected, by_words)


def _problem(parsed: Parsed, code: str, *path: str | int, **params: Any) -> Problem:
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return Problem(code=code, template=TEMPLATES[code], params=params, where=where, line=parsed.line(path))
