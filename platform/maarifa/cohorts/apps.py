from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CohortsConfig(AppConfig):
    name = "maarifa.cohorts"
    verbose_name = _("cohorts")

    def ready(self):
        from maarifa.cohorts import receivers  # noqa: F401, PLC0415 - receivers connect when the app is ready
