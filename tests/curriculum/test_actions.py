"""Publishing: what it promises, and when it refuses."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.curriculum import editions
from maarifa.curriculum.actions import PublishingError, choose_edition, publish_course
from maarifa.curriculum.models import (
    Activity,
    Course,
    CourseText,
    Document,
    Edition,
    Lesson,
    LessonText,
    Module,
)
from maarifa.curriculum.nextedition import next_edition
from maarifa.quizzes.models import Question, QuestionText, QuizVersion
from tests.factories.curriculum import draft_course, published_course


def change_lesson(made, key="second", language="en", more="\n\nAnd where it stands."):
    text = LessonText.objects.get(lesson__course=made.course, lesson__key=key, language=language)
    text.body += more
    text.save()


def refused(made):
    with pytest.raises(PublishingError) as refusal:
        publish_course(course=made.course, by=None)
    return refusal.value


# What publishing promises ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_publish_makes_edition_one_and_makes_it_current():
    author = User.objects.create_user("amina", name="Amina Odhiambo")
    at = timezone.now()
    made = published_course(by=author, at=at, note="First.")
    edition = made.edition
    assert (edition.number, edition.note, edition.published_by, edition.published_at) == (
        1,
        "First.",
        author,
        at,
    )
    assert made.course.current_edition == edition
    assert edition.entries.count() == 4
    assert made.course.history.get(current_edition=edition).history_user == author


@pytest.mark.django_db
def test_publish_shares_documents_that_did_not_change():
    made = published_course()
    before = set(made.edition.entries.values_list("lesson__key", "language", "document_id"))
    change_lesson(made)
    second = publish_course(course=made.course, by=None)
    after = set(second.entries.values_list("lesson__key", "language", "document_id"))
    assert second.number == 2
    assert {entry[:2] for entry in after - before} == {("second", "en")}
    assert Document.objects.count() == 5
    assert second.quizzes.get().quiz_version_id == made.edition.quizzes.get().quiz_version_id


@pytest.mark.django_db
def test_an_edition_stays_what_it_was():
    made = published_course()
    before = editions.document(made.edition, "second", "en").html
    change_lesson(made)
    publish_course(course=made.course, by=None)
    editions.forget()
    assert editions.document(made.edition, "second", "en").html == before


@pytest.mark.django_db
def test_publish_pins_a_new_version_of_a_quiz_that_changed():
    made = published_course()
    text = QuestionText.objects.get(question__key="named", language="en")
    text.texts = {**text.texts, "stem": "A rule says who does what."}
    text.save()
    second = publish_course(course=made.course, by=None)
    assert [version.number for version in QuizVersion.objects.order_by("number")] == [1, 2]
    assert second.quizzes.get().quiz_version.number == 2
    assert made.edition.quizzes.get().quiz_version.number == 1


@pytest.mark.django_db
def test_publish_leaves_out_what_is_retired():
    made = published_course()
    Question.objects.update(lesson_key="first")
    Lesson.objects.filter(key="second").update(retired_at=timezone.now())
    second = publish_course(course=made.course, by=None)
    assert editions.outline(second).lesson_order == ["first"]
    assert editions.outline(second).requirements["lessons"] == ["first"]
    assert editions.outline(made.edition).lesson_order == ["first", "second"]


@pytest.mark.django_db
def test_a_stale_translation_is_published_and_says_so():
    made = draft_course()
    change_lesson(made)
    read = editions.outline(publish_course(course=made.course, by=None))
    assert read.lesson("second").texts("ar")["stale"] is True
    assert read.lesson("first").texts("ar")["stale"] is False


@pytest.mark.django_db
def test_a_language_without_words_of_the_course_is_not_offered():
    made = draft_course()
    CourseText.objects.filter(language="ar").delete()
    read = editions.outline(publish_course(course=made.course, by=None))
    assert read.languages == ["en"]
    assert read.lesson("first").language("ar") == "en"


@pytest.mark.django_db
@pytest.mark.parametrize("more_lessons", [0, 4])
def test_publish_takes_as_many_queries_whatever_the_size(django_assert_num_queries, more_lessons):
    made = draft_course()
    for number in range(more_lessons):
        lesson = Lesson.objects.create(course=made.course, key=f"more-{number}")
        Activity.objects.create(course=made.course, module=made.module, lesson=lesson, position=10 + number)
        LessonText.objects.create(
            lesson=lesson, language="en", title="More", body=f"## More\n\nLesson {number}."
        )
    with django_assert_num_queries(QUERIES_TO_PUBLISH):
        publish_course(course=made.course, by=None)


QUERIES_TO_PUBLISH = 41


@pytest.mark.django_db
def test_half_done_translation_stays_as_it_was_and_the_original_goes_out():
    made = published_course()
    former = editions.document(made.edition, "second", "ar")
    change_lesson(made)
    change_lesson(made, language="ar", more="\n\n# واحد")
    second = publish_course(course=made.course, by=None)
    read = editions.document(second, "second", "ar")
    assert (read.digest, read.texts["stale"]) == (former.digest, True)
    assert b"And where it stands." in editions.document(second, "second", "en").html
    assert second.entries.count() == 4
    assert refused(made).code == "NOTHING_CHANGED"


@pytest.mark.django_db
def test_half_done_translation_that_was_never_published_is_left_out():
    made = draft_course()
    change_lesson(made, language="ar", more="\n\n![x](figures/none.svg)")
    read = editions.outline(publish_course(course=made.course, by=None))
    assert (read.lesson("second").language("ar"), read.lesson("first").language("ar")) == ("en", "ar")


@pytest.mark.django_db
def test_what_is_left_out_stays_as_learners_read_it():
    made = published_course()
    change_lesson(made)
    change_lesson(made, key="first", more="\n\nHalf a sent")
    LessonText.objects.filter(lesson__key="first", language="ar").update(title="جديد")
    second = publish_course(course=made.course, by=None, leave_out=[("first", "en")])
    for language in ("en", "ar"):
        kept = editions.document(second, "first", language)
        assert kept.digest == editions.document(made.edition, "first", language).digest
    assert b"And where it stands." in editions.document(second, "second", "en").html
    third = publish_course(course=made.course, by=None)
    assert b"Half a sent" in editions.document(third, "first", "en").html


@pytest.mark.django_db
def test_publish_refuses_a_draft_that_is_no_longer_the_one_that_was_read():
    made = published_course()
    change_lesson(made)
    seen = next_edition(made.course).digest
    change_lesson(made, key="first", more="\n\nTheirs.")
    with pytest.raises(PublishingError) as refusal:
        publish_course(course=made.course, by=None, seen=seen)
    assert refusal.value.code == "MOVED"
    assert publish_course(course=made.course, by=None, seen=next_edition(made.course).digest).number == 2


# When it refuses ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_publish_refuses_where_nothing_changed():
    made = published_course()
    refusal = refused(made)
    assert (refusal.code, refusal.message) == (
        "NOTHING_CHANGED",
        f"Nothing has changed in “{made.course.key}” since edition 1.",
    )
    assert Edition.objects.count() == 1


@pytest.mark.django_db
def test_publish_refuses_a_retired_course():
    made = draft_course()
    Course.objects.update(retired_at=timezone.now())
    assert refused(made).code == "RETIRED"


@pytest.mark.django_db
def test_publish_refuses_a_broken_course_and_names_everything_at_once():
    made = draft_course(key="broken", draw=5)
    LessonText.objects.filter(lesson__key="first").delete()
    change_lesson(made, more="\n\n<b>Bold</b>")
    change_lesson(made, language="ar", more="\n\n# واحد")
    Question.objects.filter(key="where").update(lesson_key="ninth")
    QuestionText.objects.filter(question__key="named", language="en").delete()
    CourseText.objects.filter(language="en").update(outcomes={}, quizzes={})
    Module.objects.create(course=made.course, key="empty", position=2)
    course = made.course
    course.requirements = {"lessons": ["first", "tenth"], "quizzes": ["final"]}
    course.save()
    refusal = refused(made)
    assert refusal.code == "BROKEN"
    assert [(problem.where, problem.code) for problem in refusal.problems] == [
        ("broken, outcomes", "no_texts_for"),
        ("broken, modules", "no_texts_for"),
        ("broken, quizzes", "no_texts_for"),
        ("empty", "empty_module"),
        ("first", "no_lesson_texts"),
        ("second (en)", "md_html"),
        ("basics-quiz", "few_questions"),
        ("basics-quiz", "reread_unknown"),
        ("basics-quiz", "question"),
        ("broken", "required_lesson_unknown"),
        ("broken", "required_quiz_unknown"),
    ]
    assert all(problem.message for problem in refusal.problems)
    assert not Edition.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("requirements", "code"),
    [({"lessons": [], "quizzes": []}, "requires_nothing"), ({}, "requires_nothing")],
)
def test_publish_refuses_a_course_that_asks_nothing(requirements, code):
    made = draft_course()
    Course.objects.update(requirements=requirements)
    assert [problem.code for problem in refused(made).problems] == [code]


@pytest.mark.django_db
def test_publish_refuses_a_course_without_anything():
    course = Course.objects.create(key="bare", source_language="en", languages=["ar"], licence="CC0-1.0")
    with pytest.raises(PublishingError) as refusal:
        publish_course(course=course, by=None)
    codes = [problem.code for problem in refusal.value.problems]
    assert codes == ["no_source_language", "no_course_texts", "no_lessons", "requires_nothing"]


# Several at once, and dying midway ------------------------------------------------------------------------


@pytest.mark.django_db
def test_publish_that_dies_midway_leaves_nothing(monkeypatch):
    made = published_course()
    change_lesson(made)

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    from maarifa.curriculum.actions import publishing

    monkeypatch.setattr(publishing, "_make_current", die)
    with pytest.raises(KeyboardInterrupt):
        publish_course(course=made.course, by=None)
    assert (Edition.objects.count(), Document.objects.count()) == (1, 4)
    monkeypatch.undo()
    assert publish_course(course=made.course, by=None).number == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_edition():
    made = draft_course()
    ready, outcomes = threading.Barrier(2), []

    def publish():
        ready.wait()
        try:
            outcomes.append(publish_course(course=made.course, by=None).number)
        except PublishingError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes, key=str) == [1, "NOTHING_CHANGED"]
    assert Edition.objects.count() == 1


# Choosing an earlier edition ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_choose_edition_goes_back_and_leaves_the_draft():
    made = published_course()
    change_lesson(made)
    second = publish_course(course=made.course, by=None)
    choose_edition(course=made.course, edition=made.edition, by=None)
    made.course.refresh_from_db()
    assert made.course.current_edition == made.edition
    # The draft differs from what is read now: it can be published again.
    third = publish_course(course=made.course, by=None)
    assert (third.number, third.digest) == (3, second.digest)


@pytest.mark.django_db
def test_choose_edition_refuses_another_course_and_the_current_one():
    made, other = published_course(), published_course()
    for edition, code in ((other.edition, "OTHER_COURSE"), (made.edition, "ALREADY_CURRENT")):
        with pytest.raises(PublishingError) as refusal:
            choose_edition(course=made.course, edition=edition, by=None)
        assert refusal.value.code == code


@pytest.mark.django_db
def test_choosing_does_not_undo_what_others_saved_meanwhile():
    made = published_course()
    change_lesson(made)
    publish_course(course=made.course, by=None)
    with transaction.atomic():
        Course.objects.filter(pk=made.course.pk).update(licence="CC0-1.0")
    choose_edition(course=made.course, edition=made.edition, by=None)
    assert Course.objects.get(pk=made.course.pk).licence == "CC0-1.0"
