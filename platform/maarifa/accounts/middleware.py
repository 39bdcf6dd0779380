"""The clocks of the person who asks, and the browser they have been in with."""

import zoneinfo

from django.conf import settings
from django.utils import timezone

from maarifa.accounts.devices import remember_device


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


class KnownDeviceMiddleware:
    """Whoever signs in, in whichever way, leaves their mark in the browser: see `accounts.devices`."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        person = getattr(request, "signed_in_now", None)
        if person is not None:
            remember_device(request, response, person)
        return response
