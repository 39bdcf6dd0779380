"""The clocks of the person who asks, their pages, and the browser they have been in with."""

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


class PersonalPagesMiddleware:
    """What is answered to somebody signed in is theirs: no cache on the way keeps it, and their browser asks before it
    shows it again, unless the page says otherwise itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # Before the view, which may sign them out.
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
        response = self.get_response(request)
        if (signed_in or hasattr(request, "signed_in_now")) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-cache"
        return response
