"""A run in which something was left out is a failed run, and says what it was."""

import subprocess
import sys

import pytest

from tests.services import ROOT, process_environment

# Each is a file of tests that the harness has to fail: nobody leaves a test out in silence.
SKIPPED = "import pytest\n\ndef test_left_out():\n    pytest.skip('later')\n"
EXPECTED_TO_FAIL = "import pytest\n\n@pytest.mark.xfail\ndef test_left_out():\n    assert False\n"
PASSING = "def test_done():\n    pass\n"
OTHER_DATABASE = (
    "import pytest\n\n@pytest.mark.{}_only\ndef test_elsewhere():\n    assert False\n\n" + PASSING
)

pytestmark = pytest.mark.once


def run(folder, text, *options, **environment):
    file = folder / "test_inner.py"
    file.write_text(text)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--quiet",
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            *options,
            file,
        ],
        cwd=ROOT,
        env=process_environment() | environment,
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("text", [SKIPPED, EXPECTED_TO_FAIL])
@pytest.mark.parametrize("options", [(), ("--numprocesses", "1")])
def test_run_fails_where_something_was_left_out(tmp_path, text, options):
    ran = run(tmp_path, text, *options)
    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout
    assert "NOT RUN, which counts as a failure: " in ran.stdout
    assert "test_left_out" in ran.stdout


def test_run_passes_where_nothing_was_left_out(tmp_path):
    ran = run(tmp_path, PASSING)
    assert ran.returncode == pytest.ExitCode.OK, ran.stdout


@pytest.mark.parametrize(("database", "other"), [("sqlite", "postgres"), ("postgres", "sqlite")])
def test_what_is_about_the_other_database_is_deselected(tmp_path, database, other):
    ran = run(tmp_path, OTHER_DATABASE.format(other), TEST_DATABASE=database)
    assert ran.returncode == pytest.ExitCode.OK, ran.stdout
    assert "1 passed, 1 deselected" in ran.stdout
