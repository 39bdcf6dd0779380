"""The overview of somebody who works with cohorts, and making one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from maarifa.accounts import actions as accounts
from maarifa.accounts.keeping import as_form, keeps_posts, page_of, seal
from maarifa.accounts.models import KeptPost
from maarifa.accounts.proof import used_second_step
from maarifa.accounts.requests import SignedInRequest
from maarifa.cohorts import actions, queries
from maarifa.cohorts.forms import CohortForm
from maarifa.institutions.models import Unit


@login_required
@require_safe
def institution(request: SignedInRequest) -> HttpResponse:
    """The units where the person works, and their cohorts; constant in queries."""
    units = queries.cohorts_of_units(request.user)
    if not units:
        raise Http404("this person works for no institution")
    rows = [
        {
            "unit": unit,
            "cohorts": [
                {"cohort": cohort, "title": queries.course_title(cohort, request.LANGUAGE_CODE)}
                for cohort in cohorts
            ],
        }
        for unit, cohorts in units
    ]
    context = {
        "units": rows,
        "managed": Unit.objects.managed_by(request.user).exists(),
        # Whoever has one has used it to come in: no query says more.
        "offer_second_step": not used_second_step(request),
        "now": timezone.now(),
    }
    return render(request, "cohorts/institution.html", context)


@keeps_posts
@require_http_methods(["GET", "POST"])
def cohort_new(request: SignedInRequest) -> HttpResponse:
    """Makes a cohort; what was sent without a session stands in the form again, and is not taken in before it is sent
    once more.
    """
    if not Unit.objects.managed_by(request.user).exists():
        if Unit.objects.visible_to(request.user).exists():
            raise PermissionDenied
        raise Http404("this person works for no institution")
    page = page_of(request.path)
    posts = list(KeptPost.objects.of_page(request.user, page))
    initial = {"language": request.LANGUAGE_CODE}
    if posts and request.method == "GET":
        initial |= as_form(posts[-1].fields).dict()
        messages.warning(
            request,
            _("Your session ended before the cohort was created. Check the form and send it again."),
        )
    form = CohortForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            cohort = actions.create_cohort(by=request.user, **form.cleaned_data)
            accounts.drop_kept_posts(person=request.user, public_ids=[post.public_id for post in posts])
            return redirect("cohort", cohort.public_id)
        except actions.CohortError as refusal:
            form.add_error(FIELD_OF.get(refusal.code), refusal.message)
    context = {"form": form, "seal": seal(request.user, page)}
    return render(request, "cohorts/cohort_new.html", context, status=422 if form.errors else 200)


FIELD_OF = {
    "NAME_TAKEN": "name",
    "NAME_MISSING": "name",
    "NOT_PUBLISHED": "course",
    "NOT_A_LANGUAGE": "language",
    "OPENS_AFTER_DUE": "opens_on",
}
