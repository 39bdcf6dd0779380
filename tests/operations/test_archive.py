"""The file of a backup, and what restoring one refuses before it writes anything."""

import json
import os
import subprocess
import sys
import zipfile

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from maarifa.operations.archive import Archive, ArchiveError, writing
from tests import services

ROWS = [f'["{number}",null]\n'.encode() for number in range(5000)]


def write(file, *, migrations=(), rows=ROWS):
    with writing(file) as out:
        with out.member("tables/a.A.jsonl", model="a.A", columns=["a", "b"], rows=len(rows)) as member:
            for row in rows:
                member.write(row)
        with out.member("secret_key") as member:
            member.write(b"key")
        out.finish(made="2026-01-01T00:00:00+00:00", migrations=list(migrations))
    return file


def seen(*_):
    pass


@pytest.fixture
def file(tmp_path):
    return write(tmp_path / "a.zip")


@pytest.mark.once
def test_archive_gives_back_what_was_written(file):
    progress = []
    with Archive(file) as archive:
        archive.verify(lambda words, done, total: progress.append((done, total)))
        assert list(archive.lines("tables/a.A.jsonl")) == ROWS
        size = sum(map(len, ROWS)) + 3
        assert progress[-1] == (size, size)
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.once
def test_archive_needs_no_more_memory_for_more_rows(tmp_path):
    """One process writes and reads 60 MB of rows; what it takes at most beyond an empty one is a few of them."""
    program = (
        "import resource, sys; from pathlib import Path\n"
        "from maarifa.operations.archive import Archive, writing\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "with writing(Path(sys.argv[1])) as out:\n"
        "    with out.member('tables/a.jsonl') as member:\n"
        "        for number in range(60_000):\n"
        "            member.write(b'%d ' % number + b'x' * 1000 + b'\\n')\n"
        "    out.finish(migrations=[])\n"
        "with Archive(Path(sys.argv[1])) as archive:\n"
        "    archive.verify(lambda *_: None)\n"
        "    assert sum(1 for _ in archive.lines('tables/a.jsonl')) == 60_000\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "large.zip"],
        env=os.environ | {"PYTHONPATH": "platform"},
        cwd=services.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ran.stdout) < 15_000  # kB


@pytest.mark.once
def test_name_that_is_taken_is_refused(file):
    before = file.read_bytes()
    with pytest.raises(ArchiveError, match=r"a\.zip already exists"):
        write(file)
    assert file.read_bytes() == before


@pytest.mark.once
def test_two_do_not_write_one_file(tmp_path):
    file = tmp_path / "a.zip"
    with pytest.raises(ArchiveError, match="Another backup is writing"), writing(file):
        write(file)


@pytest.mark.once
def test_error_in_the_middle_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), writing(tmp_path / "a.zip") as out, out.member("secret_key"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.once
def test_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ArchiveError, match="could not be written: No such file or directory"):
        write(tmp_path / "nowhere" / "a.zip")


@pytest.mark.once
@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_archive_that_was_cut_short_is_refused(file, part):
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(ArchiveError, match="is not a complete backup"):
        Archive(file)


def rows_if_whole(file):
    try:
        with Archive(file) as archive:
            archive.verify(seen)
            return list(archive.lines("tables/a.A.jsonl"))
    except ArchiveError as refused:
        return refused.code


@pytest.mark.once
def test_no_changed_byte_changes_what_is_restored(tmp_path):
    """Each byte in turn. What only dates a member, or says again what the zip's own list says, is of no matter."""
    file = write(tmp_path / "a.zip", rows=ROWS[:3])
    whole, outcomes = file.read_bytes(), []
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        file.write_bytes(damaged)
        outcomes.append(rows_if_whole(file))
    assert [found for found in outcomes if found not in (ROWS[:3], "NOT_WHOLE", "DAMAGED")] == []
    assert {"NOT_WHOLE", "DAMAGED"} <= {found for found in outcomes if isinstance(found, str)}


# What restore says ------------------------------------------------------------------------------------------


@pytest.mark.once
def test_restore_names_the_member_that_is_damaged(file):
    data = bytearray(file.read_bytes())
    data[200] ^= 0xFF
    file.write_bytes(data)
    with pytest.raises(CommandError) as caught:
        call_command("restore", file)
    assert (
        str(caught.value)
        == f"{file} is damaged (in tables/a.A.jsonl). Nothing was restored. Use another backup."
    )


@pytest.mark.once
def test_restore_reads_no_format_that_it_does_not_know(file, tmp_path):
    import hashlib

    later = tmp_path / "later.zip"
    manifest = json.dumps({"format": 2, "members": {}})
    with zipfile.ZipFile(later, "w") as out:
        out.writestr("manifest.json", manifest)
        out.comment = f"maarifa backup {hashlib.sha256(manifest.encode()).hexdigest()}".encode()
    with pytest.raises(CommandError, match=r"has format 2, but this code reads format 1\. Use newer code"):
        call_command("restore", later)


def test_restore_names_migrations_that_this_code_lacks(db, tmp_path):
    file = write(tmp_path / "a.zip", migrations=[("learning", "9999_future"), ("learning", "0001_initial")])
    with pytest.raises(CommandError) as caught:
        call_command("restore", file)
    assert str(caught.value) == (
        f"{file} was made by newer code. Use that code. Migrations missing here: learning.9999_future."
    )


def test_backup_refuses_a_database_of_newer_code(transactional_db, tmp_path):
    MigrationRecorder.Migration.objects.create(app="learning", name="9999_future")
    try:
        with pytest.raises(
            CommandError, match=r"this code does not have\. The first is learning\.9999_future"
        ):
            call_command("backup", tmp_path / "a.zip")
    finally:
        MigrationRecorder.Migration.objects.filter(name="9999_future").delete()
    assert list(tmp_path.iterdir()) == []
