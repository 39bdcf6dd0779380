"""E-mail by SMTP, or by whatever else EMAIL_BACKEND names."""

import smtplib
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Q

from maarifa.accounts.models import User
from maarifa.delivery.channels import ChannelError
from maarifa.delivery.models import Delivery


class Mail:
    def address_of(self, user: User) -> str:
        return user.email or ""

    def reached(self, path: str) -> Q:
        return Q(**{f"{path}__email__isnull": False})

    def send(self, delivery: Delivery, *, unsubscribe_url: str, timeout: float | None = None) -> None:
        """The same Message-ID and Date however often it is sent: a mailbox may show doubles once."""
        try:
            _message(delivery, unsubscribe_url, timeout).send()
        except smtplib.SMTPRecipientsRefused as refused:
            code, answer = next(iter(refused.recipients.values()))
            # 5.7.x is about us (relaying denied, a policy), not about the mailbox.
            text, about_us = f"{code} {_text(answer)}", _text(answer).startswith("5.7.")
            raise ChannelError(text, passing=code < 500, refused=code >= 500 and not about_us) from refused
        except (smtplib.SMTPException, OSError) as error:
            raise ChannelError(_words(error), passing=_passes(error)) from error


def _message(delivery: Delivery, unsubscribe_url: str, timeout: float | None) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": delivery.message_id,
        "Auto-Submitted": "auto-generated",
        "Date": format_datetime(delivery.created_at),
        "Content-Language": delivery.language,
    }
    if unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=delivery.subject,
        body=delivery.text,
        to=[delivery.address],
        reply_to=[settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else None,
        headers=headers,
        connection=get_connection(timeout=timeout or settings.EMAIL_TIMEOUT),
    )
    if delivery.html:
        message.attach_alternative(delivery.html, "text/html")
    return message


def _passes(error: Exception) -> bool:
    """The server is away or busy, or it is our own side that is set up wrong."""
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPSenderRefused):
        return True
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code < 500 or isinstance(error, smtplib.SMTPConnectError | smtplib.SMTPHeloError)
    return isinstance(error, smtplib.SMTPServerDisconnected | OSError)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
