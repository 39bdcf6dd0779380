"""Tokens that stand in the addresses of invitations.

A token from a message names the member; whoever has it reads that address's mail. One that was made for a code on a
card names the code's digest too, and dies with the code.
"""

from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

_signer = Signer(salt="maarifa.cohorts.join")


def make_token(public_id: UUID, code: str = "") -> str:
    content = f"{public_id.hex}.{_digest(code)}" if code else public_id.hex
    return _signer.sign(content)


def read_token(token: str) -> tuple[str, str] | None:
    """The member's public id and, for a card, the digest of its code; None where the token isn't ours."""
    try:
        public_id, _dot, proof = _signer.unsign(token).partition(".")
    except BadSignature:
        return None
    return public_id, proof


def proves(proof: str, code: str | None) -> bool:
    """Whether the token was made for this very code."""
    if not proof or not code:
        return False
    return proof == _digest(code)


def _digest(code: str) -> str:
    return salted_hmac("maarifa.cohorts.entry", code).hexdigest()[:20]
