"""The Celery application: `celery -A maarifa worker`, `celery -A maarifa beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maarifa.settings")

# Somebody may be waiting in front of a screen: a queue that does not answer is left to the sweep. The worker, which
# only listens, has the patience of the settings.
PUBLISHING = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}


class App(Celery):
    def connection_for_write(self, url=None, **more):
        return super().connection_for_write(url, **{"transport_options": PUBLISHING, **more})


app = App("maarifa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
