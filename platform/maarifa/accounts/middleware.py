"""The clocks of the person who asks."""

import zoneinfo

from django.conf import settings
from django.utils import timezone


class TimeZoneMiddleware:
    """Moments are shown in the signed-in person's time zone, elsewhere in the site's.

    Asks for the person only where there is a session, so that pages for everybody stay without a query.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        try:
            zone = zoneinfo.ZoneInfo(request.user.time_zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            return self.get_response(request)
        with timezone.override(zone):
            return self.get_response(request)
