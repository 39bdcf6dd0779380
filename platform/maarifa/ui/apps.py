from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class UiConfig(AppConfig):
    name = "maarifa.ui"
    label = "ui"

    def ready(self) -> None:
        # As Django's admin finds every `admin.py`: places of pages first, then what apps above put there.
        autodiscover_modules("slots")
        autodiscover_modules("panels", "menu")
