import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import redis

from maarifa.operations import processes
from tests.services import ROOT

# Starts a child of its own in the same group, and says when both are there.
WITH_CHILD = (
    "import os, subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(child.pid, flush=True); time.sleep(60)"
)

DEAF = (
    "import signal, time;signal.signal(signal.SIGTERM, signal.SIG_IGN);print(1, flush=True); time.sleep(60)"
)
PARENT = (
    "import sys, time; from pathlib import Path; from maarifa.operations import processes;"
    "sleep = [sys.executable, '-c', 'import time; time.sleep(60)'];"
    "child = processes.start(sleep, log=Path(sys.argv[1]));"
    "print(child.pid, flush=True); time.sleep(60)"
)
# Neither it nor its child listens: they are stuck.
DEAF_WITH_CHILD = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "child = subprocess.Popen([sys.executable, '-c', sys.argv[1]]);"
    "print(child.pid, flush=True); time.sleep(60)"
)
GUARDED = (
    "import sys, time; from pathlib import Path; from maarifa.operations import processes;"
    "guard = processes.Guard(patience=0.5);"
    "child = processes.start([sys.executable, '-c', *sys.argv[2:]], log=Path(sys.argv[1]));"
    "guard.watch(child.pid); print(child.pid, guard.pid, flush=True); time.sleep(60)"
)


def is_running(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def child_of(log):
    assert processes.wait_until(lambda: log.exists() and log.read_text().strip().isdigit(), seconds=20)
    return int(log.read_text())


def test_stop_ends_the_whole_group(tmp_path):
    log = tmp_path / "log"
    process = processes.start([sys.executable, "-c", WITH_CHILD], log=log)
    child = child_of(log)

    processes.stop(process)

    assert process.returncode == -signal.SIGTERM
    assert processes.wait_until(lambda: not is_running(child), seconds=5)


def test_stop_ends_one_that_does_not_listen(tmp_path):
    log = tmp_path / "log"
    process = processes.start([sys.executable, "-c", DEAF], log=log)
    child_of(log)

    processes.stop(process, patience=0.2)

    assert process.returncode == -signal.SIGKILL


def test_child_stops_when_its_parent_is_killed(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path / "log"],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": "platform"},
        cwd=ROOT,
    )
    child = int(parent.stdout.readline())
    assert is_running(child)

    parent.kill()
    parent.communicate()

    assert processes.wait_until(lambda: not is_running(child), seconds=5)


def test_guard_ends_what_is_stuck_when_its_maker_is_killed(tmp_path):
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            GUARDED,
            tmp_path / "log",
            DEAF_WITH_CHILD,
            DEAF.replace("print(1, flush=True);", ""),
        ],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": "platform"},
        cwd=ROOT,
    )
    child, guard = map(int, parent.stdout.readline().split())
    grandchild = child_of(tmp_path / "log")
    assert is_running(child)
    assert is_running(grandchild)

    parent.kill()
    parent.communicate()

    for pid in (child, grandchild, guard):
        assert processes.wait_until(lambda pid=pid: not is_running(pid), seconds=10)


def test_guard_leaves_alone_what_it_was_told_to_forget(tmp_path):
    guard = processes.Guard(patience=0.2)
    kept = processes.start([sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "kept")
    gone = processes.start([sys.executable, "-c", "import time; time.sleep(60)"], log=tmp_path / "gone")
    for process in (kept, gone):
        guard.watch(process.pid)
    guard.forget(kept.pid)

    guard.dismiss()

    assert gone.wait(timeout=10) == -signal.SIGTERM
    assert kept.poll() is None
    processes.stop(kept)


def test_wait_until_gives_up_with_its_process(tmp_path):
    process = processes.start([sys.executable, "-c", ""], log=tmp_path / "log")
    assert processes.wait_until(lambda: False, seconds=60, process=process) is False


def test_port_answers_once_something_listens():
    port = processes.free_port()
    assert not processes.answers(port)
    with socket.create_server(("127.0.0.1", port)):
        assert processes.answers(port)


def test_redis_keeps_its_queue_over_a_kill(tmp_path):
    port = processes.free_port()
    command = processes.redis_command(port=port, folder=tmp_path)
    first = processes.start(command, log=tmp_path / "log")
    assert processes.wait_until(lambda: processes.answers(port), seconds=20, process=first)
    with contextlib.closing(redis.Redis(port=port)) as queue:
        queue.lpush("work", "a", "b")
        first.kill()
        first.wait()

    second = processes.start(command, log=tmp_path / "log")
    assert processes.wait_until(lambda: processes.answers(port), seconds=20, process=second)
    with contextlib.closing(redis.Redis(port=port)) as queue:
        assert queue.lrange("work", 0, -1) == [b"b", b"a"]
    processes.stop(second)
