"""Who writes courses."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from maarifa.accounts.models import User

INSTRUCTORS = "Instructors"

MAY: dict[str, dict[str, tuple[str, ...]]] = {
    "curriculum": {
        "course": ("add", "change", "view", "publish"),
        "coursetext": ("add", "change", "view"),
        "module": ("add", "change", "view"),
        "activity": ("add", "change", "delete", "view"),
        "lesson": ("add", "change", "view"),
        "lessontext": ("add", "change", "view"),
        "material": ("change", "view"),
        "edition": ("view",),
    },
    "quizzes": {
        "bank": ("add", "change", "view"),
        "question": ("add", "change", "view", "regrade"),
        "questiontext": ("add", "change", "view"),
        "quiz": ("add", "change", "view"),
    },
}
"""No attempts: they are people's, and instructors write questions without seeing who answered what."""


def make_instructors_group(*, using: str = "default") -> Group:
    """The group with at least these permissions: what an operator has added to it stays."""
    group, _made = Group.objects.using(using).get_or_create(name=INSTRUCTORS)
    wanted: list[Permission] = []
    for label, models in MAY.items():
        codenames = [f"{verb}_{model}" for model, verbs in models.items() for verb in verbs]
        wanted += Permission.objects.using(using).filter(
            content_type__app_label=label, codename__in=codenames
        )
    existing = set(group.permissions.using(using).values_list("pk", flat=True))
    group.permissions.add(*(permission for permission in wanted if permission.pk not in existing))
    return group


@transaction.atomic
def make_instructor(*, user: User) -> None:
    """Lets this person into the admin as an instructor. Once more changes nothing. Never refuses."""
    User.objects.filter(pk=user.pk, is_staff=False).update(is_staff=True)
    user.is_staff = True
    user.groups.add(make_instructors_group())
