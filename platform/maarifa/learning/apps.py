from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "maarifa.learning"
    verbose_name = _("learning")

    def ready(self) -> None:
        from maarifa.learning import messages, receivers  # noqa: F401, PLC0415 - both register when the app is ready
