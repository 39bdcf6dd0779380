"""Digests of content."""

import hashlib
import json


def digest(content: bytes | str) -> str:
    """SHA-256 of the bytes (of the UTF-8 of a text), as 64 hexadecimal digits."""
    if isinstance(content, str):
        content = content.encode()
    return hashlib.sha256(content).hexdigest()


def canonical_json(value: object) -> str:
    """One text for one value: keys sorted, no spaces, UTF-8 kept. Floats are refused, for they have no one spelling."""
    _refuse_floats(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest_of(value: object) -> str:
    """The digest of a value made of dicts, lists, texts, whole numbers, booleans and None."""
    return digest(canonical_json(value))


def short_digest(value: object) -> str:
    """The first 16 digits of `digest_of`: enough to tell whether a source text has changed."""
    return digest_of(value)[:16]


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float; use an int or a text")
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"key {key!r} is not a text")
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
