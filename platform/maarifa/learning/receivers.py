"""What learning hears from below."""

from django.dispatch import receiver

from maarifa.curriculum.signals import edition_chosen
from maarifa.learning.actions import complete_if_met, look_for_completions
from maarifa.quizzes.signals import attempt_graded


@receiver(attempt_graded, dispatch_uid="learning.complete_after_quiz")
def complete_after_quiz(sender, attempt, **kwargs):
    """A passed quiz may be the last thing missing for the course."""
    if not attempt.passed:
        return
    # The door has read the sitting with the attempt; an attempt without one counts for no course.
    sitting = getattr(attempt, "sitting", None)
    if sitting is not None:
        complete_if_met(enrolment=sitting.enrolment, at=attempt.submitted_at)


@receiver(edition_chosen, dispatch_uid="learning.complete_what_an_edition_eased")
def complete_what_an_edition_eased(sender, course, **kwargs):
    """Another edition may ask less than the one before."""
    look_for_completions(course=course)
