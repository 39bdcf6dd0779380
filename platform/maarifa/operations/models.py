"""Running the house."""

from django.db import models


class Heartbeat(models.Model):
    """When a kind of process was last seen at work."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "heartbeat"
