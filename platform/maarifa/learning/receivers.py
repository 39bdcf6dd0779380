"""What learning hears from below."""

from typing import Any

from django.dispatch import receiver

from maarifa.curriculum.models import Course
from maarifa.curriculum.signals import edition_chosen
from maarifa.learning.actions import look_for_completions


@receiver(edition_chosen, dispatch_uid="learning.complete_what_an_edition_eased")
def complete_what_an_edition_eased(sender: type[Any], course: Course, **kwargs: Any) -> None:
    """Another edition may ask less than the one before."""
    look_for_completions(course=course)
