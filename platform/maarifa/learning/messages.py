"""The kinds of message that this app sends."""

from django.utils.translation import gettext_lazy as _

from maarifa.delivery.kinds import Kind, register

LEARNING = register(Kind("learning", _("message about a course")))
RESULT = register(Kind("new-result", _("message about a changed result"), mass=True, can_stop=True))
