from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from maarifa.operations import catalogues


class Command(BaseCommand):
    help = "Compile the interface's catalogues (locale/*.po) that have changed. Does not need gettext."

    def handle(self, verbosity: int = 1, **options: Any) -> None:
        for folder in settings.LOCALE_PATHS:
            try:
                paths = catalogues.compile_changed(folder)
            except catalogues.BadCatalogue as error:
                raise CommandError(str(error)) from error
            if verbosity:
                for path in paths:
                    self.stdout.write(f"Compiled {path}")
