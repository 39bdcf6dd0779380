"""The beat's own sign of life, by way of a worker: it shows that beat, queue and worker are all there. And the sweep
of erasures that did not come to be listed.
"""

from celery import shared_task


@shared_task(name="maarifa.operations.beat")
def beat() -> None:
    from maarifa.operations import actions, health

    actions.record_heartbeat(name=health.WORKER)


@shared_task(name="maarifa.operations.list_erasures")
def list_erasures() -> None:
    from maarifa.operations import actions

    actions.list_erasures()
