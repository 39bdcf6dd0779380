"""The pages that every app leads to, and their items in the menu."""

from django.utils.translation import gettext_lazy as _

from maarifa.ui.menu import MAIN, MenuItem, register_destination, signed_in

register_destination("home", "home")
register_destination("overview", "my-learning")
register_destination("help", "help")

MAIN.register(MenuItem("pages.overview", _("My learning"), "my-learning", signed_in, order=10))
MAIN.register(MenuItem("pages.help", _("Help"), "help", order=60))
