"""The kind of message that this app sends."""

from django.utils.translation import gettext_lazy as _

from maarifa.delivery.kinds import Kind, register

INVITATION = register(Kind("invitation", _("invitation"), can_stop=True, secret=True))
