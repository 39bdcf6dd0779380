"""What can be wrong with a question as its author wrote it."""

from django.utils.translation import gettext_lazy as _

from maarifa.lib.problems import Problem, shown

TEMPLATES = {
    "NOT_A_MAPPING": _("Write names with values here."),
    "UNKNOWN_FIELD": _("This kind of question has no such field. It has: %(allowed)s."),
    "MISSING": _("Fill this in."),
    "NO_SOURCE": _("The question has no words yet. Write them in the source language of the course."),
    "NOT_A_TEXT": _("Write a text here, not “%(value)s”."),
    "NOT_A_LIST": _("Write a list of keys here, not “%(value)s”."),
    "KEY_INVALID": _("“%(value)s” is not a key: use 1 to 60 small Latin letters, digits and hyphens."),
    "TWICE": _("“%(value)s” stands here twice."),
    "TOO_FEW_CHOICES": _("A question needs at least %(least)s choices."),
    "TOO_MANY_CHOICES": _("A question has at most %(most)s choices."),
    "WRONG_CHOICES": _("The choices of a true or false question are: %(allowed)s."),
    "NO_CORRECT": _("Say which choice is right."),
    "ONE_CORRECT": _("Exactly one choice is right in this kind of question."),
    "UNKNOWN_CHOICE": _("There is no choice “%(value)s”. There are: %(allowed)s."),
    "SAME_CHOICES": _("Choices %(first)s and %(second)s say the same. Make one of them another."),
    "NOT_A_DECIMAL": _("“%(value)s” is not a number. Write digits with a point, as in 12.5."),
    "NEGATIVE": _("“%(value)s” is below zero."),
}


CHOICE = _("Choice %(key)s")
PLACES = {
    "stem": _("Question"),
    "unit": _("Unit"),
    "choices": _("Choices"),
    "correct": _("The right choice"),
    "answer": _("Right answer"),
    "tolerance": _("Tolerance"),
    "feedback": _("What learners read afterwards"),
}


def author_place(where: str) -> str:
    """The field that a problem is in, as its author's form names it; empty where it has no name there."""
    first, _dot, rest = where.partition(".")
    if first == "choices" and rest:
        return str(CHOICE) % {"key": rest.partition(".")[0]}
    return str(PLACES.get(first, ""))


def problem(code: str, where: str, value="", **params) -> Problem:
    """What is wrong, in which field of the structure or the words, and the value found there."""
    return Problem(code=code, template=TEMPLATES[code], params={"value": shown(value), **params}, where=where)
