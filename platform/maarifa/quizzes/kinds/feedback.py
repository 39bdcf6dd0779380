"""What a learner reads afterwards about an answer as a whole: what several kinds share."""

from django.utils.translation import gettext_lazy as _

from maarifa.lib.shapes import Shape, Words

FEEDBACK = {
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
