"""Saying which messages one wants, from a message and from one's account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maarifa.accounts.requests import SignedInRequest
from maarifa.delivery import actions
from maarifa.delivery.kinds import kind_of


# The token is the permission: RFC 8058 has mail programs post here with neither cookie nor CSRF token.
# Looking never unsubscribes, for mail scanners follow every link.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    try:
        delivery = actions.delivery_of(token=token)
    except actions.UnsubscribeError as refusal:
        if refusal.code == refusal.UNKNOWN:
            raise Http404
        with override(refusal.params["language"]):
            context: dict[str, object] = {"state": "refused", "words": refusal.message}
            return render(request, "delivery/unsubscribe.html", context, status=403)
    state = "asked"
    if request.method == "POST":
        again = request.POST.get("again") == "1"
        (actions.resubscribe if again else actions.unsubscribe)(delivery=delivery)
        state = "again" if again else "done"
    with override(delivery.language):
        context = {
            "state": state,
            "kind": delivery.get_kind_display(),
            "address": delivery.address,
            "has_account": actions.person_of(delivery=delivery) is not None,
        }
        return render(request, "delivery/unsubscribe.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wanted_messages(request: SignedInRequest) -> HttpResponse:
    """Which messages that can be stopped the person gets, and the way to stop them or to have them again."""
    if request.method == "POST":
        again = request.POST.get("again") == "1"
        try:
            (actions.opt_in if again else actions.opt_out)(
                user=request.user, kind=request.POST.get("kind", "")
            )
        except actions.UnsubscribeError:
            raise Http404
        messages.success(
            request,
            _("You will get messages of this kind again.")
            if again
            else _("You will no longer get messages of this kind."),
        )
        return redirect("wanted-messages")
    kinds = [
        {"kind": kind, "label": kind_of(kind).label, "wanted": wanted}
        for kind, wanted in actions.wanted_kinds(user=request.user).items()
    ]
    return render(request, "delivery/wanted.html", {"kinds": kinds})
