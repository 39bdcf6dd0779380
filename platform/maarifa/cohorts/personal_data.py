"""What this app's tables hold of people."""

from difflib import SequenceMatcher

from allauth.account.models import EmailAddress
from django.db.models import Q

from maarifa.accounts.models import User
from maarifa.cohorts.models import CohortMember, RosterImport, RosterRow
from maarifa.lib.personal_data import PersonalDataEntry
from maarifa.lib.text import casefold_key, search_key

# A shorter name is too much like another one.
_ENOUGH = 5
_ROSTER = "90 days after the roster was uploaded"


def _rows_about(user: User) -> Q:
    """Rows of rosters that made this person a member of a cohort, or name an address of theirs; and, in the cohorts
    whose members they are, those that name them or their staff number and nobody's address.

    A name alone is many people's: elsewhere it says nothing.
    """
    members = CohortMember.objects.filter(learner=user.pk)
    addresses = {
        user.email,
        *EmailAddress.objects.filter(user=user.pk).values_list("email", flat=True),
        *members.values_list("email", flat=True),
    }
    normal_addresses = {
        normal_address for address in addresses if (normal_address := User.normalise_address(address))
    }
    theirs = {casefold_key(text) for text in (user.name, user.certificate_name, user.certificate_name_latin)}
    for name, number in members.values_list("given_name", "staff_number"):
        theirs |= {casefold_key(name), casefold_key(number)}
    near = [
        pk
        for pk, cells in RosterRow.objects.filter(
            roster__cohort__in=members.values("cohort"), member=None
        ).values_list("pk", "cells")
        if _tells(cells, theirs - {""}, normal_addresses)
    ]
    return Q(member__learner=user.pk) | Q(values__email__in=normal_addresses) | Q(pk__in=near)


def _tells(cells: list[str], names: set[str], addresses: set[str]) -> bool:
    texts = {casefold_key(str(cell)) for cell in cells}
    others = any("@" in text and text not in addresses for text in texts)
    if texts & addresses:
        return True
    return not others and any(_is_nearly(text, name) for text in texts for name in names)


def _is_nearly(text: str, name: str) -> bool:
    """The same, or misspelt by a letter or two: such a row led to nobody, and is told apart by its cohort."""
    return text == name or (
        len(name) >= _ENOUGH and SequenceMatcher(None, search_key(text), search_key(name)).ratio() >= 0.85
    )


def _lists_named_after(user: User) -> Q:
    """Rosters of their cohorts whose file was called by a part of their name."""
    members = CohortMember.objects.filter(learner=user.pk)
    names = [
        user.name,
        user.certificate_name,
        user.certificate_name_latin,
        *members.values_list("given_name", flat=True),
    ]
    keys = {search_key(word) for name in names for word in name.split()}
    keys = {word for word in keys if len(word) >= _ENOUGH - 1}
    lists = RosterImport.objects.filter(cohort__in=members.values("cohort")).values_list("pk", "file_name")
    return Q(pk__in=[pk for pk, name in lists if any(word in search_key(name) for word in keys)])


def _lists_about(user: User) -> Q:
    """Rosters with such a row whose file is still there: until the list is applied or put aside, or for 90 days."""
    rows = RosterRow.objects.filter(_rows_about(user))
    return Q(pk__in=RosterImport.objects.filter(rows__in=rows).exclude(file=b"").values("pk"))


PERSONAL_DATA = [
    PersonalDataEntry(
        model="cohorts.CohortMember",
        fields={
            "given_name": "the name that the institution gave",
            "given_name_search": "the same, for searching",
            "given_name_sort": "the same, for sorting",
            "staff_number": "the number that the institution gave",
            "staff_number_key": "the same, for comparing",
            "email": "the address that the institution invited",
            "entry_code": "the code on their card",
            "entry_code_until": "when the code expires",
        },
        purpose="so that an institution can identify its learners by its own names and numbers",
        retention="until the account is erased",
        person="learner",
        on_erasure="blank",
        why="the row still counts in the cohort's figures; once empty, it identifies no one",
    ),
    PersonalDataEntry(
        model="cohorts.CohortMember",
        fields={
            "learner": "the learner's account",
            "enrolment": "the course they are enrolled in through the cohort",
            "state": "whether they are invited, accepted or have left",
            "language": "the language of the invitation",
            "invited_at": "when they were invited",
            "accepted_at": "when they accepted",
            "left_at": "when they left",
            "declined_at": "when they declined the invitation",
            "contacted_at": "when a coordinator marked them as contacted",
        },
        purpose="so that an institution sees the progress of learners who agreed to this",
        retention="permanently",
        person="learner",
        on_erasure="keep",
        why="it refers to an account whose personal data has been erased",
        says={"enrolment": lambda row: row.enrolment and row.enrolment.course.key},
        joins=("enrolment__course",),
    ),
    PersonalDataEntry(
        model="cohorts.RosterRow",
        fields={
            "cells": "the row of the spreadsheet, as uploaded",
            "values": "the values read from the row",
            "problems": "the problems found in the row",
        },
        purpose="to apply exactly the changes that a coordinator approved, and to show them the result of each row",
        retention=_ROSTER,
        person=_rows_about,
        on_erasure="delete",
        why="no other record refers to it",
    ),
    PersonalDataEntry(
        model="cohorts.RosterImport",
        fields={"file": "the spreadsheet, as uploaded"},
        purpose="to read it again with other settings before it is applied",
        retention="until the list is applied or discarded, at most 90 days",
        person=_lists_about,
        on_erasure="blank",
        why="a single row can't be removed from the file; the other people's rows are stored separately",
        # Of everybody on the list.
        secret=frozenset({"file"}),
    ),
    PersonalDataEntry(
        model="cohorts.RosterImport",
        fields={"file_name": "the file name, if it contains the person's name"},
        purpose="so that a coordinator can find the list again",
        retention="until the account is erased",
        person=_lists_named_after,
        on_erasure="blank",
        why="the list is kept; without its file name it identifies no one",
    ),
    PersonalDataEntry(
        model="cohorts.RosterImport",
        fields={"uploaded_by": "who uploaded the spreadsheet"},
        purpose="to know who added people to a cohort",
        retention="permanently",
        person="uploaded_by",
        on_erasure="keep",
        why="people who handle other people's data remain accountable after they leave",
    ),
    PersonalDataEntry.nothing("cohorts.Cohort", why="the name and dates of a cohort, not its members"),
]
