"""What stands between a right password and being signed in."""

from allauth.account import stages
from django.http.response import HttpResponseBase

from maarifa.accounts.models import User


class EmailVerificationStage(stages.EmailVerificationStage):
    """Whoever signs up with an address shows that they read its mail before they enter the first time.

    So nobody takes another's address, and signing up with a known address looks the same as with a new one.
    Who has no address, or has been in before (by a card, by an invitation), goes on.
    """

    def handle(self) -> tuple[HttpResponseBase | None, bool]:
        user = self.login.user
        if isinstance(user, User) and (user.last_login or not user.email):
            return None, True
        led: tuple[HttpResponseBase | None, bool] = super().handle()  # type: ignore[no-untyped-call]  # allauth's
        return led
