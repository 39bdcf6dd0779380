"""What the kinds with choices have in common."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import ascii_lowercase
from typing import Annotated, ClassVar, Self

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from maarifa.lib.problems import Problem
from maarifa.lib.shapes import Key, once_each
from maarifa.lib.text import same_texts
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds.base import (
    POINT,
    AllTexts,
    AnswerFields,
    Cleaned,
    FormFields,
    Kind,
    Misfit,
    Parts,
    Reviewed,
    Shown,
    Structure,
    StructureData,
    Texts,
    TextsData,
)
from maarifa.quizzes.kinds.choicetexts import ChoiceText, text_misfits
from maarifa.quizzes.kinds.fields import author_text
from maarifa.quizzes.kinds.practice import OneChoicePractice, Practice
from maarifa.quizzes.kinds.problems import check_correct, check_known, problem

LEAST, MOST = 2, 20
CHOICE, FEEDBACK = _("Choice %(key)s"), _("Feedback for learners who chose %(key)s")
ALL_OR_NOTHING = "all-or-nothing"
NO_FEEDBACK = _("The choice “%(choice)s” has no feedback. Explain why it is correct or incorrect.")

Keys = Annotated[list[Key], AfterValidator(once_each)]
FewKeys = Annotated[Keys, AfterValidator(lambda keys: keys or None)]
"""For a field that may be left out: an empty list says as much."""


class ChoiceStructure(Structure):
    """`choices` in the order of their author; `correct` those that are right; `last` those that stay at the end when
    the others are shuffled, such as "None of these".
    """

    choices: Annotated[list[Key], Field(min_length=LEAST, max_length=MOST), AfterValidator(once_each)]
    correct: Keys
    last: FewKeys | None = None
    ONE_ONLY: ClassVar[bool] = False

    @model_validator(mode="after")
    def _right_choices(self) -> Self:
        check_correct(self.correct, self.choices, one_only=self.ONE_ONLY)
        check_known(self.last or (), self.choices, at="last")
        return self


class ChoiceTexts(Texts):
    choices: dict[Key, ChoiceText] | None = None


@dataclass(frozen=True)
class ShownChoices(Shown):
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ReviewedChoice:
    key: str
    text: str
    feedback: str
    chosen: bool
    right: bool
    percent: int = 0
    """Of the points, for a choice that is worth a part of them."""


@dataclass(frozen=True)
class ReviewedChoices(Reviewed):
    choices: tuple[ReviewedChoice, ...] = ()
    needs_all: bool = False
    """Whether nothing but exactly the right choices is worth anything, though there may be several."""


@dataclass(frozen=True)
class OfferedChoice:
    key: str
    text: str
    id: str
    checked: bool


class ChoiceFields(AnswerFields[ShownChoices, list[str]]):
    template = "quizzes/kinds/choices.html"

    @staticmethod
    def answer(parts: Parts) -> list[str]:
        return [value for value in parts.get("", []) if value]

    @property
    def id(self) -> str:
        return f"id_{self.name}_0"

    @property
    def choices(self) -> list[OfferedChoice]:
        ticked = self.held or () if self.sent is None else self.sent.get("", [])
        return [
            OfferedChoice(key, text, f"id_{self.name}_{number}", key in ticked)
            for number, (key, text) in enumerate(self.shown.choices)
        ]


class ChoiceKind(Kind[ShownChoices, list[str]]):
    """A response is a list of keys, in the order in which their author wrote the choices."""

    structure: type[Structure] = ChoiceStructure
    texts = ChoiceTexts
    response = TypeAdapter(list[str])
    form = ChoiceFields
    practice: type[Practice] | None = OneChoicePractice
    review_template = "quizzes/kinds/choices_review.html"
    input_type = "radio"
    shuffles = True
    one_only = True
    asking_fields = ("last", "remove", "more")
    choice_fields: tuple[str, ...] = ("text", "feedback")
    empty: Mapping[str, object] = {"choices": [], "correct": []}

    # What an author writes

    def choice_texts(self, texts: TextsData) -> dict[str, str]:
        return {key: choice.get("text", "") for key, choice in texts.get("choices", {}).items()}

    def blank(self) -> StructureData:
        return {"choices": ["a", "b", "c", "d"], "correct": []}

    def structure_problems(self, structure: object) -> list[Problem]:
        return [self._none_right(structure, one) for one in super().structure_problems(structure)]

    def _none_right(self, structure: object, original: Problem) -> Problem:
        """Of what is right, whatever is no choice is unknown; and nothing may be right yet."""
        if not isinstance(structure, dict) or original.where != "correct":
            return original
        if original.code in ("TWICE", "NOT_A_LIST"):
            return original
        if not structure.get("correct"):
            return problem("NO_CORRECT", "correct")
        if original.code in ("KEY_INVALID", "UNKNOWN_CHOICE"):
            keys = ", ".join(self.choice_keys(structure))
            return problem("UNKNOWN_CHOICE", "correct", original.params["value"], allowed=keys)
        return original

    def keyed_texts(self, structure: StructureData) -> dict[str, list[str]]:
        return {"choices": self.choice_keys(structure)}

    def misfits(self, structure: StructureData, texts: TextsData) -> Iterable[Misfit]:
        yield from super().misfits(structure, texts)
        names = {"choices": self.choice_fields}
        yield from text_misfits(
            texts, self.keyed_texts(structure), names, missing="text_missing", unknown="text_unknown"
        )

    def misfit_problem(self, structure: StructureData, misfit: Misfit) -> Problem:
        if misfit.code == "text_unknown":
            allowed = ", ".join(self.choice_fields)
            return problem("UNKNOWN_FIELD", ".".join(misfit.path), misfit.path[-1], allowed=allowed)
        return super().misfit_problem(structure, misfit)

    def contradictions(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        """Two choices that say the same: a learner could not tell which is right."""
        choices = texts.get("choices", {})
        choice_texts = {key: choices.get(key, {}).get("text", "") for key in self.choice_keys(structure)}
        return [
            problem(
                "SAME_CHOICES", f"choices.{second}.text", choice_texts[second], first=first, second=second
            )
            for first, second in same_texts(choice_texts)
        ]

    def structure_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        keys = self.choice_keys(structure)
        labels = [(key, self._author_label(key, texts)) for key in keys]
        fields: FormFields = {"correct": self._correct_field(labels, structure.get("correct", []))}
        fields |= self.grading_fields(structure, labels)
        fields["last"] = forms.MultipleChoiceField(
            label=_("Keep last"),
            help_text=_("These choices stay at the end. Tick choices such as “None of these”."),
            choices=labels,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=structure.get("last", []),
        )
        fields["remove"] = forms.MultipleChoiceField(
            label=_("Remove choices"), choices=labels, required=False, widget=forms.CheckboxSelectMultiple
        )
        fields["more"] = forms.IntegerField(
            label=_("Add choices"),
            help_text=_("Number of choices to add. You can write their text after saving."),
            min_value=0,
            max_value=MOST - len(keys),
            initial=0,
            required=False,
        )
        return fields

    def grading_fields(self, structure: StructureData, labels: list[tuple[str, str]]) -> FormFields:
        """Form fields for what else says what an answer is worth; `labels` are the choices by their keys."""
        return {}

    def grading_from(self, cleaned: Cleaned, choices: list[str], correct: list[str]) -> StructureData:
        """What these fields say, in the structure."""
        return {}

    def _correct_field(self, labels: list[tuple[str, str]], correct: list[str]) -> forms.ChoiceField:
        if self.one_only:
            return forms.ChoiceField(
                label=_("Correct choice"),
                choices=labels,
                widget=forms.RadioSelect,
                required=False,
                initial=correct[0] if correct else None,
            )
        return forms.MultipleChoiceField(
            label=_("Correct choices"),
            choices=labels,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            initial=correct,
        )

    def _author_label(self, key: str, texts: TextsData) -> str:
        text = _text_of(texts, key, "text")
        return f"{key}: {text}" if text else key

    def structure_from(self, cleaned: Cleaned, structure: StructureData) -> StructureData:
        removed = set(cleaned.get("remove") or [])
        choices = [key for key in self.choice_keys(structure) if key not in removed]
        for _number in range(cleaned.get("more") or 0):
            choices.append(unused_key({*choices, *removed}))
        correct = cleaned.get("correct") or []
        correct = [correct] if isinstance(correct, str) else correct
        correct = [key for key in choices if key in correct]
        last = [key for key in choices if key in (cleaned.get("last") or [])]
        return {
            "choices": choices,
            "correct": correct,
            **({"last": last} if last else {}),
            **self.grading_from(cleaned, choices, correct),
        }

    def texts_fields(self, structure: StructureData, texts: TextsData) -> FormFields:
        fields: FormFields = {"stem": author_text(_("Question"), texts.get("stem", ""), required=True)}
        for key in self.choice_keys(structure):
            choice = texts.get("choices", {}).get(key, {})
            text = _("Choice %(key)s (correct)") if key in structure.get("correct", []) else CHOICE
            for name in self.choice_fields:
                label = (text if name == "text" else FEEDBACK) % {"key": self.choice_name(key)}
                fields[f"{name}_{key}"] = author_text(label, choice.get(name, ""), required=False)
        return fields

    def choice_name(self, key: str) -> str:
        return key

    def place_of(self, where: str) -> str:
        first, _dot, rest = where.partition(".")
        key, _dot, name = rest.partition(".")
        if first != "choices" or not key:
            return super().place_of(where)
        return str(FEEDBACK if name == "feedback" else CHOICE) % {"key": self.choice_name(key)}

    def texts_from(self, cleaned: Cleaned, structure: StructureData) -> TextsData:
        choices = {
            key: {name: cleaned.get(f"{name}_{key}", "") for name in self.choice_fields}
            for key in self.choice_keys(structure)
        }
        # Feedback that nobody wrote is left out, as it is in files.
        for choice in choices.values():
            if not choice["feedback"]:
                del choice["feedback"]
        return {
            "stem": cleaned["stem"],
            "choices": {key: choice for key, choice in choices.items() if choice},
        }

    def field_of(self, where: str) -> str:
        _choices, key, name = where.split(".")
        return f"{name}_{key}"

    # What a learner sees and answers

    def choice_keys(self, structure: StructureData) -> list[str]:
        return list(structure.get("choices", []))

    def last_keys(self, structure: StructureData) -> list[str]:
        last = structure.get("last", [])
        return [key for key in self.choice_keys(structure) if key in last]

    def shows(
        self, structure: StructureData, texts: TextsData, order: list[str], language: str
    ) -> ShownChoices:
        choices = tuple((key, self.choice_text(key, texts, language)) for key in order)
        return ShownChoices(stem=texts["stem"], choices=choices)

    def choice_text(self, key: str, texts: TextsData, language: str) -> str:
        return _text_of(texts, key, "text")

    def settled(self, structure: StructureData, answer: list[str]) -> list[str] | None:
        keys = self.choice_keys(structure)
        for key in answer:
            if key not in keys:
                raise AnswerError("UNKNOWN_CHOICE", value=key)
        chosen = [key for key in keys if key in answer]
        if self.one_only and len(chosen) > 1:
            raise AnswerError("ONE_CHOICE_ONLY", value=", ".join(chosen))
        return chosen or None

    def said(self, shown: ShownChoices, response: list[str]) -> list[str]:
        return [text for key, text in shown.choices if key in response]

    # What it is worth, and what is said about it

    def grade(
        self, structure: StructureData, points: int, response: list[str] | None, texts: AllTexts
    ) -> int:
        """All or nothing: exactly the right choices."""
        return points * POINT if response and set(response) == set(structure["correct"]) else 0

    def review(
        self,
        structure: StructureData,
        texts: TextsData,
        order: list[str],
        response: list[str] | None,
        language: str,
        all_texts: AllTexts,
    ) -> ReviewedChoices:
        return ReviewedChoices(
            choices=tuple(
                ReviewedChoice(
                    key=key,
                    text=self.choice_text(key, texts, language),
                    feedback=_text_of(texts, key, "feedback"),
                    chosen=key in (response or []),
                    right=key in structure["correct"],
                    percent=structure.get("credit", {}).get(key, 0),
                )
                for key in order
            ),
            needs_all=structure.get("grading") == ALL_OR_NOTHING,
        )

    def sample(self, structure: StructureData, texts: AllTexts, *, right: bool) -> list[str]:
        if right:
            return list(structure["correct"])
        return [key for key in self.choice_keys(structure) if key not in structure["correct"]][:1]

    # In files

    def from_file(self, fields: StructureData) -> StructureData:
        """There `true` is the key of the choice "true" as well."""
        correct = fields.get("correct")
        if not isinstance(correct, list):
            return fields
        names = {True: "true", False: "false"}
        return {**fields, "correct": [names[key] if isinstance(key, bool) else key for key in correct]}

    def feedback_problems(self, structure: StructureData, texts: TextsData) -> list[Problem]:
        choices = texts.get("choices", {})
        return [
            Problem(code="no_feedback", template=NO_FEEDBACK, params={"choice": key})
            for key in self.choice_keys(structure)
            if not choices.get(key, {}).get("feedback")
        ]


def _text_of(texts: TextsData, key: str, name: str) -> str:
    """Of a choice; empty where nobody wrote it."""
    text: str = texts.get("choices", {}).get(key, {}).get(name, "")
    return text


def unused_key(used: Iterable[str]) -> str:
    """A letter that is no key yet."""
    return next(key for key in ascii_lowercase if key not in used)
