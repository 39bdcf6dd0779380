from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "maarifa.reminders"
    verbose_name = _("reminders")

    def ready(self) -> None:
        from maarifa.reminders import messages  # noqa: F401, PLC0415 - kinds register when the app is ready
