"""The kinds of message that this app sends."""

from django.utils.translation import gettext_lazy as _

from maarifa.delivery.kinds import Kind, register

REMINDER = register(Kind("reminder", _("reminder"), mass=True, can_stop=True))
REVIEW = register(Kind("review", _("weekly review"), mass=True, can_stop=True))
