from django.db import models
from django.utils.translation import gettext_lazy as _


class BankKind(models.TextChoices):
    PRACTICE = "practice", _("practice: answers are public")
    MODULE = "module", _("module quiz")
    SAMPLE = "sample", _("sample exam: public, not used in any quiz")
    EXAM = "exam", _("exam: secret, never in files or exports")


class Level(models.TextChoices):
    """What a question asks of whoever answers it."""

    RECALL = "recall", _("recall")
    APPLICATION = "application", _("application")
    JUDGEMENT = "judgement", _("judgement")
