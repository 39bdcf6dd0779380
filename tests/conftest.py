"""Fixtures for every app. The real services live in tests/services.py; an app's fixtures in its folder."""

import os

import factory.random
import hypothesis
import pytest

from maarifa.celery import app
from maarifa.operations import catalogues
from tests import instances, services
from tests.settings import PROCESS

DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
NOT_NOW = {"sqlite": ("postgres_only",), "postgres": ("sqlite_only", "once")}[DATABASE]


# The same examples in every run: a failure can be looked at again.
hypothesis.settings.register_profile("fixed", derandomize=True, deadline=None)
hypothesis.settings.load_profile("fixed")


# The run itself -------------------------------------------------------------------------------------------


def pytest_configure():
    """What a page says in French or Arabic comes from compiled catalogues, which are not kept with the code."""
    catalogues.compile_changed(services.ROOT / "locale")


def pytest_report_header():
    return f"database: {DATABASE}"


def pytest_collection_modifyitems(config, items):
    """Leave out what is about the other database, and begin with what takes longest: the walks, then the faults."""
    out = [item for item in items if any(item.get_closest_marker(name) for name in NOT_NOW)]
    if out:
        config.hook.pytest_deselected(items=out)
    items[:] = sorted(
        (item for item in items if item not in set(out)),
        key=lambda item: [item.get_closest_marker(name) is None for name in ("journey", "fault")],
    )


def _left_out(config):
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    stats = {} if reporter is None else reporter.stats
    return [report for kind in ("skipped", "xfailed", "xpassed") for report in stats.get(kind, [])]


def pytest_sessionfinish(session):
    """Nothing is skipped and nothing is expected to fail: a run in which something was is a failed run."""
    if _left_out(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    for report in _left_out(config):
        terminalreporter.write_line(f"NOT RUN, which counts as a failure: {report.nodeid}", red=True)


# Every test -----------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _fixed_seed():
    factory.random.reseed_random("maarifa")


@pytest.fixture(autouse=True, scope="session")
def _emptied_all_the_same():
    """A page that is closed may leave a request behind, which PostgreSQL finds in a deadlock with the emptying of the
    tables after the test: it is ended, and the tables are emptied again.
    """
    from django.core.management import CommandError
    from django.db import OperationalError
    from django.test import TransactionTestCase

    empty = TransactionTestCase._fixture_teardown

    def empty_again(case):
        try:
            empty(case)
        except CommandError as error:
            if not isinstance(error.__cause__, OperationalError):
                raise
            empty(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_again)
        yield


@pytest.fixture(autouse=True)
def _own_language():
    """A request leaves its language with the thread that answered it, which here is the next test's too."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _empty_cache():
    """Limits and sessions of one test are no business of the next."""
    from django.core.cache import cache

    from maarifa.curriculum import editions

    cache.clear()
    # A test's editions are gone after it, and the next test's have their ids again.
    editions.forget()


@pytest.fixture(autouse=True)
def _unheard(request):
    """What a test enqueues is for workers that it asked for: one that still runs for others must not take it."""
    from maarifa.celery import app

    queue = app.conf.task_default_queue
    if not {"worker", "start_worker", "queue"} & {*request.fixturenames}:
        app.conf.task_default_queue = "nobody"
    yield
    app.conf.task_default_queue = queue


# Real processes -------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _smtp():
    with services.smtp_server() as box:
        yield box


@pytest.fixture
def postbox(_smtp, settings):
    """A real SMTP server that the test and every process below send to; `postbox.letters` is what arrived."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", _smtp.port
    _smtp.empty()
    yield _smtp
    _smtp.empty()


@pytest.fixture(scope="session")
def environment(django_db_setup, django_db_blocker, _smtp):
    """What a process of ours needs to work on this test's database, Redis and mail server."""
    from django.db import connection

    yield services.process_environment() | {
        "TEST_DATABASE_NAME": str(connection.settings_dict["NAME"]),
        "TEST_STATIC_ROOT": str(services.static_files()),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(_smtp.port),
    }
    if connection.vendor == "postgresql":
        # A process that has been stopped may not have let go yet, and a database in use cannot be dropped.
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def _worker(environment):
    program = services.celery_worker(environment).start()
    yield program
    program.stop()


@pytest.fixture
def worker(transactional_db, _worker, postbox):
    """A running Celery worker. Don't kill this one, it serves the next test too: see `start_worker`."""
    return _worker


@pytest.fixture
def start_worker(transactional_db, environment, postbox):
    """Start a Celery worker of your own: `start_worker(concurrency=2, REQUEUE_SECONDS="1")`."""
    started = []

    def start(*, concurrency=1, **more):
        program = services.celery_worker({**environment, **more}, concurrency=concurrency)
        started.append(program)
        return program.start()

    yield start
    for program in started:
        program.stop()


@pytest.fixture
def lonely_queue():
    """Put a task in a queue of its own, `lonely_queue(tasks.send, 7)`: the run's worker takes none of them."""
    url = services.redis_url(32 + int(PROCESS.removeprefix("gw")))

    def put(task, *arguments):
        with app.connection_for_write(url=url) as connection:
            task.apply_async(args=arguments, connection=connection)

    put.url = url
    return put


@pytest.fixture
def start_lonely_worker(start_worker, lonely_queue):
    """Start a worker on a queue of its own, with these tasks in it: `start_lonely_worker((tasks.send, 7))`."""

    def start(*jobs, **more):
        for task, *arguments in jobs:
            lonely_queue(task, *arguments)
        return start_worker(REDIS_URL=lonely_queue.url, **more)

    return start


@pytest.fixture(scope="session")
def _site(environment):
    program = services.web_server(environment)
    yield program.start()
    program.stop()


@pytest.fixture
def site(transactional_db, _site, postbox):
    """The web server, running; `site.url` is its address."""
    return _site


@pytest.fixture
def start_instance(tmp_path):
    """Start all of it as `make run` does: `start_instance(REQUEUE_SECONDS="1")`, then `.wait_until_it_runs()`."""
    with instances.instances(tmp_path, DATABASE) as start:
        yield start


# A real browser -------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _chromium():
    # Playwright's loop runs in this thread, and Django would take our queries for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from tests import browsing

    with browsing.chromium() as browser:
        yield browser


@pytest.fixture
def open_page(_chromium):
    """Open a window of its own: `open_page(language="ar", javascript=False, width=360)`.

    At the end, what the page complained about (a violated policy, an error in a script) fails the test.
    """
    from tests import browsing

    with browsing.windows(_chromium) as open_window:
        yield open_window


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def redis_gone(settings):
    """Nobody listens where Redis should be: neither as the queue nor as anything else that settings name."""
    settings.REDIS_URL = "redis://:a-secret@127.0.0.1:1/0"
    with services.queue_at(settings.REDIS_URL):
        yield
