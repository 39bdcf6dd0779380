"""Everything that leaves."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.lib.fields import public_id
from maarifa.lib.models import WorkQuerySet, WorkRow
from maarifa.lib.text import casefold_key


class Delivery(WorkRow):
    """A message owed to an address, written in the recipient's language when it was decided.

    `key` names the occasion, so that deciding twice owes once. `message_id` stays the same however often the
    message is handed to the mail server.
    """

    class Kind(models.TextChoices):
        SIGN_IN = "sign-in", _("sign-in code")
        ACCOUNT = "account", _("about the account")
        INVITATION = "invitation", _("invitation")
        CERTIFICATE = "certificate", _("certificate")
        REMINDER = "reminder", _("reminder")
        LEARNING = "learning", _("about a course that the person takes")

    UNSUBSCRIBABLE = {Kind.REMINDER, Kind.INVITATION}
    # They hold a code or a link that lets somebody in.
    SECRET = {Kind.SIGN_IN, Kind.ACCOUNT, Kind.INVITATION}
    # The person asked for it just now.
    ASKED_FOR = {Kind.SIGN_IN, Kind.ACCOUNT}

    public_id = public_id()
    key = models.CharField(_("occasion"), max_length=120, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    recipient = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="deliveries", verbose_name=_("recipient")
    )
    address = models.EmailField(_("address"))
    language = models.CharField(_("language"), max_length=15)
    subject = models.CharField(_("subject"), max_length=255)
    text = models.TextField(_("plain text"))
    html = models.TextField(_("HTML"), blank=True)
    message_id = models.CharField(_("number of the message"), max_length=255, unique=True, editable=False)

    objects = WorkQuerySet.as_manager()

    class Meta(WorkRow.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            *WorkRow.Meta.constraints,
            models.CheckConstraint(name="delivery_delivery_key_not_empty", condition=~Q(key="")),
            models.CheckConstraint(name="delivery_delivery_address_not_empty", condition=~Q(address="")),
        ]
        indexes = [
            *WorkRow.Meta.indexes,
            # Finds what is to be blanked among all that was blanked long ago.
            models.Index(fields=["finished_at"], name="delivery_delivery_worded", condition=~Q(text="")),
        ]

    def __str__(self):
        return f"{self.kind}: {self.subject}"

    @property
    def is_unsubscribable(self) -> bool:
        return self.kind in self.UNSUBSCRIBABLE

    @property
    def is_secret(self) -> bool:
        return self.kind in self.SECRET


class SuppressionQuerySet(models.QuerySet):
    def for_address(self, address: str):
        return self.filter(address_key=casefold_key(address))

    def allows(self, address: str, kind: str, recipient=None) -> bool:
        """Whether an address, the person's where one is given, is written to with a message of this kind."""
        return not self.held_back([(address, kind, recipient and recipient.pk)])

    def held_back(self, messages) -> set:
        """Those of the messages (address, kind, the recipient's id or None) that must not be sent: the address is not
        written to, or its person does not want messages of this kind.

        A refusal by the mail server doesn't hold back what the person asks for themselves: else a mailbox
        that was full once would lock them out for good.
        """
        found = self.filter(address_key__in={casefold_key(address) for address, *_ in messages})
        stops = {(s.address_key, s.kind, s.reason) for s in found}
        return OptOut.objects.held_back(messages) | {
            (address, kind, recipient)
            for address, kind, recipient in messages
            for key, of, reason in stops
            if key == casefold_key(address)
            and of in ("", kind)
            and not (reason == Suppression.Reason.REFUSED and kind in Delivery.ASKED_FOR)
        }


class Suppression(models.Model):
    """An address that is not written to: for one kind of message, or, with an empty kind, for all."""

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        REFUSED = "refused", _("refused by its mail server")
        BY_HAND = "by-hand", _("set by hand")

    address_key = models.CharField(_("address"), max_length=254)
    kind = models.CharField(_("kind"), max_length=12, choices=Delivery.Kind, blank=True)
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

    def __str__(self):
        # Without the address: the admin's log keeps what a row was called.
        return f"{self.kind or '*'} ({self.reason})"


class OptOutQuerySet(models.QuerySet):
    def held_back(self, messages) -> set:
        """Those of the messages (address, kind, the recipient's id or None) whose person does not want them. Whose an
        address is without a recipient, is told by who has shown that it is theirs.
        """
        asked = [one for one in messages if one[1] in Delivery.UNSUBSCRIBABLE]
        people = {recipient for _address, _kind, recipient in asked if recipient}
        addresses = {User.normalise_address(address) for address, _kind, recipient in asked if not recipient}
        stops = set(self.filter(user__in=people).values_list("user", "kind")) if people else set()
        if addresses:
            proven = self.filter(user__emailaddress__email__in=addresses, user__emailaddress__verified=True)
            stops |= set(proven.values_list("user__emailaddress__email", "kind"))
        return {one for one in asked if (one[2] or User.normalise_address(one[0]), one[1]) in stops}


class OptOut(models.Model):
    """A person does not want messages of this kind, at whichever address they have."""

    user = models.ForeignKey(User, models.PROTECT, related_name="opt_outs")
    kind = models.CharField(max_length=12, choices=Delivery.Kind)
    at = models.DateTimeField(default=timezone.now)

    objects = OptOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("unwanted kind of message")
        verbose_name_plural = _("unwanted kinds of message")
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="delivery_optout_unique"),
            models.CheckConstraint(
                name="delivery_optout_can_be_stopped", condition=Q(kind__in=["invitation", "reminder"])
            ),
        ]

    def __str__(self):
        return self.kind
