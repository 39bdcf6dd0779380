"""Who may sign in, and by what."""

from allauth.account.auth_backends import AuthenticationBackend

from maarifa.accounts import actions
from maarifa.accounts.allauth_internals import ChecksPasswords
from maarifa.accounts.models import User


class Backend(ChecksPasswords, AuthenticationBackend):
    """By user name or by e-mail address, each compared as it is stored: NFKC and without regard to case."""

    def person_with(self, typed: str, password: str) -> User | None:
        person = self.if_right(User.objects.named(typed), password)
        if person is not None and person.password_in_another_form:
            actions.keep_password(user=person, password=password)
        return person
