"""Maarifa: a course platform for capacity building."""

from maarifa.celery import app as celery_app

__all__ = ["celery_app"]
