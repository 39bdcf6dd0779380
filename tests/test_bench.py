"""`make bench` works: every part at a tiny size. Its figures are of no interest here."""

import json
import os
import subprocess
import sys

import pytest

from tests import services

DATABASE = os.environ.get("TEST_DATABASE", "sqlite")


def bench(folder, *parts):
    given = {name: value for name, value in services.process_environment().items() if name in KEPT}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--size", "tiny", "--on", DATABASE, "--to", folder, *parts],
        cwd=services.ROOT,
        env=given,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads((folder / "bench.json").read_text())["parts"]


# The bench starts its own Redis in a folder of its own; PostgreSQL takes long to start, so that is the run's.
KEPT = ("PATH", "HOME", "PYTHONPATH", "LANG", "MAARIFA_TEST_POSTGRES")


@pytest.mark.parametrize(
    "parts",
    [
        # Each on one database, to take half the time: the parts differ in what they load, not in how they measure.
        pytest.param(("lesson", "anatomy", "quiz"), marks=pytest.mark.sqlite_only, id="lesson"),
        pytest.param(("roster", "reminders", "certificates"), marks=pytest.mark.postgres_only, id="roster"),
        pytest.param(("publishing", "cohort", "growth"), marks=pytest.mark.sqlite_only, id="publishing"),
    ],
)
def test_parts_are_measured(tmp_path, parts):
    found = bench(tmp_path, *parts)
    assert set(found) == {f"{part}/{DATABASE}" for part in parts}
    assert all(figure["median"] >= 0 for part in found.values() for figure in part["figures"])
    page = (tmp_path / "bench.md").read_text()
    assert all(figure["name"] in page for part in found.values() for figure in part["figures"])
    assert all(path.stat().st_size < 10_000 for path in (tmp_path / "bench").glob("*.svg"))


@pytest.mark.sqlite_only
def test_phone_is_measured(tmp_path):
    assert set(bench(tmp_path, "phones")) == {"phones/sqlite"}
