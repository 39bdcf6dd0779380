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
        said = session.get_decoded()
        text = json.dumps(said)
        if said.get("_auth_user_id") == number or any(address in text for address in addresses):
            keys.append(session.pk)
    return Q(pk__in=keys)


PERSONAL_DATA = [
    PersonalDataEntry(
        model="account.EmailConfirmation",
        fields={"email_address": "the address to confirm", "sent": "when a link was sent"},
        purpose="to see whose an address is (codes are used here, so that this stays empty)",
        retention="a few days",
        person="email_address__user",
        on_erasure="delete",
        why="of no use without the address",
    ),
    PersonalDataEntry(
        model="account.EmailAddress",
        fields={
            "email": "an address",
            "verified": "whether they read its mail",
            "primary": "whether we write there",
        },
        purpose="to sign in, and to write to them",
        retention=_ACCOUNT,
        person="user",
        on_erasure="delete",
        why="nothing points at it",
    ),
    PersonalDataEntry(
        model="accounts.AddressChange",
        fields={
            "old": "the address before",
            "new": "the address after",
            "changed_at": "when",
            "undone_at": "when it was taken back",
        },
        purpose="to give an address back to whom it was taken from",
        retention="seven days",
        person="user",
        on_erasure="delete",
        why="nobody needs it back any more",
    ),
    PersonalDataEntry(
        model="mfa.Authenticator",
        fields={
            "type": "which second step: an app, a passkey, backup codes",
            "data": "the key of it",
            "created_at": "since when",
            "last_used_at": "when it was last used",
        },
        purpose="to let in nobody but them",
        retention=_ACCOUNT,
        person="user",
        on_erasure="delete",
        why="nobody comes in any more",
        secret=frozenset({"data"}),
    ),
    PersonalDataEntry(
        model="accounts.Consent",
        fields={
            "purpose": "what they agreed to",
            "subject": "with whom",
            "words": "the words they were shown",
            "language": "in which language",
            "given_at": "when",
            "withdrawn_at": "when they took it back",
        },
        purpose="to show that what was done was agreed to",
        retention="for good",
        person="user",
        on_erasure="keep",
        why="it shows that what was kept of the person was kept with their consent; it names nobody",
    ),
    PersonalDataEntry(
        model="accounts.AuditEntry",
        fields={
            "at": "when",
            "action": "what staff did with their data",
            "institution": "on whose behalf",
            "details": "with which rows",
        },
        purpose="to answer who saw or changed a person's data",
        retention="for good",
        person="on_user",
        on_erasure="keep",
        why="append-only, or it would prove nothing; it names people by their rows, which are blanked",
    ),
    PersonalDataEntry(
        model="accounts.AuditEntry",
        fields={"actor": "who did it", "request_id": "in which request"},
        purpose="to answer who saw or changed a person's data",
        retention="for good",
        person="actor",
        on_erasure="keep",
        why="as above; whoever works with other people's data answers for it after leaving, too",
    ),
    PersonalDataEntry(
        model="admin.LogEntry",
        fields={
            "action_time": "when",
            "object_repr": "what they changed in the admin",
            "change_message": "how",
        },
        purpose="to see what was changed in the admin",
        retention="for good",
        person="user",
        on_erasure="keep",
        why="the work of staff on content and settings; it names its author by the row, which is blanked",
    ),
    PersonalDataEntry(
        model="admin.LogEntry",
        fields={
            "object_repr": "their name at the time of a change by staff",
            "change_message": "what was changed",
        },
        purpose="to see what was changed in the admin",
        retention=_ACCOUNT,
        person=_log_entries_about,
        on_erasure="blank",
        why="the name in it is the person's; that and when something was done stays",
    ),
    PersonalDataEntry(
        model="sessions.Session",
        fields={"session_data": "the number of the account, how it was entered, and where a code was sent"},
        purpose="to know who is signed in at a device",
        retention="60 days after it was last used, at most",
        person=_sessions_of,
        on_erasure="delete",
        why="nobody comes in any more",
        secret=frozenset({"session_data"}),
    ),
    PersonalDataEntry(
        model="accounts.KeptPost",
        fields={
            "page": "the page with the form",
            "fields": "what they wrote",
            "kept_at": "when it was sent",
        },
        purpose="to save what was sent after a session had ended, or what could not be read yet",
        retention="14 days at most",
        person="person",
        on_erasure="delete",
        why="nobody comes back for it",
    ),
    PersonalDataEntry.nothing("auth.Group", why="names of sets of rights"),
    PersonalDataEntry(
        model="accounts.RecoveryCode",
        fields={
            "digest": "a digest of the code",
            "made_at": "when it was made",
            "used_at": "when it was used",
            "replaced_at": "when a new one took its place",
        },
        purpose="to let somebody without e-mail back into their account",
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
        fields={"group": "a set of rights"},
        purpose="what staff may do",
        retention=_ACCOUNT,
        person="user",
        on_erasure="delete",
        why="who is gone does nothing",
    ),
    PersonalDataEntry(
        model="accounts.User_user_permissions",
        fields={"permission": "a right"},
        purpose="what staff may do",
        retention=_ACCOUNT,
        person="user",
        on_erasure="delete",
        why="who is gone does nothing",
    ),
    PersonalDataEntry(
        model="accounts.User",
        fields={
            "username": "the name they sign in by",
            "email": "where to write to them",
            "name": "their name as they write it",
            "name_search": "the same, for searching",
            "name_sort": "the same, for sorting",
            "certificate_name": "their name on certificates",
            "certificate_name_latin": "the same in Latin letters",
            "names_confirmed_at": "when they confirmed these",
            "last_login": "when they last signed in",
            "password": "a digest of their password",
        },
        purpose="to know who learns, to let them in, to write to them and to certify them",
        retention=_ACCOUNT,
        on_erasure="blank",
        why="records of learning and audit point at the row; empty, it names nobody",
        secret=frozenset({"password", "name_search", "name_sort"}),
    ),
    PersonalDataEntry(
        model="accounts.User",
        fields={
            "public_id": "the number by which the site knows them",
            "language": "their language",
            "time_zone": "their clocks",
            "is_staff": "whether they may enter the admin",
            "is_superuser": "whether they may do everything there",
            "is_active": "whether they may sign in",
            "date_joined": "since when",
            "signed_out_at": "when they last signed out",
            "closed_at": "when they closed the account",
            "erased_at": "when they were erased",
        },
        purpose="to show them the site as they want it, and to know whether there is an account",
        retention="for good",
        on_erasure="keep",
        why="none of it names a person",
    ),
]
