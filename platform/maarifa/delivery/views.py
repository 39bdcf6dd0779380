"""Saying that one wants no more messages."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from maarifa.delivery import actions


# The token is the permission: RFC 8058 has mail programs post here with neither cookie nor CSRF token.
# Looking never unsubscribes, for mail scanners follow every link.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request, token):
    try:
        delivery = actions.delivery_of(token=token)
    except actions.UnsubscribeRefusal as refusal:
        if refusal.code == refusal.UNKNOWN:
            raise Http404
        with override(refusal.params["language"]):
            context = {"state": "refused", "words": refusal.message}
            return render(request, "delivery/unsubscribe.html", context, status=403)
    state = "asked"
    if request.method == "POST":
        again = request.POST.get("again") == "1"
        (actions.resubscribe if again else actions.unsubscribe)(delivery=delivery)
        state = "again" if again else "done"
    with override(delivery.language):
        context = {"state": state, "kind": delivery.get_kind_display(), "address": delivery.address}
        return render(request, "delivery/unsubscribe.html", context)
