"""What the instance promises about itself and import contracts cannot hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models.fields.related import RelatedField

from maarifa.operations import catalogues
from tests.services import ROOT

INSTANCE = ROOT / "platform" / "maarifa"

TOP = {
    *("manage.py", "README.md", "pyproject.toml", "Makefile", "Dockerfile", "docker-compose.yml", "LICENSE"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "requirements.lock", "requirements-test.lock"),
    *("platform", "courses", "locale", "tests", "docs"),
}

# From the top of the instance down, as the import contract has it.
APPS = (
    *("pages", "operations", "reminders", "cohorts", "coursefiles", "certificates", "learning", "curriculum"),
    *("quizzes", "delivery", "institutions", "accounts", "ui"),
)

# What an app may be made of: the layers that are the same everywhere, and a few tools of its own, which say what
# they are in their first line.
LAYERS = {
    *("apps", "urls", "views", "api", "admin", "receivers", "forms", "actions", "tasks", "models", "signals"),
    "queries",
    *(
        "enums",
        "errors",
        "personal_data",
        "stored",
        "slots",
        "panels",
        "menu",
        "messages",
        "management",
        "migrations",
        "templates",
        "templatetags",
        "static",
    ),
}
OWN_LAYERS = {
    "accounts": {
        *(
            "adapter",
            "allauth_internals",
            "backends",
            "devices",
            "guarded",
            "keeping",
            "limits",
            "middleware",
            "passkeys",
            "proof",
            "requests",
        ),
        *("second_step", "shown_codes", "stages", "account_status", "terms", "audited"),
    },
    "certificates": {"naming", "pdf", "printing", "typst"},
    "coursefiles": {
        *("checking", "choicesheet", "courseplan", "fieldtypes", "guessing", "plancheck", "planning"),
        *("problems", "profile", "reading", "shapes", "testcheck", "writing"),
    },
    "curriculum": {
        *(
            "activities",
            "activity",
            "changes",
            "checking",
            "compiled",
            "compiling",
            "coursefacts",
            "drafts",
            "editions",
            "materials",
            "nextedition",
            "practice",
            "text",
            "titles",
        ),
        "translations",
    },
    "delivery": {"channels", "kinds"},
    "learning": {
        *("activities", "attempts", "kept_done", "progress"),
        *("memory", "reviewcards", "reviewforms", "reviewing"),
        *("practice", "practiceanswer"),
    },
    "operations": {
        *("archive", "catalogues", "checks", "demo", "health", "instances", "middleware", "migrating"),
        *("preflight", "processes", "supervisor", "tables"),
    },
    "pages": {"asking", "context_processors"},
    "quizzes": {
        "practice",
        *(
            "checks",
            "compiling",
            "courses",
            "differences",
            "eligibility",
            "exchange",
            "grading",
            "kinds",
            "markers",
            "querysets",
            "sampling",
        ),
        *("answerforms", "picking", "questiontests", "reviews", "statistics", "testsfield", "texts"),
        *("regradeforms", "regradepages", "regrading", "relied"),
    },
    "ui": {
        "change_links",
        "confirming",
        "context_processors",
        "etags",
        "pictures",
        "registries",
        "rendering",
    },
}

RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
GETTEXT = {
    f"{name}{lazy}" for name in ("gettext", "ngettext", "pgettext", "npgettext") for lazy in ("", "_lazy")
}
MOST_LINES = 400


def python_files(*folders):
    for folder in folders or (INSTANCE, ROOT / "tests"):
        yield from sorted(Path(folder).rglob("*.py"))


def templates():
    return sorted(path for path in INSTANCE.rglob("*.html") if "templates" in path.parts)


def shown(path, line=None):
    return f"{path.relative_to(ROOT)}" + (f":{line}" if line else "")


def app_of(path):
    parts = path.relative_to(INSTANCE).parts
    return parts[0] if len(parts) > 1 else None


def layer_of(path):
    """The layer a file stands on: `views` for learning/views.py and for learning/views/lesson.py."""
    return path.relative_to(INSTANCE).with_suffix("").parts[1]


def calls(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
            yield name, node


# The plot -------------------------------------------------------------------------------------------------


def test_platform_is_a_source_root_and_shadows_nothing():
    assert not (ROOT / "platform" / "__init__.py").exists()
    said = subprocess.run(
        [sys.executable, "-c", "import platform; print(platform.python_version())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert said.stdout.strip() == ".".join(map(str, sys.version_info[:3]))


@pytest.mark.parametrize("folder", ["platform", "courses"])
def test_folder_holds_no_code_of_its_own(folder):
    assert [path.name for path in (ROOT / folder).glob("*.py")] == []


def test_every_folder_of_code_is_a_package():
    """Without its __init__.py a folder still imports, but import contracts do not see what is in it."""
    folders = {path.parent for path in python_files(INSTANCE)}
    assert [shown(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_top_holds_nothing_unexpected():
    there = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert there - TOP - {"var"} == set()


def test_apps_are_the_ones_that_the_contract_places():
    assert {path.parent.name for path in INSTANCE.glob("*/apps.py")} == set(APPS)


@pytest.mark.parametrize("app", APPS)
def test_app_has_known_layers_only(app):
    there = {path.stem for path in (INSTANCE / app).iterdir()} - {"__init__", "__pycache__"}
    assert there - LAYERS - OWN_LAYERS.get(app, set()) == set()


def test_own_layers_say_what_they_are():
    paths = [INSTANCE / app / name for app, names in OWN_LAYERS.items() for name in sorted(names)]
    files = [path / "__init__.py" if path.is_dir() else path.with_suffix(".py") for path in paths]
    silent = [
        shown(file) for file in files if file.exists() and not ast.get_docstring(ast.parse(file.read_text()))
    ]
    assert silent == []


def test_no_file_is_too_long():
    counts = {
        shown(path): path.read_text().count("\n") for path in python_files() if "migrations" not in path.parts
    }
    assert {path: count for path, count in counts.items() if count > MOST_LINES} == {}


# Rules that imports do not show ---------------------------------------------------------------------------


def test_views_forms_and_admin_stay_in_their_app():
    """import-linter's contract lets one app's views import another's; the instance does not."""
    found = []
    for path in python_files(INSTANCE):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                targets = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                targets = [alias.name for alias in node.names]
            else:
                continue
            for target in targets:
                parts = target.split(".")
                private = parts[0] == "maarifa" and len(parts) > 2 and parts[2] in ("views", "forms", "admin")
                if private and parts[1] != app_of(path):
                    found.append(f"{shown(path, node.lineno)} imports {target}")
    assert found == []


def test_foreign_keys_to_other_apps_name_classes():
    found = []
    for path in python_files(INSTANCE):
        if app_of(path) is None or layer_of(path) not in ("models", "fields"):
            continue
        for name, call in calls(path):
            if name not in RELATIONS:
                continue
            to = call.args[0] if call.args else next(word.value for word in call.keywords if word.arg == "to")
            by_string = isinstance(to, ast.Constant) and "." in str(to.value)
            # An abstract model of lib stands below the people's app, and can name it by the setting alone.
            by_setting = (
                isinstance(to, ast.Attribute) and to.attr == "AUTH_USER_MODEL" and app_of(path) != "lib"
            )
            if by_string or by_setting:
                found.append(f"{shown(path, call.lineno)} names {ast.unparse(to)}")
    assert found == []


def test_foreign_keys_point_down():
    height = {app: -index for index, app in enumerate(APPS)}
    found = [
        f"{model._meta.label}.{field.name} points up to {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, RelatedField)
        and model._meta.app_label in height
        and height.get(field.related_model._meta.app_label, -len(APPS)) > height[model._meta.app_label]
    ]
    assert found == []


def test_transactions_stand_in_actions_only():
    found = [
        shown(path, call.lineno)
        for path in python_files(INSTANCE)
        for name, call in calls(path)
        if name == "atomic" and "actions" not in (layer_of(path) if app_of(path) else path.stem)
    ]
    assert found == []


def test_rows_are_claimed_by_compare_and_set():
    found = [
        shown(path, call.lineno)
        for path in python_files(INSTANCE)
        for name, call in calls(path)
        if name == "select_for_update"
    ]
    assert found == []


def test_migrations_are_complete(db, capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


def test_every_knob_is_shown_to_the_operator():
    """What settings read from the environment stands in .env.example, and nothing else does."""
    readers = (INSTANCE / "settings.py", INSTANCE / "lib/databases.py")
    code = "\n".join(path.read_text() for path in readers)
    read = set(re.findall(r"env_\w+\(\s*\"([A-Z_]+)\"", code))
    shown = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert shown - {"PORT", "POSTGRES_PASSWORD", "WEB_PROCESSES", "WORKER_PROCESSES"} == read


# Words and pages ------------------------------------------------------------------------------------------

INLINE = re.compile(
    r"""<style\b | \sstyle\s*= | \son[a-z]+\s*=\s*["'] | javascript: | <script\b(?![^>]*\bsrc=)""",
    re.I | re.X,
)
BLOCK = re.compile(r"{%-?\s*blocktrans(?:late)?\b[^%]*%}")
# A person may have to put the words in another order, so a placeholder has a name.
UNNAMED = re.compile(r"(?<!%)%[sdrf]|\{\}")


def lines_with(pattern, paths):
    for path in paths:
        text = path.read_text()
        for match in pattern.finditer(text):
            yield shown(path, text.count("\n", 0, match.start()) + 1), match.group()


def test_templates_have_no_inline_style_or_script():
    """The policy would not run them. Letters are no pages: mail programs know nothing but inline style."""
    pages = [path for path in templates() if "mail" not in path.parts and path.name != "frame.html"]
    assert list(lines_with(INLINE, pages)) == []


def test_digits_are_0_to_9_in_every_catalogue():
    for catalogue in (ROOT / "locale").glob("*/LC_MESSAGES/django.po"):
        translations = re.findall(
            r'^msgstr(?:\[\d\])? ((?:"[^\n]*"\n)+)', catalogue.read_text(), re.MULTILINE
        )
        assert translations
        assert [text for text in translations if re.search(r"(?![0-9])\d", text)] == []


def test_every_translated_block_is_trimmed():
    assert [where for where, block in lines_with(BLOCK, templates()) if "trimmed" not in block.split()] == []


def test_translated_words_are_whole_sentences():
    """No f-string and no piecing together inside gettext: a translator would never see the sentence."""
    found = [
        shown(path, call.lineno)
        for path in python_files(INSTANCE)
        for name, call in calls(path)
        if name in GETTEXT | {"_"}
        and not all(isinstance(word, ast.Constant | ast.Name) for word in call.args[:1])
    ]
    assert found == []


def test_placeholders_have_names():
    said = (message.id for message in catalogues.in_code(ROOT / "platform") if message.id)
    forms = (form for words in said for form in ([words] if isinstance(words, str) else words))
    assert [form for form in forms if UNNAMED.search(form)] == []


# Manners --------------------------------------------------------------------------------------------------


def test_every_exception_to_lint_has_a_reason():
    """Behind it, or in a comment on the line above."""
    reason = re.compile(r"# noqa: [A-Z0-9, ]+ - \S+")
    found = []
    for path in python_files():
        above = ""
        for number, line in enumerate(path.read_text().splitlines(), 1):
            unsaid = re.search(r"#\s*noqa", line) and not reason.search(line)
            if unsaid and not above.strip().startswith("#") and path != Path(__file__):
                found.append(shown(path, number))
            above = line
    assert found == []


def test_nothing_is_left_out_of_a_run():
    """No test is skipped or expected to fail; what is about one database is deselected by its marker."""
    marks = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b")
    found = [
        shown(path, number)
        for path in python_files(ROOT / "tests")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if marks.search(line) and path.name != "test_harness.py"
    ]
    assert found == []
