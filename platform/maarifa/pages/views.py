"""Home, the learner's overview, help."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, get_language_from_request
from django.views.decorators.http import require_safe

from maarifa.accounts.keeping import after_failed_check, long_texts, page_behind, say_kept
from maarifa.accounts.requests import SignedInRequest
from maarifa.certificates.models import Certificate
from maarifa.cohorts.models import CohortMember
from maarifa.curriculum import editions
from maarifa.curriculum.editions import Outline
from maarifa.curriculum.models import Course
from maarifa.institutions.models import Membership
from maarifa.learning.kept_done import note_done
from maarifa.learning.models import CourseCompletion, Enrolment
from maarifa.learning.progress import Progress, locked_texts, step_texts, step_url
from maarifa.learning.reviewing import minutes_for, number_due
from maarifa.lib.frame import STAFF
from maarifa.pages.asking import current_enrolments, note_contact


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The address without a language leads to the person's own, else to the browser's."""
    language = get_language_from_request(request)
    if request.user.is_authenticated and request.user.language in dict(settings.LANGUAGES):
        language = request.user.language
    response = redirect(f"/{language}/")
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Accept-Language"
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who this is for and where to begin; somebody signed in goes on to their learning."""
    if request.user.is_authenticated:
        return redirect("my-learning")
    courses = Course.objects.published().only("key", "current_edition_id").order_by("key")[:6]
    rows = [
        {
            "key": c.key,
            "outline": (outline := editions.outline(c.current_edition_id)),
            "texts": outline.texts(get_language() or settings.LANGUAGE_CODE),
        }
        for c in courses
        if c.current_edition_id is not None
    ]
    return render(request, "pages/home.html", {"rows": rows})


@login_required
@require_safe
def my_learning(request: SignedInRequest) -> HttpResponse:
    """The courses a person takes, the one they were in last first, with the step that comes next; invitations that
    wait, and certificates. As many queries for one course as for twenty.
    """
    staff = Membership.objects.current().filter(user=request.user).exists()
    if request.session.get(STAFF) != staff:
        request.session[STAFF] = staff
    enrolments = list(current_enrolments(request.user))
    finish_times = dict(
        CourseCompletion.objects.filter(enrolment__in=enrolments).values_list("enrolment_id", "completed_at")
    )
    note_contact(request, request.user, enrolments)
    to_review = number_due(request.user, timezone.now()) if enrolments else 0
    context = {
        "rows": [_row(progress, finish_times) for progress in Progress.of_all(enrolments)],
        "invitations": list(CohortMember.objects.waiting_for(request.user, at=timezone.now())),
        "certificates": Certificate.objects.visible_to(request.user).count(),
        "staff": staff,
        "review": to_review,
        "review_minutes": minutes_for(to_review),
    }
    return render(request, "pages/my_learning.html", context)


class CourseRow(TypedDict):
    """A course as the overview shows it. Texts and titles are as editions and activities give them."""

    enrolment: Enrolment
    outline: Outline
    progress: Progress
    texts: dict[str, Any]
    open: bool
    finished_at: datetime | None
    next_url: str | None
    locked: list[dict[str, Any]]
    next_title: dict[str, str]


def _row(progress: Progress, finish_times: Mapping[int, datetime]) -> CourseRow:
    enrolment, outline = progress.enrolment, progress.outline
    step = progress.next_activity()
    return {
        "enrolment": enrolment,
        "outline": outline,
        "progress": progress,
        "texts": outline.texts(enrolment.language),
        "open": enrolment.is_open(timezone.now()),
        "finished_at": finish_times.get(enrolment.pk),
        "next_url": step_url(outline.course, step) if step else None,
        "locked": locked_texts(progress, enrolment.language),
        "next_title": step_texts(outline, step, enrolment.language),
    }


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


@require_safe
def help_for_coordinators(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help_coordinators.html")


@require_safe
def help_for_instructors(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help_instructors.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or not of this session: led on where that is possible, else the texts that were
    written stand on the page, for copying.
    """
    led_on = after_failed_check(request)
    if led_on is not None:
        return led_on
    match = request.resolver_match
    if match is not None and match.url_name == "lesson" and note_done(request):
        # The lesson takes in what is its reader's own.
        if request.user.is_authenticated:
            return redirect(request.get_full_path())
        say_kept(request)
        return redirect_to_login(request.get_full_path())
    context = {"texts": long_texts(request), "signed_out": not request.user.is_authenticated}
    return render(request, "403_csrf.html", context | {"next": page_behind(request)}, status=403)
