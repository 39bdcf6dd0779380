from django.db import models
from django.utils.translation import gettext_lazy as _


class BankKind(models.TextChoices):
    PRACTICE = "practice", _("practice: answers are public")
    MODULE = "module", _("module quiz")
    SAMPLE = "sample", _("sample exam: public, not used in any quiz")
    EXAM = "exam", _("exam: secret, never in files or exports")


class ReviewRule(models.TextChoices):
    """What a learner sees of a submitted attempt. Of an exam it is the score, whatever the rule."""

    ALL = "all", _("the answers given at once, and the correct ones once passed or no attempt is left")
    SCORE = "score", _("only the score and the lessons to read again")
    AFTER_CLOSE = "after-close", _("only the score, until passed, no attempt is left or the deadline is over")


class Level(models.TextChoices):
    """What a question asks of whoever answers it."""

    RECALL = "recall", _("recall")
    APPLICATION = "application", _("application")
    JUDGEMENT = "judgement", _("judgement")
