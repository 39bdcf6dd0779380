"""What Celery runs for this app."""

from celery import shared_task


@shared_task(name="maarifa.delivery.send")
def send(delivery_id: int) -> None:
    from maarifa.delivery.actions import send_delivery

    send_delivery(delivery_id=delivery_id)


@shared_task(name="maarifa.delivery.blank_bodies")
def blank_bodies() -> None:
    from maarifa.delivery.actions import blank_bodies

    blank_bodies()
