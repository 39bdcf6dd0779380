"""How far each translation is."""

from collections.abc import Iterable
from typing import TypedDict, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from maarifa.lib.models import TranslatedText

T = TypeVar("T", bound=TranslatedText)


class TranslationState(models.TextChoices):
    SOURCE = "source", _("source text")
    MISSING = "missing", _("missing")
    STALE = "stale", _("out of date")
    MACHINE = "machine", _("machine translation, not yet reviewed")
    REVIEWED = "reviewed", _("reviewed")


def state_of(text: TranslatedText | None, source_digest: str) -> TranslationState:
    """The state of a text (a row, or None where there is none), given the digest of today's source words."""
    if text is None:
        return TranslationState.MISSING
    if text.is_stale(source_digest):
        return TranslationState.STALE
    return TranslationState(text.state)


def in_language(texts: Iterable[T], language: str) -> T | None:
    """The text in a language, or None. `texts` are the rows of one object, already fetched."""
    return next((text for text in texts if text.language == language), None)


class EditionState(TypedDict):
    state: str
    stale: bool


def state_in_edition(text: TranslatedText, source_digest: str) -> EditionState:
    """What an edition says of the state of a text that there is."""
    return {"state": text.state, "stale": state_of(text, source_digest) == TranslationState.STALE}
