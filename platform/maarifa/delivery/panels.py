"""On one's account: which messages one gets."""

from maarifa.accounts.slots import SIGNING_IN


@SIGNING_IN.panel("delivery.messages", template="delivery/panels/messages.html")
def messages(request, user):
    return {}
