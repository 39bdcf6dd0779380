"""What `make test` runs: every check, then every test on SQLite and on PostgreSQL, whatever fails before.

python -m tests.everything [--lint | --format]
"""

import os
import subprocess
import sys
import time

from tests.services import BIN, ROOT

TEMPLATES = [str(path) for path in sorted(ROOT.glob("platform/**/templates/**/*.html"))]
CATALOGUES = [str(path) for path in sorted(ROOT.glob("locale/*/LC_MESSAGES/*.po"))]
MANAGE = [BIN / "python", "manage.py"]
PYTEST = [BIN / "pytest", "--quiet", "--numprocesses", "2", "--dist", "worksteal"]

CHECKS = {
    "ruff check": [BIN / "ruff", "check", "--quiet", "."],
    "ruff format": [BIN / "ruff", "format", "--check", "--quiet", "."],
    "types": [BIN / "python", "-m", "mypy"],
    "bandit": [BIN / "bandit", "--quiet", "--recursive", "--configfile", "pyproject.toml", "platform"],
    "templates": [BIN / "djade", "--target-version", "5.2", "--check", *TEMPLATES],
    "import contracts": [BIN / "lint-imports", "--no-logo"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    "catalogues complete": [*MANAGE, "update_catalogues", "--check"],
    # A translation may well be the same word (W302), and may say a number in words (W202). Braces are no placeholders.
    "catalogues sound": [
        *(BIN / "dennis-cmd", "lint", "--varformat=python-format", "--excluderules=W202,W302"),
        *CATALOGUES,
    ],
}
TESTS = {"tests on SQLite": "sqlite", "tests on PostgreSQL": "postgres"}


def passes(name: str, command: list, **environment) -> bool:
    print(f"\n── {name}", flush=True)
    began = time.monotonic()
    ended = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment,
    )
    print(
        f"{'passed' if ended.returncode == 0 else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True
    )
    return ended.returncode == 0


def main(only: str) -> int:
    if only == "--format":
        subprocess.run([BIN / "ruff", "check", "--quiet", "--fix-only", "."], cwd=ROOT, check=True)
        subprocess.run([BIN / "ruff", "format", "--quiet", "."], cwd=ROOT, check=True)
        return subprocess.run([BIN / "djade", "--target-version", "5.2", *TEMPLATES], cwd=ROOT).returncode
    outcome = {name: passes(name, command) for name, command in CHECKS.items()}
    if only != "--lint":
        outcome |= {name: passes(name, PYTEST, TEST_DATABASE=database) for name, database in TESTS.items()}
    failed = [name for name, passed in outcome.items() if not passed]
    print(f"\n{'FAILED: ' + ', '.join(failed) if failed else 'Everything passed.'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
