import pytest

from maarifa.curriculum import editions
from maarifa.curriculum.models import Edition, LessonText
from tests.factories.curriculum import draft_course, published_course

pytestmark = pytest.mark.django_db


def test_outline_says_what_pages_need():
    made = published_course(key="rules")
    read = editions.outline(made.edition)
    assert (read.course, read.number, read.minutes, read.languages) == ("rules", 1, 22, ["en", "ar"])
    assert read.lesson_order == ["first", "second"]
    assert (read.lesson_keys, read.quiz_keys) == ({"first", "second"}, {"basics-quiz"})
    assert read.requirements == {"lessons": ["first", "second"], "quizzes": ["basics-quiz"]}
    assert read.texts("ar")["title"] == "قواعد نافعة"
    assert read.texts("ar")["state"] == "machine"
    assert (read.texts("sw")["title"], read.texts("sw")["language"]) == ("Rules that work", "en")
    assert read.quiz_texts("basics-quiz", "ar") == {"title": "الأساسيات: اختبار", "language": "ar"}
    quiz = read.quiz("basics-quiz")
    assert (quiz.id, quiz.draw, quiz.pass_percent, quiz.module) == (made.quiz.pk, 3, 60, "basics")
    assert quiz.version == made.edition.quizzes.get().quiz_version_id
    assert read.module("basics").lesson_number("second") == 2
    assert read.lesson("third") is None


def test_outline_is_read_once(django_assert_num_queries):
    made = published_course()
    editions.forget()
    with django_assert_num_queries(1):
        read = editions.outline(made.edition.pk)
    with django_assert_num_queries(0):
        assert editions.outline(made.edition) is read


@pytest.mark.parametrize("lessons", [1, 3])
def test_document_costs_one_query_and_then_none(django_assert_num_queries, lessons):
    made = published_course()
    editions.outline(made.edition)
    editions.documents.clear()
    with django_assert_num_queries(1):
        text = editions.document(made.edition.pk, "first", "ar")
    with django_assert_num_queries(0):
        again = editions.document(made.edition.pk, "first", "ar")
    assert text == again
    assert text.language == "ar"
    assert text.html.startswith('<h2 id="s1">لماذا القاعدة</h2>'.encode())
    assert text.texts["objectives"] == ["أن تذكر أين توجد القاعدة."]
    assert text.texts["sources"][0]["date"] == "2024-03"
    assert (text.texts["checked"], text.texts["state"]) == ("2026-11-01", "machine")


def test_document_that_is_not_translated_is_the_source_and_says_so():
    made = draft_course()
    LessonText.objects.filter(lesson__key="second", language="ar").delete()
    from maarifa.curriculum.actions import publish_course

    edition = publish_course(course=made.course, by=None)
    text = editions.document(edition, "second", "ar")
    assert (text.language, text.texts["title"], text.texts["state"]) == (
        "en",
        "Rules that can be used",
        "source",
    )
    lesson = editions.outline(edition).lesson("second")
    assert (lesson.language("ar"), lesson.texts("ar")["title"]) == ("en", "Rules that can be used")


def test_document_of_no_lesson_is_none():
    assert editions.document(published_course().edition, "third", "en") is None


def test_document_cache_is_bounded_in_bytes(settings):
    made = published_course()
    settings.DOCUMENT_CACHE_BYTES = 4000
    editions.documents.clear()
    for key in ("first", "second"):
        for language in ("en", "ar"):
            editions.document(made.edition, key, language)
            assert editions.documents.bytes <= 4000
    settings.DOCUMENT_CACHE_BYTES = 0
    editions.documents.clear()
    assert editions.document(made.edition, "first", "en").html.startswith(b"<h2 id=")
    assert editions.documents.bytes == 0


def test_outlines_kept_are_bounded(monkeypatch):
    monkeypatch.setattr(editions, "OUTLINES", 2)
    made = [published_course() for _ in range(3)]
    editions.forget()
    for one in made:
        editions.outline(one.edition)
    assert len(editions._outlines) == 2
    assert made[0].edition.pk not in editions._outlines


def test_documents_hold_nothing_of_the_interface_or_of_a_person():
    """Only what the author wrote, and forms for practice: no word of the page, no address from the root, no token."""
    made = published_course()
    for entry in made.edition.entries.select_related("document"):
        html = entry.document.html
        for foreign in ("<script", "style=", 'type="hidden"', '="/', "Sources", "After this lesson"):
            assert foreign not in html


def test_documents_say_nothing_of_what_is_right_and_what_checks_it_stands_beside():
    made = published_course()
    text = editions.document(made.edition, "first", "en")
    assert b"it has to be read first" not in text.html
    (question,) = text.texts["practice"]
    assert (question["key"], question["kind"], question["structure"]["correct"]) == (
        "first-check",
        "single",
        ["1"],
    )
    assert "practice" not in editions.document(made.edition, "second", "en").texts


def test_deflated_is_the_document():
    import zlib

    for document in Edition.objects.get(pk=published_course().edition.pk).entries.select_related("document"):
        row = document.document
        assert zlib.decompressobj(-15).decompress(bytes(row.deflated)) == row.html.encode()
