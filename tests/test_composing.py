"""What stands above reaches the pages below through registries alone: no app names a page of an app above it."""

import re

import pytest
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from tests.test_project import APPS, INSTANCE, app_of, python_files, shown

# The sign-in pages of the library stand on the people's app.
LIBRARIES = {"allauth": "accounts"}
IN_TEMPLATES = re.compile(r"""\{%\s*url\s+["']([\w:-]+)["']""")
IN_CODE = re.compile(r"""\b(?:reverse|reverse_lazy|redirect|resolve_url)\(\s*["']([\w:-]+)["']""")
INCLUDED = re.compile(r"""\{%\s*(?:include|extends)\s+["']([\w/.-]+)["']""")


def pages_of(resolver, prefix="") -> dict[str, str]:
    """The app of each page by the name of its address. Of the admin's pages, the app whose rows they show."""
    found = {}
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found |= pages_of(pattern, inner)
        elif pattern.name and prefix == "admin:":
            found[prefix + pattern.name] = pattern.name.partition("_")[0]
        elif pattern.name:
            package, _dot, rest = pattern.callback.__module__.partition(".")
            found[prefix + pattern.name] = LIBRARIES.get(package) or rest.partition(".")[0]
    return found


@pytest.fixture(scope="module")
def pages():
    return pages_of(get_resolver())


def templates():
    return sorted(path for path in INSTANCE.rglob("templates/**/*") if path.is_file())


def named(pattern, paths):
    for path in paths:
        text = path.read_text()
        for match in pattern.finditer(text):
            yield path, text.count("\n", 0, match.start()) + 1, match[1]


def is_above(other, app) -> bool:
    return other in APPS and app in APPS and APPS.index(other) < APPS.index(app)


def test_pages_are_known_with_their_apps(pages):
    assert pages["home"] == "pages"
    assert pages["certificates"] == "certificates"
    assert pages["account_login"] == "accounts"
    assert pages["admin:curriculum_course_change"] == "curriculum"


@pytest.mark.parametrize("pattern", [IN_TEMPLATES, IN_CODE], ids=["templates", "code"])
def test_no_app_names_a_page_of_an_app_above(pages, pattern):
    paths = templates() if pattern is IN_TEMPLATES else list(python_files(INSTANCE))
    uses = [(path, line, name) for path, line, name in named(pattern, paths) if app_of(path)]
    assert len(uses) > 50
    upward = [
        f"{shown(path, line)} leads to {name!r}, of {pages[name]}"
        for path, line, name in uses
        if name in pages and is_above(pages[name], app_of(path))
    ]
    assert upward == []


def test_no_template_is_made_of_a_template_of_an_app_above():
    uses = [(path, line, name) for path, line, name in named(INCLUDED, templates())]
    assert len(uses) > 50
    upward = [
        f"{shown(path, line)} takes {name!r}"
        for path, line, name in uses
        if is_above(name.partition("/")[0], app_of(path))
    ]
    assert upward == []


def test_menus_and_panels_are_the_only_context_that_every_page_gets(rf):
    """What an app adds for every page of every other is an item of a menu, not one more name in the context."""
    from django.template import engines

    assert [processor.__module__ for processor in engines["django"].engine.template_context_processors] == [
        "django.template.context_processors",
        "django.template.context_processors",
        "django.contrib.auth.context_processors",
        "django.contrib.messages.context_processors",
        "maarifa.pages.context_processors",
        "maarifa.ui.context_processors",
    ]
