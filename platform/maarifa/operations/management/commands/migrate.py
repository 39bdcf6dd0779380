"""Django's, which waits for the database and for its turn."""

from django.core.management.commands import migrate
from django.db import connections

from maarifa.operations import migrating


class Command(migrate.Command):
    def handle(self, *args, **options):
        if options["plan"] or options["check_unapplied"]:
            return super().handle(*args, **options)
        connection = connections[options["database"]]

        def say(text):
            self.stderr.write(text)
            self.stderr.flush()

        migrating.when_it_answers(connection, say)
        with migrating.alone(connection, say):
            migrating.patiently(connection, lambda: super(Command, self).handle(*args, **options), say)
