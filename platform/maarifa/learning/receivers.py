"""What learning hears from below."""

from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from maarifa.curriculum.models import Course
from maarifa.curriculum.signals import edition_chosen
from maarifa.learning.actions import follow_regrade, look_for_completions
from maarifa.quizzes.models import AttemptGrant, Regrade
from maarifa.quizzes.signals import results_corrected


@receiver(edition_chosen, dispatch_uid="learning.complete_what_an_edition_eased")
def complete_what_an_edition_eased(sender: type[Any], course: Course, **kwargs: Any) -> None:
    """Another edition may ask less than the one before."""
    look_for_completions(course=course)


@receiver(results_corrected, dispatch_uid="learning.follow_corrected_results")
def follow_corrected_results(
    sender: type[Any],
    regrade: Regrade,
    learners: Collection[int],
    grants: Collection[AttemptGrant],
    **kwargs: Any,
) -> None:
    """What was not passed before may complete a course, and learners are told."""
    follow_regrade(regrade=regrade, learners=learners, grants=grants)
