"""Two who write the same course at the same time."""

import pytest

from maarifa.curriculum.actions import (
    PublishingError,
    choose_edition,
    publish_course,
    save_course,
    save_material,
)
from maarifa.curriculum.models import Course, CourseText, LessonText
from tests.curriculum.pages import errors_in, fields_of, row_of, url
from tests.factories.curriculum import published_course

pytestmark = pytest.mark.django_db

REFUSED = "Someone else has changed this since you opened the page."


@pytest.fixture
def made():
    return published_course(key="rules")


def changed(made):
    """Edition 2, which others have published."""
    LessonText.objects.filter(lesson=made.lessons[1], language="en").update(body="## New\n\nNew words.")
    return publish_course(course=made.course, by=None)


def test_saving_a_course_does_not_undo_a_publication(desk, made, monkeypatch):
    data = fields_of(desk.get(url("course_change", made.course.pk)))
    published = []
    save = Course.save

    def save_after_a_publication(course, **options):
        if not published:
            published.append(None)
            published[0] = changed(made)
        save(course, **options)

    monkeypatch.setattr(Course, "save", save_after_a_publication)
    answer = desk.post(url("course_change", made.course.pk), data | {"licence": "CC0-1.0"})
    assert answer.status_code == 302
    course = Course.objects.get()
    assert (course.current_edition, course.licence) == (published[0], "CC0-1.0")


def test_loading_a_course_does_not_undo_a_publication(made, monkeypatch):
    save = Course.save

    def save_after_a_publication(course, **options):
        monkeypatch.setattr(Course, "save", save)
        changed(made)
        save(course, **options)

    monkeypatch.setattr(Course, "save", save_after_a_publication)
    save_course(key="rules", by=None, licence="CC0-1.0")
    course = Course.objects.get()
    assert (course.current_edition.number, course.licence) == (2, "CC0-1.0")


def test_choosing_an_edition_is_refused_where_another_became_current_meanwhile(made, monkeypatch):
    second = changed(made)
    stale = Course.objects.get()
    choose_edition(course=made.course, edition=made.edition, by=None)
    monkeypatch.setattr(Course.objects, "get", lambda **found: stale)
    with pytest.raises(PublishingError) as refused:
        choose_edition(course=made.course, edition=made.edition, by=None)
    assert refused.value.code == "BUSY"
    assert Course.objects.filter(current_edition=second).count() == 0


def test_second_who_saves_a_text_is_refused_and_keeps_what_was_typed(desk, made):
    address = url("lesson_change", made.lessons[1].pk)
    data = fields_of(desk.get(address))
    body = f"{row_of(data, 'en')}body"
    first = desk.post(address, data | {body: "## Theirs\n\nWhat they wrote."})
    assert first.status_code == 302
    answer = desk.post(address, data | {body: "## Mine\n\nWhat I wrote."})
    assert answer.status_code == 200
    assert [error for error in errors_in(answer) if error.startswith(REFUSED)]
    assert LessonText.objects.get(lesson=made.lessons[1], language="en").body.startswith("## Theirs")
    assert "## <del>Mine</del><ins>Theirs</ins>" in answer.text
    again = fields_of(answer)
    assert again[body] == "## Mine\n\nWhat I wrote."
    assert desk.post(address, again).status_code == 302
    assert LessonText.objects.get(lesson=made.lessons[1], language="en").body.startswith("## Mine")


def test_texts_that_one_did_not_touch_stay_as_others_have_saved_them(desk, made):
    address = url("lesson_change", made.lessons[1].pk)
    data = fields_of(desk.get(address))
    english, arabic = f"{row_of(data, 'en')}body", f"{row_of(data, 'ar')}title"
    desk.post(address, data | {english: "## Theirs\n\nWhat they wrote."})
    assert desk.post(address, data | {arabic: "قواعد"}).status_code == 302
    texts = {text.language: text for text in LessonText.objects.filter(lesson=made.lessons[1])}
    assert texts["en"].body.startswith("## Theirs")
    assert texts["ar"].title == "قواعد"


def test_translation_compared_with_an_earlier_original_stays_behind(desk, made):
    address = url("lesson_change", made.lessons[1].pk)
    data = fields_of(desk.get(address))
    desk.post(address, data | {f"{row_of(data, 'en')}body": "## Theirs\n\nWhat they wrote."})
    assert desk.post(address, data | {f"{row_of(data, 'ar')}up_to_date": "on"}).status_code == 302
    texts = {text.language: text for text in LessonText.objects.filter(lesson=made.lessons[1])}
    assert texts["ar"].is_stale(texts["en"].digest())


def test_two_who_change_a_course_and_its_words(desk, made):
    address = url("course_change", made.course.pk)
    data = fields_of(desk.get(address))
    desk.post(address, data | {"licence": "CC0-1.0"})
    assert desk.post(address, data | {f"{row_of(data, 'en')}title": "Rules"}).status_code == 302
    assert (Course.objects.get().licence, CourseText.objects.get(language="en").title) == ("CC0-1.0", "Rules")
    answer = desk.post(address, data | {"authors": "Halima Nasser"})
    assert [error for error in errors_in(answer) if error.startswith(REFUSED)]
    assert Course.objects.get().authors == ["Water office of Kilele"]


def test_two_who_change_a_module_and_the_place_of_a_lesson(desk, made):
    for name, row, field in (
        ("module", made.module, "position"),
        ("lesson", made.lessons[0], "activity_minutes"),
    ):
        address = url(f"{name}_change", row.pk)
        data = fields_of(desk.get(address))
        assert desk.post(address, data | {field: "7"}).status_code == 302
        answer = desk.post(address, data | {field: "9"})
        assert [error for error in errors_in(answer) if error.startswith(REFUSED)], name
        row.refresh_from_db()
        assert getattr(row, field) == 7


def test_module_ends_in_a_worksheet_of_its_course(desk, made):
    words = {"title": "Plan", "summary": "", "body": "## Plan"}
    save_material(course=made.course, kind="worksheet", key="plan", language="en", texts=words, by=None)
    address = url("module_change", made.module.pk)
    data = fields_of(desk.get(address))
    assert desk.post(address, data | {"worksheet": "other"}).status_code == 200
    assert desk.post(address, data | {"worksheet": "plan"}).status_code == 302
    made.module.refresh_from_db()
    assert made.module.worksheet == "plan"


def test_key_that_came_meanwhile_keeps_its_words(desk, made):
    """A form says something of the rows that it showed, not of others."""
    address = url("course_change", made.course.pk)
    data = fields_of(desk.get(address))
    english = row_of(data, "en")
    text = CourseText.objects.get(language="en")
    Course.objects.update(outcomes=["find-a-rule", "use-a-rule"])
    CourseText.objects.filter(pk=text.pk).update(outcomes={**text.outcomes, "use-a-rule": "Use it."})
    title = {f"{english}title": "New"}
    again = fields_of(desk.post(address, data | title))
    assert desk.post(address, again | title).status_code == 302
    text.refresh_from_db()
    assert text.outcomes["use-a-rule"] == "Use it."


def test_key_that_no_course_has_is_refused(desk, made):
    address = url("course_change", made.course.pk)
    data = fields_of(desk.get(address))
    answer = desk.post(address, data | {f"{row_of(data, 'en')}modules-0-key": "other"})
    assert "“other” is not one of the keys. The keys are: basics." in errors_in(answer)
    assert CourseText.objects.get(language="en").modules["basics"]["title"] == "Basics"


def test_who_moves_a_lesson_meets_the_places_that_another_has_given(desk, made):
    address = url("module_change", made.module.pk)
    data = fields_of(desk.get(address))
    one, two = (f"activities-{number}-position" for number in (0, 1))
    assert (data[one], data[two]) == (1, 2)
    assert desk.post(address, data | {two: 4}).status_code == 302
    # To the one place that is taken since, and to the one that is free since.
    answer = desk.post(address, data | {one: 4})
    assert "is already at position 4. Choose another position, such as 5." in answer.text
    assert desk.post(address, data | {one: 2}).status_code == 302
    assert [(one.key, one.position) for one in made.module.activities.order_by("position")] == [
        ("first", 2),
        ("basics-quiz", 3),
        ("second", 4),
    ]
