"""One part, in a process of its own: python -m tests.bench.one PART FILE, which gets what it found."""

import importlib
import json
import os
import sys
from pathlib import Path


def main(part: str, target: str) -> None:
    import django

    # Playwright's loop runs in this thread, and Django would take our queries for asynchronous ones.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()
    module = importlib.import_module(f"tests.bench.parts.{part}")
    # Only what grows has a large size.
    size = module.SIZES.get(os.environ["BENCH_SIZE"]) or module.SIZES["full"]
    found = module.measure(size)
    Path(target).write_text(json.dumps(found.data() if found else {}))


if __name__ == "__main__":
    main(*sys.argv[1:])
