"""Each import contract is broken on purpose, in a copy of the house, and has to say so."""

import shutil
import subprocess

import pytest

from tests.services import BIN, ROOT

pytestmark = pytest.mark.once

ROOMS = "Rooms: a higher room may import a lower one, never the reverse"
SHELVES = "Shelves: inside a room, urls > views > forms > actions > models"
DOORS = "Doors: views, forms and admin are private to their room"
TASKS = "Only actions enqueue tasks"
MODELS = "Models stay free of the web and the queue"

INSIDE_A_FUNCTION = "def hidden():\n    from maarifa.learning import actions\n    return actions\n"


@pytest.fixture
def house(tmp_path):
    """A copy to break: its code and its contracts."""
    shutil.copytree(
        ROOT / "platform",
        tmp_path / "platform",
        ignore=lambda folder, names: [
            name for name in names if name in ("__pycache__", "static", "fonts", "typst")
        ],
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def broken(house):
    """The names of the contracts that do not hold."""
    said = subprocess.run(
        [BIN / "lint-imports", "--no-logo", "--no-cache"],
        cwd=house,
        env={"PYTHONPATH": str(house / "platform"), "PATH": str(BIN), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    ).stdout
    return {line.removesuffix(" BROKEN") for line in said.splitlines() if line.endswith(" BROKEN")}


def write(house, path, text):
    file = house / "platform" / "maarifa" / path
    if (shelf := file.with_suffix("")).is_dir():  # the shelf has become a folder
        file = shelf / "broken_on_purpose.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "a") as end:
        end.write(f"\n{text}\n")


def test_contracts_hold(house):
    assert broken(house) == set()


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("accounts/enums.py", "import maarifa.learning", ROOMS),
        ("cohorts/enums.py", "import maarifa.coursefiles", ROOMS),
        ("coursefiles/enums.py", "import maarifa.cohorts", ROOMS),
        ("lib/text.py", "import maarifa.ui", ROOMS),
        ("attic/__init__.py", "", ROOMS),
        ("learning/models.py", INSIDE_A_FUNCTION, SHELVES),
        ("cohorts/queries.py", "from maarifa.cohorts import actions", SHELVES),
        ("learning/personal_data.py", "from maarifa.learning import actions", SHELVES),
        ("delivery/forms.py", "from maarifa.delivery import urls", SHELVES),
        ("pages/actions.py", "from maarifa.learning import views", DOORS),
        ("pages/receivers.py", "from maarifa.accounts import forms", DOORS),
        ("reminders/actions.py", "from maarifa.cohorts import admin", DOORS),
        ("certificates/views.py", "from maarifa.certificates import tasks", TASKS),
        ("quizzes/models.py", "import celery", MODELS),
        ("quizzes/models.py", "def hidden():\n    import celery\n    return celery", MODELS),
    ],
)
def test_contract_is_named_when_broken(house, path, line, contract):
    for room in ("learning", "cohorts", "accounts"):
        for shelf in ("views", "forms", "admin", "actions"):
            write(house, f"{room}/{shelf}.py", "")
    for room in ("certificates", "delivery"):
        write(house, f"{room}/tasks.py", "")
    write(house, "delivery/urls.py", "")

    write(house, path, line)

    assert broken(house) == {contract}
