"""Figures, and how they are taken."""

import os
import statistics
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Figure:
    """One line of the table: the values of its rounds, and the budget it has to stay under, where there is one."""

    name: str
    unit: str
    values: list[float]
    budget: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def is_met(self) -> bool:
        return self.budget is None or self.median <= self.budget

    def data(self) -> dict:
        return {
            **asdict(self),
            "values": [round(value, 4) for value in self.values],
            "median": round(self.median, 4),
            "low": round(min(self.values), 4),
            "high": round(max(self.values), 4),
        }


@dataclass
class Curve:
    """How something grows: points (size, value) of several lines, drawn on logarithmic axes."""

    name: str
    across: str
    up: str
    lines: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def add(self, line: str, x: float, y: float) -> None:
        self.lines.setdefault(line, []).append((x, y))

    def data(self) -> dict:
        return asdict(self)


@dataclass
class Result:
    """What a part found: figures for the table, curves to draw, and tables of their own (title, head, rows)."""

    figures: list[Figure] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    tables: list[tuple[str, list[str], list[list]]] = field(default_factory=list)

    def add(self, name, unit, values, *, budget=None, note="") -> None:
        self.figures.append(Figure(name, unit, list(values), budget, note))

    def data(self) -> dict:
        return {
            "figures": [figure.data() for figure in self.figures],
            "curves": [curve.data() for curve in self.curves],
            "tables": self.tables,
        }


def interleaved(rounds: int, sides: dict) -> list[dict[str, float]]:
    """What each side takes, round by round: the sides take turns, and every other round goes backwards."""
    found = []
    for number in range(rounds):
        names = list(sides) if number % 2 == 0 else list(reversed(sides))
        found.append({name: sides[name]() for name in names})
    return found


def ratios(rounds, above: str, below: str) -> list[float]:
    return [one[above] / one[below] for one in rounds]


def column(rounds, name: str, *, times: float = 1) -> list[float]:
    return [one[name] * times for one in rounds]


def own_cpu(run, times: int = 1) -> float:
    """CPU seconds of this process for one of so many runs."""
    began = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - began) / times


def wall(run) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def group_of(leader: int) -> list[int]:
    """The processes of a group that we started, by their ids."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == leader:
            found.append(int(stat.parent.name))
    return found


def cpu_of(pids) -> float:
    """CPU seconds that these processes have used, all threads, to the nanosecond."""
    spent = 0
    for pid in pids:
        for task in Path(f"/proc/{pid}/task").iterdir():
            spent += int((task / "schedstat").read_text().split()[0])
    return spent / 1e9


def pss_of(pids) -> float:
    """Megabytes of memory, what is shared counted in parts."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total / 1e6


def peak_memory(pid: int | None = None) -> float:
    """The most megabytes that a process, this one unless told otherwise, ever held in memory."""
    for line in Path(f"/proc/{pid or os.getpid()}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def forget_peak() -> None:
    """From here on the peak counts anew."""
    Path("/proc/self/clear_refs").write_text("5")


class Stopwatch:
    """CPU seconds of this process, of its ended children and of the database's process; and the wall's."""

    def __init__(self, backend: int | None = None):
        self.backend = backend

    def __enter__(self):
        self.began = self._now()
        return self

    def __exit__(self, *_):
        self.cpu, self.wall = (now - then for now, then in zip(self._now(), self.began, strict=True))

    def _now(self):
        times = os.times()
        own = time.process_time() + times.children_user + times.children_system
        return own + (cpu_of([self.backend]) if self.backend else 0), time.perf_counter()
