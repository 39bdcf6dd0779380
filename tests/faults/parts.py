"""The parts of an instance that a test may stop, freeze and kill, with a Redis of their own."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from maarifa.operations import processes
from tests import services

LARGE = os.environ.get("FAULT_SIZE") == "large"
CORES = os.cpu_count() or 1


def sized(*, small, large):
    return large if LARGE else small


class Redis:
    """As production has it, with an append-only file; it keeps its port over every restart."""

    def __init__(self, home: Path):
        home.mkdir()
        port = processes.free_port()
        self.url = f"redis://127.0.0.1:{port}/0"
        self.program = services.Program(
            name="redis",
            command=processes.redis_command(port=port, folder=home),
            environment=dict(os.environ),
            ready=lambda program: processes.answers(port),
        )

    def start(self):
        self.program.start()
        return self

    def flush(self):
        import redis

        with contextlib.closing(redis.Redis.from_url(self.url)) as client:
            client.flushall()

    def freeze(self):
        """It accepts connections, and says nothing."""
        os.kill(self.program.process.pid, signal.SIGSTOP)

    def thaw(self):
        os.kill(self.program.process.pid, signal.SIGCONT)

    def stop(self):
        """As a power cut: whoever connects is refused."""
        self.program.kill()


class Instance:
    """Web, workers and beat on the test's database, on a Redis of their own, and in a folder of their own."""

    def __init__(self, environment: dict, redis: Redis, folder: Path):
        self.folder, self.redis = folder, redis
        self.environment = environment | {
            "REDIS_URL": redis.url,
            "VAR_DIR": str(folder),
            "REQUEUE_SECONDS": "1",
            "QUEUE_VISIBILITY_SECONDS": "5",
        }
        self.programs: list[services.Program] = []

    def worker(self, *options, **more) -> services.Program:
        return self._with(services.celery_worker(self.environment | more, *options))

    def beat(self) -> services.Program:
        """In a folder of its own, as on a machine of its own: what it remembers is not the other's."""
        folder = self.folder / f"beat-{len(self.programs)}"
        folder.mkdir()
        return self._with(services.celery_beat(self.environment | {"VAR_DIR": str(folder)}))

    def web(self, *, workers=1, **more) -> services.Program:
        return self._with(services.web_server(self.environment | more, workers=workers))

    def start(self):
        """Everything at once: each of them takes seconds to load."""
        for program in self.programs:
            program.launch()
        for program in self.programs:
            program.wait()
        return self

    def kill(self):
        for program in self.programs:
            processes.kill_group(program.process)
        for program in self.programs:
            program.process.wait()

    def stop(self):
        for program in self.programs:
            if program.process:
                processes.ask_to_stop(program.process)
        for program in self.programs:
            program.stop()

    def output(self) -> str:
        return "\n".join(program.output for program in self.programs)

    def _with(self, program):
        self.programs.append(program)
        return program


def children(process) -> list[int]:
    """The ids of the processes that this one started itself: a worker's hands."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    with contextlib.suppress(OSError):
        return [int(pid) for pid in found.read_text().split()]
    return []


class Postgres:
    """A PostgreSQL of one's own with the test's tables, for restarts that nobody else should suffer."""

    def __init__(self, home: Path):
        self.program = services.postgres_server(home, keeps_commits=True).start()
        self.port = urlsplit(self.program.url).port

    def copy_tables(self, settings: dict):
        """The tables of the test's database, empty as they are."""
        source = (
            f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
        )
        dumped = subprocess.run(
            [self.program.bin / "pg_dump", "--dbname", f"{source}/{settings['NAME']}"],
            check=True,
            capture_output=True,
        )
        subprocess.run(
            [self.program.bin / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", self.program.url],
            input=dumped.stdout,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def restart(self, how=signal.SIGINT):
        """SIGINT ends every connection and stops in order, SIGQUIT stops at once and recovers when it starts."""
        from django.db import connection

        # The test's own connection is none of those that have to put up with it.
        connection.close()
        self.program.process.send_signal(how)
        self.program.process.wait(timeout=30)
        self.program.start()


def copy_of_database(name: str, target: Path) -> Path:
    """The embedded database as it is now, in a file of its own."""
    shutil.copy(name, target)
    return target
