"""The settings of the instance, on this run's database, Redis and mail server.

The test process and every process it starts load this file; xdist's processes have a database each.
"""

import os

from tests import services

PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
SQLITE_FILE = services.folder() / f"{PROCESS}.sqlite3"
# A process that a test started works on the database that the test works on, and has its environment from it.
STARTED_BY_TEST = "TEST_DATABASE_NAME" in os.environ

if not STARTED_BY_TEST:
    os.environ |= {
        "DATABASE_URL": services.postgres_url() if DATABASE == "postgres" else f"sqlite:///{SQLITE_FILE}",
        "REDIS_URL": services.redis_url(int(PROCESS.removeprefix("gw"))),
        "CONTACT_EMAIL": "help@example.org",
        "SECRET_KEY": "a key for tests, and for nothing else",
        "VAR_DIR": str(services.folder() / f"var-{PROCESS}"),
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    }

from maarifa.settings import *  # noqa: E402, F403 - it reads the environment laid out above
from maarifa.settings import DATABASES, MIDDLEWARE, STATIC_ROOT, STORAGES  # noqa: E402 - as above

if DATABASE == "postgres":
    DATABASES["default"]["NAME"] = "maarifa"
else:
    # A file, for other processes read it too; nothing here has to survive a power cut, but where that is the test.
    DATABASES["default"]["TEST"] = {"NAME": str(SQLITE_FILE)}
    if "TEST_POWER_CUTS" not in os.environ:
        DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"

if STARTED_BY_TEST:
    DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE_NAME"]
    MIDDLEWARE = ["tests.freshness.ForgetContentTypes", *MIDDLEWARE]
elif DATABASE == "postgres":
    # The test process itself holds one connection, so that the database can be dropped at the end.
    del DATABASES["default"]["OPTIONS"]["pool"]

if "TEST_STATIC_ROOT" in os.environ:
    STATIC_ROOT = os.environ["TEST_STATIC_ROOT"]
else:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)

# Hashing is slow on purpose; not here, but where a full classroom is timed.
if os.environ.get("FAULT_SIZE") != "large":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
