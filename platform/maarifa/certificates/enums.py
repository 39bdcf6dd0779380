from django.db import models
from django.utils.translation import gettext_lazy as _


class Earned(models.TextChoices):
    """How a certificate was earned."""

    COMPLETED = (
        "completed",
        _("Course completed: lessons read and module quizzes passed, without an examination."),
    )
    OPEN_EXAM = "open-exam", _("Open examination passed, without supervision.")
    SUPERVISED_EXAM = "supervised-exam", _("Supervised examination passed, identity checked.")
