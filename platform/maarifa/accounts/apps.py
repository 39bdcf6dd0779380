from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "maarifa.accounts"
    verbose_name = _("people")

    def ready(self) -> None:
        from maarifa.accounts import receivers  # noqa: F401, PLC0415 - receivers connect when the app is ready
        from maarifa.lib.append_only import hold_in_database  # noqa: PLC0415 - it has models

        post_migrate.connect(hold_in_database, sender=self, dispatch_uid="accounts.append_only")
