"""For somebody who has lost their second factor and its backup codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from maarifa.accounts.actions import reset_second_step
from maarifa.accounts.models import User


class Command(BaseCommand):
    help = (
        "Remove the second factor of a person who has lost it, and sign them out everywhere. Make sure first, by"
        " another way than a message, that it is them who ask."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", help="user name or e-mail address")

    def handle(self, *, person: str, **options: Any) -> None:
        user = User.objects.named(person)
        if user is None:
            raise CommandError(f"Nobody signs in as {person!r}. Give the user name, or the e-mail address.")
        removed = reset_second_step(user=user, by=None)
        self.stdout.write(f"{user.username}: {removed} removed; every session has ended.")
