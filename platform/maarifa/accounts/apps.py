from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "maarifa.accounts"
    verbose_name = _("people")

    def ready(self):
        from maarifa.accounts import receivers  # noqa: F401, PLC0415 - receivers connect when the app is ready
