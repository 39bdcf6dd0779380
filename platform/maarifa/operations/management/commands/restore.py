from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from maarifa.lib.bars import Stages
from maarifa.lib.errors import DomainError
from maarifa.operations import actions


class Command(BaseCommand):
    help = (
        "Bring back what FILE holds, into a database that has no tables yet, and bring it up to this code. Who was "
        "erased since the backup is erased again. After an error the database is as empty as before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="what backup wrote")
        parser.add_argument(
            "--erasures",
            metavar="LIST",
            type=Path,
            action="append",
            default=[],
            help="another list of erasures beside VAR_DIR/erasures.jsonl; may be given several times",
        )

    def handle(self, file: Path, erasures: list[Path], **options: Any) -> None:
        bars = Stages(self.stdout)
        try:
            done = actions.restore(file=file, lists=erasures, watch=bars.draw)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            bars.end()
        self.stdout.write(f"{done.rows} rows and {done.files} files are back as of {done.made}.")
        self.stdout.write(f"{done.erased} people who were erased since then are erased again.")
        if done.other_key:
            self.stdout.write(
                "Links that people were sent hold with the backup's secret key, and this process has another. "
                f"Start the instance with SECRET_KEY_FILE={done.other_key}"
            )
        if not (settings.VAR_DIR / "erasures.jsonl").exists() and not erasures:
            self.stdout.write(
                "There was no list of erasures. If the instance that was backed up has one, erase those people again."
            )
