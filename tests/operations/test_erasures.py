"""The list of erasures, which outlives the database."""

import json
import threading
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from maarifa.accounts.actions import erase_account
from maarifa.operations import actions
from maarifa.operations.actions.erasures import ErasuresError, add_to_list, read_list, replay
from tests.factories.accounts import UserFactory

NOW = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
SOMEBODY = UUID("6f1c3c1e-2f5c-4a7e-9a43-0d8b6d7f0001")


@pytest.fixture
def told(settings, tmp_path):
    """Where the list is. Its folder is yet to be made."""
    settings.VAR_DIR = tmp_path / "var"
    return settings.VAR_DIR / "erasures.jsonl"


def test_who_is_erased_is_listed_once_the_erasure_holds(db, told, django_capture_on_commit_callbacks):
    person, _other = UserFactory(), UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        erase_account(user=person, by=None, at=NOW)
        assert not told.exists()
    assert (
        told.read_text()
        == f'{{"public_id": "{person.public_id}", "at": "2026-03-01T12:00:00.123456+00:00"}}\n'
    )
    assert told.stat().st_mode & 0o777 == 0o600


def test_requeue_lists_whom_a_dead_process_did_not(db, told):
    person = UserFactory()
    erase_account(user=person, by=None, at=NOW)
    from maarifa.operations.tasks import list_erasures

    list_erasures()
    list_erasures()

    assert read_list(told) == {person.public_id: NOW}
    assert len(told.read_text().splitlines()) == 1


def test_nobody_erased_makes_no_list(db, told):
    UserFactory()
    assert actions.list_erasures() == 0
    assert not told.exists()


def test_full_disk_is_no_error_for_who_erases(db, told, django_capture_on_commit_callbacks, caplog):
    told.parent.mkdir()
    told.mkdir()  # nothing can be written there
    person = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        assert erase_account(user=person, by=None, at=NOW) is True
    assert "list_erasures" in caplog.text


def test_line_that_was_cut_short_is_written_again(tmp_path):
    file, other = tmp_path / "list", uuid4()
    add_to_list(file, {other: NOW, SOMEBODY: NOW})
    file.write_bytes(file.read_bytes()[:-30])
    assert read_list(file) == {other: NOW}
    assert add_to_list(file, {other: NOW, SOMEBODY: NOW}) == 1
    assert read_list(file) == {other: NOW, SOMEBODY: NOW}


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        '{"public_id": "six", "at": "2026-03-01T12:00:00+00:00"}',
        json.dumps({"public_id": str(SOMEBODY)}),
        json.dumps({"public_id": str(SOMEBODY), "at": "2026-03-01T12:00:00"}),
    ],
)
def test_bad_line_is_named(tmp_path, line):
    file = tmp_path / "list"
    add_to_list(file, {uuid4(): NOW})
    with open(file, "a") as out:
        out.write(line + "\n")
    with pytest.raises(ErasuresError, match="list:2: write "):
        read_list(file)


def test_list_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ErasuresError, match="cannot be read: No such file or directory"):
        read_list(tmp_path / "nowhere")


def test_many_at_once_lose_nobody(tmp_path):
    file = tmp_path / "list"
    people = [uuid4() for _ in range(40)]
    threads = [threading.Thread(target=add_to_list, args=(file, {person: NOW})) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(read_list(file)) == set(people)


def test_replay_erases_whom_the_database_still_knows_and_nobody_else(db):
    """Of a list that is longer than a statement may be: one is known, one was erased already, the rest are gone."""
    known, already, other = UserFactory(), UserFactory(), UserFactory()
    erase_account(user=already, by=None, at=NOW)
    gone = {uuid4(): NOW for _ in range(70_000)}

    assert replay(gone | {known.public_id: NOW, already.public_id: NOW}) == 1

    known.refresh_from_db()
    other.refresh_from_db()
    assert (known.erased_at, other.erased_at) == (NOW, None)
