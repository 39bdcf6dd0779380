"""What `check --deploy` says beyond Django's own."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


@register(Tags.security, deploy=True)
def somebody_can_be_asked(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Without an address nobody can ask for help, nor to be erased."""
    if settings.CONTACT_EMAIL:
        return []
    hint = "Set CONTACT_EMAIL to an address that someone reads. See .env.example."
    return [
        Warning(
            "CONTACT_EMAIL is empty, so people have no one to ask for help.", hint=hint, id="maarifa.W001"
        )
    ]
