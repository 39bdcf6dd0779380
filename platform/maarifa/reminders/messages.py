"""The kind of message that this app sends."""

from django.utils.translation import gettext_lazy as _

from maarifa.delivery.kinds import Kind, register

REMINDER = register(Kind("reminder", _("reminder"), mass=True, can_stop=True))
