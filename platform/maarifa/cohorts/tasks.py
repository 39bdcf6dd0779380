"""Tasks take ids only; everything else is in the actions."""

from celery import shared_task


@shared_task(name="maarifa.cohorts.apply")
def apply(roster_id: int) -> None:
    from maarifa.cohorts.actions import apply_roster

    apply_roster(roster_id=roster_id)


@shared_task(name="maarifa.cohorts.forget_lists")
def forget_lists() -> None:
    from maarifa.cohorts.actions import forget_lists

    forget_lists()
