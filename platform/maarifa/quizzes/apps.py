from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class QuizzesConfig(AppConfig):
    name = "maarifa.quizzes"
    verbose_name = _("quizzes")

    def ready(self) -> None:
        from maarifa.lib.append_only import hold_in_database  # noqa: PLC0415 - it has models

        post_migrate.connect(hold_in_database, sender=self, dispatch_uid="quizzes.append_only")
