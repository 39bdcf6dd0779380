"""The import of a list: upload, plan, yes, progress, result."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts import actions as accounts
from maarifa.accounts.keeping import keeps_posts, page_of, seal
from maarifa.accounts.models import KeptPost
from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import actions, queries
from maarifa.cohorts.forms import ReadingForm, UploadForm
from maarifa.cohorts.models import Cohort, RosterImport
from maarifa.cohorts.views.finding import managed_or_403, roster_or_404
from maarifa.lib.spreadsheets import DEFAULT_LIMITS
from maarifa.ui.confirming import confirm_page

PAGE = 50
Stage = RosterImport.Stage


@keeps_posts
@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: SignedInRequest, cohort_id: UUID) -> HttpResponse:
    """Takes the file and leads to what it would do."""
    cohort = managed_or_403(request, cohort_id)
    if cohort.retired_at and request.method == "GET":
        messages.error(request, actions.RosterImportError("RETIRED").message)
        return redirect("cohort", cohort.public_id)
    page = page_of(request.path)
    _say_that_no_file_came(request, page)
    form = UploadForm()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        _say_what_is_too_large(request, form)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                roster = actions.plan_roster(
                    cohort=cohort,
                    by=request.user,
                    file_name=file.name,
                    content=file.read(),
                    language=get_language(),
                )
                return redirect("roster", cohort.public_id, roster.public_id)
            except actions.RosterImportError as refusal:
                form.add_error(None, refusal.message)
    context = {
        "cohort": cohort,
        "form": form,
        "earlier": queries.earlier_rosters(cohort),
        "seal": seal(request.user, page),
    }
    return render(request, "cohorts/upload.html", context, status=422 if form.errors else 200)


def _say_that_no_file_came(request: SignedInRequest, page: str) -> None:
    """A form that came without a session is kept, its file is not."""
    post_ids = [post.public_id for post in KeptPost.objects.of_page(request.user, page)]
    accounts.drop_kept_posts(person=request.user, public_ids=post_ids)
    if post_ids and request.method == "GET":
        messages.warning(request, _("Your session ended before the file was received. Choose it again."))


def _say_what_is_too_large(request: SignedInRequest, form: UploadForm) -> None:
    """A body beyond what a request may hold comes without its file."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if not request.FILES and length > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:
        text = _("The file is too large. The limit is %(limit)s MB. Split the list into two files.")
        form.fields["file"].error_messages["required"] = text % {
            "limit": DEFAULT_LIMITS.file_bytes // 1_000_000
        }


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def roster(request: SignedInRequest, cohort_id: UUID, roster_id: UUID) -> HttpResponse:
    """The plan, the progress and the result, each at its time."""
    cohort = managed_or_403(request, cohort_id)
    roster = roster_or_404(cohort, roster_id)
    if request.method == "POST":
        return _act(request, cohort, roster)
    if roster.stage == Stage.DISCARDED:
        return redirect("roster-upload", cohort.public_id)
    show = request.GET.get("show", "")
    rows = queries.roster_rows(roster, only_problems=show == "problems")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    actions.note_look(cohort=cohort, by=request.user, action="roster.seen", roster=roster)
    context = {
        "cohort": cohort,
        "roster": roster,
        "counts": queries.row_counts(roster),
        "letters": queries.message_counts(roster) if roster.stage == Stage.APPLIED else None,
        "page": page,
        "show": show if show == "problems" else "",
        "reading_form": ReadingForm(reading=roster.reading) if roster.stage == Stage.PLANNED else None,
    }
    return render(request, "cohorts/roster.html", context)


def _act(request: SignedInRequest, cohort: Cohort, roster: RosterImport) -> HttpResponse:
    action = request.POST.get("action")
    plan_page = redirect("roster", cohort.public_id, roster.public_id)
    try:
        if action == "confirm":
            actions.confirm_roster(
                roster=roster,
                plan_digest=request.POST.get("plan", ""),
                by=request.user,
                answered=request.POST.getlist("known"),
            )
        elif action == "read":
            form = ReadingForm(request.POST, reading=roster.reading)
            if form.is_valid():
                actions.plan_again(roster=roster, by=request.user, reading=form.cleaned_data)
    except actions.RosterImportError as refusal:
        messages.error(request, refusal.message)
    return plan_page


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def discard(request: SignedInRequest, cohort_id: UUID, roster_id: UUID) -> HttpResponse:
    """Asks before an uploaded list is forgotten."""
    cohort = managed_or_403(request, cohort_id)
    roster = roster_or_404(cohort, roster_id)
    url = reverse("roster", args=[cohort.public_id, roster.public_id])
    if roster.stage != Stage.PLANNED:
        return redirect(url)
    if request.method == "POST":
        if not actions.discard_roster(roster=roster, by=request.user):
            return redirect(url)
        messages.success(request, _("The list has been discarded. No one was added."))
        return redirect("roster-upload", cohort.public_id)
    return confirm_page(
        request,
        question=_("Discard this list?"),
        about=roster.title,
        follows=[
            _("The file and the data read from it are deleted. No one is invited or added."),
            _("To use the list later, upload it again."),
        ],
        yes=_("Discard list"),
        back=url,
    )


@login_required
@never_cache
@require_safe
def progress(request: SignedInRequest, cohort_id: UUID, roster_id: UUID) -> HttpResponse:
    """How far it is: a fragment for the page that waits."""
    cohort = managed_or_403(request, cohort_id)
    roster = roster_or_404(cohort, roster_id)
    context = {"roster": roster, "counts": queries.row_counts(roster)}
    return render(request, "cohorts/progress.html", context)
