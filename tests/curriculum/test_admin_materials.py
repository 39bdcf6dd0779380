"""Glossaries, worksheets and figures in the admin."""

import pytest
from django.core.management import call_command

from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import Course, Lesson, LessonText, Material
from maarifa.curriculum.nextedition import next_edition
from tests.curriculum.pages import errors_in, fields_of, url
from tests.factories.accounts import UserFactory
from tests.services import ROOT

pytestmark = pytest.mark.django_db

KEY = "open-models-at-low-cost"


@pytest.fixture
def course():
    call_command("load_courses", str(ROOT / "courses" / KEY), verbosity=0)
    return Course.objects.get(key=KEY)


def material(course, kind, language="en"):
    return Material.objects.filter(course=course, kind=kind, language=language).earliest("key")


def page(row):
    return url("material_change", row.pk)


def send(desk, row, **changes):
    return desk.post(page(row), fields_of(desk.get(page(row))) | changes)


def test_saved_as_it_is_nothing_changes(desk, course):
    """In no language: French keeps its no-break spaces, in lessons too."""

    def written():
        texts = LessonText.objects.order_by("pk").values("title", "summary", "objectives", "body", "sources")
        return [*Material.objects.order_by("pk").values("texts", "state", "source_digest"), *texts]

    before = written()
    pages = [page(row) for row in Material.objects.all()]
    pages += [url("lesson_change", lesson.pk) for lesson in Lesson.objects.filter(course=course)[:2]]
    for one in pages:
        answer = desk.post(one, fields_of(desk.get(one)))
        assert answer.status_code == 302, errors_in(answer)
    assert written() == before


def test_worksheet_is_changed_and_its_translations_fall_behind(desk, course):
    worksheet, arabic = material(course, "worksheet"), material(course, "worksheet", "ar")
    assert not arabic.is_stale(worksheet.digest())
    assert send(desk, worksheet, title="Sizing, one page").status_code == 302
    worksheet.refresh_from_db()
    assert worksheet.texts["title"] == "Sizing, one page"
    assert worksheet.history.first().history_user.username == "halima"
    assert arabic.is_stale(worksheet.digest())
    told = [change.message for change in next_edition(course).changes]
    assert told[0] == "The worksheet “deployment-sizing” has changed in “en”."
    assert told[1] == "The translation status of the worksheet “deployment-sizing” in “fr” has changed."
    publish_course(course=course, by=None)

    assert send(desk, arabic, state="reviewed", up_to_date="on").status_code == 302
    arabic.refresh_from_db()
    assert (arabic.state, arabic.is_stale(worksheet.digest())) == ("reviewed", False)


def test_term_is_changed_in_its_row_and_what_lessons_link_to_stays(desk, course):
    glossary = material(course, "glossary")
    data = fields_of(desk.get(page(glossary)))
    places = {data[name]: name.removesuffix("-key") for name in data if name.endswith("-key")}
    new = places.pop("")
    swap, weights = places["swap"], places["weights"]
    meaning = data[f"{swap}-meaning"] + " Small."
    zip_file = {f"{new}-key": "zip", f"{new}-term": "zip file", f"{new}-meaning": "A packed file."}
    assert send(desk, glossary, **{f"{swap}-meaning": meaning}, **zip_file).status_code == 302
    glossary.refresh_from_db()
    assert glossary.texts["terms"]["swap"]["meaning"].endswith(" Small.")
    assert glossary.texts["terms"]["zip"] == {"term": "zip file", "meaning": "A packed file."}
    without = {f"{weights}-{name}": "" for name in ("key", "term", "meaning")}
    answer = send(desk, glossary, **without)
    assert "links to the term “weights”" in " ".join(errors_in(answer))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (
            ("Two words", "a", "b"),
            "“Two words” cannot be used in “Key”. Use 1 to 60 lower-case Latin letters",
        ),
        (("swap", "a", "b"), "have the same key, “swap”. Give one of them another key."),
        (("zip", "zip file", ""), "fill in “Meaning” too."),
        (("", "zip file", "A packed file."), "fill in “Key” too."),
    ],
)
def test_row_that_cannot_be_stored_is_named_and_stays_as_it_was_typed(desk, course, typed, told):
    glossary = material(course, "glossary")
    data = fields_of(desk.get(page(glossary)))
    new = next(name for name in data if name.endswith("-key") and not data[name]).removesuffix("-key")
    typed = dict(zip((f"{new}-key", f"{new}-term", f"{new}-meaning"), typed, strict=True))
    answer = desk.post(page(glossary), data | typed)
    assert told in " ".join(errors_in(answer))
    assert {name: fields_of(answer)[name] for name in typed} == typed
    assert Material.objects.get(pk=glossary.pk).texts == glossary.texts


@pytest.mark.parametrize(
    ("kind", "field", "value", "told"),
    [
        ("worksheet", "body", "# Too large\n", "Line 1"),
        ("figure", "svg", "<svg><script/></svg>", "Line 1"),
        ("worksheet", "title", "", "required"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_its_line(desk, course, kind, field, value, told):
    row = material(course, kind)
    answer = send(desk, row, **{field: value})
    assert told in " ".join(errors_in(answer))
    assert Material.objects.get(pk=row.pk).texts == row.texts


def test_two_who_change_one_worksheet_do_not_undo_each_other(desk, course):
    worksheet = material(course, "worksheet")
    opened = fields_of(desk.get(page(worksheet)))
    assert send(desk, worksheet, title="Mine").status_code == 302
    answer = desk.post(page(worksheet), opened | {"title": "Theirs"})
    assert "Someone else has changed this" in " ".join(errors_in(answer))
    assert Material.objects.get(pk=worksheet.pk).texts["title"] == "Mine"


def test_only_instructors_come_in_and_nobody_adds_or_deletes(desk, client, course):
    worksheet = material(course, "worksheet")
    pages = [url("material_changelist"), page(worksheet)]
    assert [desk.get(one).status_code for one in pages] == [200, 200]
    assert desk.get(url("material_add")).status_code == 403
    assert desk.post(url("material_delete", worksheet.pk), {"post": "yes"}).status_code == 403
    for person, expected in ((UserFactory(), 302), (UserFactory(is_staff=True), 403)):
        client.force_login(person)
        assert {client.get(one).status_code for one in pages} == {expected}
