"""Who someone is."""

import secrets
import unicodedata
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.lib.fields import (
    LanguageField,
    NameField,
    SearchKeyField,
    SortKeyField,
    TimeZoneField,
    public_id,
)
from maarifa.lib.text import casefold_key, clean_name, nfc, one_line
from maarifa.lib.zones import zone_or_utc

USERNAME_WRONG = _(
    "Use only letters, digits and . - + _ in a user name, without spaces. An e-mail address cannot be "
    "a user name."
)


def _drawn_username() -> str:
    return "m" + "".join(secrets.choice("23456789abcdefghjkmnpqrstvwxyz") for _ in range(7))


def validate_username_letters(value: str) -> None:
    """Letters of any script with their marks, digits, and . - + _; something to see before the first mark."""
    kinds = [unicodedata.category(c)[0] for c in value]
    known = all(kind in "LMN" or c in ".-+_" for kind, c in zip(kinds, value, strict=True))
    if not known or (kinds and kinds[0] == "M"):
        raise ValidationError(USERNAME_WRONG, code="invalid")


class UserManager(BaseUserManager["User"]):
    use_in_migrations = False

    def open(self) -> models.QuerySet["User"]:
        """Accounts that have been neither closed nor erased."""
        return self.filter(closed_at__isnull=True)

    def create_user(
        self,
        username: str,
        password: str | None = None,
        *,
        email: str | None = None,
        name: str = "",
        **fields: Any,
    ) -> "User":
        """A person. The user name is stored NFKC and casefolded, the e-mail address in small letters or not
        at all.
        """
        user = self.model(
            username=self.model.normalise_username(username),
            email=self.model.normalise_address(email),
            name=clean_name(name),
            **fields,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(username, password, is_staff=True, is_superuser=True, **fields)

    def named(self, typed: str) -> "User | None":
        """The person who signs in by this user name or e-mail address; None where there is none."""
        if "@" in typed:
            address = self.model.normalise_address(typed)
            # Who has shown that an address is theirs goes before who has only written it down.
            proven = self.filter(emailaddress__email=address, emailaddress__verified=True).first()
            return proven or self.filter(email=address).first()
        return self.filter(username=self.model.normalise_username(typed)).first()

    def new_username(self) -> str:
        """A user name that nobody has, for a person who signs in by e-mail and needs none: easy to read
        out.
        """
        return self.new_usernames(1)[0]

    def new_usernames(self, count: int) -> list[str]:
        """So many of them, all different, asked for at once."""
        names: list[str] = []
        while len(names) < count:
            drawn = {_drawn_username() for _ in range(count - len(names))} - set(names)
            names += sorted(drawn - set(self.filter(username__in=drawn).values_list("username", flat=True)))
        return names

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=self.model.normalise_username(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. The account belongs to the person, never to an institution."""

    public_id = public_id(_("public ID"))
    username = models.CharField(
        _("user name"),
        max_length=150,
        unique=True,
        validators=[validate_username_letters],
        error_messages={"unique": _("This user name is taken. Choose another one.")},
    )
    # Unique where given: an empty text could be given once only.
    email = models.EmailField(_("e-mail address"), null=True, blank=True)  # noqa: DJ001 - see above
    name = NameField(
        _("name"), max_length=200, blank=True, help_text=_("As you usually write it, in any script.")
    )
    name_search = SearchKeyField(source="name")
    name_sort = SortKeyField(source="name")
    certificate_name = NameField(
        _("name on certificates, in the person’s own alphabet"), max_length=200, blank=True
    )
    certificate_name_latin = NameField(
        _("name on certificates, in Latin letters"), max_length=200, blank=True
    )
    names_confirmed_at = models.DateTimeField(_("names confirmed on"), null=True, blank=True, editable=False)
    language = LanguageField(_("language"), default=settings.LANGUAGE_CODE)
    # Empty until the person has said, or their browser: never a zone that nobody chose.
    time_zone = TimeZoneField(_("time zone"), blank=True, default="")
    is_staff = models.BooleanField(_("access to the admin site"), default=False)
    is_active = models.BooleanField(_("sign-in allowed"), default=True)
    date_joined = models.DateTimeField(_("account created on"), default=timezone.now, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    signed_out_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed on"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased on"), null=True, blank=True, editable=False)

    objects = UserManager()

    # Whether the password that was checked last is kept as it was typed, not in normal form.
    password_in_another_form = False

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    # What createsuperuser asks for besides: without an address there is no way back in.
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name_sort", "id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_unique"),
            models.UniqueConstraint(Lower("username"), name="accounts_user_username_unique"),
            models.CheckConstraint(name="accounts_user_email_not_empty", condition=~Q(email="")),
            models.CheckConstraint(name="accounts_user_username_not_empty", condition=~Q(username="")),
            # Somebody's address as a stranger's user name would let the stranger pass for them.
            models.CheckConstraint(
                name="accounts_user_username_no_address", condition=~Q(username__contains="@")
            ),
            # As far as two databases agree on what a capital is: no Latin, Greek or Cyrillic one, none of full width.
            models.CheckConstraint(
                name="accounts_user_username_folded",
                condition=~Q(username__regex="[A-ZÀ-ÖØ-ÞΑ-ΩЀ-Я！-～]"),
            ),
            models.CheckConstraint(
                name="accounts_user_erased_is_closed",
                condition=Q(erased_at__isnull=True) | Q(closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="accounts_user_confirmed_has_names",
                condition=Q(names_confirmed_at__isnull=True) | ~Q(certificate_name=""),
            ),
        ]
        indexes = [
            models.Index(fields=["name_sort"], name="accounts_user_name_sort"),
            # Addresses are looked up as they are stored; the constraint's own index knows only LOWER(email).
            models.Index(fields=["email"], name="accounts_user_email"),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    @classmethod
    def normalise_username(cls, username: str) -> str:
        return casefold_key(username)

    normalize_username = normalise_username

    @classmethod
    def normalise_address(cls, address: str | None) -> str | None:
        """Small letters, but not casefolded: a folded ß is another domain. None for none."""
        return one_line(address).lower() or None if address else None

    @classmethod
    def check_username(cls, username: str) -> None:
        """A ValidationError where this can't be a user name."""
        User._meta.get_field("username").run_validators(username)
        if "@" in username or len(username) > 150:
            raise ValidationError(
                _("A user name cannot contain @. Remove it, or choose another user name."), code="address"
            )

    def get_session_auth_hash(self) -> str:
        """Sessions end when the password changes or the epoch moves on: a lost phone signs itself out."""
        return f"{super().get_session_auth_hash()}-{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the secret keys of before, for sessions that began then."""
        for before in super().get_session_auth_fallback_hash():
            yield f"{before}-{self.session_epoch}"

    def set_password(self, raw_password: str | None) -> None:
        """Kept in normal form C: what is typed on another keyboard looks the same and is the same."""
        super().set_password(nfc(raw_password) if raw_password else raw_password)

    def check_password(self, raw_password: str | None) -> bool:
        """In normal form C first; then as it was typed, for a password set before there was one form."""
        if not raw_password:
            return super().check_password(raw_password)
        normal = nfc(raw_password)
        if super().check_password(normal):
            return True
        self.password_in_another_form = normal != raw_password and super().check_password(raw_password)
        return self.password_in_another_form

    def save(self, *args: Any, **kwargs: Any) -> None:
        # allauth writes "" for "none".
        self.email = self.email or None
        super().save(*args, **kwargs)

    @property
    def clocks(self) -> tzinfo:
        """The zone of the person's clocks; UTC as long as nobody has said."""
        return zone_or_utc(self.time_zone)

    @property
    def interface_language(self) -> str:
        """In which the interface and messages speak to the person: theirs, unless it has none of them any longer."""
        known = dict(settings.LANGUAGES)
        return self.language if self.language in known else settings.LANGUAGE_CODE

    def has_verified_email(self) -> bool:
        """True where the person has shown that they read the mail of an address of theirs."""
        return self.emailaddress_set.filter(verified=True).exists()

    def clean(self) -> None:
        self.username = self.normalise_username(self.username)
        self.email = self.normalise_address(self.email)
        self.name = clean_name(self.name)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name or self.username
