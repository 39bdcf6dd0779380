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


class NameCheck(models.TextChoices):
    """Who else than the holder says that this is their name."""

    STATED = "stated", _("Name as stated by the holder.")
    INSTITUTION = "institution", _("Name confirmed by %(institution)s.")
    NAME_ONLY = (
        "institution-name",
        _("Name confirmed by %(institution)s; in Latin letters as stated by the holder."),
    )
    LATIN_ONLY = (
        "institution-latin",
        _("Name in Latin letters confirmed by %(institution)s; the other as stated by the holder."),
    )
    ISSUER = "issuer", _("Name compared with an official document by Maarifa.")
