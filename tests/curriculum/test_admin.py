"""Authoring, without a script: what an instructor does, and what others may not."""

import re

import pytest

from maarifa.curriculum.models import Activity, Course, CourseText, Lesson, LessonText
from tests.curriculum.pages import errors_in, fields_of, row_of, url
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import draft_course, published_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return published_course(key="rules")


# Who may do what ------------------------------------------------------------------------------------------


def pages(made):
    return [
        url("course_changelist"),
        url("course_change", made.course.pk),
        url("course_publish", made.course.pk),
        url("course_editions", made.course.pk),
        url("course_choose_edition", made.course.pk, 1),
        url("lesson_changelist"),
        url("lesson_change", made.lessons[0].pk),
        url("lesson_preview", made.lessons[0].pk, "ar"),
        url("module_change", made.module.pk),
        url("lesson_versions", made.lessons[0].pk, "en"),
        url("course_versions", made.course.pk, "en"),
    ]


def test_instructor_may_open_every_page_of_authoring(desk, made):
    assert [desk.get(page).status_code for page in pages(made)] == [200] * 11


def test_learner_is_sent_to_the_sign_in_of_staff(client, made):
    client.force_login(UserFactory())
    assert {client.get(page).status_code for page in pages(made)} == {302}


def test_staff_without_the_right_are_refused(client, made):
    client.force_login(UserFactory(is_staff=True))
    assert {client.get(page).status_code for page in pages(made)} == {403}


def test_instructor_sees_nobody_s_account_and_deletes_nothing(desk, made):
    assert desk.get("/admin/accounts/user/").status_code in (403, 404)
    assert desk.post(url("course_delete", made.course.pk), {"post": "yes"}).status_code == 403
    assert desk.post(url("lesson_delete", made.lessons[0].pk), {"post": "yes"}).status_code == 403


def test_writing_alone_does_not_give_the_right_to_publish(client, made):
    from django.contrib.auth.models import Permission

    writer = UserFactory(is_staff=True)
    writer.user_permissions.add(*Permission.objects.filter(codename__in=["change_course", "view_course"]))
    client.force_login(writer)
    page = client.get(url("course_change", made.course.pk))
    assert page.status_code == 200
    assert url("course_publish", made.course.pk) not in page.text
    assert client.post(url("course_publish", made.course.pk)).status_code == 403


def row(place, *values):
    """A source as its row is filled in."""
    return dict(
        zip((f"{place}-{name}" for name in ("title", "publisher", "date", "url")), values, strict=True)
    )


# Writing --------------------------------------------------------------------------------------------------


def test_instructor_changes_a_lesson_in_two_languages(desk, made):
    page = desk.get(url("lesson_change", made.lessons[1].pk))
    data = fields_of(page)
    english, arabic = row_of(data, "en"), row_of(data, "ar")
    data[f"{english}body"] = "## Who does what\r\n\r\nA rule names who acts.\r\n"
    data |= row(
        f"{english}sources-0", "Register", "Ministry of Water", "2024-03", "https://rules.example.org/"
    )
    data[f"{arabic}body"] = "## من يفعل ماذا\r\n\r\nالقاعدة تسمي من يعمل."
    data[f"{arabic}state"] = "reviewed"
    data[f"{arabic}up_to_date"] = "on"
    answer = desk.post(url("lesson_change", made.lessons[1].pk), data)
    assert (answer.status_code, errors_in(answer) if answer.status_code == 200 else []) == (302, [])
    source = LessonText.objects.get(lesson=made.lessons[1], language="en")
    assert source.body == "## Who does what\n\nA rule names who acts."
    assert source.sources == [
        {
            "title": "Register",
            "publisher": "Ministry of Water",
            "date": "2024-03",
            "url": "https://rules.example.org/",
        }
    ]
    text = LessonText.objects.get(lesson=made.lessons[1], language="ar")
    assert (text.state, text.source_digest) == ("reviewed", source.digest())
    assert text.history.first().history_user.username == "halima"


def test_lesson_saved_as_it_is_changes_nothing(desk, made):
    before = list(
        LessonText.objects.values("body", "sources", "objectives", "source_digest", "state", "changed_at")
    )
    page = desk.get(url("lesson_change", made.lessons[0].pk))
    assert desk.post(url("lesson_change", made.lessons[0].pk), fields_of(page)).status_code == 302
    assert list(LessonText.objects.values(*before[0])) == before


def test_translation_falls_behind_when_only_the_source_is_changed(desk, made):
    data = fields_of(desk.get(url("lesson_change", made.lessons[1].pk)))
    data[f"{row_of(data, 'en')}body"] = "## New\n\nNew words."
    desk.post(url("lesson_change", made.lessons[1].pk), data)
    page = desk.get(url("lesson_change", made.lessons[1].pk)).text
    assert '<span lang="ar">ar</span>: out of date' in page
    assert "out of date" in desk.get(url("course_change", made.course.pk)).text


def test_new_translation_counts_as_behind_until_somebody_says_otherwise(desk, made):
    Course.objects.update(languages=["en", "ar", "fr"])
    data = fields_of(desk.get(url("lesson_change", made.lessons[0].pk)))
    new = next(name for name in data if name.endswith("-TOTAL_FORMS")).removesuffix("TOTAL_FORMS") + "2-"
    data |= {f"{new}language": "fr", f"{new}title": "Des règles", f"{new}body": "## À quoi sert une règle"}
    assert desk.post(url("lesson_change", made.lessons[0].pk), data).status_code == 302
    text = LessonText.objects.get(language="fr")
    assert (text.state, text.source_digest) == ("machine", "0" * 16)
    data = fields_of(desk.get(url("lesson_change", made.lessons[0].pk)))
    data[f"{row_of(data, 'fr')}up_to_date"] = "on"
    desk.post(url("lesson_change", made.lessons[0].pk), data)
    text.refresh_from_db()
    assert not text.is_stale(LessonText.objects.get(lesson=made.lessons[0], language="en").digest())


def test_who_reviewed_a_translation_is_remembered_and_forgotten_with_the_state(desk, made, instructor):
    address = url("lesson_change", made.lessons[0].pk)
    data = fields_of(desk.get(address))
    arabic = row_of(data, "ar")
    desk.post(address, data | {f"{arabic}state": "reviewed"})
    text = LessonText.objects.get(lesson=made.lessons[0], language="ar")
    assert (text.reviewed_by, text.reviewed_at is not None) == (instructor, True)
    assert "reviewed by Halima Nasser, " in desk.get(address).text
    # Who only corrects a word has not read all of it.
    text.reviewed_at = None
    text.save()
    data = fields_of(desk.get(address))
    desk.post(address, data | {f"{arabic}title": "قواعد"})
    text.refresh_from_db()
    assert (text.title, text.reviewed_at) == ("قواعد", None)
    desk.post(address, fields_of(desk.get(address)) | {f"{arabic}state": "machine"})
    text.refresh_from_db()
    assert text.reviewed_by is None


def test_earlier_versions_say_who_changed_which_words(desk, made):
    address = url("lesson_change", made.lessons[1].pk)
    data = fields_of(desk.get(address))
    desk.post(
        address,
        data | {f"{row_of(data, 'en')}body": "## Who does what\n\nA rule names who acts, and by when."},
    )
    versions = url("lesson_versions", made.lessons[1].pk, "en")
    assert f'<a href="{versions}">' in desk.get(address).text
    page = desk.get(versions)
    assert [version.by and version.by.username for version in page.context["versions"]] == ["halima", None]
    assert "<del>does what,</del><ins>acts,</ins>" in page.text
    assert desk.get(url("lesson_versions", made.lessons[1].pk, "fr")).status_code == 404
    assert desk.get(url("lesson_versions", 999, "en")).status_code == 404
    assert desk.get(url("course_versions", made.course.pk, "ar")).status_code == 200


def test_words_are_written_in_the_direction_of_their_language(desk, made):
    page = desk.get(url("lesson_change", made.lessons[0].pk)).text
    areas = re.findall(r"<textarea[^>]*-body\"[^>]*>", page)
    assert [re.findall(r'(?:lang|dir)="(\w+)"', area) for area in areas if "__prefix__" not in area] == [
        ["en", "ltr"],
        ["ar", "rtl"],
    ]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        (
            "body",
            "# One",
            (
                "Line 1, “# One”: Start headings with “##” or more. The page already shows the title of "
                "the lesson above the text."
            ),
        ),
        ("body", "Text.\n\n<b>x</b>", "Line 3, “<b>x</b>”: HTML is not allowed here."),
        (
            "body",
            "Text.\n\n```practice\nkey: a\n```",
            "Line 4, “key: a”: stem: This field is missing. Add it.",
        ),
        ("sources-1-title", "Only a title", "Row 2: fill in “Publisher” too."),
        ("sources-0-date", "soon", "Row 1: “soon” cannot be used in “Date”. Write a day as 2026-11-23,"),
        ("sources-0-url", "www.example", "Row 1: “www.example” cannot be used in “Web address”."),
        ("title", "", "This field is required."),
    ],
)
def test_mistakes_in_a_lesson_are_named_and_nothing_is_saved(desk, made, field, value, expected):
    data = fields_of(desk.get(url("lesson_change", made.lessons[0].pk)))
    data[row_of(data, "en") + field] = value
    answer = desk.post(url("lesson_change", made.lessons[0].pk), data)
    assert answer.status_code == 200
    assert [error for error in errors_in(answer) if error.startswith(expected)]
    assert LessonText.objects.get(lesson=made.lessons[0], language="en").body.startswith(
        "## What a rule is for"
    )


def test_a_language_is_written_once_and_the_source_first(desk):
    made = draft_course()
    LessonText.objects.filter(lesson=made.lessons[0]).delete()
    data = fields_of(desk.get(url("lesson_change", made.lessons[0].pk)))
    new = next(name for name in data if name.endswith("-TOTAL_FORMS")).removesuffix("TOTAL_FORMS") + "0-"
    data |= {f"{new}language": "ar", f"{new}title": "قواعد", f"{new}body": "## لماذا"}
    answer = desk.post(url("lesson_change", made.lessons[0].pk), data)
    assert "Write the text in “en” first. This is the source language of the course." in answer.text


def test_instructor_changes_the_words_of_a_course_without_writing_json(desk, made):
    data = fields_of(desk.get(url("course_change", made.course.pk)))
    english = row_of(data, "en")
    assert data[f"{english}outcomes-0-texts"] == "Find the rule that binds your office."
    assert data[f"{english}modules-0-key"] == "basics"
    data[f"{english}modules-0-title"] = "First things"
    data["authors"] = "Water office of Kilele\nHalima Nasser"
    answer = desk.post(url("course_change", made.course.pk), data)
    assert (answer.status_code, errors_in(answer) if answer.status_code == 200 else []) == (302, [])
    course = Course.objects.get()
    assert course.authors == ["Water office of Kilele", "Halima Nasser"]
    assert course.requirements == {"lessons": "all", "quizzes": ["basics-quiz"]}
    text = CourseText.objects.get(language="en")
    assert text.modules == {"basics": {"title": "First things", "summary": "Two lessons and a quiz."}}
    assert text.quizzes == {"basics-quiz": {"title": "Basics: quiz"}}


def test_instructor_makes_a_course_from_nothing(desk):
    data = {
        "key": "new-course",
        "source_language": "sw",
        "languages": "Swahili\nanglais",
        "licence": "CC-BY-4.0",
        "authors": "Halima Nasser",
        "outcomes": "",
        "every_lesson": "on",
    }
    assert desk.post(url("course_add"), data).status_code == 302
    course = Course.objects.get()
    wrong = desk.post(url("course_add"), data | {"key": "other", "languages": "sw\nthe language of Kilele"})
    assert "“the language of Kilele” is not a language code." in " ".join(errors_in(wrong))
    assert (course.languages, course.requirements) == (["sw", "en"], {"lessons": "all", "quizzes": []})
    assert (
        desk.post(url("module_add"), {"course": course.pk, "key": "basics", "position": 1}).status_code == 302
    )
    module = course.modules.get()
    lesson = {"course": course.pk, "module": module.pk, "key": "kwanza", "position": 1, "activity_minutes": 0}
    answer = desk.post(url("lesson_add"), lesson)
    assert answer.url == url("lesson_change", Lesson.objects.get().pk)
    problems = desk.get(url("course_publish", course.pk)).text
    assert "The lesson has no text in “sw”, the source language. Write it." in problems


def test_lesson_is_not_put_into_a_module_of_another_course(desk, made):
    other = draft_course()
    lesson = {"course": made.course.pk, "key": "third", "position": 9, "activity_minutes": 0}
    answer = desk.post(url("lesson_add"), lesson | {"module": other.module.pk})
    assert errors_in(answer)[-1] == (
        "The module “basics” is not part of “rules”. Choose a module of this course."
    )
    assert desk.post(url("lesson_add"), lesson | {"module": made.module.pk}).status_code == 302


def test_course_whose_lesson_stands_elsewhere_can_still_be_opened_and_fixed(desk, made):
    Activity.objects.filter(lesson=made.lessons[1]).update(module=draft_course().module)
    assert desk.get(url("course_change", made.course.pk)).status_code == 200
    data = fields_of(desk.get(url("lesson_change", made.lessons[1].pk)))
    desk.post(url("lesson_change", made.lessons[1].pk), data | {"module": made.module.pk})
    assert Activity.objects.get(lesson=made.lessons[1]).module == made.module


def test_module_takes_no_quiz_of_another_course(desk, made):
    other = draft_course(key="others")
    Activity.objects.filter(quiz=other.quiz).delete()
    data = fields_of(desk.get(url("module_change", made.module.pk)))
    data["activities-2-0-quiz"] = other.quiz.pk
    answer = desk.post(url("module_change", made.module.pk), data)
    assert "The quiz “others/basics-quiz” is not part of “rules”. Choose a quiz of this course." in errors_in(
        answer
    )
    assert [one.quiz for one in Activity.objects.exclude(quiz=None)] == [made.quiz]


def test_lessons_are_retired_and_brought_back_from_the_list(desk, made):
    data = {"action": "retire", "_selected_action": [made.lessons[1].pk]}
    answer = desk.post(url("lesson_changelist"), data, follow=True)
    assert "1 item retired. You can bring it back into use." in answer.text
    assert Lesson.objects.get(key="second").retired_at is not None
    answer = desk.post(url("lesson_changelist"), data, follow=True)
    assert "Nothing was changed: this is already done." in answer.text
    answer = desk.post(url("lesson_changelist"), {**data, "action": "bring_back"}, follow=True)
    assert "1 item brought back into use." in answer.text
    assert Lesson.objects.get(key="second").retired_at is None


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_as_many_queries_whatever_their_size(desk, django_assert_num_queries, count):
    for _ in range(count):
        draft_course()
    desk.get(url("course_changelist"))
    with django_assert_num_queries(7):
        desk.get(url("course_changelist"))
    with django_assert_num_queries(10):
        desk.get(url("lesson_changelist"))


def test_no_page_has_inline_style_or_script(desk, made):
    for page in pages(made):
        text = desk.get(page).text
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=[\"']|<script\b(?![^>]*src=)", text), page
