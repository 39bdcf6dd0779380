"""What this app's tables hold of people."""

from django.db.models import Q

from maarifa.lib.personal_data import PersonalDataEntry

PERSONAL_DATA = [
    PersonalDataEntry(
        model="institutions.ManagedAccount",
        fields={"institution": "which institution made the account", "created_at": "when"},
        purpose="to know who may reset the credential of somebody without an e-mail address",
        retention="until the account is erased",
        person="user",
        on_erasure="delete",
        why="nobody comes in any more",
    ),
    PersonalDataEntry(
        model="institutions.Membership",
        fields={
            "unit": "where they work or worked",
            "role": "as what",
            "granted_at": "since when",
            "ended_at": "until when",
        },
        purpose="to know who may see and change the data of learners",
        retention="for good",
        person="user",
        on_erasure="keep",
        why="who had a right must stay answerable; it names the person by their row, which is blanked",
    ),
    PersonalDataEntry(
        model="institutions.Membership",
        fields={"granted_by": "who gave somebody a role"},
        purpose="to know who let somebody see the data of learners",
        retention="for good",
        person="granted_by",
        on_erasure="keep",
        why="who gives rights answers for it after leaving, too; it names the person by their row, which is blanked",
    ),
    PersonalDataEntry(
        model="institutions.Institution",
        fields={
            "contact": "whom learners ask",
            "contact_email": "their address",
            "contact_phone": "their number",
        },
        purpose="so that learners can ask",
        retention="until the institution writes somebody else",
        person=lambda user: Q(pk__in=[]),
        on_erasure="keep",
        why="the institution gives it, and changes it; it belongs to no account",
    ),
    PersonalDataEntry.nothing("institutions.Unit", why="names of parts of an institution"),
]
