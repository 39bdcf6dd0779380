"""Tasks take ids only; everything else is in the actions."""

from celery import shared_task


@shared_task(name="maarifa.quizzes.regrade")
def regrade(regrade_id: int) -> None:
    from maarifa.quizzes.actions import apply_regrade

    apply_regrade(regrade_id=regrade_id)


@shared_task(name="maarifa.quizzes.compute_statistics")
def compute_statistics() -> None:
    from maarifa.quizzes import actions

    actions.compute_statistics()
