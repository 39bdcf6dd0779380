import sys
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from maarifa.lib.bars import Stages
from maarifa.lib.errors import DomainError
from maarifa.operations import actions


class Command(BaseCommand):
    help = (
        "Write everything that cannot be made again to FILE: all tables as of one moment, the files, the secret key. "
        "The instance may run meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file",
            metavar="FILE",
            help="must not be there yet; readable by you alone. - is standard output, for a program that encrypts",
        )

    def handle(self, file: str, **options: Any) -> None:
        piped = file == "-"
        if piped and sys.stdout.isatty():
            raise CommandError(
                "Standard output is a terminal. Lead it to a program that encrypts, or to a file."
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
            self.stderr.write(f"{table} is a table that Maarifa does not know. It is not in the backup.")
        told = f"{done.rows} rows of {done.tables} tables, {done.files} files and the secret key"
        if piped:
            out.write(f"Written: {told}.")
        else:
            out.write(f"{file}: {told}, {Path(file).stat().st_size / 1e6:.1f} MB.")
