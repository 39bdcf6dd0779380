"""Who stands behind a cohort."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Concat, Length, Right
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.models import User
from maarifa.lib.constraints import CompositeForeignKey
from maarifa.lib.fields import (
    KeyField,
    LanguageField,
    LineField,
    NameField,
    TimeZoneField,
    key_is_valid,
    public_id,
)

# The longest path of a unit, in characters.
PATH_LENGTH = 500


class Institution(models.Model):
    public_id = public_id()
    key = KeyField(_("key"), unique=True)
    name = NameField(_("name"), max_length=200)
    language = LanguageField(_("language"), default=settings.LANGUAGE_CODE)
    time_zone = TimeZoneField(_("time zone"), default="UTC")
    contact = LineField(
        _("contact for learners"),
        max_length=200,
        blank=True,
        help_text=_("The name of a person or an office, as learners will see it."),
    )
    contact_email = models.EmailField(_("contact e-mail address"), blank=True)
    contact_phone = LineField(_("contact phone number"), max_length=40, blank=True)
    created_at = models.DateTimeField(_("created on"), default=timezone.now, editable=False)
    retired_at = models.DateTimeField(_("closed on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["name", "id"]
        constraints = [key_is_valid("institutions_institution_key_valid")]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    def below(self, unit: "Unit") -> Self:
        """The unit itself and everything under it."""
        return self.filter(institution_id=unit.institution_id, path__startswith=unit.path)

    def visible_to(self, user: User) -> Self:
        """The units in the subtrees where the person holds a role now."""
        return self._in_subtrees(Membership.objects.current().filter(user_id=user.pk))

    def managed_by(self, user: User) -> Self:
        """The units in the subtrees where the person is a coordinator now."""
        roles = Membership.objects.current().filter(user_id=user.pk, role=Membership.Role.COORDINATOR)
        return self._in_subtrees(roles)

    def _in_subtrees(self, memberships: "MembershipQuerySet") -> Self:
        held = memberships.filter(
            unit__institution_id=models.OuterRef("institution_id"),
            unit__institution__retired_at__isnull=True,
        ).annotate(inside=models.functions.StrIndex(models.OuterRef("path"), models.F("unit__path")))
        return self.filter(models.Exists(held.filter(inside=1)))


class Unit(models.Model):
    """A part of an institution: the tree that a coordinator's scope is cut from. The root bears its name.

    `path` is made of the keys from the root down, each ended by a slash.
    """

    public_id = public_id()
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="units", verbose_name=_("institution")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent unit")
    )
    key = KeyField(_("key"))
    path = models.CharField(_("path"), max_length=PATH_LENGTH, editable=False)
    name = LineField(_("name"), max_length=200)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["institution", "path"], name="institutions_unit_path_unique"),
            models.UniqueConstraint(
                fields=["institution"], condition=Q(parent__isnull=True), name="institutions_unit_one_root"
            ),
            models.CheckConstraint(name="institutions_unit_path_ends", condition=Q(path__endswith="/")),
            models.CheckConstraint(
                name="institutions_unit_not_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")),
            ),
            key_is_valid("institutions_unit_key_valid"),
            models.CheckConstraint(
                name="institutions_unit_path_is_of_keys",
                condition=Q(parent__isnull=True, path=Concat("key", Value("/")))
                | Q(
                    Exact(Right("path", Length("key") + 2), Concat(Value("/"), "key", Value("/"))),
                    parent__isnull=False,
                ),
            ),
            # Units point at their parent with their institution.
            models.UniqueConstraint(fields=["institution", "id"], name="institutions_unit_of_institution"),
            CompositeForeignKey(
                field="parent",
                mine="institution",
                theirs="institution",
                name="institutions_unit_parent_of_its_institution",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(ended_at__isnull=True)


class Membership(models.Model):
    """A person's role on the staff of a unit and of everything under it."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator: enrols and follows learners")
        OBSERVER = "observer", _("observer: follows learners, but changes nothing")

    public_id = public_id()
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=12, choices=Role)
    granted_at = models.DateTimeField(_("granted on"), default=timezone.now, editable=False)
    granted_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("granted by"),
    )
    ended_at = models.DateTimeField(_("ended on"), null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff role")
        verbose_name_plural = _("staff roles")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit"],
                condition=Q(ended_at__isnull=True),
                name="institutions_membership_one_current",
            ),
            models.CheckConstraint(
                name="institutions_membership_ends_after_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("granted_at")),
            ),
        ]

    def __str__(self) -> str:
        # Nameless: the admin's log keeps what a row was called.
        return f"{self.unit} ({self.role})"


class ManagedAccount(models.Model):
    """An account that an institution made for somebody without an e-mail address.

    Only such an account's credential may be reset by the institution, and only while it has no verified address
    and while its person is in no cohort of another institution.
    """

    user = models.OneToOneField(User, models.PROTECT, related_name="managed", verbose_name=_("person"))
    institution = models.ForeignKey(
        Institution, models.PROTECT, related_name="managed_accounts", verbose_name=_("institution")
    )
    created_at = models.DateTimeField(_("created on"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("account created by an institution")
        verbose_name_plural = _("accounts created by institutions")
