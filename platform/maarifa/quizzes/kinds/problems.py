"""What can be wrong with a question: in a file, and as the author of a draft is told."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from maarifa.lib.problems import Problem, shown
from maarifa.lib.shapes import OTHER, Shape, fields_at
from maarifa.lib.shapes import TEMPLATES as OF_SHAPES
from maarifa.lib.shapes import refuse as _refuse

SENTENCES = {
    "one_right": ngettext_lazy(
        "%(count)s choice is marked as correct. Mark exactly one.",
        "%(count)s choices are marked as correct. Mark exactly one.",
        "count",
    ),
    "same_choices": _("Choices %(first)s and %(second)s have the same text. Change one of them."),
    "some_right": _("No choice is marked as correct. Mark at least one."),
    "two_choices": ngettext_lazy(
        "There is %(count)s choice. A true or false question has two.",
        "There are %(count)s choices. A true or false question has two.",
        "count",
    ),
    "number": _(
        "“%(value)s” is not a number in the right format. Write it in quotation marks, with a "
        'decimal point, for example "12.5".'
    ),
    "tolerance": _("The tolerance is below 0. Write 0 or more."),
    "choice_unknown": _("“%(item)s” is not one of the choices. The choices are: %(choices)s."),
    "no_pair": _("These items have no pair: %(items)s. Say which choice belongs to each."),
    "item_unknown": _("“%(item)s” is not one of the items. The items are: %(items)s."),
    "choices_wrong": _(
        "These are not the choices of a true or false question. Its choices are: %(allowed)s."
    ),
}
"""By the code of what a model refuses: what a file's author reads."""

TEMPLATES = {
    "NOT_A_MAPPING": _("Write fields with their values here."),
    "UNKNOWN_FIELD": _("This kind of question does not have this field. Its fields are: %(allowed)s."),
    "MISSING": _("This field is empty. Fill it in."),
    "NO_SOURCE": _("The question has no text yet. Write it in the source language of the course."),
    "NOT_A_TEXT": _("“%(value)s” is not text. Write text here."),
    "NOT_A_LIST": _("“%(value)s” is not a list. Write a list of keys here."),
    "KEY_INVALID": _("“%(value)s” is not a key. Use 1 to 60 lower-case Latin letters, digits and hyphens."),
    "TWICE": _("“%(value)s” appears here twice. Keep one."),
    "TOO_FEW_CHOICES": _("There are too few choices. A question needs at least %(least)s."),
    "TOO_MANY_CHOICES": _("There are too many choices. A question can have at most %(most)s."),
    "WRONG_CHOICES": SENTENCES["choices_wrong"],
    "NO_CORRECT": _("No choice is marked as correct. Mark the correct choice."),
    "ONE_CORRECT": _("This kind of question has exactly one correct choice. Mark only one."),
    "UNKNOWN_CHOICE": _("There is no choice “%(value)s”. The choices are: %(allowed)s."),
    "SAME_CHOICES": SENTENCES["same_choices"],
    "TOO_FEW_ITEMS": _("There are too few items. A question needs at least %(least)s."),
    "TOO_MANY_ITEMS": _("There are too many items. A question can have at most %(most)s."),
    "UNKNOWN_ITEM": _("There is no item “%(value)s”. The items are: %(allowed)s."),
    "SAME_ITEMS": _("Items %(first)s and %(second)s have the same text. Change one of them."),
    "NOT_A_DECIMAL": _(
        "“%(value)s” is not a number we can read. Write it in digits, with a point before decimals, for "
        "example 12.5."
    ),
    "NEGATIVE": _("“%(value)s” is below 0. Write 0 or more."),
}
"""What the author of a draft reads."""

CODES = {
    "model_type": "NOT_A_MAPPING",
    "dict_type": "NOT_A_MAPPING",
    "extra_forbidden": "UNKNOWN_FIELD",
    "missing": "MISSING",
    "empty": "MISSING",
    "string_type": "NOT_A_TEXT",
    "list_type": "NOT_A_LIST",
    "key": "KEY_INVALID",
    "twice": "TWICE",
    "too_short": "TOO_FEW_CHOICES",
    "too_long": "TOO_MANY_CHOICES",
    "choices_wrong": "WRONG_CHOICES",
    "some_right": "NO_CORRECT",
    "one_right": "ONE_CORRECT",
    "choice_unknown": "UNKNOWN_CHOICE",
    "number": "NOT_A_DECIMAL",
    "tolerance": "NEGATIVE",
}

PLACES = {
    "stem": _("Question"),
    "unit": _("Unit"),
    "items": _("Items"),
    "choices": _("Choices"),
    "pairs": _("Pairs"),
    "correct": _("Correct choice"),
    "answer": _("Correct answer"),
    "tolerance": _("Tolerance"),
    "feedback": _("Feedback"),
    "explanation": _("Explanation"),
    "last": _("Keep last"),
    "credit": _("Points for other choices"),
    "grading": _("How points are given"),
    "near": _("Nearly correct answers"),
    "units": _("Other units"),
}


def refuse(code: str, **params: object) -> PydanticCustomError:
    """What a validator of a kind's model raises: a code of a sentence above, or one with the sentence given as
    `template`. `at` names a field, where a model's validator does; `value` is what stood there, `allowed` what may.
    """
    return _refuse(code, **{"template": SENTENCES.get(code), **params})


def check_known(keys: Iterable[str], choices: list[str], *, at: str | None) -> None:
    """These are among the choices. For models' validators; `at` is the field that names them."""
    known = ", ".join(choices)
    place = {"at": at} if at else {}
    for key in keys:
        if key not in choices:
            raise refuse("choice_unknown", item=key, choices=known, value=key, allowed=known, **place)


def check_correct(
    correct: list[str], choices: list[str], *, one_only: bool, at: str | None = "correct"
) -> None:
    """What is right is among the choices: one, or some. For models' validators; `at` is the field that says it."""
    check_known(correct, choices, at=at)
    place = {"at": at} if at else {}
    if one_only and len(correct) != 1:
        raise refuse("one_right", count=len(correct), value=", ".join(correct), **place)
    if not correct:
        raise refuse("some_right", **place)


def place_of(where: str) -> str:
    """The field that a problem is in, as its author's form names it; empty where it has no name there."""
    return str(PLACES.get(where.partition(".")[0], ""))


def problem(code: str, where: str, value: object = "", **params: object) -> Problem:
    """What is wrong, in which field of the structure or the words, and the value found there."""
    return Problem(code=code, template=TEMPLATES[code], params={"value": shown(value), **params}, where=where)


def problems_in(model: type[Shape], value: object) -> list[Problem]:
    """What is wrong with what an author of a draft has written, field by field; of what has fields that it should not
    have, these alone.
    """
    try:
        model.model_validate(value)
    except ValidationError as error:
        all_of_it = (_problem(model, one) for one in error.errors(include_url=False))
        problems = [one for one in all_of_it if one]
        return [one for one in problems if is_misplaced(one)] or problems
    return []


def is_misplaced(one: Problem) -> bool:
    """Whether a value has not the fields of what stands in its place."""
    return one.code in ("NOT_A_MAPPING", "UNKNOWN_FIELD") and "." not in one.where


def _problem(model: type[Shape], error: ErrorDetails) -> Problem | None:
    if error["type"] == "one_line" or "[key]" in error["loc"]:
        # A form takes several lines; a key that is none is among those that are unknown.
        return None
    params: dict[str, Any] = {"value": error["input"], "allowed": "", **error.get("ctx", {})}
    template, place = params.pop("template", None), params.pop("at", None)
    path = [part for part in error["loc"] if isinstance(part, str)] + ([place] if place else [])
    where, code = ".".join(path), CODES.get(error["type"])
    if code is None:
        # What only one kind refuses has one sentence, for files and for drafts.
        return Problem(
            code=error["type"],
            template=template or OF_SHAPES.get(error["type"], OTHER),
            params=params,
            where=where,
        )
    if code == "UNKNOWN_FIELD":
        params = {"value": path[-1], "allowed": ", ".join(fields_at(model, path[:-1]))}
    elif code in ("TOO_FEW_CHOICES", "TOO_MANY_CHOICES"):
        code = code.replace("CHOICES", "ITEMS") if where == "items" else code
        params |= {"value": params["actual_length"], "least": params.get("min_length")}
        params["most"] = params.get("max_length")
    elif code == "MISSING" or (code == "NOT_A_DECIMAL" and params["value"] == ""):
        return problem("MISSING", where)
    elif code == "NOT_A_TEXT" and isinstance(error["loc"][-1], int):
        code = "KEY_INVALID"
    return problem(code, where, **params)
