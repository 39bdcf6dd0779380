"""`make run` without make."""

import contextlib
import os
import signal
import socket
import stat
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
import redis

from maarifa.operations import processes, supervisor
from maarifa.operations.supervisor import CannotStart, Child, page_status
from tests import services
from tests.instances import Instance


def test_instance_introduces_itself_and_stops_on_ctrl_c_with_nothing_left(start_instance):
    instance = start_instance()
    said = instance.wait_until_it_runs()

    assert instance.demo["address"] == instance.address
    assert f"Maarifa is running: {instance.address}/" in said
    for person in instance.demo["people"].values():
        assert f"sign in as {person['username']}, password {person['password']}" in said
    assert "Maarifa" in instance.get("/")
    assert stat.S_IMODE(instance.var.stat().st_mode) == 0o700
    for private in ("secret_key", "instance.env", "redis/password.conf"):
        assert stat.S_IMODE((instance.var / private).stat().st_mode) == 0o600
    _see_that_redis_asks_for_its_password(instance)
    _see_that_manage_works_beside(instance)

    os.killpg(instance.process.pid, signal.SIGINT)
    rest, _ = instance.process.communicate(timeout=30)

    assert (instance.process.returncode, rest.strip()) == (0, "Stopping.")
    assert instance.is_gone()


def test_instance_leaves_nothing_when_it_is_killed(start_instance):
    instance = start_instance()
    instance.wait_until_it_runs()
    instance.process.kill()
    instance.process.communicate(timeout=30)
    assert processes.wait_until(instance.is_gone, seconds=20)


def _see_that_redis_asks_for_its_password(instance):
    told = dict(line.split("=", 1) for line in (instance.var / "instance.env").read_text().splitlines())
    url = urlsplit(told["REDIS_URL"])
    stranger = redis.Redis(host=url.hostname, port=url.port)
    with contextlib.closing(stranger), pytest.raises(redis.AuthenticationError):
        stranger.ping()
    assert not any(url.password in command for command in instance.processes().values())


def _see_that_manage_works_beside(instance):
    """In a folder of its own, where `var` is this instance's; no setting is given."""
    bare = {"PATH": os.environ["PATH"]}
    folder = instance.var.parent / "project"
    folder.mkdir()
    (folder / "var").symlink_to(instance.var)
    count = (
        "import os, sys; from pathlib import Path; from maarifa.operations import instances;"
        f"instances.complete(os.environ, root=Path({str(folder)!r}));"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'maarifa.settings';"
        "import django; django.setup(); from maarifa.accounts.models import User; print(User.objects.count())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", count],
        env=bare | {"PYTHONPATH": "platform"},
        cwd=services.ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert int(ran.stdout) > 3


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_instance_leaves_nothing_though_a_web_process_is_stuck(start_instance, how):
    """It hears nothing, as one that waits in a call that does not come back."""
    instance = start_instance()
    instance.wait_until_it_runs()
    stuck = max(
        pid
        for pid, command in instance.processes().items()
        if "granian" in command or "spawn_main" in command
    )
    os.kill(stuck, signal.SIGSTOP)

    instance.process.send_signal(how)
    instance.process.communicate(timeout=40)

    assert processes.wait_until(instance.is_gone, seconds=20)


def test_instance_starts_what_died_again(start_instance):
    instance = start_instance()
    instance.wait_until_it_runs()
    for what in ("--queues urgent", "--queues default,bulk", "redis-server", "granian"):
        instance.kill_one(what)
    assert processes.wait_until(lambda: page_status(instance.address + "/") == 200, seconds=20)


def test_child_that_keeps_dying_is_given_up(tmp_path):
    dying = [sys.executable, "-c", "print('no such table')"]
    child = Child("web server", dying, dict(os.environ), tmp_path / "web-server.log")
    child.start()

    def keep_starting():
        while True:
            child.process.wait()
            child.start_again()

    with pytest.raises(CannotStart) as caught:
        keep_starting()
    assert str(caught.value) == (
        f"The web server keeps stopping. The end of {child.log}:\n" + "\n".join(["no such table"] * 5)
    )


def test_worker_that_keeps_dying_rests_and_is_tried_again(tmp_path, monkeypatch, capsys):
    """A full disk under its files, say, is no reason to stop reading."""
    monkeypatch.setattr(supervisor, "REST_SECONDS", 0.5)
    dying = [sys.executable, "-c", "print('no room')"]
    child = Child("worker", dying, dict(os.environ), tmp_path / "worker.log")
    child.start()
    while child.process:
        child.process.wait()
        child.start_again()

    said = capsys.readouterr().out
    assert "The worker keeps stopping. The others keep running. It is restarted every minute." in said
    assert not child.has_died()
    assert processes.wait_until(child.has_died, seconds=5)
    child.start_again()
    assert child.process is not None
    child.end()


def test_instance_says_when_its_port_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        second = Instance(tmp_path, port=port).start()
        said, _ = second.process.communicate(timeout=5)
    assert second.process.returncode == 1
    assert said == (
        f"maarifa: Port {port} can't be used (Address already in use). "
        f"Use another: make run PORT={port + 1}\n"
    )


def test_instance_runs_once_in_a_folder(start_instance):
    instance = start_instance()
    instance.wait_until_it_runs()
    second = Instance(instance.var).start()
    said, _ = second.process.communicate(timeout=5)
    assert second.process.returncode == 1
    assert said == (
        f"maarifa: Maarifa is already running from this folder: {instance.address} (process {instance.process.pid})\n"
    )
