"""What a person sent and could not be taken in."""

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models.user import User
from maarifa.lib.fields import public_id


class KeptPostQuerySet(models.QuerySet["KeptPost"]):
    def of_page(self, person: User, page: str) -> Self:
        """What this person sent from this page and is not taken in yet, the oldest first."""
        return self.filter(person=person, page=page).order_by("id")


class KeptPost(models.Model):
    """What a person sent with a form and could not be taken in as it was: see `accounts.keeping`.

    `page`: the path of the page with the form, without its language. `fields`: name to list of values.
    """

    public_id = public_id()
    person = models.ForeignKey(User, models.PROTECT, related_name="kept_posts")
    page = models.CharField(max_length=300)
    fields: "models.JSONField[dict[str, list[str]], dict[str, list[str]]]" = models.JSONField()
    digest = models.CharField(max_length=64)
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = KeptPostQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept form")
        verbose_name_plural = _("kept forms")
        constraints = [
            models.UniqueConstraint(fields=["person", "page", "digest"], name="accounts_keptpost_once")
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.kept_at:%Y-%m-%d %H:%M}"
