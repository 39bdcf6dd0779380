"""What `make soak` runs: the faults in their large sizes on both databases; what came out goes to docs/soak.md."""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.services import BIN, ROOT

PAGE = ROOT / "docs" / "soak.md"
HEAD = """# The last soak

`make soak` runs `tests/faults` in the large sizes, with the real password hasher, and writes this page. The
docstring of each test names the promise of the design that it checks. Times depend on the machine, so no test
asserts them.

"""


def run(database: str, figures: Path) -> tuple[bool, float]:
    began = time.monotonic()
    ended = subprocess.run(
        [BIN / "pytest", "--quiet", "-rA", "--show-capture=no", "tests/faults"],
        cwd=ROOT,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE": database}
        | {"FAULT_SIZE": "large", "FAULT_FIGURES": str(figures)},
    )
    return ended.returncode == 0, time.monotonic() - began


def said(*command) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def machine() -> str:
    facts = dict(
        line.split("\t: ", 1) for line in Path("/proc/cpuinfo").read_text().splitlines() if "\t: " in line
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 10**9
    model = facts.get("model name", platform.machine())
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB, Python {platform.python_version()}"


def shown(value) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name}: {shown(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return " / ".join(str(one) for one in value)
    return str(value)


def table(lines: list[dict]) -> str:
    rows = ["| test | database | figures |", "|---|---|---|"]
    for line in lines:
        rest = {name: value for name, value in line.items() if name not in ("test", "database")}
        rows.append(f"| {line['test']} | {line['database']} | {shown(rest)} |")
    return "\n".join(rows)


def main() -> int:
    changed = said("git", "status", "--porcelain", "--untracked-files=no")
    commit = said("git", "rev-parse", "--short", "HEAD") + (" and what was not committed" if changed else "")
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        figures.touch()
        outcomes = {database: run(database, figures) for database in ("sqlite", "postgres")}
        lines = [json.loads(line) for line in figures.read_text().splitlines()]
    facts = [
        f"- Commit {commit}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.",
        f"- Machine: {machine()}; load when it ended: {os.getloadavg()[0]:.1f}.",
        *(
            f"- {database}: {'all tests passed' if held else 'FAILED'}, in {took:.0f} s."
            for database, (held, took) in outcomes.items()
        ),
    ]
    PAGE.write_text(HEAD + "\n".join(facts) + "\n\n" + table(lines) + "\n")
    return 0 if all(held for held, _took in outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
