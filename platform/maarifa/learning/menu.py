"""The catalogue in the menu."""

from django.utils.translation import gettext_lazy as _

from maarifa.ui.menu import MAIN, MenuItem

MAIN.register(MenuItem("learning.catalogue", _("Courses"), "catalogue", order=20))
