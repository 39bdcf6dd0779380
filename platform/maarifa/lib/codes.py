"""Codes that people copy from paper: Crockford's base32, https://www.crockford.com/base32.html."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CERTIFICATE_CODE_LENGTH = 16  # 16 digits of 5 bits: 80 bits

_FORGIVEN = str.maketrans({"I": "1", "L": "1", "O": "0"})
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯", "0123456789" * 4)


def new_code(length: int = CERTIFICATE_CODE_LENGTH) -> str:
    """A random code of `length` digits, 5 bits each, without hyphens."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def new_pin(length: int = 8) -> str:
    """A random code of decimal digits, for a card that is typed on a phone."""
    return "".join(secrets.choice("0123456789") for _ in range(length))


def normalise_code(text: str) -> str | None:
    """The code that a person meant: case, hyphens, spaces, I, L and O forgiven, digits of any script read.

    None where the text cannot be a code.
    """
    bare = "".join(c for c in text.translate(_DIGITS).upper() if c.isalnum()).translate(_FORGIVEN)
    return bare if bare and all(c in ALPHABET for c in bare) else None


def display_code(code: str) -> str:
    """The code in groups of four: K7QF-2M9D-X4TW-0B5Z."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))
