"""What `make` would do, without doing it."""

import shutil
import subprocess
import sys

import pytest

from tests.services import ROOT

pytestmark = pytest.mark.once


@pytest.mark.parametrize(("python", "built_anew"), [(sys.executable, False), ("/gone/python3", True)])
@pytest.mark.parametrize("goal", ["run", "test"])
def test_environment_whose_python_is_gone_is_built_anew(tmp_path, goal, python, built_anew):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for lock in ("requirements.lock", "requirements-test.lock"):
        (tmp_path / lock).touch()
    programs = tmp_path / ".venv/bin"
    programs.mkdir(parents=True)
    (programs / "python").symlink_to(python)
    (programs / "pip").touch()
    for stamp in ("installed", "installed-for-tests"):
        (tmp_path / ".venv" / stamp).touch()
    planned = subprocess.run(
        ["make", "--dry-run", goal], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert ("-m venv .venv" in planned) is built_anew
    assert ("pip install" in planned) is built_anew


@pytest.mark.parametrize("goal", ["run", "test"])
def test_environment_that_was_begun_and_not_finished_is_made_anew_by_another_python(tmp_path, goal):
    """Ctrl-C while `.venv` is being made leaves a Python that starts, and is deleted before it could make another."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for lock in ("requirements.lock", "requirements-test.lock"):
        (tmp_path / lock).touch()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    planned = subprocess.run(
        ["make", "--dry-run", goal], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert "-m venv .venv" in planned
    assert ".venv/bin/python -m venv" not in planned
