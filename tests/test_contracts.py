"""Each import contract is broken on purpose, in a copy of the instance, and has to say so."""

import shutil
import subprocess

import pytest

from tests.services import BIN, ROOT

pytestmark = pytest.mark.once

APPS = "Apps: a higher app may import a lower one, never the reverse"
LAYERS = "Layers: inside an app, urls > views > forms > actions > models"
PRIVATE = "Private: views, forms and admin are private to their app"
TASKS = "Only actions enqueue tasks"
MODELS = "Models stay free of the web and the queue"

INSIDE_A_FUNCTION = "def hidden():\n    from maarifa.learning import actions\n    return actions\n"


@pytest.fixture
def instance(tmp_path):
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


def broken(instance):
    """The names of the contracts that do not hold."""
    said = subprocess.run(
        [BIN / "lint-imports", "--no-logo", "--no-cache"],
        cwd=instance,
        env={"PYTHONPATH": str(instance / "platform"), "PATH": str(BIN), "COLUMNS": "200"},
        capture_output=True,
        text=True,
    ).stdout
    return {line.removesuffix(" BROKEN") for line in said.splitlines() if line.endswith(" BROKEN")}


def write(instance, path, text):
    file = instance / "platform" / "maarifa" / path
    if (layer := file.with_suffix("")).is_dir():  # the layer has become a folder
        file = layer / "broken_on_purpose.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "a") as end:
        end.write(f"\n{text}\n")


def test_contracts_hold(instance):
    assert broken(instance) == set()


@pytest.mark.parametrize(
    ("path", "line", "contract"),
    [
        ("accounts/enums.py", "import maarifa.learning", APPS),
        ("cohorts/enums.py", "import maarifa.coursefiles", APPS),
        ("coursefiles/enums.py", "import maarifa.cohorts", APPS),
        ("lib/text.py", "import maarifa.ui", APPS),
        ("attic/__init__.py", "", APPS),
        ("learning/models.py", INSIDE_A_FUNCTION, LAYERS),
        ("cohorts/queries.py", "from maarifa.cohorts import actions", LAYERS),
        ("learning/personal_data.py", "from maarifa.learning import actions", LAYERS),
        ("delivery/forms.py", "from maarifa.delivery import urls", LAYERS),
        ("pages/actions.py", "from maarifa.learning import views", PRIVATE),
        ("pages/receivers.py", "from maarifa.accounts import forms", PRIVATE),
        ("reminders/actions/inactivity.py", "from maarifa.cohorts import admin", PRIVATE),
        ("certificates/views.py", "from maarifa.certificates import tasks", TASKS),
        ("quizzes/models.py", "import celery", MODELS),
        ("quizzes/models.py", "def hidden():\n    import celery\n    return celery", MODELS),
    ],
)
def test_contract_is_named_when_broken(instance, path, line, contract):
    for app in ("learning", "cohorts", "accounts"):
        for layer in ("views", "forms", "admin", "actions"):
            write(instance, f"{app}/{layer}.py", "")
    for app in ("certificates", "delivery"):
        write(instance, f"{app}/tasks.py", "")
    write(instance, "delivery/urls.py", "")

    write(instance, path, line)

    assert broken(instance) == {contract}
