"""Why something about a cohort is refused, in words."""

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from maarifa.cohorts.models import Cohort
from maarifa.lib.errors import DomainError


class CohortError(DomainError):
    MESSAGES = {
        "NAME_TAKEN": _("There is a cohort called “%(name)s” here already. Choose another name."),
        "NAME_MISSING": _("Give the cohort a name by which you know it, such as “Autumn 2026”."),
        "NOT_PUBLISHED": _("This course is not published, so nobody can be invited to it."),
        "NOT_A_LANGUAGE": _("This course has no edition in that language."),
        "OPENS_AFTER_DUE": _("The course would open after its deadline. Choose an earlier day to open it."),
        "RETIRED": _("This cohort is closed: nobody is invited to it any more."),
        "INSTITUTION_RETIRED": _("%(institution)s is closed: nothing new begins there."),
    }


class RosterImportError(DomainError):
    MESSAGES = {
        "PLAN_CHANGED": _(
            "The plan is not the one that you saw: it was made again meanwhile. Look at it once more, then confirm."
        ),
        "NOT_PLANNED": _(
            "This list has been applied or put aside already. Upload it again to change something."
        ),
        "UNANSWERED": _(
            "Something of this list would be left out or changed. Read what stands beside the button, and tick that"
            " you know it."
        ),
        "NOTHING_TO_DO": _("There is nothing in this list to apply."),
        "FULL_TODAY": _(
            "People to invite by e-mail in this list: %(count)s. %(institution)s can send %(most)s invitations in 24"
            " hours; used so far: %(sent)s. Nobody was invited, and the list is kept. Confirm it again %(when)s, or ask"
            " %(contact)s."
        ),
        "TOO_MANY": _(
            "People to invite by e-mail in this list: %(count)s. %(institution)s can send %(most)s invitations in 24"
            " hours. Nobody was invited. Upload the list in smaller parts, or ask %(contact)s."
        ),
        **{code: CohortError.MESSAGES[code] for code in ("RETIRED", "INSTITUTION_RETIRED", "NOT_PUBLISHED")},
    }


class CohortMemberError(DomainError):
    MESSAGES = {
        "UNKNOWN": _("This link is not complete. Open it again from the message, or copy all of it."),
        "WITHDRAWN": _("This invitation is no longer open."),
        "EXPIRED": _("This invitation is too old. Ask for a new one."),
        "ALREADY_ACCEPTED": _("This invitation has been accepted already. Sign in to go on."),
        "SIGN_IN_FIRST": _(
            "There is an account for this invitation already. Sign in with it to accept the invitation."
        ),
        "SOMEBODY_ELSE": _("This invitation is for somebody else than the person signed in here."),
        "NO_PROOF": _("Open the link in the message, or type the code on your card."),
        "CLOSED_ACCOUNT": _("The account with this address is closed. Ask the people who invited you."),
        "ALREADY_IN_GROUP": _("You are in this group already, with another address or number."),
        "NAME_MISSING": _("Write your name."),
        "NOT_A_MEMBER": _("You are not in this group."),
        "NOT_INVITED": _("This invitation has been answered already."),
        "TOO_SOON": _(
            "An invitation went out less than an hour ago. Give it some time before you send another one."
        ),
        "FULL_TODAY": _(
            "%(institution)s can send %(most)s invitations in 24 hours, and all of them are used. Invite this person"
            " again %(when)s, or ask %(contact)s."
        ),
        "NO_CODE": _("This person was invited by e-mail, and needs no code."),
        "CODE_UNKNOWN": _(
            "No card has this code now. Look at the digits once more. A code that has been used opens nothing any more:"
            " sign in with your password or your recovery code, or ask for a new card."
        ),
        "CODE_EXPIRED": _("This code is too old. Ask the people who gave you the card for a new one."),
        "NOTHING_LATE": _("No late work is waiting for a decision."),
        **{code: CohortError.MESSAGES[code] for code in ("RETIRED", "INSTITUTION_RETIRED", "NOT_PUBLISHED")},
    }


Refusal = TypeVar("Refusal", bound=DomainError)


def why_nothing_begins(cohort: Cohort, refusal: type[Refusal]) -> Refusal | None:
    """The refusal, of the class given, for which nobody can join this cohort now; None where they can."""
    code = cohort.why_nobody_joins
    return refusal(code, institution=cohort.institution.name) if code else None
