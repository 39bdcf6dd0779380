from django.db import models
from django.utils.translation import gettext_lazy as _


class Earned(models.TextChoices):
    """How a certificate was earned."""

    COMPLETED = "completed", "course completed"
    OPEN_EXAM = "open-exam", "unsupervised examination"
    SUPERVISED_EXAM = "supervised-exam", "supervised examination"


class NameCheck(models.TextChoices):
    """Who else than the holder says that this is their name."""

    STATED = "stated", _("Name as stated by the holder.")
    INSTITUTION = "institution", _("Name confirmed by %(institution)s.")
    NAME_ONLY = (
        "institution-name",
        _("Name confirmed by %(institution)s; spelling in Latin letters as stated by the holder."),
    )
    LATIN_ONLY = (
        "institution-latin",
        _(
            "Name in Latin letters confirmed by %(institution)s; name in the holder’s own script as stated "
            "by the holder."
        ),
    )
    ISSUER = "issuer", _("Name checked against an official document by Maarifa.")
