from pathlib import Path

from django.core.management import BaseCommand, CommandError

from maarifa.lib.bars import Stages
from maarifa.lib.refusals import Refusal
from maarifa.operations import actions


class Command(BaseCommand):
    help = (
        "Write everything that cannot be made again to FILE: all tables as of one moment, the files, the secret key. "
        "The house may run meanwhile."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "file", metavar="FILE", type=Path, help="must not be there yet; readable by you alone"
        )

    def handle(self, file, **options):
        bars = Stages(self.stdout)
        try:
            done = actions.back_up(file=file, watch=bars.draw)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            bars.end()
        for table in done.left_out:
            self.stderr.write(f"{table} is a table that Maarifa does not know. It is not in the backup.")
        self.stdout.write(
            f"{file}: {done.rows} rows of {done.tables} tables, {done.files} files and the secret key, "
            f"{file.stat().st_size / 1e6:.1f} MB."
        )
