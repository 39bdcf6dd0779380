"""A Redis, an instance and a PostgreSQL that a test may break; and where its figures go."""

import json
import os
import uuid

import pytest

from tests import services
from tests.faults.parts import Instance, Postgres, Redis


@pytest.fixture
def redis(tmp_path):
    made = Redis(tmp_path / "redis").start()
    yield made
    made.stop()


@pytest.fixture
def queue(redis):
    """What this test enqueues goes to its own Redis: nobody but its own workers takes it."""
    with services.queue_at(redis.url):
        yield


@pytest.fixture
def instance(transactional_db, environment, redis, queue, postbox, tmp_path):
    folder = tmp_path / "instance"
    folder.mkdir()
    made = Instance(environment, redis, folder)
    yield made
    made.stop()


@pytest.fixture
def own_postgres(transactional_db, environment):
    """A PostgreSQL to restart, with this test's tables; the test and its `instance` work on it."""
    from django.db import connection

    # Not in tmp_path: as root, PostgreSQL runs as somebody else, and pytest shuts its folders to them.
    made = Postgres(services.folder() / f"postgres-{uuid.uuid4().hex}")
    made.copy_tables(connection.settings_dict)
    mine = {
        "HOST": "127.0.0.1",
        "PORT": str(made.port),
        "NAME": "postgres",
        "USER": "postgres",
        "PASSWORD": "",
    }
    shared = {name: connection.settings_dict[name] for name in mine}
    connection.close()
    connection.settings_dict.update(mine)
    made.environment = {"DATABASE_URL": made.program.url, "TEST_DATABASE_NAME": "postgres"}
    yield made
    connection.close()
    connection.settings_dict.update(shared)
    made.program.kill()


@pytest.fixture
def figures(request):
    """`figures(learners=60, p95=0.4)`: printed, and written down where `make soak` asks for it."""

    def note(**values):
        line = {"test": request.node.name, "database": os.environ.get("TEST_DATABASE", "sqlite"), **values}
        print(json.dumps(line))
        if path := os.environ.get("FAULT_FIGURES"):
            with open(path, "a") as file:
                file.write(json.dumps(line) + "\n")

    return note
