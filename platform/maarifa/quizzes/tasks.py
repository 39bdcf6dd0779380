"""Tasks take ids only; everything else is in the actions."""

from celery import shared_task


@shared_task(name="maarifa.quizzes.compute_statistics")
def compute_statistics() -> None:
    from maarifa.quizzes import actions

    actions.compute_statistics()
