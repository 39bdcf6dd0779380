"""One's own certificates, and checking somebody else's, in the menu."""

from django.utils.translation import gettext_lazy as _

from maarifa.ui.menu import MAIN, MenuItem, signed_in, visitors

MAIN.register(MenuItem("certificates.own", _("Certificates"), "certificates", signed_in, order=30))
MAIN.register(MenuItem("certificates.verify", _("Check a certificate"), "verify", visitors, order=30))
