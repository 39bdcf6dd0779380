"""What learning hears from below."""

from django.dispatch import receiver

from maarifa.learning.actions import complete_if_met
from maarifa.learning.models import Sitting
from maarifa.quizzes.signals import attempt_graded


@receiver(attempt_graded, dispatch_uid="learning.complete_after_quiz")
def complete_after_quiz(sender, attempt, **kwargs):
    """A passed quiz may be the last thing missing for the course."""
    if not attempt.passed:
        return
    sitting = Sitting.objects.select_related("enrolment__course").filter(attempt=attempt).first()
    if sitting is not None:
        complete_if_met(enrolment=sitting.enrolment, at=attempt.submitted_at)
