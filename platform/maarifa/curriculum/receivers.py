"""After the tables are made."""

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from maarifa.curriculum.actions import make_instructors_group

AUTHORING = ("curriculum", "quizzes")


@receiver(post_migrate, dispatch_uid="curriculum.instructors")
def _instructors(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """The group of those who write courses, once both apps that they write in have their permissions."""
    if sender.label != "curriculum":
        return
    for label in AUTHORING:
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    make_instructors_group(using=using)
