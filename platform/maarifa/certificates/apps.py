from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    name = "maarifa.certificates"
    verbose_name = _("certificates")

    def ready(self) -> None:
        from maarifa.certificates import messages, receivers  # noqa: F401, PLC0415 - both register when the app is ready
