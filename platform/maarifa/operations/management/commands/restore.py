from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from maarifa.lib.bars import Stages
from maarifa.lib.errors import DomainError
from maarifa.operations import actions


class Command(BaseCommand):
    help = (
        "Restore the backup FILE into a database that has no tables yet, and migrate it to this code. People who were "
        "erased since the backup are erased again. After an error, the database is as empty as before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="a file that the backup command wrote")
        parser.add_argument(
            "--erasures",
            metavar="LIST",
            type=Path,
            action="append",
            default=[],
            help="a list of erasures to use as well as VAR_DIR/erasures.jsonl; can be given several times",
        )

    def handle(self, file: Path, erasures: list[Path], **options: Any) -> None:
        bars = Stages(self.stdout)
        try:
            done = actions.restore(file=file, lists=erasures, watch=bars.draw)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            bars.end()
        self.stdout.write(
            f"{done.rows} rows and {done.files} files were restored, as they were at {done.moment}."
        )
        self.stdout.write(f"People erased since then, who were now erased again: {done.erased}.")
        if done.other_key:
            self.stdout.write(
                "Links that people were sent work only with the backup's secret key, but this process has another key. "
                f"Start the instance with SECRET_KEY_FILE={done.other_key}"
            )
        if not (settings.VAR_DIR / "erasures.jsonl").exists() and not erasures:
            self.stdout.write(
                "No list of erasures was found. People who were erased after the backup are in this database again. "
                "If the instance that was backed up has a list, restore into an empty database with --erasures LIST."
            )
