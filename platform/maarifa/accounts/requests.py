"""Requests of people who are signed in, for what runs behind `login_required`."""

from django.http import HttpRequest

from maarifa.accounts.models import User


class SignedInRequest(HttpRequest):
    """What a view gets once a decorator has sent strangers away: `user` is a person. Only named in types."""

    user: User
