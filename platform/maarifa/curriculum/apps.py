from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CurriculumConfig(AppConfig):
    name = "maarifa.curriculum"
    verbose_name = _("curriculum")

    def ready(self):
        from maarifa.curriculum import receivers  # noqa: F401, PLC0415 - receivers connect when the app is ready
