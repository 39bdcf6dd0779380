"""Tasks take ids only; everything else is in the actions."""

from celery import shared_task


@shared_task(name="maarifa.learning.complete_eased")
def complete_eased(course_id: int | None = None) -> None:
    from maarifa.learning import actions

    actions.complete_eased(course_id=course_id)


@shared_task(name="maarifa.learning.end_timed_attempts")
def end_timed_attempts() -> None:
    from maarifa.learning import actions

    actions.end_timed_attempts()
