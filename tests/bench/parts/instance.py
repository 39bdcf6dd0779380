"""All of it as `make run` starts it: how long until the first page, and what it holds in memory when idle."""

import os
import time
from pathlib import Path
from tempfile import mkdtemp

from tests import instances, services
from tests.bench import measuring

SIZES = {"full": {"starts": 4, "rest": 15}, "tiny": {"starts": 1, "rest": 1}}
# What a process's command says, and what it is.
WHO = {"supervisor": "supervisor", "granian": "web", " worker": "worker", " beat": "beat", "redis": "Redis"}


def measure(size) -> measuring.Result:
    database = os.environ["BENCH_DATABASE"]
    folder = Path(mkdtemp(prefix="instance-", dir=services.folder()))
    seconds, held, rows = [], [], {}
    with instances.instances(folder, database) as start:
        instance = start()
        began = time.monotonic()
        instance.wait_until_it_runs()
        first = time.monotonic() - began
        instance.stop()
        for _ in range(size["starts"]):
            began = time.monotonic()
            instance.start()
            instance.wait_until_it_runs()
            seconds.append(time.monotonic() - began)
            time.sleep(size["rest"])
            by = memory_of(instance)
            held.append(sum(by.values()))
            for name, megabytes in by.items():
                rows.setdefault(name, []).append(megabytes)
            instance.stop()
    found = measuring.Result()
    found.add("start to first page, existing database", "s", seconds, budget=3)
    found.add("start to first page, empty folder", "s", [first])
    found.add("memory idle, everything", "MB", held, budget=400)
    for name, megabytes in rows.items():
        found.add(f"memory idle, {name}", "MB", megabytes)
    return found


def memory_of(instance) -> dict[str, float]:
    """Megabytes by kind of process, what is shared counted in parts."""
    found: dict[str, float] = {}
    for pid, command in instance.processes().items():
        name = next((who for mark, who in WHO.items() if mark in command), "others")
        found[name] = found.get(name, 0) + measuring.pss_of([pid])
    return found
