"""Which settings manage.py takes where none are given."""

import fcntl
import subprocess
import sys

import pytest

from maarifa.operations import instances
from tests.services import ROOT

pytestmark = pytest.mark.once


@pytest.fixture
def project(tmp_path):
    (tmp_path / "var").mkdir()
    return tmp_path


def instance(project, text="SECRET_KEY=of-the-instance\nSITE_URL=http://127.0.0.1:8001\n"):
    path = project / "var/instance.env"
    path.write_text(text)
    path.chmod(0o600)
    return path


def own(project, text="# ours\nSECRET_KEY='of our own'\nEMAIL_USER=\n"):
    path = project / ".env"
    path.write_text(text)
    path.chmod(0o644)
    return path


def completed(project, **given):
    environment = dict(given)
    return instances.complete(environment, root=project), environment


def test_running_instance_comes_first(project):
    path = instance(project)
    own(project)
    with open(project / "var/running", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert completed(project, SITE_URL="http://given") == (
            path,
            {"SECRET_KEY": "of-the-instance", "SITE_URL": "http://given"},
        )


def test_own_file_comes_first_where_nothing_runs_and_the_empty_is_not_set(project):
    instance(project)
    path = own(project)
    assert completed(project) == (path, {"SECRET_KEY": "of our own"})


def test_instance_that_ran_last_will_do(project):
    path = instance(project)
    assert completed(project)[0] == path


@pytest.mark.parametrize("name", instances.TELLING)
def test_who_says_which_instance_is_meant_gets_nothing_added(project, name):
    instance(project)
    own(project)
    assert completed(project, **{name: "given"}) == (None, {name: "given"})


@pytest.mark.parametrize(
    ("which", "mode"), [(instance, 0o640), (instance, 0o602), (own, 0o646), (own, 0o664)]
)
def test_file_that_others_may_change_is_refused(project, which, mode):
    path = which(project)
    path.chmod(mode)
    with pytest.raises(instances.CannotRead, match="other users have access to it"):
        completed(project)


def test_link_in_place_of_the_instance_is_refused(project):
    elsewhere = own(project)
    (project / "var/instance.env").symlink_to(elsewhere)
    elsewhere.rename(project / "elsewhere")
    (project / "var/instance.env").unlink()
    (project / "var/instance.env").symlink_to(project / "elsewhere")
    with pytest.raises(instances.CannotRead, match="is a symbolic link"):
        completed(project)


def test_line_that_is_none_is_named(project):
    path = own(project, "SECRET_KEY=x\nsite url: here\n")
    with pytest.raises(instances.CannotRead) as caught:
        completed(project)
    assert (
        str(caught.value)
        == f"{path}:2: this line is not a setting. Write NAME=value, with the name in capital letters."
    )


def test_missing_setting_is_one_line_and_no_traceback(tmp_path):
    ran = subprocess.run(
        [sys.executable, ROOT / "manage.py", "check"],
        env={"PATH": "/usr/bin:/bin", "VAR_DIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (1, "maarifa: SECRET_KEY is not set. See .env.example.\n")
