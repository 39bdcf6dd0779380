from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from maarifa.operations.demo import make_demo


class Command(BaseCommand):
    help = "Make the demo's institution, group and people, and write how to sign in to var/demo.json."

    def handle(self, **options: Any) -> None:
        if settings.SITE_URL.startswith("https:"):
            self.stderr.write(f"{settings.SITE_URL} is for real people: no demo accounts are made there.")
            return
        make_demo(file=settings.VAR_DIR / "demo.json", say=self.stdout.write)
