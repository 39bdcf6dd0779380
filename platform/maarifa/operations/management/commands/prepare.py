import hashlib
import os
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import BaseCommand, CommandError, CommandParser, call_command


class Command(BaseCommand):
    help = "Bring the database, catalogues, static files, courses and demo up to date. `make run` does this first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--tell",
            type=int,
            metavar="FD",
            help="the file descriptor to write to when the web server can start",
        )

    def handle(self, *, tell: int | None = None, **options: Any) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        call_command("compile_catalogues", verbosity=0)
        call_command("migrate", interactive=False, verbosity=0)
        self.collect_static_files()
        if tell is not None:
            with open(tell, "wb", buffering=0) as end:
                end.write(b".")
        self.load_courses()
        call_command("demo")

    def load_courses(self) -> None:
        """A course that was changed in the admin since, or a file with a mistake, is no reason not to start."""
        try:
            call_command("load_courses")
        except CommandError as error:
            self.stderr.write(f"{error} Maarifa starts without updating the courses.")

    def collect_static_files(self) -> None:
        """Collecting compresses every file; it is done again only when one of them has changed."""
        mark = settings.STATIC_ROOT / ".collected-from"
        fingerprint = self.fingerprint()
        if mark.exists() and mark.read_text() == fingerprint:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(fingerprint)

    def fingerprint(self) -> str:
        digest = hashlib.sha256()
        for finder in get_finders():
            for path, storage in finder.list([]):
                file = os.stat(storage.path(path))
                digest.update(f"{path} {file.st_size} {file.st_mtime_ns}\n".encode())
        return digest.hexdigest()
