"""Everything that leaves."""

from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.delivery import kinds
from maarifa.institutions.models import Institution
from maarifa.lib.fields import public_id
from maarifa.lib.models import Job, JobQuerySet
from maarifa.lib.text import casefold_key

# A message that may be sent: its address, its kind, and its recipient's id where there is one.
To = tuple[str, str, int | None]


class Delivery(Job):
    """A message to an address, written in the recipient's language when it was decided.

    `key` names the occasion, so that deciding twice queues once. `message_id` stays the same however often the
    message is handed to the mail server.
    """

    public_id = public_id()
    key = models.CharField(_("message key"), max_length=120, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=kinds.choices)
    channel = models.CharField(_("channel"), max_length=12, default="mail", db_default="mail", editable=False)
    recipient = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="deliveries", verbose_name=_("recipient")
    )
    address = models.CharField(_("address"), max_length=254)
    language = models.CharField(_("language"), max_length=15)
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(_("plain text"))
    html = models.TextField(_("HTML"), blank=True)
    message_id = models.CharField(_("message ID"), max_length=255, unique=True, editable=False)
    # For whom it is sent, where it is for an institution: the bulk queue takes from each in turn.
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    # The lowest goes first. Of what waits in the bulk queue, and of nothing else: see `actions.turns`.
    turn = models.PositiveBigIntegerField(null=True, editable=False)

    objects = JobQuerySet["Delivery"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            *Job.Meta.constraints,
            models.CheckConstraint(name="delivery_delivery_key_not_empty", condition=~Q(key="")),
            models.CheckConstraint(name="delivery_delivery_address_not_empty", condition=~Q(address="")),
            models.CheckConstraint(
                name="delivery_delivery_turn_in_bulk",
                condition=Q(queue="bulk", finished_at__isnull=True, turn__isnull=False)
                | (~Q(queue="bulk", finished_at__isnull=True) & Q(turn__isnull=True)),
            ),
        ]
        indexes = [
            *Job.Meta.indexes,
            # Says whether mass mail goes on.
            models.Index(
                fields=["finished_at"], name="delivery_delivery_bulk_done", condition=Q(queue="bulk")
            ),
            # Finds what is to be blanked among all that was blanked long ago.
            models.Index(fields=["finished_at"], name="delivery_delivery_worded", condition=~Q(text="")),
            models.Index(
                fields=["turn", "id"], name="delivery_delivery_turn", condition=Q(turn__isnull=False)
            ),
            models.Index(
                fields=["institution", "turn"],
                name="delivery_delivery_turns",
                condition=Q(turn__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"

    @property
    def is_unsubscribable(self) -> bool:
        return kinds.kind_of(self.kind).can_stop

    @property
    def is_secret(self) -> bool:
        return kinds.kind_of(self.kind).secret


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def for_address(self, address: str) -> Self:
        return self.filter(address_key=casefold_key(address))

    def allows(self, address: str, kind: str, recipient: User | None = None) -> bool:
        """Whether an address, the person's where one is given, is written to with a message of this kind."""
        return not self.held_back([(address, kind, recipient.pk if recipient else None)])

    def held_back(self, messages: Collection[To]) -> set[To]:
        """Those of the messages (address, kind, the recipient's id or None) that must not be sent: the address is not
        written to, or its person does not want messages of this kind.

        A refusal by the mail server doesn't hold back what the person asks for themselves: else a mailbox
        that was full once would lock them out for good.
        """
        suppressions = self.filter(address_key__in={casefold_key(address) for address, *_ in messages})
        stops = {(s.address_key, s.kind, s.reason) for s in suppressions}
        return OptOut.objects.held_back(messages) | {
            (address, kind, recipient)
            for address, kind, recipient in messages
            for key, of, reason in stops
            if key == casefold_key(address)
            and of in ("", kind)
            and not (reason == Suppression.Reason.REFUSED and kinds.kind_of(kind).asked_for)
        }


class Suppression(models.Model):
    """An address that is not written to: for one kind of message, or, with an empty kind, for all."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        REFUSED = "refused", _("refused by its mail server")
        BY_HAND = "by-hand", _("added by staff")

    address_key = models.CharField(_("address"), max_length=254)
    kind = models.CharField(_("kind"), max_length=12, choices=kinds.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    at = models.DateTimeField(_("since"), default=timezone.now)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
        constraints = [
            models.UniqueConstraint(fields=["address_key", "kind"], name="delivery_suppression_unique"),
            models.CheckConstraint(
                name="delivery_suppression_address_not_empty", condition=~Q(address_key="")
            ),
        ]

    def __str__(self) -> str:
        # Without the address: the admin's log keeps what a row was called.
        return f"{self.kind or '*'} ({self.reason})"


class OptOutQuerySet(models.QuerySet["OptOut"]):
    def held_back(self, messages: Collection[To]) -> set[To]:
        """Those of the messages (address, kind, the recipient's id or None) whose person does not want them. Whose an
        address is without a recipient, is told by who has shown that it is theirs.
        """
        asked = [one for one in messages if kinds.kind_of(one[1]).can_stop]
        people = {recipient for _address, _kind, recipient in asked if recipient}
        addresses = {User.normalise_address(address) for address, _kind, recipient in asked if not recipient}
        # By the person's id, or by an address that is theirs.
        stops: set[tuple[int | str | None, str]] = set()
        if people:
            stops |= set(self.filter(user__in=people).values_list("user", "kind"))
        if addresses:
            proven = self.filter(user__emailaddress__email__in=addresses, user__emailaddress__verified=True)
            stops |= set(proven.values_list("user__emailaddress__email", "kind"))
        return {
            (address, kind, recipient)
            for address, kind, recipient in asked
            if (recipient or User.normalise_address(address), kind) in stops
        }


class OptOut(models.Model):
    """A person does not want messages of this kind, at whichever address they have."""

    user = models.ForeignKey(User, models.PROTECT, related_name="opt_outs")
    kind = models.CharField(max_length=12, choices=kinds.choices)
    at = models.DateTimeField(default=timezone.now)

    objects = OptOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="delivery_optout_unique"),
            # Which kinds can be stopped is not the table's to know: `opt_out` refuses the others.
            models.CheckConstraint(name="delivery_optout_kind_not_empty", condition=~Q(kind="")),
        ]

    def __str__(self) -> str:
        return self.kind
