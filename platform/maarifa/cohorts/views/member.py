"""One learner, as the institution may see them, and what can be done for them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal, TypedDict
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from maarifa.accounts.actions import has_been_used
from maarifa.accounts.proof import ask_for_proof, proved_recently
from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import actions, queries
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.cohorts.views.finding import cohort_or_404, managed_or_403, member_or_404
from maarifa.cohorts.views.progress_strips import progress_strips
from maarifa.curriculum import editions
from maarifa.curriculum.activities.quiz import OutlineQuiz
from maarifa.lib.errors import DomainError
from maarifa.quizzes.models import Attempt, AttemptGrant, LateAnswers, TimeExtension
from maarifa.ui.confirming import confirm_page

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def member(request: SignedInRequest, cohort_id: UUID, member_id: UUID) -> HttpResponse:
    """A learner's record: looking at it leaves a line in the audit."""
    cohort = cohort_or_404(request, cohort_id)
    at = timezone.now()
    member = member_or_404(cohort, member_id, at=at)
    if request.method == "POST":
        if not cohort.managed:
            raise PermissionDenied
        if request.POST.get("action") == "invite" and member.has_card and not proved_recently(request):
            return ask_for_proof(request)
        _act(request, member)
        if request.POST.get("back") == "cohort":
            return redirect("cohort", cohort.public_id)
        return redirect("member", cohort.public_id, member.public_id)
    actions.note_look(cohort=cohort, by=request.user, action="member.seen", member=member, at=at)
    figures = queries.figures([member])
    one = figures.get(member.pk)
    context = {
        "cohort": cohort,
        "member": member,
        "figures": one,
        "progress_strip": progress_strips(figures, cohort).get(member.pk, ""),
        "steps": queries.steps_with_states(one, cohort, request.LANGUAGE_CODE) if one else [],
        "may": _may(cohort, member, at),
        **_timing(cohort, member, request.LANGUAGE_CODE),
        "used_up": queries.quizzes_used_up(member, request.LANGUAGE_CODE) if cohort.managed else [],
        "reasons": AttemptGrant.Reason.for_people(),
        "now": at,
    }
    return render(request, "cohorts/member.html", context)


def _timing(cohort: Cohort, member: CohortMember, language: str) -> dict[str, object]:
    """What the page says of timed quizzes, to who may change something in it."""
    if not cohort.managed or member.state != CohortMember.State.ACCEPTED or member.enrolment is None:
        return {}
    outline = editions.outline(member.enrolment.edition_id)

    def with_title(attempt: Attempt) -> dict[str, object]:
        return {"attempt": attempt, **outline.quiz_texts(attempt.quiz.own_key, language)}

    return {
        "extra_time": member.enrolment.extra_time_percent,
        "has_timed_quizzes": any(
            isinstance(one, OutlineQuiz) and one.time_limit for one in outline.activities
        ),
        "timed_attempts": [with_title(attempt) for attempt in queries.timed_attempts(member)],
        "late_answers": [
            {"answers": late, **with_title(late.attempt)} for late in queries.late_answers(member)
        ],
        "time_reasons": TimeExtension.Reason.for_people(),
    }


class _May(TypedDict):
    """`no_code` is a sentence: why no card can be made."""

    invite: bool
    resend: bool
    withdraw: bool
    code: bool
    no_code: str
    late: bool
    late_answers: bool
    print: bool
    contact: bool


def _may(cohort: Cohort, member: CohortMember, at: datetime) -> _May | None:
    """What a coordinator can do here now; None for others of the staff. The same for everybody who
    was invited by e-mail, account or not.
    """
    if not cohort.managed:
        return None
    open_ = cohort.retired_at is None
    card = not member.email and member.learner is not None and member.state != CohortMember.State.LEFT
    refusal = None
    if card:
        refusal = actions.why_no_card(member)
    return {
        "invite": open_ and member.state == CohortMember.State.LEFT,
        "resend": open_ and member.state == CohortMember.State.INVITED and bool(member.email),
        "withdraw": member.state == CohortMember.State.INVITED,
        "code": card and refusal is None,
        "no_code": refusal.message if refusal else "",
        "late": member.state == CohortMember.State.ACCEPTED and bool(member.late_work),
        "late_answers": member.state == CohortMember.State.ACCEPTED and bool(member.late_answers),
        "print": member.card_is_open,
        "contact": member.state != CohortMember.State.LEFT,
    }


def _act(request: SignedInRequest, member: CohortMember) -> None:
    """One thing done for a learner that can be taken back, or the sentence why not."""
    action = request.POST.get("action", "")
    try:
        if action == "invite":
            actions.invite_again(member=member, by=request.user)
            messages.success(request, _invited(member))
        elif action == "contacted":
            actions.mark_contacted(member=member, by=request.user)
            messages.success(
                request, _("The person is marked as contacted. You can undo this on the person’s page.")
            )
        elif action == "not-contacted":
            actions.mark_contacted(member=member, by=request.user, contacted=False)
            messages.success(request, _("The person is no longer marked as contacted."))
    except DomainError as refusal:
        messages.error(request, refusal.message)


def _invited(member: CohortMember) -> str:
    if member.email:
        return _("The invitation is being sent.")
    if member.entry_code:
        return _print_it(member)
    return _(
        "This person has been invited again. They manage their own account, so no card was created. "
        "Ask them to sign in and open “My groups”."
    )


def _print_it(member: CohortMember) -> str:
    """With a new code nobody knows it before its card is printed."""
    return format_html(
        '{} <a href="{}">{}</a>',
        _("This person has been invited again, with a new code. Any earlier card no longer works."),
        reverse("member-card", args=[member.cohort.public_id, member.public_id]),
        _("Print new card"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: SignedInRequest, cohort_id: UUID, member_id: UUID, act: str) -> HttpResponse:
    """Asks before what cannot simply be taken back, and says what follows."""
    cohort = managed_or_403(request, cohort_id)
    member = member_or_404(cohort, member_id, at=timezone.now())
    confirmation = _ASKED[act]
    if confirmation.wants_proof and not proved_recently(request):
        return ask_for_proof(request)
    url = reverse("member", args=[cohort.public_id, member.public_id])
    late_answers = _late_answers(member, request.GET.get("answers")) if confirmation.of_answers else None
    if confirmation.of_answers and late_answers is None:
        # Decided by now, or none of this learner's.
        return redirect(url)
    if request.method == "POST":
        try:
            if late_answers is None:
                confirmation.act(member=member, by=request.user)
            else:
                confirmation.act(member=member, late_answers=late_answers, by=request.user)
            messages.success(request, confirmation.done)
        except DomainError as refusal:
            messages.error(request, refusal.message)
        return redirect(url)
    may = _may(cohort, member, timezone.now())
    if may is None or not may[confirmation.offered]:
        return redirect(url)
    # The question names the learner.
    actions.note_look(cohort=cohort, by=request.user, action="member.seen", member=member)
    follows = confirmation.follows(member)
    if late_answers is not None:
        follows = [_late_answers_in(member, late_answers, request.LANGUAGE_CODE), *follows]
    return confirm_page(
        request,
        question=confirmation.question,
        about=member.given_name,
        follows=follows,
        yes=confirmation.yes,
        back=url,
    )


@dataclass(frozen=True)
class _Asked:
    """`offered` is the name in `_may`; `wants_proof`: it lets somebody in, or cannot be taken back; `of_answers`: it is
    about the late answers that the address names.
    """

    offered: Literal["withdraw", "code", "late", "late_answers"]
    question: "StrPromise"
    yes: "StrPromise"
    done: "StrPromise"
    act: Callable[..., object]
    follows: Callable[[CohortMember], list[str]]
    wants_proof: bool = False
    of_answers: bool = False


def _late_answers(member: CohortMember, public_id: str | None) -> LateAnswers | None:
    """Those of this learner with this id, as long as nobody has decided about them."""
    return next((late for late in queries.late_answers(member) if str(late.public_id) == public_id), None)


def _late_answers_in(member: CohortMember, late_answers: LateAnswers, language: str) -> str:
    if member.enrolment is None:
        return ""
    outline = editions.outline(member.enrolment.edition_id)
    title = outline.quiz_texts(late_answers.attempt.quiz.own_key, language)["title"]
    return _("Late answers in “%(quiz)s”") % {"quiz": title}


def _withdrawing(member: CohortMember) -> list[str]:
    if member.has_card:
        first = _("The code on the card will no longer work.")
    else:
        first = _("The link in the invitation will no longer work. We do not tell the person.")
    if member.cohort.retired_at:
        return [first, _("This cohort is closed. To invite this person again, reopen it first.")]
    return [first, _("You can invite this person again from their page.")]


def _new_card(member: CohortMember) -> list[str]:
    lines = [
        _("The code on any earlier card will no longer work. Print the new card and give it to this person.")
    ]
    if member.learner and has_been_used(user=member.learner):
        lines.append(
            _(
                "This person will be signed out on every device. Their password and recovery code will no "
                "longer work."
            )
        )
    return lines


_ASKED = {
    "withdraw": _Asked(
        "withdraw",
        gettext_lazy("Withdraw this invitation?"),
        gettext_lazy("Withdraw invitation"),
        gettext_lazy("The invitation has been withdrawn."),
        actions.withdraw_invitation,
        _withdrawing,
    ),
    "card": _Asked(
        "code",
        gettext_lazy("Create a new card for this person?"),
        gettext_lazy("Create new card"),
        gettext_lazy("A new card has been created. Print it and give it to the person."),
        actions.renew_code,
        _new_card,
        wants_proof=True,
    ),
    "late-work": _Asked(
        "late",
        gettext_lazy("Accept the late work?"),
        gettext_lazy("Accept late work"),
        gettext_lazy("The late work now counts."),
        actions.accept_late_work,
        lambda member: [
            _(
                "Work submitted after the deadline counts as if it were on time. It may be enough to "
                "finish the course."
            ),
            _("If you do not accept it, it does not count, and the learner stays under “Needs attention”."),
            _("You cannot undo this."),
        ],
        wants_proof=True,
    ),
    "accept-answers": _Asked(
        "late_answers",
        gettext_lazy("Accept the late answers?"),
        gettext_lazy("Accept answers"),
        gettext_lazy("The answers are accepted, and the attempt is graded again."),
        partial(actions.decide_late_answers, accept=True),
        lambda member: [
            _("If you accept them, they replace the saved answers and the attempt is graded again."),
            _("You cannot undo this."),
        ],
        wants_proof=True,
        of_answers=True,
    ),
    "refuse-answers": _Asked(
        "late_answers",
        gettext_lazy("Do not accept the late answers?"),
        gettext_lazy("Do not accept"),
        gettext_lazy("The answers are not accepted. The result stays as it is."),
        partial(actions.decide_late_answers, accept=False),
        lambda member: [_("The result stays as it is."), _("You cannot undo this.")],
        wants_proof=True,
        of_answers=True,
    ),
}
