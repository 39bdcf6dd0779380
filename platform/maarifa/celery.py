"""The Celery application: `celery -A maarifa worker`, `celery -A maarifa beat`."""

import os

from celery import Celery, signals
from kombu.transport import redis, virtual

from maarifa.lib.logs import MaskingFilter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maarifa.settings")

# Somebody may be waiting in front of a screen: a queue that does not answer is left to the sweep. The worker, which
# only listens, has the patience of the settings.
PUBLISHING = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}


class QoS(redis.QoS):
    """What a worker has in hand. With kombu's own, a Redis that falls silent at the wrong moment ends a worker's work
    for good: the acknowledgement fails, the message counts as in hand for ever, and a worker that takes one at a time
    never asks for another, nor notices that its connection is dead.
    """

    def ack(self, delivery_tag):
        """Whatever Redis says, it is out of hand. One that Redis still holds is delivered once more, and acts once."""
        try:
            super().ack(delivery_tag)
        except Exception:
            virtual.QoS.ack(self, delivery_tag)
            raise


redis.Channel.QoS = QoS


class App(Celery):
    def connection_for_write(self, url=None, **more):
        return super().connection_for_write(url, **{"transport_options": PUBLISHING, **more})


@signals.after_setup_logger.connect
@signals.after_setup_task_logger.connect
def mask(logger, **kwargs):
    """Celery's handlers take the place of those in the settings, and what they keep out of the log."""
    for handler in logger.handlers:
        handler.addFilter(MaskingFilter())


app = App("maarifa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
