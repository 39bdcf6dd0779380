"""The learner's side: an invitation, a card, and the groups one is in."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts.actions import has_been_used
from maarifa.accounts.allauth_internals import sign_in
from maarifa.accounts.devices import note_choice
from maarifa.accounts.limits import in_words
from maarifa.accounts.models import User
from maarifa.accounts.proof import has_second_step
from maarifa.accounts.requests import SignedInRequest
from maarifa.accounts.terms import TERMS
from maarifa.cohorts import actions
from maarifa.cohorts.actions.joining import Answer
from maarifa.cohorts.forms import EnterForm, JoinForm
from maarifa.cohorts.models import CohortMember, make_token
from maarifa.cohorts.views import limits
from maarifa.cohorts.views.consent import agreed_words, agreement, seen_by
from maarifa.curriculum.editions import outline
from maarifa.lib import dates, numbers
from maarifa.lib.contact import forget_contact
from maarifa.ui.confirming import confirm_page

BACKEND = "maarifa.accounts.backends.Backend"


@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites, to what, from when to when, and what they will see; a yes or a no."""
    member = CohortMember.objects.by_token(token)
    if member is None:
        return _refused(request, None, actions.CohortMemberError("UNKNOWN"), status=404)
    visitor = request.user if request.user.is_authenticated else None
    try:
        answer = actions.who_answers(member=member, visitor=visitor)
    except actions.CohortMemberError as refusal:
        if refusal.code == "ALREADY_ACCEPTED" and visitor and member.learner_id == visitor.pk:
            return redirect("course", member.cohort.course.key)
        return _refused(request, member, refusal)
    form = JoinForm(
        request.POST or None,
        fresh=answer.new,
        card=member.has_card,
        agreement=agreement(member),
        initial={"name": member.given_name},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _accept(request, member, visitor, answer, form.cleaned_data)
        except actions.CohortMemberError as refusal:
            return _refused(request, member, refusal)
    context = {
        "form": form,
        "answer": answer,
        "seen": seen_by(member),
        "decline_url": reverse("join-decline", args=[token]),
    }
    return _page(request, "cohorts/join.html", member, context, status=422 if form.errors else 200)


def _accept(
    request: HttpRequest, member: CohortMember, visitor: User | None, answer: Answer, data: dict[str, Any]
) -> HttpResponse:
    person = actions.accept_invitation(
        member=member,
        visitor=visitor,
        consent_text=agreed_words(member),
        terms=str(TERMS) if answer.new else "",
        language=get_language(),
        name=data.get("name"),
        password=data.get("password"),
        time_zone=data.get("time_zone", ""),
    )
    course = reverse("course", args=[member.cohort.course.key])
    if visitor is None and has_second_step(person):
        return sign_in(request, person, then=course)
    if visitor is None:
        login(request, person, backend=BACKEND)
    else:
        forget_contact(request)
    messages.success(request, _("You have joined the group. Here is your course."))
    return redirect(course)


@never_cache
@require_http_methods(["GET", "POST"])
def decline(request: HttpRequest, token: str) -> HttpResponse:
    """No, thank you: it asks once, and the page of the invitation takes it back."""
    member = CohortMember.objects.by_token(token)
    if member is None:
        return _refused(request, None, actions.CohortMemberError("UNKNOWN"), status=404)
    visitor = request.user if request.user.is_authenticated else None
    try:
        if member.state == CohortMember.State.LEFT:
            return redirect("join", token)
        if request.method == "POST":
            actions.decline_invitation(member=member, visitor=visitor)
            messages.success(
                request, _("You have declined the invitation. The institution cannot see your progress.")
            )
            return redirect("join", token)
        actions.who_answers(member=member, visitor=visitor)
    except actions.CohortMemberError as refusal:
        return _refused(request, member, refusal)
    until = dates.day(timezone.localtime(member.answerable_until), language=get_language())
    return confirm_page(
        request,
        question=_("Decline this invitation?"),
        about=member.cohort.unit.institution.name,
        follows=[
            _("You will not join the group, and the institution will not see your progress."),
            _("If you change your mind, use the same link or entry code again. It works until %(day)s.")
            % {"day": until},
        ],
        yes=_("Decline invitation"),
        back=reverse("join", args=[token]),
    )


def _refused(
    request: HttpRequest, member: CohortMember | None, refusal: actions.CohortMemberError, status: int = 200
) -> HttpResponse:
    """What stands in the way, and the way round it."""
    next_ = urlencode({"next": request.path})
    context = {
        "refusal": refusal,
        "login_here": f"{reverse('account_login')}?{next_}",
        "code_here": f"{reverse('account_request_login_code')}?{next_}",
        "logout": reverse("account_logout"),
    }
    if refusal.code == "ALREADY_ACCEPTED" and member is not None:
        course = urlencode({"next": reverse("course", args=[member.cohort.course.key])})
        context["login_here"] = f"{reverse('account_login')}?{course}"
    return _page(request, "cohorts/invitation.html", member, context, status=status)


def _page(
    request: HttpRequest, template: str, member: CohortMember | None, context: dict[str, Any], status: int
) -> HttpResponse:
    if member is not None:
        edition = member.cohort.edition_id
        course_texts = outline(edition).texts(get_language()) if edition else None
        context |= {
            "member": member,
            "cohort": member.cohort,
            "institution": member.cohort.unit.institution,
            "course": course_texts,
        }
    return render(request, template, context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """A user name and eight digits from a card, and one is there."""
    form = EnterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        username = User.normalise_username(form.cleaned_data["username"])
        if until := limits.too_many_until(request, username):
            form.add_error(
                None,
                _(
                    "Too many incorrect codes were entered for this user name, by you or by someone "
                    "else. Try again %(when)s. The code on your card is still valid."
                )
                % {"when": in_words(until)},
            )
            return render(request, "cohorts/enter.html", {"form": form}, status=429)
        try:
            member = actions.open_by_code(code=code)
            if member.learner is None or member.learner.username != username:
                raise actions.CohortMemberError("CODE_UNKNOWN")
            # The form of joining comes between, and doesn't ask again.
            note_choice(request)
            return _in_by_card(request, member, code)
        except actions.CohortMemberError as refusal:
            if refusal.code == "CODE_UNKNOWN":
                limits.note_wrong(request, username)
            # Either of the two may be wrong.
            form.add_error(None if refusal.code == "CODE_UNKNOWN" else "code", refusal.message)
    return render(request, "cohorts/enter.html", {"form": form}, status=422 if form.errors else 200)


def _in_by_card(request: HttpRequest, member: CohortMember, code: str) -> HttpResponse:
    in_group = member.state == CohortMember.State.ACCEPTED
    if not in_group and member.learner and not has_been_used(user=member.learner):
        return redirect("join", make_token(member.public_id, code))
    person = actions.use_code(member=member, code=code)
    _say_what_was_reset(request, person, member)
    # Whoever has left is asked once more whether they join, signed in.
    way_on = (
        reverse("course", args=[member.cohort.course.key])
        if in_group
        else reverse("join", args=[member.token])
    )
    if has_second_step(person):
        # A card opens what a password opens, and no more.
        return sign_in(request, person, then=way_on)
    login(request, person, backend=BACKEND)
    messages.success(request, _("You are signed in. Choose a new password under “My account”."))
    return redirect(way_on)


def _say_what_was_reset(request: HttpRequest, person: User, member: CohortMember) -> None:
    """Nobody is to enter in a person's place without their knowing: each new card of the last months is named."""
    language = get_language()
    days = [
        dates.day(timezone.localtime(moment).date(), language=language)
        for moment in actions.cards_made_for(user=person, at=timezone.now())
    ]
    if days:
        text = _(
            "Each new card cancels your earlier password and codes. New cards were created for you on: "
            "%(days)s. If you did not ask for one of them, tell %(institution)s. Someone else may have "
            "used your account."
        )
        institution = member.cohort.unit.institution.name
        messages.warning(request, text % {"days": "; ".join(days), "institution": institution})


@login_required
@never_cache
@require_safe
def groups(request: SignedInRequest) -> HttpResponse:
    """The groups one is in, and those that one left and can join again."""
    at = timezone.now()
    members = (
        CohortMember.objects.shared()
        .of(request.user)
        .select_related("cohort__unit__institution", "cohort__course")
    )
    rows = []
    for member in members.order_by("-accepted_at", "-id"):
        edition = member.cohort.edition_id
        rows.append(
            {
                "member": member,
                "course": outline(edition).texts(get_language()) if edition else None,
                "key": member.cohort.course.key,
            }
        )
    waiting = list(CohortMember.objects.waiting_for(request.user, at=at))
    earlier_groups = [
        member
        for member in CohortMember.objects.left_by(request.user, at=at)
        if not member.cohort.why_nobody_joins
    ]
    return render(request, "cohorts/groups.html", {"rows": rows, "waiting": waiting, "left": earlier_groups})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: SignedInRequest, member_id: UUID) -> HttpResponse:
    """The way out of a group: it asks once, and the page of the groups leads back in."""
    member = get_object_or_404(
        CohortMember.objects.shared()
        .of(request.user)
        .select_related("cohort__unit__institution", "cohort__course"),
        public_id=member_id,
    )
    can_return = not member.cohort.why_nobody_joins
    if request.method == "POST":
        actions.leave_cohort(member=member, by=request.user)
        forget_contact(request)
        if can_return:
            text = _("You have left the group. You keep your progress. You can join again on this page.")
        else:
            text = _("You have left the group. You keep your progress.")
        messages.success(request, text)
        return redirect("groups")
    if can_return:
        back = ngettext(
            "You can join again within %(days)s day.",
            "You can join again within %(days)s days.",
            settings.INVITATION_DAYS,
        ) % {"days": numbers.number(settings.INVITATION_DAYS, language=get_language())}
    else:
        back = _("You cannot join again, because no one can join this group now.")
    return confirm_page(
        request,
        question=_("Leave this group?"),
        about=f"{member.cohort.name} – {member.cohort.unit.institution.name}",
        follows=[
            _("The institution can no longer see your progress."),
            _("You keep your lessons, results and certificates, and you can continue the course."),
            back,
        ],
        yes=_("Leave group"),
        back=reverse("groups"),
    )
