"""What operations hears from below, and from the worker that it runs in."""

from celery.signals import heartbeat_sent, worker_ready
from django.dispatch import receiver

from maarifa.accounts.signals import account_erased
from maarifa.celery import show_alive
from maarifa.lib.queues import QUEUES
from maarifa.operations.actions import ask_for_heartbeat, list_erasures_after_commit


@receiver(account_erased, dispatch_uid="operations.list_erasure")
def list_erasure(sender, user, **kwargs):
    list_erasures_after_commit()


@worker_ready.connect(weak=False)
def show_that_it_works(sender, **kwargs):
    ask_for_heartbeat(queues=[name for name in QUEUES if name in sender.app.amqp.queues.consume_from])


@heartbeat_sent.connect(weak=False)
def show_that_it_listens(**kwargs):
    show_alive()
