from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone


class Command(BaseCommand):
    help = "Send a test message to ADDRESS with this process's mail settings, and show any error."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", metavar="ADDRESS")

    def handle(self, address: str, **options: Any) -> None:
        way = self._way()
        message = EmailMessage(
            subject=f"{settings.SITE_NAME}: test message",
            body=f"{settings.SITE_URL} can send mail. Sent at {timezone.now():%Y-%m-%d %H:%M} UTC.\n",
            to=[address],
        )
        try:
            message.send()
        except Exception as error:
            raise CommandError(f"The message was not sent {way}: {type(error).__name__}: {error}") from error
        self.stdout.write(
            f"Sent to {address} from {settings.DEFAULT_FROM_EMAIL} {way}. Check that it has arrived."
        )

    def _way(self) -> str:
        kind = settings.EMAIL_BACKEND.split(".")[-2]
        if kind == "filebased":
            return f"into a file in {settings.EMAIL_FILE_PATH}, not to a mail server"
        if kind != "smtp":
            return f"through {settings.EMAIL_BACKEND}"
        how = "TLS" if settings.EMAIL_USE_SSL else "STARTTLS" if settings.EMAIL_USE_TLS else "no encryption"
        who = f"as {settings.EMAIL_HOST_USER}" if settings.EMAIL_HOST_USER else "without a user name"
        return f"through {settings.EMAIL_HOST}:{settings.EMAIL_PORT} with {how}, {who}"
