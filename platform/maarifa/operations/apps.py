from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "maarifa.operations"
    verbose_name = _("operations")

    def ready(self) -> None:
        # Tasks find the Celery app in every process that has Django; the supervisor has none, and loads neither.
        from maarifa import celery  # noqa: F401, PLC0415 - it needs the settings
        from maarifa.operations import checks, receivers  # noqa: F401, PLC0415 - they connect when the app is ready
