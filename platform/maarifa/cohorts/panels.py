"""On one's account: the groups in which others see what one does."""

from maarifa.accounts.slots import CONSENTS


@CONSENTS.panel("cohorts.groups", template="cohorts/panels/groups.html")
def groups(request, user):
    return {}
