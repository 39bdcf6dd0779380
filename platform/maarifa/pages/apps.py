from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PagesConfig(AppConfig):
    name = "maarifa.pages"
    verbose_name = _("pages")

    def ready(self) -> None:
        from maarifa.pages import receivers  # noqa: F401, PLC0415 - receivers connect when the app is ready
