"""On one's account: which messages one gets."""

from django.http import HttpRequest

from maarifa.accounts.models import User
from maarifa.accounts.slots import SIGNING_IN


@SIGNING_IN.panel("delivery.messages", template="delivery/panels/messages.html")
def messages(request: HttpRequest, user: User) -> dict[str, object]:
    return {}
