"""The beat's own sign of life, by way of each queue's worker: it shows that beat, queue and worker are all there. And
listing the erasures that did not come to be listed.
"""

from celery import shared_task


@shared_task(name="maarifa.operations.beat")
def beat(queue: str) -> None:
    from maarifa.operations import actions

    actions.record_heartbeat(name=queue)


@shared_task(name="maarifa.operations.list_erasures")
def list_erasures() -> None:
    from maarifa.operations import actions

    actions.list_erasures()
