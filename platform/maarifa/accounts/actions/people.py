"""Making an account, and what its owner changes."""

import secrets
import unicodedata
from contextlib import suppress
from datetime import datetime
from typing import TypedDict, Unpack

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.actions.consents import give_consent
from maarifa.accounts.actions.mail import queue_mail
from maarifa.accounts.models import USERNAME_WRONG as USERNAME_SENTENCE
from maarifa.accounts.models import Consent, User
from maarifa.lib.errors import DomainError
from maarifa.lib.names import NameProblem, check_name
from maarifa.lib.text import clean_name
from maarifa.lib.zones import is_zone


class AccountError(DomainError):
    USERNAME_TAKEN = "USERNAME_TAKEN"
    USERNAME_WRONG = "USERNAME_WRONG"
    EMAIL_TAKEN = "EMAIL_TAKEN"
    EMAIL_WRONG = "EMAIL_WRONG"
    FULL_TODAY = "FULL_TODAY"
    FULL_TODAY_ASK_NOBODY = "FULL_TODAY_ASK_NOBODY"
    NAME_MISSING = "NAME_MISSING"
    NAME_NOT_LATIN = "NAME_NOT_LATIN"
    MESSAGES = {
        USERNAME_TAKEN: _("This user name is taken. Choose another one."),
        USERNAME_WRONG: USERNAME_SENTENCE,
        EMAIL_TAKEN: _("An account with this e-mail address already exists."),
        EMAIL_WRONG: _("This is not an e-mail address. Write it like this: amina@example.org."),
        FULL_TODAY: _(
            "Too many people have created an account in the last 24 hours. Try again %(when)s. If you "
            "cannot wait, contact %(contact)s."
        ),
        FULL_TODAY_ASK_NOBODY: _(
            "Too many people have created an account in the last 24 hours. Try again %(when)s. If you "
            "cannot wait, contact the people who told you about the course."
        ),
        NAME_MISSING: _("Write your name as it should appear on the certificate."),
        NAME_NOT_LATIN: _("Write the name in Latin letters here. Many people cannot read other scripts."),
        **NameProblem.MESSAGES,
    }


def create_account(
    *,
    username: str | None = None,
    name: str,
    email: str | None = None,
    address_proven: bool = False,
    password: str | None = None,
    language: str,
    time_zone: str = "",
    at: datetime | None = None,
) -> User:
    """A new person. Without a user name one is made up; without a password they sign in by a code or a link.

    The address counts once somebody has shown that they read its mail; until then nobody enters by password.
    Refuses USERNAME_TAKEN, USERNAME_WRONG, EMAIL_TAKEN, EMAIL_WRONG, and a name as `lib.names.check_name`.
    """
    username = User.normalise_username(username) if username else User.objects.new_username()
    email = User.normalise_address(email)
    _check_username(username)
    name = _checked(name)
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise AccountError(AccountError.EMAIL_WRONG, email=email)
    at = at or timezone.now()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                username,
                password,
                email=email,
                name=name,
                language=language,
                time_zone=time_zone,
                date_joined=at,
            )
            if email:
                EmailAddress.objects.create(user=user, email=email, primary=True, verified=address_proven)
            return user
    except IntegrityError:
        # The constraint decides, so that two at once can't both win; which of the two it was is asked
        # afterwards.
        if User.objects.filter(username=username).exists():
            raise AccountError(AccountError.USERNAME_TAKEN, username=username)
        raise AccountError(AccountError.EMAIL_TAKEN, email=email)


def sign_up(
    *,
    username: str | None = None,
    name: str,
    email: str | None = None,
    password: str,
    language: str,
    words: str,
    time_zone: str = "",
    at: datetime | None = None,
) -> User:
    """A person makes an account, and agrees to the terms in the words shown. Refuses as `create_account`.

    `time_zone` is what their browser told; what is no zone is as good as nothing, and they are asked later.
    """
    at = at or timezone.now()
    with transaction.atomic():
        user = create_account(
            username=username,
            name=name,
            email=email,
            password=password,
            language=language,
            time_zone=time_zone if is_zone(time_zone) else "",
            at=at,
        )
        give_consent(user=user, purpose=Consent.Purpose.TERMS, words=words, language=language, at=at)
        return user


class SignUp(TypedDict):
    """What `sign_up` is given."""

    username: str | None
    name: str
    email: str | None
    password: str
    language: str
    words: str
    time_zone: str


def pretend_sign_up(**given: Unpack[SignUp]) -> None:
    """The work of `sign_up`, of which nothing stays: for an address that has an account already. Never refuses."""
    with transaction.atomic(), suppress(AccountError):
        if given["email"]:
            given["email"] = f"{secrets.token_hex(8)}.{given['email']}"[:254]
        sign_up(**given)
        transaction.set_rollback(True)


def confirm_address(*, user: User, address: str, at: datetime | None = None) -> bool:
    """The person has shown that they read mail sent to this address, by a link from it, say.

    It becomes their address where they have none. False, and nothing changes, where somebody else has proven
    that it is theirs. Never refuses.
    """
    address = User.normalise_address(address) or ""
    with transaction.atomic():
        if EmailAddress.objects.filter(email=address, verified=True).exclude(user=user).exists():
            return False
        release_unproven_claims(address=address, user=user)
        if not user.email:
            user.email = address
            user.save(update_fields=["email"])
        email_address, _created = EmailAddress.objects.get_or_create(user=user, email=address)
        if not email_address.verified:
            email_address.verified = True
            email_address.primary = (
                user.email == address
                and not EmailAddress.objects.filter(user=user, primary=True)
                .exclude(pk=email_address.pk)
                .exists()
            )
            email_address.save(update_fields=["verified", "primary"])
        return True


def replace_address(*, user: User, address: str | None, at: datetime | None = None) -> None:
    """Staff wrote down another address for the person, or none: it counts once they have shown it to be
    theirs.

    Every session ends, and addresses that were theirs are told, so that the person notices. Never refuses; the caller
    has looked that nobody has it.
    """
    address = User.normalise_address(address)
    with transaction.atomic():
        proven = EmailAddress.objects.filter(user=user, verified=True).exclude(email=address or "")
        for old in proven.values_list("email", flat=True):
            queue_mail(
                message="address_replaced",
                kind="account",
                address=old,
                language=user.language,
                context={"to_email": address or ""},
                recipient=user,
                at=at,
            )
        EmailAddress.objects.filter(user=user).delete()
        user.email = address
        user.save(update_fields=["email"])
        if address:
            EmailAddress.objects.create(user=user, email=address, primary=True, verified=False)
        sign_out_everywhere(user=user)


def release_unproven_claims(*, address: str, user: User, at: datetime | None = None) -> None:
    """Take an address from every other account that has only written it down: `user` has shown it to be
    theirs.

    Never refuses.
    """
    address = User.normalise_address(address) or ""
    with transaction.atomic():
        proven = EmailAddress.objects.filter(email=address, verified=True).values("user")
        EmailAddress.objects.filter(email=address, verified=False).exclude(user=user).delete()
        User.objects.filter(email=address).exclude(pk=user.pk).exclude(pk__in=proven).update(email=None)


def set_password_and_names(
    *,
    user: User,
    password: str | None = None,
    name: str | None = None,
    language: str | None = None,
    time_zone: str = "",
    at: datetime | None = None,
) -> User:
    """The person takes over an account that somebody else made: a password of their own, the name as they
    write it.

    What is None stays, and so does the zone where `time_zone` is none. A new password ends every other session.
    Refuses NAME_MISSING for an empty name.
    """
    changed = []
    if name is not None:
        user.name = _checked(name)
        if not user.name:
            raise AccountError(AccountError.NAME_MISSING)
        changed += ["name", "name_search", "name_sort"]
    if language is not None:
        user.language = language
        changed.append("language")
    if is_zone(time_zone):
        user.time_zone = time_zone
        changed.append("time_zone")
    if password is not None:
        user.set_password(password)
        changed.append("password")
    user.save(update_fields=changed)
    return user


def change_settings(
    *, user: User, name: str, language: str, time_zone: str, at: datetime | None = None
) -> User:
    """The person changes what their page of the account shows. Refuses NAME_MISSING.

    The names on certificates stay: they are confirmed by themselves, see `confirm_names`.
    """
    user.name = _checked(name)
    if not user.name:
        raise AccountError(AccountError.NAME_MISSING)
    user.language = language
    user.time_zone = time_zone
    user.save(update_fields=["name", "name_search", "name_sort", "language", "time_zone"])
    return user


def change_language(*, user: User, language: str, at: datetime | None = None) -> None:
    """From now on the account, its mails and new certificates are in this language. Never refuses."""
    if language in dict(settings.LANGUAGES) and language != user.language:
        user.language = language
        user.save(update_fields=["language"])


def confirm_names(*, user: User, name: str, name_latin: str, at: datetime | None = None) -> User:
    """The person says how certificates shall name them: in their own script, and in Latin letters.

    Refuses as `names_for_certificates`.
    """
    name, name_latin = names_for_certificates(name=name, name_latin=name_latin)
    user.certificate_name = name
    user.certificate_name_latin = name_latin
    user.names_confirmed_at = at or timezone.now()
    user.save(update_fields=["certificate_name", "certificate_name_latin", "names_confirmed_at"])
    return user


def names_for_certificates(*, name: str, name_latin: str) -> tuple[str, str]:
    """The names as they would be printed, in their own script and in Latin letters.

    A name that is in Latin letters already needs no second one. Refuses NAME_MISSING, NAME_NOT_LATIN where the
    second is missing or isn't in Latin letters, and what cannot be a name, as `lib.names.check_name`.
    """
    name, name_latin = _checked(name), clean_name(name_latin)
    if not name:
        raise AccountError(AccountError.NAME_MISSING)
    if not name_latin and _is_latin(name):
        name_latin = name
    if not _is_latin(name_latin):
        raise AccountError(AccountError.NAME_NOT_LATIN)
    return name, _checked(name_latin)


def note_sign_out(*, user: User, at: datetime | None = None) -> None:
    """Forms of pages that were loaded before are no longer kept without a session. Never refuses."""
    User.objects.filter(pk=user.pk).update(signed_out_at=at or timezone.now())


def sign_out_everywhere(*, user: User, at: datetime | None = None) -> None:
    """End every session of this person, on every device. Never refuses."""
    note_sign_out(user=user, at=at)
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


def drop_password(*, user: User, at: datetime | None = None) -> None:
    """Nobody enters with the old password any more, and every session ends. Never refuses."""
    user.set_unusable_password()
    User.objects.filter(pk=user.pk).update(password=user.password, session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


def keep_password(*, user: User, password: str, at: datetime | None = None) -> None:
    """The password that the person signed in with is kept in normal form from now on. Never refuses."""
    user.set_password(password)
    user.save(update_fields=["password"])
    user.password_in_another_form = False


def _check_username(username: str) -> None:
    try:
        User.check_username(username)
    except ValidationError:
        raise AccountError(AccountError.USERNAME_WRONG, username=username)


def _checked(name: str) -> str:
    """The name as it is kept. Refuses what cannot be one."""
    name = clean_name(name)
    try:
        check_name(name)
    except NameProblem as problem:
        raise AccountError(problem.code, **problem.params) from None
    return name


def _is_latin(name: str) -> bool:
    """True for a name whose letters are all Latin; accents, hyphens and apostrophes are part of it."""
    letters = [c for c in name if c.isalpha()]
    return bool(letters) and all("LATIN" in unicodedata.name(c, "") or c in "ʻʼʽʾʿ" for c in letters)
