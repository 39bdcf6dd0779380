from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CurriculumConfig(AppConfig):
    name = "maarifa.curriculum"
    verbose_name = _("curriculum")

    def ready(self) -> None:
        from maarifa.curriculum import receivers  # noqa: F401, PLC0415 - receivers connect when the app is ready
        from maarifa.curriculum.coursefacts import course_facts, course_titles  # noqa: PLC0415 - it has models
        from maarifa.lib.append_only import hold_in_database  # noqa: PLC0415 - it has models
        from maarifa.quizzes import courses  # noqa: PLC0415 - with the others

        courses.register(course_facts, course_titles)
        post_migrate.connect(hold_in_database, sender=self, dispatch_uid="curriculum.append_only")
