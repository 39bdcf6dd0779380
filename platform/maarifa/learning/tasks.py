"""Tasks take ids only; everything else is in the actions."""

from datetime import datetime

from celery import shared_task


@shared_task(name="maarifa.learning.complete_eased")
def complete_eased(course_id: int | None = None) -> None:
    from maarifa.learning import actions

    actions.complete_eased(course_id=course_id)


@shared_task(name="maarifa.learning.end_timed_attempts")
def end_timed_attempts() -> None:
    from maarifa.learning import actions

    actions.end_timed_attempts()


@shared_task(name="maarifa.learning.refresh_review")
def refresh_review(after: int = 0, until: str | None = None) -> None:
    from maarifa.learning import actions

    actions.refresh_review(after=after, until=datetime.fromisoformat(until) if until else None)
