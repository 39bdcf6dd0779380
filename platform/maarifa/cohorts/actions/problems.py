"""What can be wrong with a roster. Stored as codes and parameters; said when somebody looks, in their language."""

from typing import Unpack

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from maarifa.cohorts.actions.errors import CohortMemberError
from maarifa.cohorts.actions.vocabulary import HEADINGS
from maarifa.cohorts.stored import StoredProblem, Where
from maarifa.lib.emails import AddressProblem
from maarifa.lib.errors import DomainError
from maarifa.lib.names import NameProblem
from maarifa.lib.spreadsheets import TableNote, TableProblem
from maarifa.lib.spreadsheets.problems import FOUND


class RosterProblem(DomainError):
    """About the whole list (it says so by `filename`), or about one row of it."""

    MESSAGES = {
        "no_name_column": _(
            "%(filename)s has no column for names. Write “%(right)s” above the names, or “%(first)s” and “%(last)s” "
            "above two columns."
        ),
        "no_way_column": _(
            "%(filename)s has no column for e-mail addresses and none for staff numbers. One of them is needed: write "
            "“%(email)s” or “%(staff_number)s” above it."
        ),
        "misspelt_column": _(
            "%(filename)s: column %(letter)s is called “%(value)s”. Was “%(right)s” meant? Correct it, so that nothing "
            "is taken for something else."
        ),
        "column_twice": _(
            "%(filename)s: columns %(letters)s all say “%(value)s”. Keep one of them, or give the others another name."
        ),
        "no_heading_row": _(
            "The heading row of %(filename)s seems to be missing: row %(row)s looks like a person’s data. Put a row "
            "above it that says “%(right)s” and “%(email)s” or “%(staff_number)s”."
        ),
        "no_name": _("There is no name. Write it as the person writes it; one name is enough."),
        "name_is_address": _("“%(value)s” is an e-mail address. Here the name belongs."),
        "cell_error": _(
            "“%(value)s” is what a spreadsheet program shows where a formula fails. Write the value itself."
        ),
        "cell_boolean": _(
            "“%(value)s” is what a spreadsheet program makes of a word that it takes for a value. Format the column as "
            "text, and write the name again."
        ),
        "number_shortened": _(
            "“%(value)s” is a long number as a spreadsheet program shortens it: its last digits are lost. Format the "
            "column as text, and write the number again."
        ),
        "too_long": _("“%(value)s” is too long: at most %(limit)s letters can be kept."),
        "no_way": _(
            "There is neither an e-mail address nor a staff number. Give the address, and the person gets an "
            "invitation; or the number, and they get a card with a code."
        ),
        "same_address": _("The address “%(value)s” stands in row %(row)s already. Keep one of the two rows."),
        "address_of_another": _(
            "The address “%(value)s” stands in row %(row)s already, beside another person. Give each of them a staff"
            " number, and each gets a card with a code; or write this person’s own address."
        ),
        "shared_needs_number": _(
            "“%(value)s” stands beside several people, so that it is nobody’s own. Give this person a staff number, and"
            " they get a card with a code; or write their own address."
        ),
        "same_staff_number": _(
            "The staff number “%(value)s” stands in row %(row)s already. Each person has their own."
        ),
        "staff_number_held": _(
            "The staff number “%(value)s” belongs to another person in this cohort already. Correct the number, or "
            "leave it out."
        ),
        "two_people": _(
            "The address and the staff number belong to two different people in this cohort. Correct one of them."
        ),
    }


class RosterNote(DomainError):
    """Something to know about a row or a list that can be applied as it is."""

    MESSAGES = {
        "maybe_misspelt_address": _("Was “%(right)s” meant? If so, correct it and upload the list again."),
        "no_address": _("“%(value)s” was read as: no e-mail address."),
        "no_number": _("“%(value)s” was read as: no staff number."),
        "address_shared": _(
            "“%(value)s” stands beside several people, so that it is nobody’s own: this person gets a card with a code."
        ),
        "language_unknown": _(
            "“%(value)s” is no language of this site: this person is written to in the language of the cohort, "
            "%(used)s. For another one, write one of these: %(right)s."
        ),
        "has_left": _(
            "This person was in the cohort and has left it, or the invitation was withdrawn. Invite them again from "
            "their own page."
        ),
        "misspelt_column": _(
            "Column %(letter)s is called “%(value)s” and is not used. Was “%(right)s” meant?"
        ),
        "unused_columns": _("These columns are not used: %(value)s."),
    }


class RosterQuestion(DomainError):
    """Something that would be lost without a word: a list is applied once somebody has said that they know."""

    MESSAGES = {
        "unread_addresses": _(
            "Column %(letter)s, “%(value)s”, is not read, although there are e-mail addresses in it, such as "
            "“%(sample)s”. To read it, write “%(right)s” above it."
        ),
        "unread_addresses_nameless": _(
            "Column %(letter)s has no heading and is not read, although there are e-mail addresses in it, such as "
            "“%(sample)s”. To read it, write “%(right)s” above it."
        ),
        "unread_column": _(
            "Column %(letter)s, “%(value)s”, is not read, although its heading speaks of “%(right)s”. In it stands, "
            "for instance, “%(sample)s”. To read it, write “%(right)s” above it."
        ),
        "left_out": ngettext_lazy(
            "%(count)s person of this list is left out: the row cannot be used. Below is said why.",
            "%(count)s people of this list are left out: their rows cannot be used. Below is said why.",
            "count",
        ),
        "common_address": _(
            "“%(value)s” stands in %(count)s rows, beside different people, as the address of an office would. One"
            " invitation is sent there, for %(name)s; the others are left out. Give each of them a staff number, and"
            " each gets a card with a code."
        ),
        "wrong_letters": _(
            "The letters look wrong: the list was read as %(encoding)s, and in it stands “%(value)s”. Read as %(other)s"
            " that is “%(right)s”."
        ),
        "wrong_letters_unread": _(
            "The letters cannot be read as %(encoding)s. Read as %(other)s there is “%(right)s” in the list."
        ),
        "shared_address": _(
            "“%(value)s” stands in %(count)s rows, beside different people. They get cards with a code; nobody is "
            "written to at this address."
        ),
    }


_CLASSES: dict[str, type[DomainError]] = {
    "table": TableProblem,
    "table-note": TableNote,
    "address": AddressProblem,
    "roster": RosterProblem,
    "note": RosterNote,
    "question": RosterQuestion,
    "name": NameProblem,
}
_KINDS: dict[type[DomainError], str] = {cls: kind for kind, cls in _CLASSES.items()}
# Parameters that are words of ours: stored by their name, said in the reader's language.
_OUR_WORDS = {"right", "first", "last", "email", "staff_number"}


def stored(problem: DomainError, **where: Unpack[Where]) -> StoredProblem:
    """The problem as it is kept: `where` may say column, cell and value."""
    params = {
        name: value
        for name, value in problem.params.items()
        if name != "found" or "kind" not in problem.params
    }
    return {"kind": _KINDS[type(problem)], "code": problem.code, "params": params, **where}


def said(kept: StoredProblem) -> str:
    """The sentence, in the language active now."""
    params = dict(kept["params"])
    if params.get("kind") in FOUND:
        params["found"] = FOUND[params["kind"]]
    for name in _OUR_WORDS & params.keys():
        heading = str(params[name])
        if heading.startswith("heading:"):
            params[name] = HEADINGS[heading.removeprefix("heading:")]
    return _CLASSES[kept["kind"]](kept["code"], **params).message


def is_note(kept: StoredProblem) -> bool:
    """Whether the row or list can be applied all the same."""
    return kept["kind"] in ("table-note", "note")


def outcome_words(code: str) -> str:
    """Why a row was refused when the plan was applied, in the language active now."""
    return str(OUTCOMES.get(code, ""))


OUTCOMES = {
    "MEMBER_MEANWHILE": _("This person came into the cohort by another way after the plan was made."),
    "RETIRED": CohortMemberError.MESSAGES["RETIRED"],
    "INSTITUTION_RETIRED": _("The institution was closed after the plan was made."),
    "NOT_PUBLISHED": _("The course was taken back after the plan was made."),
    "CANNOT_BE_READ": _("The row could not be read: see what the plan says about it."),
    "CONFLICT": _("Something changed at the same moment. Upload the row once more."),
}
