"""What this app's tables hold of people."""

from django.db.models import Q

from maarifa.lib.personal_data import PersonalDataEntry

PERSONAL_DATA = [
    PersonalDataEntry(
        model="institutions.ManagedAccount",
        fields={"institution": "which institution created the account", "created_at": "when"},
        purpose="to know who may reset the sign-in of a person without an e-mail address",
        retention="until the account is erased",
        person="user",
        on_erasure="delete",
        why="no one can sign in to the account any more",
    ),
    PersonalDataEntry(
        model="institutions.Membership",
        fields={
            "unit": "the unit where they work or worked",
            "role": "their role in the unit",
            "granted_at": "when the role started",
            "ended_at": "when the role ended",
        },
        purpose="to know who may see and change the data of learners",
        retention="permanently",
        person="user",
        on_erasure="keep",
        why="people who had access must remain accountable; the account has no name any more",
    ),
    PersonalDataEntry(
        model="institutions.Membership",
        fields={"granted_by": "who granted the role"},
        purpose="to know who gave a person access to the data of learners",
        retention="permanently",
        person="granted_by",
        on_erasure="keep",
        why="people who give access remain accountable after they leave; the account has no name any more",
    ),
    PersonalDataEntry(
        model="institutions.Institution",
        fields={
            "contact": "the contact for learners",
            "contact_email": "the contact's e-mail address",
            "contact_phone": "the contact's phone number",
        },
        purpose="so that learners can ask for help",
        retention="until the institution names another contact",
        person=lambda user: Q(pk__in=[]),
        on_erasure="keep",
        why="the institution provides and changes it; it is not linked to an account",
    ),
    PersonalDataEntry.nothing("institutions.Unit", why="names of parts of an institution"),
]
