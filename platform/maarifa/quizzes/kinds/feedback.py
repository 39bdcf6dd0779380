"""What a learner reads afterwards about an answer as a whole: what several kinds share."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from maarifa.lib.problems import Problem
from maarifa.lib.shapes import Shape, Words
from maarifa.quizzes.kinds.fields import author_text
from maarifa.quizzes.kinds.parts import Cleaned, FormFields, TextsData

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

FEEDBACK: "Mapping[str, str | StrPromise]" = {
    "correct": _("Feedback for a correct answer"),
    "wrong": _("Feedback for an incorrect answer"),
}
NO_FEEDBACK = {
    "correct": _("There is no feedback for a correct answer. Add it."),
    "wrong": _("There is no feedback for an incorrect answer. Add it."),
}


class Feedback(Shape):
    """For who was right, who was nearly right (of a number), and who was wrong.

    One class for all kinds that have it, so that texts of any kind can be read without knowing which.
    """

    correct: Words | None = None
    near: Words | None = None
    wrong: Words | None = None


def feedback_fields(
    texts: TextsData, suffix: str = "", labels: "Mapping[str, str | StrPromise]" = FEEDBACK
) -> FormFields:
    """A form field for each text of the feedback, named `feedback_correct` and so on, with the suffix."""
    feedback = texts.get("feedback", {})
    return {
        f"feedback_{name}{suffix}": author_text(label, feedback.get(name, ""), required=False)
        for name, label in labels.items()
    }


def feedback_from(
    cleaned: Cleaned, suffix: str = "", labels: "Mapping[str, str | StrPromise]" = FEEDBACK
) -> TextsData:
    """The texts that hold this feedback; empty without any."""
    written = {name: cleaned.get(f"feedback_{name}{suffix}") for name in labels}
    feedback = {name: text for name, text in written.items() if text}
    return {"feedback": feedback} if feedback else {}


def feedback_place(where: str, labels: "Mapping[str, str | StrPromise]" = FEEDBACK) -> str:
    """What authors know a text of the feedback by; empty for anything else."""
    first, _dot, name = where.partition(".")
    return str(labels[name]) if first == "feedback" and name in labels else ""


def feedback_problems(code: str, texts: TextsData) -> list[Problem]:
    """Where a learner who was right, or wrong, would read nothing."""
    feedback = texts.get("feedback", {})
    return [
        Problem(code=code, template=template)
        for which, template in NO_FEEDBACK.items()
        if not feedback.get(which)
    ]
