import os

from django.core.wsgi import get_wsgi_application

from maarifa.lib.requests import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maarifa.settings")

application = whole_bodies(get_wsgi_application())
