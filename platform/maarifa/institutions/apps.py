from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstitutionsConfig(AppConfig):
    name = "maarifa.institutions"
    verbose_name = _("institutions")

    def ready(self) -> None:
        from maarifa.accounts.account_status import RESPONSIBLE  # noqa: PLC0415 - apps are told apart by it
        from maarifa.institutions.models import Membership  # noqa: PLC0415 - models are there by now

        RESPONSIBLE.append(lambda user: Membership.objects.filter(user=user, ended_at=None).exists())
