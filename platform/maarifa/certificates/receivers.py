"""What certificates hear from below."""

from typing import Any

from django.dispatch import receiver

from maarifa.certificates.actions import queue_certificate
from maarifa.learning.models import CourseCompletion
from maarifa.learning.signals import course_completed


@receiver(course_completed, dispatch_uid="certificates.queue_after_completion")
def queue_after_completion(sender: object, completion: CourseCompletion, **kwargs: Any) -> None:
    queue_certificate(completion=completion)
