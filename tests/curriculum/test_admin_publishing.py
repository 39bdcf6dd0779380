"""Seeing and publishing in the admin, without a script."""

import re

import pytest

from maarifa.curriculum import editions
from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.models import Course, CourseText, Edition, LessonText
from maarifa.quizzes.models import QuestionText, Quiz
from tests.curriculum.pages import NOTHING_TO_PUBLISH, fields_of, publishing, row_of, url
from tests.factories.curriculum import draft_course, published_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def made():
    return published_course(key="rules")


def test_preview_is_what_learners_will_see_and_marked_as_a_draft(desk, made):
    text = LessonText.objects.get(lesson=made.lessons[0], language="ar")
    text.title = "عنوان جديد"
    text.save()
    page = desk.get(url("lesson_preview", made.lessons[0].pk, "ar")).text
    assert "Draft. Learners do not see this yet." in page
    assert re.search(r"In another language: <a href=[^>]*>en</a></p>", page)
    assert '<article lang="ar" dir="rtl">\n<h1>عنوان جديد</h1>' in page
    assert editions.document(made.edition, "first", "ar").markup in page
    assert desk.get(url("lesson_preview", made.lessons[0].pk, "fr")).status_code == 404
    assert desk.get(url("lesson_preview", 999, "ar")).status_code == 404


def test_preview_leads_to_the_other_languages_the_source_first(desk, made):
    lesson = made.lessons[0]
    LessonText.objects.create(
        lesson=lesson,
        language="fr",
        title="Des règles",
        body="## Règles",
        state="machine",
        source_digest="0" * 16,
    )
    page = desk.get(url("lesson_preview", lesson.pk, "fr")).text
    english, arabic = (f'href="{url("lesson_preview", lesson.pk, code)}"' for code in ("en", "ar"))
    assert 0 < page.index(english) < page.index(arabic)


def test_publish_page_lists_what_changes_and_publishes(desk, made, instructor):
    text = LessonText.objects.get(lesson=made.lessons[1], language="en")
    text.body += "\n\nAnd where it stands."
    text.save()
    page = desk.get(url("course_publish", made.course.pk))
    assert [change.message for change in page.context["changes"]] == [
        "The lesson “second” has changed in “en”.",
        "The translation of the lesson “second” into “ar” is out of date.",
    ]
    assert Edition.objects.count() == 1
    answer = desk.post(
        url("course_publish", made.course.pk),
        publishing(desk, made.course, "Where rules stand."),
        follow=True,
    )
    assert "Edition 2 is published. Learners now read this edition." in answer.text
    edition = Edition.objects.get(number=2)
    assert (edition.note, edition.published_by) == ("Where rules stand.", instructor)
    assert NOTHING_TO_PUBLISH.format(2) in desk.get(url("course_publish", made.course.pk)).text
    assert "Nothing has changed" in desk.post(url("course_publish", made.course.pk), {"note": ""}).text


def test_publish_page_names_everything_that_is_wrong(desk, made):
    LessonText.objects.filter(lesson__key="second", language="en").update(body="# One\n\n<b>x</b>")
    page = desk.get(url("course_publish", made.course.pk)).text
    assert "2 problems to correct before you can publish" in page
    assert "<strong>second (en)</strong></a>, line 3, “<bdi" in page
    assert f'<a href="{url("lesson_change", made.lessons[1].pk)}#id_texts-0-body">' in page
    assert "<form method" not in page.partition('id="content-main"')[2]
    desk.post(url("course_publish", made.course.pk), {"note": ""})
    assert Edition.objects.count() == 1


def test_state_alone_can_be_published(desk, made):
    data = fields_of(desk.get(url("course_change", made.course.pk)))
    data[f"{row_of(data, 'ar')}state"] = "reviewed"
    assert desk.post(url("course_change", made.course.pk), data).status_code == 302
    desk.post(url("course_publish", made.course.pk), publishing(desk, made.course))
    assert Edition.objects.get(number=2).structure["texts"]["ar"]["state"] == "reviewed"


def test_publishing_is_refused_where_the_draft_moved_and_the_new_list_is_shown(desk, made):
    LessonText.objects.filter(lesson__key="second", language="en").update(title="Mine")
    read = publishing(desk, made.course, "My title.")
    LessonText.objects.filter(lesson__key="first", language="en").update(title="Theirs")
    answer = desk.post(url("course_publish", made.course.pk), read)
    assert "has changed since you opened this page" in answer.text
    assert "The lesson “first” has changed in “en”." in answer.text
    assert 'value="My title."' in answer.text
    assert Edition.objects.count() == 1
    assert desk.post(url("course_publish", made.course.pk), {"note": ""}).status_code == 200
    assert Edition.objects.count() == 1
    again = {"note": "x", "seen": answer.context["found"].digest}
    assert desk.post(url("course_publish", made.course.pk), again).status_code == 302


def test_half_done_translation_is_named_and_somebody_s_work_left_out(desk, made, instructor):
    data = fields_of(desk.get(url("lesson_change", made.lessons[0].pk)))
    data[f"{row_of(data, 'en')}title"] = "Half d"
    desk.post(url("lesson_change", made.lessons[0].pk), data)
    LessonText.objects.filter(lesson__key="second", language="ar").update(body="# واحد")
    address = url("course_publish", made.course.pk)
    page = desk.get(address)
    text = re.sub("<[^>]+>", "", page.text)
    assert "The lesson “second” in “ar” stays unchanged for learners." in text
    assert "The lesson “first” in “en”, last saved by Halima Nasser" in text
    without = desk.get(address, {"leave_out": "first:en"})
    assert NOTHING_TO_PUBLISH.format(1) in without.text
    assert 'value="first:en" checked' in without.text
    LessonText.objects.filter(lesson__key="second", language="en").update(title="Done")
    desk.post(address, publishing(desk, made.course, leave_out=["first:en"]))
    edition = editions.outline(Edition.objects.get(number=2))
    assert edition.lesson("first").texts("en")["title"] == "Rules that can be found"
    assert edition.lesson("second").texts("en")["title"] == "Done"


@pytest.mark.parametrize(
    ("applied", "ticked"),
    [([], ["first:en"]), (["first:en"], []), (["first:en"], ["first:en", "nonsense", "no:xx"])],
)
def test_boxes_that_were_not_applied_stop_publishing_and_the_note_is_kept(desk, made, applied, ticked):
    LessonText.objects.filter(language="en").update(title="Being worked on")
    address = url("course_publish", made.course.pk)
    sent = publishing(desk, made.course, "What I did.", leave_out=applied)
    answer = desk.post(address, {**sent, "leave_out": ticked})
    assert Edition.objects.count() == 1
    assert "Not published yet, because you changed what to leave out." in answer.text
    assert 'value="What I did."' in answer.text
    assert ('value="first:en" checked' in answer.text) == ("first:en" in ticked)
    assert [name for name, _language in answer.context["found"].texts_that_change].count("first") == (
        not ticked
    )


def test_the_list_is_shown_anew_with_the_note_kept_and_then_published(desk, made):
    LessonText.objects.filter(language="en").update(title="Being worked on")
    address = url("course_publish", made.course.pk)
    sent = publishing(desk, made.course, "What I did.")
    shown = desk.post(address, {**sent, "leave_out": ["first:en"], "show": "x"})
    assert Edition.objects.count() == 1
    assert "Not published yet" not in shown.text
    assert 'value="What I did."' in shown.text
    assert shown.text.count("<form method") == 1 + shown.text.partition('id="content-main"')[0].count(
        "<form method"
    )
    again = {"note": "What I did.", "seen": shown.context["found"].digest}
    again |= {"applied": ["first:en"], "leave_out": ["first:en"]}
    assert desk.post(address, again).status_code == 302
    edition = editions.outline(Edition.objects.get(number=2))
    assert edition.lesson("first").texts("en")["title"] != "Being worked on"
    assert edition.lesson("second").texts("en")["title"] == "Being worked on"


def test_an_earlier_edition_is_chosen_after_a_question(desk, made):
    LessonText.objects.filter(lesson__key="second", language="en").update(body="## New\n\nNew words.")
    desk.post(url("course_publish", made.course.pk), publishing(desk, made.course, "Second."))
    page = desk.get(url("course_editions", made.course.pk)).text
    assert "Switch learners to edition 1" in page
    assert "Switch learners to edition 2" not in page
    first = url("course_choose_edition", made.course.pk, 1)
    asked = desk.get(first).text
    assert "After you confirm, learners read edition 1 instead of edition 2." in asked
    assert "The lesson “second” has changed in “en”." in asked
    desk.post(url("course_editions", made.course.pk), {"edition": "1"})
    assert Course.objects.get().current_edition.number == 2
    answer = desk.post(first, follow=True)
    assert "Learners now read edition 1. Before, they read edition 2" in answer.text
    assert Course.objects.get().current_edition == made.edition
    assert desk.post(url("course_choose_edition", made.course.pk, 7)).status_code == 404
    assert "Learners of “rules” already read edition 1." in desk.post(first, follow=True).text
    desk.post(url("course_choose_edition", made.course.pk, 2))
    page = desk.get(url("course_editions", made.course.pk))
    switches = [(one["number"], one["published"]) for one in page.context["switches"]]
    assert switches == [(2, False), (1, False), (2, True), (1, True)]
    assert {one["by"].username for one in page.context["switches"][:3]} == {"halima"}
    assert "switched learners to edition 1" in page.text
    assert Course.objects.get().current_edition.number == 2


def test_edition_of_another_course_cannot_be_chosen(desk, made):
    other = published_course()
    CourseText.objects.filter(course=other.course, language="en").update(title="Other rules")
    publish_course(course=other.course, by=None)
    assert desk.post(url("course_choose_edition", made.course.pk, 2)).status_code == 404


def test_pages_say_from_what_to_what_a_quiz_changes(desk, made):
    Quiz.objects.update(pass_percent=80)
    text = QuestionText.objects.get(question__key="where", language="en")
    text.texts["stem"] = "Where must a rule be read?"
    text.save()
    page = re.sub(r"<[^>]+>", "", desk.get(url("course_publish", made.course.pk)).text)
    assert "Pass mark in percent: “60” changed to “80”" in page
    assert "Question (en): “Where must a rule stand?” changed to “Where must a rule be read?”" in page
    desk.post(url("course_publish", made.course.pk), publishing(desk, made.course, "Second."))
    page = re.sub(r"<[^>]+>", "", desk.get(url("course_choose_edition", made.course.pk, 1)).text)
    assert "Pass mark in percent: “80” changed to “60”" in page
    assert "Question (en): “Where must a rule be read?” changed to “Where must a rule stand?”" in page


def test_publish_page_says_what_the_press_does_and_how_to_go_back(desk, made):
    LessonText.objects.filter(lesson__key="second", language="en").update(title="New")
    page = desk.get(url("course_publish", made.course.pk)).text
    assert "Learners read the new edition at once. You can switch back on the page “Editions”." in page


def test_publish_page_leads_on_also_where_nothing_can_be_published(desk, made):
    address, course = url("course_publish", made.course.pk), url("course_change", made.course.pk)
    unchanged = desk.get(address).text.partition('id="content-main"')[2]
    assert NOTHING_TO_PUBLISH.format(1) in unchanged
    assert f'class="closelink" href="{course}"' in unchanged
    assert "Check again" not in unchanged
    LessonText.objects.filter(language="en").delete()
    broken = desk.get(address).text.partition('id="content-main"')[2]
    assert f'class="closelink" href="{course}"' in broken
    assert f'href="{address}">Check again</a>' in broken


def test_list_of_editions_leads_to_publishing_the_first(desk):
    course = draft_course().course
    page = desk.get(url("course_editions", course.pk)).text.partition('id="content-main"')[2]
    assert "This course has not been published yet." in page
    assert f'href="{url("course_publish", course.pk)}">Publish course</a>' in page


def test_who_would_switch_editions_may_keep_the_current_one_by_its_number(desk, made):
    LessonText.objects.filter(lesson__key="second", language="en").update(title="New")
    publish_course(course=made.course, by=None)
    page = desk.get(url("course_choose_edition", made.course.pk, 1)).text.partition('id="content-main"')[2]
    assert "<h2>What will happen</h2>" in page
    assert ">Keep edition 2</a>" in page
