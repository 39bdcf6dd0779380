from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from maarifa.lib import customs
from maarifa.operations import catalogues


class Command(BaseCommand):
    help = "Bring locale/*.po up to the strings in the code. Translations stay; strings that are gone leave."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where something is missing"
        )

    def handle(self, check: bool, **options: Any) -> None:
        code = catalogues.in_code(settings.BASE_DIR / "platform")
        try:
            states = {
                language: catalogues.update(settings.LOCALE_PATHS[0], language, code, write=not check)
                for language in customs.customs()
                if language != settings.LANGUAGE_CODE
            }
        except catalogues.BadCatalogue as error:
            raise CommandError(str(error)) from error
        faults = [line for language, state in states.items() for line in self.faults(language, state, check)]
        for line in faults:
            self.stdout.write(line)
        if check and faults:
            raise CommandError(
                "The catalogues are not complete. Run: make catalogues, then translate what is empty."
            )

    def faults(self, language: str, state: catalogues.State, check: bool) -> Iterator[str]:
        path = state.path.relative_to(settings.BASE_DIR)
        if state.stale and check:
            yield f"{path}: not up to date with the code"
        least = customs.customs()[language].least_translated
        if state.translated < least:
            yield (
                f"{path}: {len(state.untranslated)} of {state.strings} not translated, where {least} % are to be;"
                f" the first: {state.untranslated[0]!r}"
            )
