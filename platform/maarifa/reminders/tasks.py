"""The queue's way in: everything is in the actions."""

from celery import shared_task


@shared_task(name="maarifa.reminders.plan")
def plan() -> None:
    from maarifa.reminders import actions

    actions.plan_reminders()
    actions.write_reminders()
