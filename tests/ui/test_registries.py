"""What apps above add to the pages below: the order, the keys, and who sees it."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import engines
from django.utils.translation import gettext_lazy, override

from maarifa.learning.slots import LESSON_END
from maarifa.ui import menu, panels
from maarifa.ui.menu import LANGUAGES, MAIN, Menu, MenuItem
from maarifa.ui.panels import Panel, Slot, all_slots, fill
from maarifa.ui.registries import Registry
from tests.test_project import APPS


@pytest.fixture
def slot():
    made = Slot("tests.page.place")
    yield made
    del panels._slots[made.name]


def panel(key, shown, order=100):
    return Panel(key, "ui/messages.html", lambda request, subject: shown, order=order)


def test_items_stand_in_their_order_and_else_by_their_keys():
    registry = Registry("tests")
    for key, order in (("c", 100), ("b", 20), ("a", 100), ("d", 10)):
        registry.register(MenuItem(key, key, "home", order=order))
    assert [item.key for item in registry] == ["d", "b", "a", "c"]


def test_key_is_registered_once():
    registry = Registry("main menu")
    registry.register(MenuItem("pages.help", "Help", "help"))
    with pytest.raises(ImproperlyConfigured, match=r"'pages\.help' is registered twice in 'main menu'"):
        registry.register(MenuItem("pages.help", "More help", "help"))
    assert [item.label for item in registry] == ["Help"]


def test_item_can_be_taken_out_by_its_key_and_no_other():
    registry = Registry("tests")
    registry.register(MenuItem("a", "A", "home"))
    with pytest.raises(ImproperlyConfigured, match="'b' is not registered in 'tests'"):
        registry.unregister("b")
    registry.unregister("a")
    assert list(registry) == []


def test_names_of_slots_and_destinations_are_given_once(slot):
    with pytest.raises(ImproperlyConfigured, match=r"Two slots have the name 'tests\.page\.place'"):
        Slot("tests.page.place")
    with pytest.raises(ImproperlyConfigured, match="'help' is registered twice"):
        menu.register_destination("help", "home")


def test_unknown_slot_names_those_that_there_are():
    with pytest.raises(
        ImproperlyConfigured, match=r"no slot 'learning\.lesson\.ende'.*learning\.lesson\.end,"
    ):
        panels.slot("learning.lesson.ende")
    with pytest.raises(
        ImproperlyConfigured, match=r"no destination 'hlep'\. There are: help, home, overview"
    ):
        menu.destination("hlep")


def test_template_that_names_a_slot_which_its_view_does_not_fill_says_so(rf, slot):
    page = engines["django"].from_string('{% load panels %}{% panels "learning.lesson.end" %}')
    with pytest.raises(ImproperlyConfigured, match=r"does not fill the slot 'learning\.lesson\.end'"):
        page.render({"panels": fill(rf.get("/"), None, slot)})


def test_panels_are_filled_once_in_their_order_without_those_that_are_not_shown(rf, slot):
    asked = []

    @slot.panel("tests.counted", template="ui/messages.html", order=20)
    def counted(request, subject):
        asked.append(subject)
        return {"count": len(asked)}

    slot.register(panel("tests.hidden", None, order=5))
    slot.register(panel("tests.first", {"a": 1}, order=10))
    filled = fill(rf.get("/"), "the subject", slot)
    expected = [[slot.name, "tests.first", {"a": 1}], [slot.name, "tests.counted", {"count": 1}]]
    assert filled.etag_parts == expected == filled.etag_parts
    assert asked == ["the subject"]


def test_panel_sees_nothing_of_the_page_but_the_token_for_forms(rf, slot, settings, tmp_path):
    (tmp_path / "seen.html").write_text("{{ secret }}|{{ given }}|{{ csrf_token }}\n")
    template = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**template, "DIRS": [tmp_path]}]
    slot.register(Panel("tests.seen", "seen.html", lambda request, subject: {"given": "<b>"}))
    slot.register(Panel("tests.seen-again", "seen.html", lambda request, subject: {"given": "too"}))
    page = engines["django"].from_string('{% load panels %}({% panels "tests.page.place" %})')
    request = rf.get("/")
    html = page.render({"panels": fill(request, None, slot), "secret": "of the page", "csrf_token": "T"})
    assert html == "(|&lt;b&gt;|T\n|too|T)"


def test_empty_slot_costs_no_byte(rf, slot):
    page = engines["django"].from_string('{% load panels %}<p>{% panels "tests.page.place" %}</p>')
    assert page.render({"panels": fill(rf.get("/"), None, slot)}) == "<p></p>"


def test_keys_begin_with_the_app_that_registers_them():
    registered = [panel for place in all_slots() for panel in place]
    assert LESSON_END in all_slots()
    assert registered
    for one in registered:
        assert one.context.__module__ == f"maarifa.{one.key.partition('.')[0]}.panels"
    for item in (*MAIN, *LANGUAGES):
        assert item.key.partition(".")[0] in APPS


def test_labels_follow_the_language_and_one_without_a_mark_is_never_the_current_page(rf):
    made = Menu("tests")
    made.register(MenuItem("tests.help", gettext_lazy("Help"), "help"))
    made.register(MenuItem("tests.sign-in", gettext_lazy("Sign in"), "account_login", marked=False))
    made.register(MenuItem("tests.here", lambda: "here", "home", order=10, post=True))
    with override("en"):
        assert made.entries(rf.get("/en/help/")) == [
            {"label": "here", "url": "/en/", "post": True},
            {"label": "Help", "url": "/en/help/", "current": True},
            {"label": "Sign in", "url": "/en/account/login/"},
        ]
    with override("fr"):
        assert [entry["label"] for entry in made.entries(rf.get("/fr/account/login/"))] == [
            "here",
            "Aide",
            "Se connecter",
        ]
