"""Requests of people who are signed in, and what is noted of a request while it is answered."""

from typing import Generic, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from maarifa.accounts.models import User

Value = TypeVar("Value")


class Note(Generic[Value]):
    """One thing that may be noted of a request, for who comes later in answering it."""

    def __init__(self, name: str) -> None:
        self._name = f"_note_{name}"

    def note(self, request: HttpRequest, value: Value) -> None:
        request.__dict__[self._name] = value

    def of(self, request: HttpRequest) -> Value | None:
        """What was noted; None where nothing was."""
        noted: Value | None = request.__dict__.get(self._name)
        return noted


# Who signed in in this request.
SIGNED_IN_NOW: Note[User] = Note("signed_in_now")
# Whose address, of an account that nobody had entered yet, was just proved by a code: their primary key.
FIRST_PROOF_BY_CODE: Note[int] = Note("first_proof_by_code")
# The address for which a code to sign in is being made.
CODE_ASKED_FOR: Note[str] = Note("code_asked_for")
# That the form on the page is a kept one, which is not saved yet.
KEPT_FORM_SHOWN: Note[bool] = Note("kept_form_shown")


class SignedInRequest(HttpRequest):
    """What a view gets once a decorator has sent strangers away: `user` is a person. Only named in types."""

    user: User


def user_of(request: HttpRequest) -> User:
    """The person signed in, for what strangers don't get to but is given any request, as the admin's methods are.
    PermissionDenied where a stranger has come nonetheless.
    """
    if request.user.is_authenticated:
        return request.user
    raise PermissionDenied
