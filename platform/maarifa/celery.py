"""The Celery application: `celery -A maarifa worker`, `celery -A maarifa beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maarifa.settings")

app = Celery("maarifa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
