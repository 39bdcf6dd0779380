"""Why something about a cohort is refused, in words."""

from typing import TypeVar

from django.utils.translation import gettext_lazy as _

from maarifa.cohorts.models import Cohort
from maarifa.lib.errors import DomainError


class CohortError(DomainError):
    MESSAGES = {
        "NAME_TAKEN": _("A cohort called “%(name)s” already exists in this unit. Choose another name."),
        "NAME_MISSING": _("Enter a name for the cohort, such as “Teachers, January 2027”."),
        "NOT_PUBLISHED": _("This course is not published, so no one can be invited to it."),
        "NOT_A_LANGUAGE": _("This course is not available in that language. Choose another language."),
        "OPENS_AFTER_DUE": _(
            "The first day is after the last day. Move the first day earlier, or the last day later."
        ),
        "CLOSES_BEFORE": _("This quiz would close before it opens. Choose a later closing date."),
        "CHANGED": _(
            "Someone else has changed these dates since you opened the page. Check the dates that are saved now, then "
            "change them again."
        ),
        "RETIRED": _("This cohort is closed. No one can be invited to it or join it."),
        "INSTITUTION_RETIRED": _(
            "%(institution)s is closed on this site. No one can create a cohort or join one there."
        ),
    }


class RosterImportError(DomainError):
    MESSAGES = {
        "PLAN_CHANGED": _("The changes on this page are out of date. Check the new ones, then apply them."),
        "NOT_PLANNED": _(
            "This list has already been applied or discarded. To change something, upload it again."
        ),
        "UNANSWERED": _(
            "Parts of this list would be left out or changed. Read each warning under “Before you "
            "apply the list” and tick its box."
        ),
        "NOTHING_TO_DO": _("There is nothing in this list to apply."),
        "FULL_TODAY": _(
            "People to invite by e-mail in this list: %(count)s. %(institution)s can send %(most)s "
            "invitations in 24 hours. Sent so far: %(sent)s. No one was invited, and your list is "
            "saved. Apply it again %(when)s, or contact %(contact)s."
        ),
        "TOO_MANY": _(
            "People to invite by e-mail in this list: %(count)s. %(institution)s can send %(most)s "
            "invitations in 24 hours. No one was invited. Upload the list in smaller parts, or contact "
            "%(contact)s."
        ),
        **{code: CohortError.MESSAGES[code] for code in ("RETIRED", "INSTITUTION_RETIRED", "NOT_PUBLISHED")},
    }


class CohortMemberError(DomainError):
    MESSAGES = {
        "UNKNOWN": _("This link is incomplete. Open it again from the message, or copy the whole link."),
        "WITHDRAWN": _(
            "This invitation is no longer valid. Ask the institution that invited you for a new one."
        ),
        "EXPIRED": _("This invitation has expired. Ask for a new one."),
        "ALREADY_ACCEPTED": _("This invitation has already been accepted. Sign in to continue."),
        "SIGN_IN_FIRST": _("You already have an account. Sign in to accept the invitation."),
        "SOMEBODY_ELSE": _("This invitation is not for the account that is signed in."),
        "NO_PROOF": _("To open this invitation, use the entry code on your access card, or sign in first."),
        "CLOSED_ACCOUNT": _(
            "This account is closed. Ask the institution that invited you to send the invitation to "
            "another e-mail address, or contact the site administrators."
        ),
        "ALREADY_IN_GROUP": _("You are already in this group, under another e-mail address or staff number."),
        "NAME_MISSING": _("Enter your name."),
        "NOT_A_MEMBER": _("This person has not joined the cohort, or has left it."),
        "NOT_INVITED": _("This invitation has already been answered."),
        "TOO_SOON": _(
            "The last invitation was sent less than an hour ago. Wait until one hour has passed, then "
            "send it again."
        ),
        "FULL_TODAY": _(
            "%(institution)s can send %(most)s invitations in 24 hours, and has reached this limit. "
            "Invite this person again %(when)s, or contact %(contact)s."
        ),
        "NO_CODE": _(
            "This person does not need a card. They were invited by e-mail, have left the cohort or can "
            "already sign in."
        ),
        "CODE_UNKNOWN": _(
            "This user name and entry code do not match a valid card. Check both and try again. Each "
            "code works once. If you have used yours, sign in with your password or recovery code, or "
            "ask for a new card."
        ),
        "CODE_EXPIRED": _("This code has expired. Ask the person who gave you the card for a new one."),
        "NOTHING_LATE": _("No late work is waiting for a decision."),
        # These are read by learners only; coordinators read those of `CohortError`.
        "RETIRED": _("This group is closed. Contact the institution that invited you."),
        "INSTITUTION_RETIRED": _(
            "%(institution)s is closed on this site, so you cannot join its groups. Contact the "
            "institution that invited you."
        ),
        "NOT_PUBLISHED": _(
            "This course is not available now, so you cannot join the group. Contact the institution "
            "that invited you."
        ),
    }


Refusal = TypeVar("Refusal", bound=DomainError)


def why_nothing_begins(cohort: Cohort, refusal: type[Refusal]) -> Refusal | None:
    """The refusal, of the class given, for which nobody can join this cohort now; None where they can."""
    code = cohort.why_nobody_joins
    return refusal(code, institution=cohort.institution.name) if code else None
