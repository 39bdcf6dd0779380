"""Abstract models: work rows and translated texts."""

import uuid
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.lib import queues

J = TypeVar("J", bound="Job")


class JobQuerySet(models.QuerySet[J]):
    """Claims and finishes by compare-and-set: no locks are held while the work is done."""

    def due(self, at: datetime) -> Self:
        """Rows that someone may take now: pending and due, or claimed by a process whose claim has run out."""
        return self.filter(
            Q(state=Job.State.PENDING, due_at__lte=at) | Q(state=Job.State.CLAIMED, claimed_until__lte=at),
            # As the index says it: SQLite does not see that it follows.
            finished_at__isnull=True,
        )

    def waiting(self, at: datetime, *, lost: bool = False) -> Self:
        """Due, and not on their way through the queue.

        With `lost`, what was queued long ago and taken by nobody counts as lost there. Only a requeue may say so: it
        stands in the queue itself, behind what it asks about, and expires after REQUEUE_SECONDS.
        """
        free = Q(queued_at__isnull=True)
        return self.due(at).filter(free | Q(queued_at__lte=_lost_before(at)) if lost else free)

    def on_their_way(self, queue: str, at: datetime, *, lost: bool = False) -> int:
        """How many rows stand in this queue; with `lost`, those left out that count as lost there."""
        rows = self.filter(queue=queue, queued_at__isnull=False, finished_at__isnull=True)
        return (rows.filter(queued_at__gt=_lost_before(at)) if lost else rows).count()

    def claim(self, pk: int, *, at: datetime, seconds: int) -> uuid.UUID | None:
        """A token if this call took the row, None if somebody else has it or it is not due.

        The claim runs out after `seconds`: a process that dies leaves nothing behind that blocks the row.
        """
        token = uuid.uuid4()
        taken = (
            self.filter(pk=pk)
            .due(at)
            .update(
                state=Job.State.CLAIMED,
                claim_token=token,
                claimed_until=at + timedelta(seconds=seconds),
                tries=F("tries") + 1,
                queued_at=None,
            )
        )
        return token if taken == 1 else None

    def finish(self, pk: int, token: uuid.UUID, *, at: datetime, **fields: Any) -> bool:
        """True if the row was still ours: it is done, with `fields` set. False: another took it, so change nothing."""
        return self._release(pk, token, state=Job.State.DONE, finished_at=at, error="", **fields)

    def retry(
        self, pk: int, token: uuid.UUID, *, at: datetime, wait: timedelta, error: str, **fields: Any
    ) -> bool:
        """Pending again after `wait`, with what went wrong, and with `fields` set."""
        return self._release(
            pk, token, state=Job.State.PENDING, due_at=at + wait, error=error[:2000], **fields
        )

    def fail(self, pk: int, token: uuid.UUID, *, at: datetime, error: str, **fields: Any) -> bool:
        """Failed for good, with `fields` set: a person must look."""
        return self._release(pk, token, state=Job.State.FAILED, finished_at=at, error=error[:2000], **fields)

    def _release(self, pk: int, token: uuid.UUID, **fields: Any) -> bool:
        return (
            self.filter(pk=pk, state=Job.State.CLAIMED, claim_token=token).update(
                claim_token=None, claimed_until=None, **fields
            )
            == 1
        )


def _lost_before(at: datetime) -> datetime:
    return at - timedelta(seconds=2 * settings.REQUEUE_SECONDS)


class Job(models.Model):
    """Work that a row stands for: Celery moves it, the row owns it. How it is run says `maarifa.lib.jobs`.

    A claim is a compare-and-set that takes a token and an expiry; finishing is a compare-and-set on that token.
    So a message delivered twice, a worker killed at any moment or a queue flushed leave exactly one outcome.

    `queued_at` is when it was put in its queue, from where nobody has taken it yet: so nobody puts it there twice.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        CLAIMED = "claimed", _("in progress")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    state = models.CharField(_("status"), max_length=8, choices=State, default=State.PENDING, editable=False)
    queue = models.CharField(max_length=8, default=queues.DEFAULT, db_default=queues.DEFAULT, editable=False)
    due_at = models.DateTimeField(_("due"), default=timezone.now)
    queued_at = models.DateTimeField(null=True, editable=False)
    claim_token = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveIntegerField(_("tries"), default=0, editable=False)
    error = models.TextField(_("error"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created on"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished on"), null=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_claimed_has_token",
                condition=Q(state="claimed", claim_token__isnull=False, claimed_until__isnull=False)
                | (~Q(state="claimed") & Q(claim_token__isnull=True, claimed_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_finished_has_moment",
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["pending", "claimed"], finished_at__isnull=True),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_queue_known", condition=Q(queue__in=queues.QUEUES)
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "due_at"],
                name="%(app_label)s_%(class)s_due",
                condition=Q(finished_at__isnull=True),
            ),
            models.Index(
                fields=["queue", "queued_at"],
                name="%(app_label)s_%(class)s_line",
                condition=Q(queued_at__isnull=False),
            ),
        ]


class TranslatedText(models.Model):
    """The texts of one object in one language.

    `source_digest` is the digest of the source text that a translation was made from: where the source has
    changed since, the translation is stale. A row in the source language has none. `reviewed_by` and `reviewed_at` are
    of whoever last said so in the admin; nobody, for what came reviewed with files.
    """

    class State(models.TextChoices):
        SOURCE = "source", _("source text")
        MACHINE = "machine", _("machine translation, not yet reviewed")
        REVIEWED = "reviewed", _("reviewed translation")

    language = models.CharField(_("language"), max_length=15)
    state = models.CharField(_("status"), max_length=8, choices=State, default=State.SOURCE)
    source_digest = models.CharField(max_length=16, blank=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("reviewed by"),
    )
    reviewed_at = models.DateTimeField(_("reviewed on"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_translation_has_source",
                condition=(Q(state="source") & Q(source_digest=""))
                | (Q(state__in=["machine", "reviewed"]) & ~Q(source_digest="")),
            )
        ]

    # `by` is of AUTH_USER_MODEL, which is not known here.
    def note_review(self, *, by: Any, at: datetime) -> None:
        """Before saving: remember who says that this is reviewed, and forget it where nobody says so any more."""
        if self.state != self.State.REVIEWED:
            self.reviewed_by, self.reviewed_at = None, None
        else:
            self.reviewed_by, self.reviewed_at = by, at

    def is_stale(self, source_digest: str) -> bool:
        """True for a translation of words that are no longer the source's."""
        return self.state != self.State.SOURCE and self.source_digest != source_digest
