"""What the pages note of a person who signs in."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from maarifa.accounts.models import User
from maarifa.institutions.models import Membership
from maarifa.lib.frame import STAFF
from maarifa.pages.asking import note_contact


@receiver(user_logged_in, dispatch_uid="pages.note_staff")
def note_staff(sender: type[User], request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    if request is not None and hasattr(request, "session"):
        request.session[STAFF] = Membership.objects.current().filter(user=user).exists()


@receiver(user_logged_in, dispatch_uid="pages.note_contact")
def note_whom_they_ask(sender: type[User], request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    if request is not None and hasattr(request, "session"):
        note_contact(request, user)
