"""For somebody who has lost their second factor and its backup codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maarifa.accounts.actions import reset_second_step
from maarifa.accounts.models import User


class Command(BaseCommand):
    help = (
        "Remove the second step of a person who has lost it, and sign them out on every device. First make sure,"
        " for example by telephone and not by message, that the request comes from this person."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="user name or e-mail address")

    def handle(self, *, person: str, **options: Any) -> None:
        user = User.objects.named(person)
        if user is None:
            raise CommandError(
                f"There is no account with the user name or e-mail address {person!r}. Check it and try again."
            )
        removed = reset_second_step(user=user, by=None)
        self.stdout.write(f"Second steps removed for {user.username}: {removed}. All sessions have ended.")
