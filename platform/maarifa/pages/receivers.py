"""What the pages note of a person who signs in."""

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from maarifa.institutions.models import Membership
from maarifa.lib.frame import STAFF
from maarifa.pages.asking import note_contact


@receiver(user_logged_in, dispatch_uid="pages.note_staff")
def note_staff(sender, request, user, **kwargs):
    if request is not None and hasattr(request, "session"):
        request.session[STAFF] = Membership.objects.current().filter(user=user).exists()


@receiver(user_logged_in, dispatch_uid="pages.note_contact")
def note_whom_they_ask(sender, request, user, **kwargs):
    if request is not None and hasattr(request, "session"):
        note_contact(request, user)
