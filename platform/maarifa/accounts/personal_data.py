"""What this app's tables hold of people, and those of allauth and Django that stand below it."""

import json

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q

from maarifa.accounts.models import User
from maarifa.lib.personal_data import PersonalDataEntry, everything_held

_ACCOUNT = "until the account is erased"


def _log_entries_about(user: User) -> Q:
    """Entries on the person and on every row that is theirs, in any app: each says what the row was called."""
    logged = ContentType.objects.filter(pk__in=LogEntry.objects.order_by().values("content_type"))
    kinds = {kind.model_class(): kind for kind in logged}
    where = Q(pk__in=[])
    for held in everything_held():
        kind = kinds.get(held.get_model())
        if kind is not None and held.fields and kind.model_class() is not LogEntry:
            rows = [str(pk) for pk in held.rows_of(user).values_list("pk", flat=True)]
            where |= Q(content_type=kind, object_id__in=rows)
    return where


def _sessions_of(user: User) -> Q:
    """Sessions that are signed in as the person, or in which somebody asked for a code to their address."""
    number = str(user.pk)
    known = {user.email, *user.emailaddress_set.values_list("email", flat=True)} - {None}
    addresses = {json.dumps(address) for address in known}
    keys = []
    for session in Session.objects.iterator():
        data = session.get_decoded()
        text = json.dumps(data)
        if data.get("_auth_user_id") == number or any(address in text for address in addresses):
            keys.append(session.pk)
    return Q(pk__in=keys)


PERSONAL_DATA = [
    PersonalDataEntry(
        model="account.EmailConfirmation",
        fields={"email_address": "the address to confirm", "sent": "when the link was sent"},
        purpose="to confirm an e-mail address (this site sends codes instead, so this table stays empty)",
        retention="a few days",
        person="email_address__user",
        on_erasure="delete",
        why="of no use without the address",
    ),
    PersonalDataEntry(
        model="account.EmailAddress",
        fields={
            "email": "e-mail address",
            "verified": "whether the person has confirmed the address",
            "primary": "whether we send messages to this address",
        },
        purpose="to let the person sign in, and to send them messages",
        retention=_ACCOUNT,
        person="user",
        on_erasure="delete",
        why="nothing points at it",
    ),
    PersonalDataEntry(
        model="accounts.AddressChange",
        fields={
            "old": "the old address",
            "new": "the new address",
            "changed_at": "when it was changed",
            "undone_at": "when the old address was restored",
        },
        purpose="to restore the old address if someone else changed it",
        retention="7 days",
        person="user",
        on_erasure="delete",
        why="no one needs to restore it any more",
    ),
    PersonalDataEntry(
        model="mfa.Authenticator",
        fields={
            "type": "kind of second step: app, passkey or backup codes",
            "data": "its key",
            "created_at": "when it was added",
            "last_used_at": "when it was last used",
        },
        purpose="to protect the account: only this person can sign in",
        retention=_ACCOUNT,
        person="user",
        on_erasure="delete",
        why="nobody comes in any more",
        secret=frozenset({"data"}),
    ),
    PersonalDataEntry(
        model="accounts.Consent",
        fields={
            "purpose": "what the person agreed to",
            "subject": "which group it is about",
            "words": "the text that was shown",
            "language": "language of the text",
            "given_at": "when consent was given",
            "withdrawn_at": "when consent was withdrawn",
        },
        purpose="to prove that the person agreed",
        retention="permanently",
        person="user",
        on_erasure="keep",
        why="it proves that data was kept with consent; it contains no name",
    ),
    PersonalDataEntry(
        model="accounts.AuditEntry",
        fields={
            "at": "when",
            "action": "what staff did with the person's data",
            "institution": "on whose behalf",
            "details": "which records",
        },
        purpose="to record who saw or changed a person's data",
        retention="permanently",
        person="on_user",
        on_erasure="keep",
        why="append-only, or it would prove nothing; it names people by their rows, which are blanked",
    ),
    PersonalDataEntry(
        model="accounts.AuditEntry",
        fields={"actor": "who did it", "request_id": "ID of the request"},
        purpose="to record who saw or changed a person's data",
        retention="permanently",
        person="actor",
        on_erasure="keep",
        why="as above; people who work with other people's data remain accountable after they leave",
    ),
    PersonalDataEntry(
        model="admin.LogEntry",
        fields={
            "action_time": "when",
            "object_repr": "what was changed in the admin site",
            "change_message": "how it was changed",
        },
        purpose="to record changes made in the admin site",
        retention="permanently",
        person="user",
        on_erasure="keep",
        why="the work of staff on content and settings; it names its author by the row, which is blanked",
    ),
    PersonalDataEntry(
        model="admin.LogEntry",
        fields={
            "object_repr": "the person's name at the time of a change by staff",
            "change_message": "what was changed",
        },
        purpose="to record changes made in the admin site",
        retention=_ACCOUNT,
        person=_log_entries_about,
        on_erasure="blank",
        why="the name in it is the person's; that and when something was done stays",
    ),
    PersonalDataEntry(
        model="sessions.Session",
        fields={
            "session_data": "account number, how the person signed in, and the address to which a code was sent"
        },
        purpose="to keep a person signed in on a device",
        retention="at most 60 days after the last use",
        person=_sessions_of,
        on_erasure="delete",
        why="nobody comes in any more",
        secret=frozenset({"session_data"}),
    ),
    PersonalDataEntry(
        model="accounts.KeptPost",
        fields={
            "page": "the page with the form",
            "fields": "what the person typed",
            "kept_at": "when it was sent",
        },
        purpose="to keep what was sent after a session had ended, or could not be processed yet",
        retention="at most 14 days",
        person="person",
        on_erasure="delete",
        why="nobody comes back for it",
    ),
    PersonalDataEntry.nothing("auth.Group", why="names of sets of rights"),
    PersonalDataEntry(
        model="accounts.RecoveryCode",
        fields={
            "digest": "fingerprint (digest) of the code",
            "made_at": "when it was created",
            "used_at": "when it was used",
            "replaced_at": "when a new code replaced it",
        },
        purpose="to let a person sign in without e-mail",
        retention=_ACCOUNT,
        person="user",
        on_erasure="delete",
        why="who is gone needs no credential",
        secret=frozenset({"digest"}),
    ),
    PersonalDataEntry.nothing("auth.Permission", why="names of rights"),
    PersonalDataEntry.nothing("contenttypes.ContentType", why="names of tables"),
    PersonalDataEntry.nothing("auth.Group_permissions", why="which set has which right"),
    PersonalDataEntry(
        model="accounts.User_groups",
        fields={"group": "a set of permissions"},
        purpose="to record what staff are allowed to do",
        retention=_ACCOUNT,
        person="user",
        on_erasure="delete",
        why="who is gone does nothing",
    ),
    PersonalDataEntry(
        model="accounts.User_user_permissions",
        fields={"permission": "a permission"},
        purpose="to record what staff are allowed to do",
        retention=_ACCOUNT,
        person="user",
        on_erasure="delete",
        why="who is gone does nothing",
    ),
    PersonalDataEntry(
        model="accounts.User",
        fields={
            "username": "the user name for sign-in",
            "email": "e-mail address",
            "name": "name, as the person writes it",
            "name_search": "the same, for searching",
            "name_sort": "the same, for sorting",
            "certificate_name": "name on certificates",
            "certificate_name_latin": "name on certificates, in Latin letters",
            "names_confirmed_at": "when the person confirmed the names on certificates",
            "last_login": "last sign-in",
            "password": "fingerprint (digest) of the password",
        },
        purpose="to identify the learner, let them sign in, send them messages and issue certificates",
        retention=_ACCOUNT,
        on_erasure="blank",
        why="records of learning and audit point at the row; empty, it names nobody",
        secret=frozenset({"password", "name_search", "name_sort"}),
    ),
    PersonalDataEntry(
        model="accounts.User",
        fields={
            "public_id": "public ID of the account",
            "language": "language",
            "time_zone": "time zone",
            "is_staff": "whether the person can use the admin site",
            "is_superuser": "whether the person has all permissions in the admin site",
            "is_active": "whether the person can sign in",
            "date_joined": "when the account was created",
            "signed_out_at": "last sign-out",
            "closed_at": "when the account was closed",
            "erased_at": "when the personal data was erased",
        },
        purpose="to show the site with the person's settings, and to know the status of the account",
        retention="permanently",
        on_erasure="keep",
        why="none of it identifies the person by name",
    ),
]
