"""Who may sign in, and by what."""

from allauth.account.auth_backends import AuthenticationBackend


class Backend(AuthenticationBackend):
    pass
