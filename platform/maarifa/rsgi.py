"""What granian serves: `granian --interface rsgi maarifa.rsgi:application`."""

from django.conf import settings

from maarifa.lib.serving import Server
from maarifa.wsgi import application as wsgi

application = Server(
    wsgi,
    threads=settings.WEB_THREADS,
    patience=settings.BODY_SECONDS,
    most=settings.MOST_BODY_BYTES,
)
