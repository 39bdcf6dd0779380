import ast
from gettext import GNUTranslations

import pytest

from maarifa.operations import catalogues
from tests.services import ROOT

CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
_("Lesson")
_(variable)
# Translators: a button
_("Read %(name)s")
ngettext("%(count)s lesson", "%(count)s lessons", count)
pgettext("of a course", "Closed")
"""
TEMPLATE = """
{% load i18n %}
<p title="{% translate "Lesson" %}">it's "so"</p>
   {% blocktranslate trimmed count counter=number with who=name %}
     {{ who }} has one lesson
   {% plural %}
     {{ who }} has {{ counter }} lessons
   {% endblocktranslate %}
      {{ _("Next")|upper }} {% translate "Open" context "a door" %}
"""


@pytest.fixture
def instance(tmp_path):
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "words.py").write_text(CODE)
    (tmp_path / "app" / "templates" / "page.html").write_text(TEMPLATE)
    return tmp_path / "app"


@pytest.fixture
def french(instance, tmp_path):
    """A French catalogue in which everything is translated."""
    catalogues.update(tmp_path / "locale", "fr", catalogues.in_code(instance))
    path = catalogues.catalogue_path(tmp_path / "locale", "fr")
    text = path.read_text().replace('msgid "Lesson"\nmsgstr ""', 'msgid "Lesson"\nmsgstr "Leçon"')
    path.write_text(text.replace('msgid "Next"\nmsgstr ""', 'msgid "Next"\nmsgstr "Suivant"'))
    return path


def test_in_code_finds_what_people_read(instance):
    found = {(message.context, message.id) for message in catalogues.in_code(instance) if message.id}
    assert found == {
        (None, "Lesson"),
        (None, "Read %(name)s"),
        (None, ("%(count)s lesson", "%(count)s lessons")),
        ("of a course", "Closed"),
        (None, ("%(who)s has one lesson", "%(who)s has %(counter)s lessons")),
        (None, "Next"),
        ("a door", "Open"),
    }


def test_in_code_keeps_notes_to_translators(instance):
    assert catalogues.in_code(instance).get("Read %(name)s").auto_comments == ["Translators: a button"]


def test_update_keeps_translations_and_drops_what_is_gone(instance, french, tmp_path):
    (instance / "words.py").write_text("")

    state = catalogues.update(tmp_path / "locale", "fr", catalogues.in_code(instance))

    text = french.read_text()
    assert state.stale
    assert 'msgstr "Leçon"' in text
    assert "Closed" not in text
    assert state.untranslated == ["%(who)s has one lesson", "Open"]


def test_update_a_second_time_changes_nothing(instance, french, tmp_path):
    code = catalogues.in_code(instance)
    catalogues.update(tmp_path / "locale", "fr", code)
    before = french.read_bytes()
    assert catalogues.update(tmp_path / "locale", "fr", code).stale is False
    assert french.read_bytes() == before


def test_update_that_only_looks_writes_nothing(instance, french, tmp_path):
    (instance / "words.py").write_text("")
    before = french.read_bytes()
    state = catalogues.update(tmp_path / "locale", "fr", catalogues.in_code(instance), write=False)
    assert (state.stale, french.read_bytes()) == (True, before)


@pytest.mark.parametrize(("language", "forms"), [("ar", 6), ("fr", 3), ("ru", 4), ("zh-hans", 1), ("sw", 2)])
def test_new_catalogue_has_the_languages_plural_forms(instance, tmp_path, language, forms):
    catalogues.update(tmp_path / "locale", language, catalogues.in_code(instance))
    text = catalogues.catalogue_path(tmp_path / "locale", language).read_text()
    assert f"nplurals={forms};" in text
    assert f"msgstr[{forms - 1}]" in text
    assert f"msgstr[{forms}]" not in text


def test_compile_makes_what_django_reads_and_only_once(french, tmp_path):
    assert catalogues.compile_changed(tmp_path / "locale") == [french]
    with open(french.with_suffix(".mo"), "rb") as file:
        assert GNUTranslations(file).gettext("Lesson") == "Leçon"
    assert catalogues.compile_changed(tmp_path / "locale") == []
    assert sorted(path.name for path in french.parent.iterdir()) == ["django.mo", "django.po"]


def test_compile_names_the_file_that_cannot_be_read(french, tmp_path):
    french.write_text(french.read_text() + '\nmsgid "open\n')
    with pytest.raises(catalogues.BadCatalogue, match=r"fr/LC_MESSAGES/django\.po: "):
        catalogues.compile_changed(tmp_path / "locale")


def test_state_says_how_many_of_a_hundred_are_translated(tmp_path):
    path = tmp_path / "one"
    counts = [(0, 0, 100), (3, 3, 0), (3, 1, 66), (1000, 1, 99)]
    for strings, missing, translated in counts:
        state = catalogues.State(path=path, stale=False, strings=strings, untranslated=["x"] * missing)
        assert state.translated == translated


def test_no_string_hides_in_another_one():
    """Where it would not be found: in an f-string."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in (ROOT / "platform").rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in catalogues.KEYWORDS
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


def test_words_that_are_not_plain_or_not_by_the_term_base_are_told(instance, tmp_path):
    (instance / "words.py").write_text('_("This is no lesson.")\n_("Print the access card")\n')
    code = catalogues.in_code(instance)
    (fault,) = [one for one in catalogues.faults_of_english(code) if "words.py" in one]
    assert fault.startswith("app/words.py: 'This is no lesson.': “is no” is mannered")

    catalogues.update(tmp_path / "locale", "fr", code)
    path = catalogues.catalogue_path(tmp_path / "locale", "fr")
    text = path.read_text().replace('card"\nmsgstr ""', 'card"\nmsgstr "Veuillez imprimer le courriel : fin"')
    path.write_text(text)
    assert catalogues.update(tmp_path / "locale", "fr", code).stale
    # The space before a colon is set, whoever typed it.
    assert "courriel\u00a0: fin" in path.read_text()
    said = "\n".join(catalogues.faults_of_translations(tmp_path / "locale", "fr"))
    assert "“Veuillez” is mannered" in said
    assert "“courriel” is never right: write “" in said
    assert "“access card” is missing: use carte d’accès" in said
    assert list(catalogues.faults_of_translations(tmp_path / "locale", "sw")) == []
