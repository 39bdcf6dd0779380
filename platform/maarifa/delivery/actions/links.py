"""Addresses that stand in mail: absolute, and good without a session."""

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_signer = Signer(salt="maarifa.delivery.unsubscribe")


def unsubscribe_url(public_id: UUID) -> str:
    return settings.SITE_URL + reverse("unsubscribe", args=[unsubscribe_token(public_id)])


def unsubscribe_token(public_id: UUID) -> str:
    """A token that names one message, signed: it can't be guessed, and holds no address."""
    return _signer.sign(public_id.hex)


def read_token(token: str) -> str | None:
    """The public id of the message that the token names, None where the token isn't ours."""
    try:
        return _signer.unsign(token)
    except BadSignature:
        return None
