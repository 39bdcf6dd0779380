"""Sessions that have ended."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.contrib.sessions.backends.cached_db import KEY_PREFIX
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.utils import timezone

BATCH = 1000


def forget_in_cache(*, keys: Collection[str]) -> None:
    """Sessions whose rows are gone are gone from the cache as well. Never refuses."""
    if keys:
        caches[settings.SESSION_CACHE_ALIAS].delete_many([KEY_PREFIX + key for key in keys])


def forget_expired_sessions(*, at: datetime | None = None) -> int:
    """Delete the sessions that have run out; their number. The cache lets go of its copies by itself.

    In batches, each by itself: who dies leaves the rest to the next time. Never refuses.
    """
    at = at or timezone.now()
    forgotten = 0
    while True:
        expired = Session.objects.filter(expire_date__lte=at).order_by("expire_date")
        keys = list(expired.values_list("pk", flat=True)[:BATCH])
        if not keys:
            return forgotten
        forgotten += Session.objects.filter(pk__in=keys).delete()[0]
