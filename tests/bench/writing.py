"""What was measured, as a table, as JSON and as pictures."""

import datetime
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tests import services
from tests.bench import drawing

DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


def keep(folder: Path, found: dict, size: str) -> dict:
    """Lay what was found over what was kept from earlier runs, and write it."""
    target = folder / "bench.json"
    kept = json.loads(target.read_text()) if target.exists() else {"parts": {}}
    about = {"commit": commit(), "machine": machine(), "at": today(), "size": size}
    kept["parts"] |= {name: {**about, **part} for name, part in found.items()}
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    return kept


def commit() -> str:
    def git(*words):
        ran = subprocess.run(["git", *words], cwd=services.ROOT, capture_output=True, text=True)
        return ran.stdout.strip() if ran.returncode == 0 else ""

    # What a run writes itself is no change of the code.
    changed = git(
        "status", "--porcelain", "--untracked-files=no", "--", "platform", "courses", "locale", "tests"
    )
    return (git("rev-parse", "--short=12", "HEAD") or "unknown") + (" and changes" if changed else "")


def machine() -> str:
    model = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) * 1024 / 1e9
    python = ".".join(map(str, sys.version_info[:3]))
    busy = os.getloadavg()[1]
    return (
        f"{os.cpu_count()} cores ({model[1] if model else os.uname().machine}), {memory:.0f} GB, "
        f"Python {python}, load {busy:.1f}"
    )


def today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def table(kept: dict) -> str:
    """One line for each figure, with a column for each database."""
    rows: dict[tuple, dict] = {}
    for name, part in kept["parts"].items():
        for figure in part.get("figures", []):
            rows.setdefault((name.split("/")[0], figure["name"]), {})[name.split("/")[1]] = figure
    lines = ["| what | SQLite | PostgreSQL | budget |", "|---|---:|---:|---:|"]
    for (_part, name), by in rows.items():
        budgets = {d: f["budget"] for d, f in by.items() if f["budget"] is not None}
        cells = [cell(by.get(database)) for database in DATABASES]
        lines.append(
            f"| {name} | {' | '.join(cells)} | {said_budget(budgets, next(iter(by.values()))['unit'])} |"
        )
    return "\n".join(lines)


def cell(figure) -> str:
    if figure is None:
        return ""
    low, middle, high = (short(figure[key]) for key in ("low", "median", "high"))
    missed = figure["budget"] is not None and figure["median"] > figure["budget"]
    spread = f" ({low}–{high})" if low != high else ""
    return f"{'**' if missed else ''}{middle} {figure['unit']}{'**' if missed else ''}{spread}"


def said_budget(budgets: dict, unit: str) -> str:
    if len(set(budgets.values())) > 1:
        return ", ".join(f"≤ {short(budgets[d])} {unit} {DATABASES[d]}" for d in DATABASES if d in budgets)
    return f"≤ {short(next(iter(budgets.values())))} {unit}" if budgets else ""


def short(value: float) -> str:
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def write(folder: Path, kept: dict, guide: str) -> None:
    """bench.md with the table and the pictures, and the pictures themselves."""
    pictures = folder / "bench"
    pictures.mkdir(parents=True, exist_ok=True)
    curves = merged_curves(kept)
    names = {slug(name): name for name in curves}
    for old in pictures.glob("*.svg"):
        if old.stem not in names:
            old.unlink()
    for name, curve in curves.items():
        (pictures / f"{slug(name)}.svg").write_text(drawing.picture(curve))
    shown = "\n\n".join(f"![{name}](bench/{slug(name)}.svg)" for name in curves)
    page = (
        f"# How fast it is\n\n{guide}\n\n## The table\n\n{runs(kept)}\n\n{table(kept)}\n\n{notes(kept)}"
        "## How it grows\n\nBoth axes are logarithmic: a level line is constant, one at half a right angle linear.\n\n"
        f"{shown}\n\n{tables(kept)}\n"
    )
    (folder / "bench.md").write_text(re.sub(r"\n{3,}", "\n\n", page).rstrip() + "\n")


def runs(kept: dict) -> str:
    """On which commit and machine each part was measured, once where that is the same."""
    by: dict[tuple, list[str]] = {}
    for name, part in kept["parts"].items():
        key = (part["at"], part["commit"], part["size"], part["machine"].rpartition(", load")[0])
        by.setdefault(key, []).append(name)
    lines = []
    for (at, commit_, size, machine_), names in by.items():
        which = "" if len(by) == 1 else f" ({', '.join(sorted(names))})"
        small = "" if size == "full" else f", sizes: {size}"
        busy = max(kept["parts"][name]["machine"].rpartition("load ")[2] for name in names)
        lines.append(
            f"Measured on {at}, commit {commit_}{small}, on {machine_}; load at the time up to {busy}{which}."
        )
    return "\n".join(lines)


def notes(kept: dict) -> str:
    """What is said about single figures, and which budgets are missed."""
    said, missed = {}, []
    for name, part in kept["parts"].items():
        for figure in part.get("figures", []):
            if figure["note"]:
                said[figure["name"]] = figure["note"]
            if figure["budget"] is not None and figure["median"] > figure["budget"]:
                missed.append(f"- {figure['name']}, {DATABASES[name.split('/')[1]]}: {cell(figure)}")
    text = "\n".join(f"- {name}: {note}" for name, note in said.items())
    lost = "Every budget is met." if not missed else "Budgets that are missed:\n\n" + "\n".join(missed)
    return f"{text}\n\n{lost}\n\n"


def merged_curves(kept: dict) -> dict[str, dict]:
    """By name; the lines of both databases in one picture where it is the same."""
    found: dict[str, dict] = {}
    for part in kept["parts"].values():
        for curve in part.get("curves", []):
            one = found.setdefault(curve["name"], {**curve, "lines": {}})
            one["lines"] |= curve["lines"]
    return found


def tables(kept: dict) -> str:
    parts = []
    for name, part in kept["parts"].items():
        for title, head, rows in part.get("tables", []):
            lines = [f"### {title}, {DATABASES[name.split('/')[1]]}", "", f"| {' | '.join(head)} |"]
            lines.append("|" + "---|" * len(head))
            lines += [f"| {' | '.join(str(value) for value in row)} |" for row in rows]
            parts.append("\n".join(lines))
    return "\n\n".join(parts)


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
