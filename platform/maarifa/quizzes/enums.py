from django.db import models
from django.utils.translation import gettext_lazy as _


class BankKind(models.TextChoices):
    PRACTICE = "practice", _("practice: answers are public")
    MODULE = "module", _("module quiz")
    EXAM = "exam", _("exam: secret, never in files or exports")


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("one right answer")
    MULTIPLE = "multiple", _("several right answers")
    TRUEFALSE = "truefalse", _("true or false")
    NUMERIC = "numeric", _("a number")
