"""Tasks only call the actions."""

from datetime import datetime

from celery import shared_task


@shared_task(name="maarifa.reminders.plan")
def plan(after: int = 0, planned: bool = False, until: str | None = None) -> None:
    from maarifa.reminders import actions

    actions.remind(after=after, planned=planned, until=datetime.fromisoformat(until) if until else None)


@shared_task(name="maarifa.reminders.plan_reviews")
def plan_reviews(after: int = 0, planned: bool = False, until: str | None = None) -> None:
    from maarifa.reminders import actions

    actions.remind_of_reviews(
        after=after, planned=planned, until=datetime.fromisoformat(until) if until else None
    )
