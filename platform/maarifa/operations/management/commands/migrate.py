"""Django's, which waits for the database and for its turn."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from maarifa.operations import migrating


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        connection = connections[options["database"]]

        def say(text: str) -> None:
            self.stderr.write(text)
            self.stderr.flush()

        migrating.when_it_answers(connection, say)
        with migrating.alone(connection, say):
            migrating.patiently(connection, lambda: super(Command, self).handle(*args, **options), say)
