"""What can be wrong with a roster. Stored as codes and parameters; said when somebody looks, in their language."""

from typing import Unpack

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from maarifa.cohorts.actions.errors import CohortError
from maarifa.cohorts.actions.vocabulary import HEADINGS
from maarifa.cohorts.stored import StoredProblem, Where
from maarifa.lib.emails import AddressProblem
from maarifa.lib.errors import DomainError
from maarifa.lib.names import NameProblem
from maarifa.lib.spreadsheets import TableNote, TableProblem
from maarifa.lib.spreadsheets.problems import FILE_KINDS


class RosterProblem(DomainError):
    """About the whole list (it says so by `filename`), or about one row of it."""

    MESSAGES = {
        "no_name_column": _(
            "%(filename)s has no column for names. Write the heading “%(right)s” above the names, or "
            "“%(first)s” and “%(last)s” above two columns."
        ),
        "no_way_column": _(
            "%(filename)s has no column for e-mail addresses or staff numbers. Add at least one, with "
            "the heading “%(email)s” or “%(staff_number)s”."
        ),
        "misspelt_column": _(
            "%(filename)s: column %(letter)s has the heading “%(value)s”. Did you mean “%(right)s”? "
            "Correct the heading and upload the list again."
        ),
        "column_twice": _(
            "%(filename)s: columns %(letters)s have the same heading, “%(value)s”. Keep it for one "
            "column and rename the others."
        ),
        "no_heading_row": _(
            "%(filename)s seems to have no heading row: row %(row)s looks like a person’s data. Add a "
            "row above it with the headings “%(right)s” and “%(email)s” or “%(staff_number)s”."
        ),
        "no_name": _("The name is missing. Write it as the person writes it. A single name is enough."),
        "name_is_address": _("“%(value)s” is an e-mail address. This column is for names."),
        "cell_error": _("“%(value)s” is the result of a formula with an error. Enter the value itself."),
        "cell_boolean": _(
            "The spreadsheet program changed this cell to “%(value)s”, a true-or-false value. Format "
            "the column as text and enter the name again."
        ),
        "number_shortened": _(
            "“%(value)s” is a long number that the spreadsheet program shortened, so its last digits "
            "are lost. Format the column as text and enter the number again."
        ),
        "too_long": _("“%(value)s” is too long. Use at most %(limit)s characters."),
        "no_way": _(
            "There is no e-mail address and no staff number. Add an e-mail address to send an "
            "invitation, or a staff number to create an access card."
        ),
        "same_address": _("The address “%(value)s” is already in row %(row)s. Keep one of the two rows."),
        "address_of_another": _(
            "The address “%(value)s” is already in row %(row)s, for another person. Enter this "
            "person’s own address, or give each person a staff number so that both get access cards."
        ),
        "shared_needs_number": _(
            "“%(value)s” is used for several people. Enter this person’s own address, or a staff "
            "number so that they get an access card."
        ),
        "same_staff_number": _(
            "The staff number “%(value)s” is already in row %(row)s. Each person needs their own number."
        ),
        "staff_number_held": _(
            "Another person in this cohort already has the staff number “%(value)s”. Correct the "
            "number or leave it empty."
        ),
        "two_people": _(
            "The address and the staff number are those of two different people in this cohort. "
            "Correct one of them."
        ),
    }


class RosterNote(DomainError):
    """Something to know about a row or a list that can be applied as it is."""

    MESSAGES = {
        "maybe_misspelt_address": _(
            "Did you mean “%(right)s”? If so, correct the address and upload the list again."
        ),
        "no_address": _("“%(value)s” was read as “no e-mail address”."),
        "no_number": _("“%(value)s” was read as “no staff number”."),
        "address_shared": _(
            "“%(value)s” is used for several people, so this person gets an access card instead of an e-mail."
        ),
        "language_unknown": _(
            "“%(value)s” is not a language of this site. Messages to this person will be in the "
            "language of the cohort, %(used)s. To choose another, enter one of these codes: %(right)s."
        ),
        "has_left": _(
            "This person left the cohort, or their invitation was declined or withdrawn. You can "
            "invite them again from their page."
        ),
        "misspelt_column": _(
            "Column %(letter)s has the heading “%(value)s” and is not used. Did you mean “%(right)s”?"
        ),
        "unused_columns": _("These columns are not used: %(value)s."),
    }


class RosterQuestion(DomainError):
    """Something that would be lost without a word: a list is applied once somebody has said that they know."""

    MESSAGES = {
        "unread_addresses": _(
            "Column %(letter)s, “%(value)s”, will not be used, although it contains e-mail addresses "
            "such as “%(sample)s”. To use it, change its heading to “%(right)s” and upload the list "
            "again."
        ),
        "unread_addresses_nameless": _(
            "Column %(letter)s has no heading and will not be used, although it contains e-mail "
            "addresses such as “%(sample)s”. To use it, add the heading “%(right)s” and upload the "
            "list again."
        ),
        "unread_column": _(
            "Column %(letter)s, “%(value)s”, will not be used, although its heading suggests "
            "“%(right)s”. It contains, for example, “%(sample)s”. To use it, change its heading to "
            "“%(right)s” and upload the list again."
        ),
        "left_out": ngettext_lazy(
            "%(count)s person in this list will be left out, because the row cannot be used. The "
            "reason is shown in the row.",
            "%(count)s people in this list will be left out, because their rows cannot be used. The "
            "reasons are shown in the rows.",
            "count",
        ),
        "common_address": _(
            "“%(value)s” appears in %(count)s rows, for different people. It may be an office address. "
            "One invitation will be sent there, for %(name)s. The others will be left out. To include "
            "everyone, give each person a staff number. Each person then gets an access card."
        ),
        "wrong_letters": _(
            "Some characters look wrong. The list was read as %(encoding)s and contains “%(value)s”. "
            "If it is read as %(other)s, this becomes “%(right)s”."
        ),
        "wrong_letters_unread": _(
            "Some characters cannot be read as %(encoding)s. If the list is read as %(other)s, it "
            "contains “%(right)s”."
        ),
        "shared_address": _(
            "“%(value)s” appears in %(count)s rows, for different people. They will get access cards, "
            "and nothing will be sent to this address."
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


def said(problem: StoredProblem) -> str:
    """The sentence, in the language active now."""
    params = dict(problem["params"])
    if params.get("kind") in FILE_KINDS:
        params["found"] = FILE_KINDS[params["kind"]]
    for name in _OUR_WORDS & params.keys():
        heading = str(params[name])
        if heading.startswith("heading:"):
            params[name] = HEADINGS[heading.removeprefix("heading:")]
    return _CLASSES[problem["kind"]](problem["code"], **params).message


def is_note(problem: StoredProblem) -> bool:
    """Whether the row or list can be applied all the same."""
    return problem["kind"] in ("table-note", "note")


def outcome_words(code: str) -> str:
    """Why a row was refused when the plan was applied, in the language active now."""
    return str(OUTCOMES.get(code, ""))


OUTCOMES = {
    "MEMBER_MEANWHILE": _("This person was added to the cohort in another way before the list was applied."),
    "RETIRED": CohortError.MESSAGES["RETIRED"],
    "INSTITUTION_RETIRED": _("The institution was closed before the list was applied."),
    "NOT_PUBLISHED": _("The course was no longer published when the list was applied."),
    "CANNOT_BE_READ": _("This row could not be used."),
    "CONFLICT": _(
        "This row was not applied, because the same data was changed at the same time. Upload this row again."
    ),
}
