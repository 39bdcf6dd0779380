"""What certificates hear from below."""

from django.dispatch import receiver

from maarifa.certificates.actions import owe_certificate
from maarifa.learning.signals import course_completed


@receiver(course_completed, dispatch_uid="certificates.owe_after_completion")
def owe_after_completion(sender, completion, **kwargs):
    owe_certificate(completion=completion)
