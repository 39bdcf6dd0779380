"""On one's account: the groups in which others see what one does."""

from typing import Any

from django.http import HttpRequest

from maarifa.accounts.models import User
from maarifa.accounts.slots import CONSENTS


@CONSENTS.panel("cohorts.groups", template="cohorts/panels/groups.html")
def groups(request: HttpRequest, user: User) -> dict[str, Any]:
    return {}
