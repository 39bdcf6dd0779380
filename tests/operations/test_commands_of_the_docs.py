"""What the pages for operators tell them to type is there: commands and their options, files, settings."""

import re
import shlex

import pytest
from django.core.management import get_commands, load_command_class

from tests.services import ROOT

pytestmark = pytest.mark.once
PAGES = [
    *("README.md", "docker-compose.yml", ".env.example", "docs/how/install.md", "docs/how/testing.md"),
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs/how/systemd").iterdir()),
]
# Of other programs: granian's, systemd's, compose's own names for ours.
OF_OTHERS = {"GRANIAN_WORKERS"}
# To the end of what is typed: of the line, the quoting, the pipe, or a remark.
TYPED = re.compile(r"(?:(?<![\w/.-])maarifa|manage\.py) ([a-z_]+)((?: [^|`'\n#&]*)?)")


def typed(page):
    """Each command of ours on a page, with the words after it."""
    for found in TYPED.finditer((ROOT / page).read_text()):
        yield found[1], found[2]


def commands():
    return {(page, name, words) for page in PAGES for name, words in typed(page) if name in get_commands()}


def test_pages_name_commands():
    assert {name for _page, name, _words in commands()} >= {
        *("backup", "restore", "migrate", "load_courses", "createsuperuser", "mail_test", "check"),
        *("reset_second_factor", "compile_catalogues", "collectstatic"),
    }
    # What is called by our name alone is one of them, too.
    alone = re.findall(r"^maarifa ([a-z_]+)", (ROOT / "docs/how/install.md").read_text(), re.M)
    assert alone
    assert set(alone) <= {*get_commands()}


@pytest.mark.parametrize(("page", "name", "words"), sorted(commands()))
def test_command_takes_what_stands_after_it(page, name, words):
    words = shlex.split(re.sub(r"[);,.:]+( .*)?$", "", words), comments=True)
    app = get_commands()[name]
    command = load_command_class(app, name) if isinstance(app, str) else app
    command.create_parser("manage.py", name).parse_args(
        words or (["x"] if name in ("backup", "restore") else [])
    )


def test_files_that_are_installed_are_there():
    told = (ROOT / "docs/how/install.md").read_text()
    there = set(re.findall(r"docs/how/[\w./*-]+", told)) | set(re.findall(r"\]\(([\w./-]+)\)", told))
    assert there
    for path in there:
        found = [*ROOT.glob(path), *(ROOT / "docs/how").glob(path)]
        assert found, path


def test_settings_that_are_named_are_settings():
    known = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    told = (ROOT / "docs/how/install.md").read_text()
    for name in set(re.findall(r"`([A-Z][A-Z_]{3,})[`=]", told)) - OF_OTHERS:
        assert name.removesuffix("_FILE") in known, name
