from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from maarifa.lib import customs
from maarifa.lib.terms import BadTermBase
from maarifa.operations import catalogues


class Command(BaseCommand):
    help = "Update locale/*.po from the code. Translations are kept; strings that are no longer used are removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if something is missing"
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
        try:
            faults = [
                line for language, state in states.items() for line in self.faults(language, state, check)
            ]
            if check:
                faults += catalogues.faults_of_english(code)
        except BadTermBase as error:
            raise CommandError(str(error)) from error
        for line in faults:
            self.stdout.write(line)
        if check and faults:
            raise CommandError(
                "The catalogues are not complete, or not by docs/style and the term bases. Run make catalogues, then "
                "correct what is listed."
            )

    def faults(self, language: str, state: catalogues.State, check: bool) -> Iterator[str]:
        path = state.path.relative_to(settings.BASE_DIR)
        if state.stale and check:
            yield f"{path}: out of date with the code"
        least = customs.customs()[language].least_translated
        if state.translated < least:
            yield (
                f"{path}: {len(state.untranslated)} of {state.strings} not translated, but at least {least} % must be;"
                f" the first: {state.untranslated[0]!r}"
            )
        if check:
            folder = settings.LOCALE_PATHS[0]
            yield from (f"{path}: {fault}" for fault in catalogues.faults_of_translations(folder, language))
