import re

import pytest
from django.core.management import CommandError, call_command

from maarifa.operations import catalogues


@pytest.fixture
def folder(settings, tmp_path):
    """Everything that preparing makes goes here; there are no courses yet."""
    settings.VAR_DIR = tmp_path / "var"
    settings.STATIC_ROOT = tmp_path / "var" / "static"
    settings.COURSES_DIRS = [str(tmp_path / "courses")]
    (tmp_path / "courses").mkdir()
    return tmp_path


def test_prepare_starts_with_the_courses_as_they_are(db, folder, capsys):
    course = folder / "courses" / "broken"
    course.mkdir()
    (course / "course.yaml").write_text("format: 1\nkey: broken\nunheard_of: true\n")

    call_command("prepare")

    said = capsys.readouterr()
    assert "course.yaml:3: unheard_of: " in said.out
    assert said.err.rstrip().endswith("Maarifa starts without updating the courses.")


def test_prepare_collects_static_files_once(db, folder):
    call_command("prepare")
    mark = folder / "var" / "static" / ".collected-from"
    before = mark.stat().st_mtime_ns

    call_command("prepare")

    assert mark.stat().st_mtime_ns == before
    assert (folder / "var" / "static" / "ui" / "maarifa.css").exists()


def test_update_catalogues_says_what_is_missing_and_writes_nothing(settings, tmp_path, capsys):
    settings.LOCALE_PATHS = [settings.BASE_DIR / "var" / tmp_path.name / "locale"]

    with pytest.raises(CommandError, match=r"^The catalogues are not complete, or not by docs/style"):
        call_command("update_catalogues", check=True)

    said = capsys.readouterr().out
    assert f"var/{tmp_path.name}/locale/fr/LC_MESSAGES/django.po: out of date with the code" in said
    assert re.search(
        r"fr/LC_MESSAGES/django.po: (\d+) of \1 not translated, but at least 100 % must be; the first: ", said
    )
    assert not settings.LOCALE_PATHS[0].exists()


def test_compile_catalogues_names_what_is_wrong(settings, tmp_path):
    path = catalogues.catalogue_path(tmp_path, "sw")
    path.parent.mkdir(parents=True)
    path.write_text("no catalogue at all\n")
    settings.LOCALE_PATHS = [tmp_path]

    with pytest.raises(CommandError, match=r"sw/LC_MESSAGES/django\.po: "):
        call_command("compile_catalogues")


def test_update_catalogues_names_the_line_of_a_term_base_that_cannot_be_read(settings, tmp_path):
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    (tmp_path / "locale").mkdir()
    (tmp_path / "platform" / "maarifa").mkdir(parents=True)
    (tmp_path / "platform" / "maarifa" / "pages.py").write_text('_("Save")')
    (tmp_path / "locale" / "terms.en.yaml").write_text("- term: cohort\n  scope: nowhere\n")
    with pytest.raises(CommandError, match=r"terms\.en\.yaml:2: .*scope"):
        call_command("update_catalogues", check=True)
