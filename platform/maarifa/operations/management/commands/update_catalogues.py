from django.conf import settings
from django.core.management import BaseCommand, CommandError

from maarifa.operations import catalogues


class Command(BaseCommand):
    help = "Bring locale/*.po up to the strings in the code. Translations stay; strings that are gone leave."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail where something is missing"
        )

    def handle(self, check, **options):
        code = catalogues.in_code(settings.BASE_DIR / "platform")
        try:
            states = [
                catalogues.update(settings.LOCALE_PATHS[0], language, code, write=not check)
                for language, _ in settings.LANGUAGES
                if language != settings.LANGUAGE_CODE
            ]
        except catalogues.BadCatalogue as error:
            raise CommandError(str(error)) from error
        faults = [line for state in states for line in self.faults(state, check)]
        for line in faults:
            self.stdout.write(line)
        if check and faults:
            raise CommandError(
                "The catalogues are not complete. Run: make catalogues, then translate what is empty."
            )

    def faults(self, state, check):
        path = state.path.relative_to(settings.BASE_DIR)
        if state.stale and check:
            yield f"{path}: not up to date with the code"
        if state.untranslated:
            yield f"{path}: {len(state.untranslated)} not translated, the first: {state.untranslated[0]!r}"
