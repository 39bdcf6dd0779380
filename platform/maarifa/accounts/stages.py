"""What stands between a right password and being signed in."""

from allauth.account import stages


class EmailVerificationStage(stages.EmailVerificationStage):
    """Whoever signs up with an address shows that they read its mail before they enter the first time.

    So nobody takes another's address, and signing up with a known address looks the same as with a new one.
    Who has no address, or has been in before (by a card, by an invitation), goes on.
    """

    def handle(self):
        user = self.login.user
        if user is not None and (user.last_login or not user.email):
            return None, True
        return super().handle()
