"""What operations hears from below, and from the worker that it runs in."""

from typing import TYPE_CHECKING, Any

from celery.signals import heartbeat_sent, worker_ready
from django.dispatch import receiver

from maarifa.accounts.models import User
from maarifa.accounts.signals import account_erased
from maarifa.celery import show_alive
from maarifa.lib.queues import QUEUES
from maarifa.operations.actions import ask_for_heartbeat, list_erasures_after_commit

if TYPE_CHECKING:
    from celery.worker import WorkController


@receiver(account_erased, dispatch_uid="operations.list_erasure")
def list_erasure(sender: object, user: User, **kwargs: Any) -> None:
    list_erasures_after_commit()


@worker_ready.connect(weak=False)
def show_that_it_works(sender: "WorkController", **kwargs: Any) -> None:
    ask_for_heartbeat(queues=[name for name in QUEUES if name in sender.app.amqp.queues.consume_from])


@heartbeat_sent.connect(weak=False)
def show_that_it_listens(**kwargs: Any) -> None:
    show_alive()
