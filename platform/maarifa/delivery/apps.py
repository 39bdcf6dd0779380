from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "maarifa.delivery"
    verbose_name = _("messages")

    def ready(self) -> None:
        from maarifa.delivery import messages, receivers  # noqa: F401, PLC0415 - both register when the app is ready
