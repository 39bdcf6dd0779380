import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from maarifa.lib.bars import Stages
from maarifa.lib.errors import DomainError
from maarifa.operations import actions


class Command(BaseCommand):
    help = (
        "Back up to FILE everything that cannot be created again: all tables, the files and the secret key. "
        "The tables are copied as they are at one moment. The instance can keep running."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            metavar="FILE",
            help="a new file, readable only by you; or - for standard output, to pipe to a program that encrypts",
        )

    def handle(self, file: str, **options: Any) -> None:
        piped = file == "-"
        if piped and sys.stdout.isatty():
            raise CommandError(
                "Standard output is a terminal. Redirect it to a program that encrypts, or to a file."
            )
        out = self.stderr if piped else self.stdout
        bars = Stages(out)
        try:
            done = actions.back_up(file=sys.stdout.buffer if piped else Path(file), watch=bars.draw)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            bars.end()
        for table in done.left_out:
            self.stderr.write(f"Maarifa does not know the table {table}. It is not in the backup.")
        summary = f"{done.rows} rows of {done.tables} tables, {done.files} files and the secret key"
        if piped:
            out.write(f"Backed up: {summary}.")
        else:
            out.write(f"{file}: {summary}, {Path(file).stat().st_size / 1e6:.1f} MB.")
