"""An instance is backed up while it runs, and goes on where it was on a machine that had nothing."""

import json
import os
import re
import shutil
import stat
import threading
import zipfile
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import connection

from maarifa.operations import processes
from maarifa.operations.models import Heartbeat
from tests import instances, services
from tests.conftest import DATABASE
from tests.machines import Machine, Visitor, rows_in

ENGINES = ["sqlite", "postgres"]
OTHER = {"sqlite": "postgres", "postgres": "sqlite"}[DATABASE]
FIGURE = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
ACCOUNT, COURSE = "/en/account/", "/en/courses/ai-governance-foundations/"
PERSON = "thandeka.umzekelo@example.org"


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A running instance with its demo, and somebody signed in to it."""
    folder = tmp_path_factory.mktemp("first")
    with instances.instances(folder, DATABASE) as start:
        instance = start()
        instance.wait_until_it_runs()
        (instance.var / "media" / "ab").mkdir(parents=True)
        (instance.var / "media" / "ab" / "cdef.svg").write_bytes(FIGURE)
        key = (instance.var / "secret_key").read_text()
        url = instance.given.get("DATABASE_URL", f"sqlite:///{instance.var / 'maarifa.sqlite3'}")
        machine = Machine(instance.var, url, key)
        learner = Visitor()
        learner.sign_in(instance.address, instance.demo["people"]["learner"])
        yield SimpleNamespace(instance=instance, machine=machine, learner=learner)


@pytest.fixture(scope="module")
def backup(first, tmp_path_factory):
    """A backup of that instance, taken while it runs."""
    file = tmp_path_factory.mktemp("backup") / "monday.zip"
    first.said = first.machine.manage("backup", file)
    return file


# There and back ---------------------------------------------------------------------------------------------


def test_backup_is_one_file_for_the_operator_alone(first, backup):
    rows = sum(map(len, rows_in(backup).values()))
    size = backup.stat().st_size / 1e6
    assert first.said == f"{backup}: {rows} rows of 86 tables, 2 files and the secret key, {size:.1f} MB.\n"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.iterdir()] == ["monday.zip"]


@pytest.fixture(scope="module")
def restored(backup, new_machine):
    """That backup, restored on a machine with the one database and on one with the other."""
    there = {}
    for engine in ENGINES:
        there[engine] = new_machine(engine)
        there[engine].said = there[engine].manage("restore", backup)
    return there


@pytest.mark.parametrize("engine", ENGINES)
def test_every_row_and_file_comes_back_on_either_engine(first, backup, restored, engine, tmp_path):
    machine = restored[engine]
    rows = rows_in(backup)
    total = sum(map(len, rows.values()))
    assert machine.said.splitlines() == [
        f"{total} rows and 2 files were restored, as they were at {_manifest(backup)['made']}.",
        "People erased since then, who were now erased again: 0.",
        "Links that people were sent work only with the backup's secret key, but this process has another key. "
        f"Start the instance with SECRET_KEY_FILE={machine.folder / 'secret_key'}",
        "No list of erasures was found. People who were erased after the backup are in this database again. "
        "If the instance that was backed up has a list, restore into an empty database with --erasures LIST.",
    ]
    assert (machine.folder / "media" / "ab" / "cdef.svg").read_bytes() == FIGURE
    assert (machine.folder / "secret_key").read_text() == first.machine.key
    assert stat.S_IMODE((machine.folder / "secret_key").stat().st_mode) == 0o600
    assert json.loads((machine.folder / "demo.json").read_text()) == first.instance.demo
    again = tmp_path / "again.zip"
    machine.manage("backup", again)
    assert rows_in(again) == rows
    # Something open was there to lose, and ids go on from the last.
    attempts = {row["id"] for row in rows["quizzes.Attempt"] if row["submitted_at"] is None}
    answers = [row for row in rows["quizzes.AttemptQuestion"] if row["attempt_id"] in attempts]
    assert (len(attempts), sum(row["response"] is not None for row in answers)) == (1, 1)
    last = max(row["id"] for row in rows["accounts.User"])
    assert int(machine.shell(_NEW_PERSON)) > last


_NEW_PERSON = """
from maarifa.accounts.models import User
print(User.objects.create(username="new").pk)
"""


def test_instance_goes_on_where_it_was_on_another_machine_and_engine(first, restored):
    code = first.instance.demo["certificate"]
    before = json.loads(first.instance.get(f"/verify/{code}.json"))
    other = restored[OTHER]

    instance = instances.Instance(other.folder, DATABASE_URL=other.database_url).start()
    try:
        instance.wait_until_it_runs()
        after = json.loads(instance.get(f"/verify/{code}.json"))
        signed_in = first.learner.get(instance.address + ACCOUNT)
        afresh = Visitor()
        afresh.sign_in(instance.address, first.instance.demo["people"]["learner"])
        account, course = afresh.get(instance.address + ACCOUNT), afresh.get(instance.address + COURSE)
        lesson = afresh.get(instance.address + instance.demo["lesson"])
    finally:
        instance.stop()

    assert "Wanjiru Mfano" in signed_in  # with the cookie that the first instance gave
    assert "Wanjiru Mfano" in account
    assert course.count('class="mark done"') == 1
    assert _main(course) == _main(first.learner.get(first.instance.address + COURSE))
    assert _main(lesson) == _main(first.learner.get(first.instance.address + instance.demo["lesson"]))
    for said in (before, after):
        said.pop("url", None)
    assert after == before


def _main(page: str) -> str:
    """What the page says, without what is made anew for each form."""
    return re.sub(
        r'name="csrfmiddlewaretoken" value="[^"]+"', "", page[page.index("<main") : page.index("</main>")]
    )


# As allauth wrote them before it noted when, and before it wrote addresses in small letters.
_OLDER_ROWS = """
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models.functions import Upper
from maarifa.accounts.models import User
person = User.objects.order_by("pk").first()
Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "x"})
EmailAddress.objects.update(email=Upper("email"))
"""


def test_backup_of_older_code_is_brought_up_to_this_code(backup, restored, new_machine, tmp_path):
    """Of a library's older code: this code has one migration an app. Columns are added, and rows that were restored a
    moment before are changed before their table is, which PostgreSQL refuses while references wait to be checked.
    """
    old, new = new_machine("sqlite"), new_machine(DATABASE)
    shutil.copytree(restored["sqlite"].folder, old.folder, dirs_exist_ok=True)
    old.manage("shell", "--command", _OLDER_ROWS)
    for app, migration in (("mfa", "0001_initial"), ("account", "0005_emailaddress_idx_upper_email")):
        old.manage("migrate", app, migration, "--verbosity", "0")
    file = tmp_path / "old.zip"
    old.manage("backup", file)
    assert len(_manifest(file)["migrations"]) == len(_manifest(backup)["migrations"]) - 6
    (older,) = rows_in(file)["mfa.Authenticator"]
    assert "created_at" not in older

    new.manage("restore", file)

    new.manage("migrate", "--check")
    up_to_date = tmp_path / "new.zip"
    new.manage("backup", up_to_date)
    assert _manifest(up_to_date)["migrations"] == _manifest(backup)["migrations"]
    rows = rows_in(up_to_date)
    (newer,) = rows["mfa.Authenticator"]
    assert newer.items() >= older.items()
    assert newer["created_at"]
    assert rows["account.EmailAddress"]
    assert rows["account.EmailAddress"] == rows_in(backup)["account.EmailAddress"]


# While the instance works --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_backup_is_of_one_moment_and_keeps_nobody_waiting(environment, tmp_path):
    """Two rows are always written together. However fast, the backup has both or neither."""
    done = threading.Event()
    slowest, written = 0.0, 0

    def write():
        nonlocal slowest, written
        import time

        from django.db import transaction

        while not done.is_set():
            began = time.monotonic()
            with transaction.atomic():
                Heartbeat.objects.create(name=f"a{written}", at="2026-01-01T00:00Z")
                Heartbeat.objects.create(name=f"b{written}", at="2026-01-01T00:00Z")
            slowest = max(slowest, time.monotonic() - began)
            written += 1
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        files = [tmp_path / f"{number}.zip" for number in range(3)]
        for file in files:
            services.manage("backup", str(file), **environment)
    finally:
        done.set()
        writer.join()

    for file in files:
        names = [row["name"] for row in rows_in(file)["operations.Heartbeat"]]
        assert sorted(f"b{name[1:]}" for name in names if name[0] == "a") == sorted(
            name for name in names if name[0] == "b"
        )
    assert written > 20
    assert slowest < 5


# Death in the middle ----------------------------------------------------------------------------------------


def test_killed_backup_leaves_nothing_that_looks_whole(first, new_machine, tmp_path):
    heavy = replace(first.machine, folder=tmp_path / "var")
    (heavy.folder / "media").mkdir(parents=True)
    (heavy.folder / "media" / "large").write_bytes(os.urandom(40_000_000))
    file, draft = tmp_path / "b.zip", tmp_path / "b.zip.partial"
    process = heavy.start("backup", file)
    assert processes.wait_until(
        lambda: draft.exists() and draft.stat().st_size > 500_000, seconds=120, process=process
    )

    process.kill()
    process.communicate()

    assert not file.exists()
    said, code = new_machine("sqlite").attempt("restore", draft)
    assert (code, said) == (
        1,
        f"CommandError: {draft} is not a complete backup: it was cut short, or is another file. "
        "Nothing was restored.\n",
    )
    heavy.manage("backup", file)
    assert not draft.exists()


def test_killed_restore_leaves_an_empty_database(backup, new_machine):
    machine = new_machine(DATABASE)
    process = machine.start("restore", backup)
    assert processes.wait_until(lambda: _is_writing(machine), seconds=300, process=process)

    process.kill()
    process.communicate()

    assert machine.tables() == []
    assert not (machine.folder / "demo.json").exists()


def _is_writing(machine) -> bool:
    if machine.database_url.startswith("sqlite"):
        log = machine.folder / "maarifa.sqlite3-wal"
        return log.exists() or (machine.folder / "maarifa.sqlite3-journal").exists()
    import psycopg

    with psycopg.connect(machine.database_url) as looking:
        held = (
            "SELECT count(*) FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = %s)"
        )
        name = machine.database_url.rpartition("/")[2]
        return looking.execute(held, [name]).fetchone()[0] > 60


# Who is forgotten stays forgotten ---------------------------------------------------------------------------


def test_person_erased_after_the_backup_stays_erased(first, backup, new_machine, tmp_path):
    first.machine.shell(_ERASE)
    told = first.machine.folder / "erasures.jsonl"
    (line,) = told.read_text().splitlines()
    person = next(row for row in rows_in(backup)["accounts.User"] if row["email"] == PERSON)
    assert json.loads(line).keys() == {"public_id", "at"}
    assert json.loads(line)["public_id"] == person["public_id"]
    assert stat.S_IMODE(told.stat().st_mode) == 0o600

    other = new_machine(DATABASE)
    said = other.manage("restore", backup, "--erasures", told)

    assert "People erased since then, who were now erased again: 1." in said.splitlines()
    again = tmp_path / "again.zip"
    other.manage("backup", again)
    rows = rows_in(again)
    (after,) = [row for row in rows["accounts.User"] if row["public_id"] == person["public_id"]]
    assert (after["name"], after["email"], after["username"]) == ("", None, f"erased/{after['id']}")
    assert after["erased_at"].replace(" ", "T") == json.loads(line)["at"]
    # Forgotten wherever the instance that erased them has forgotten them.
    erased = tmp_path / "erased.zip"
    first.machine.manage("backup", erased)
    assert _tells_of(rows) == _tells_of(rows_in(erased))
    assert len(_tells_of(rows)) < len(_tells_of(rows_in(backup)))
    assert (other.folder / "erasures.jsonl").read_text() == told.read_text()


def _tells_of(tables) -> set:
    return {
        (name, row["id"]) for name, rows in tables.items() for row in rows if "Thandeka" in json.dumps(row)
    }


_ERASE = f"""
from maarifa.accounts.actions import erase_account
from maarifa.accounts.models import User
erase_account(user=User.objects.get(email={PERSON!r}), by=None)
"""


# Refused ----------------------------------------------------------------------------------------------------


def test_restore_refuses_a_database_with_something_in_it(first, backup):
    said, code = first.machine.attempt("restore", backup)
    assert code == 1
    assert said.startswith("CommandError: The database is not empty: it has 87 tables, including account_")
    assert said.endswith("). Restore into a new one.\n")


def test_restore_refuses_a_file_it_would_write_over(backup, new_machine):
    machine = new_machine("sqlite")
    (machine.folder / "demo.json").write_text("mine")
    said, code = machine.attempt("restore", backup)
    assert (code, said) == (
        1,
        f"CommandError: {machine.folder / 'demo.json'} already exists with different content. "
        "Move it to another folder first.\n",
    )
    assert (machine.folder / "demo.json").read_text() == "mine"


def test_rows_that_do_not_fit_together_leave_an_empty_database(backup, new_machine, tmp_path):
    """Every checksum is right, and a member is somebody's who does not exist."""
    bad = tmp_path / "bad.zip"

    def orphan(rows):
        return [row for row in rows if PERSON.encode() not in row]

    _rewrite(backup, bad, {"tables/accounts.User.jsonl": orphan})
    machine = new_machine(DATABASE)
    said, code = machine.attempt("restore", bad)
    assert code == 1
    assert said.startswith(
        f"CommandError: The data in {bad} is inconsistent. Nothing was restored. The database says:\n"
    )
    assert machine.tables() == []
    assert not (machine.folder / "media").exists()


def _manifest(file) -> dict:
    with zipfile.ZipFile(file) as archive:
        return json.loads(archive.read("manifest.json"))


def _rewrite(source, target, changes) -> None:
    """The same backup with other rows, and everything that vouches for them."""
    from maarifa.operations.archive import writing

    manifest = _manifest(source)
    with zipfile.ZipFile(source) as archive, writing(target) as out:
        for name, about in manifest.pop("members").items():
            lines = archive.read(name).splitlines(keepends=True)
            kept = changes.get(name, lambda rows: rows)(lines)
            about = {key: value for key, value in about.items() if key not in ("size", "sha256")}
            if "rows" in about:
                about["rows"] = len(kept)
            with out.member(name, **about) as member:
                member.write(b"".join(kept))
        manifest.pop("format")
        out.finish(**manifest)
