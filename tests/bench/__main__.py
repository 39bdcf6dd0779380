"""python -m tests.bench [part …]: measure, print the table, and write it to docs/.

Without names everything is measured. What is not measured now stays in docs/ as it was measured last.
"""

import argparse
import sys
import time
from pathlib import Path

from tests import services
from tests.bench import places, writing

GUIDE = Path(__file__).with_name("guide.md")

# Parts, and the databases that each is measured on.
BOTH = places.DATABASES
PARTS = {
    "lesson": BOTH,
    "anatomy": BOTH,
    "quiz": BOTH,
    "roster": BOTH,
    "certificates": BOTH,
    "publishing": BOTH,
    "cohort": BOTH,
    "reminders": BOTH,
    "instance": BOTH,
    "phones": ("sqlite",),
    "growth": BOTH,
}


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    options.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    options.add_argument("--on", choices=BOTH, action="append", help="only this database")
    options.add_argument("--size", choices=("full", "large", "tiny"), default="full")
    options.add_argument("--to", type=Path, default=services.ROOT / "docs", help="the folder to write to")
    told = options.parse_args()
    unknown = [name for name in told.parts if name not in PARTS]
    if unknown:
        options.error(f"no such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}")
    found, failed = measure(told.parts or list(PARTS), told.on or BOTH, told.size)
    kept = writing.keep(told.to, found, told.size)
    writing.write(told.to, kept, GUIDE.read_text().strip())
    print(writing.table(kept))
    for name, words in failed.items():
        print(f"NOT MEASURED: {name}: {words}", file=sys.stderr)
    return 1 if failed else 0


def measure(names, databases, size) -> tuple[dict, dict]:
    found, failed, ready = {}, {}, set()
    for number, (name, database) in enumerate((n, d) for n in names for d in PARTS[n] if d in databases):
        began = time.monotonic()
        try:
            if database not in ready:
                places.make_template(database, size)
                ready.add(database)
            found[f"{name}/{database}"] = places.run(name, database, size, number)
        except places.PartFailed as problem:
            failed[f"{name}/{database}"] = str(problem)
        said = "FAILED" if f"{name}/{database}" in failed else f"{time.monotonic() - began:.0f} s"
        print(f"  {name} on {writing.DATABASES[database]}: {said}", file=sys.stderr, flush=True)
    return found, failed


if __name__ == "__main__":
    sys.exit(main())
