"""The institution in the menu of those who have a role there."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from maarifa.lib.frame import STAFF
from maarifa.ui.menu import MAIN, MenuItem, signed_in


def staff(request: HttpRequest) -> bool:
    return signed_in(request) and bool(request.session.get(STAFF))


MAIN.register(MenuItem("cohorts.institution", _("My institution"), "institution", staff, order=40))
