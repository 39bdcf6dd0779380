from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CohortsConfig(AppConfig):
    name = "maarifa.cohorts"
    verbose_name = _("cohorts")

    def ready(self) -> None:
        from maarifa.accounts.account_status import KEEPING  # noqa: PLC0415 - apps are told apart by it
        from maarifa.cohorts import messages, receivers  # noqa: F401, PLC0415 - both register when the app is ready
        from maarifa.cohorts.models import invited_by_their_address  # noqa: PLC0415 - models are there by now

        KEEPING.append(invited_by_their_address)
