from typing import Any

from django.conf import settings
from django.core.management import BaseCommand

from maarifa.operations.demo import make_demo


class Command(BaseCommand):
    help = "Create the demo's institution, cohort and people, and write their passwords to VAR_DIR/demo.json."

    def handle(self, **options: Any) -> None:
        if settings.SITE_URL.startswith("https:"):
            self.stderr.write(
                f"{settings.SITE_URL} is a site for real people. No demo accounts were created."
            )
            return
        make_demo(file=settings.VAR_DIR / "demo.json", say=self.stdout.write)
