"""Loading and exporting: the round trip, the three ways, what disappears."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maarifa.coursefiles.actions import LoadingError, export_course, load_course
from maarifa.coursefiles.checking import check
from maarifa.coursefiles.reading import read_folder
from maarifa.curriculum.models import Course, CourseText, Edition, Lesson, LessonText, LoadedFile
from maarifa.quizzes.models import Bank, Question, QuestionText, Quiz
from tests.coursefiles.conftest import replace, without_second_lesson

pytestmark = pytest.mark.django_db


def load(root, **options):
    folder = read_folder(root)
    check(folder)
    assert [str(found) for found in folder.problems] == []
    return load_course(folder=folder, by=None, **options)


def files_in(root):
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def writes(queries):
    return [
        query["sql"]
        for query in queries
        if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK"))
    ]


def body_of(key, language):
    return LessonText.objects.get(lesson__key=key, language=language).body


def edit(key, language, body):
    """What an instructor does in the admin."""
    text = LessonText.objects.get(lesson__key=key, language=language)
    text.body = body
    text.save()


# The round trip -------------------------------------------------------------------------------------------


def test_export_writes_the_bytes_that_were_loaded(tiny, tmp_path):
    load(tiny)
    paths, failed = export_course(course=Course.objects.get(), folder=tmp_path / "out")
    assert failed == {}
    assert files_in(tmp_path / "out/tiny") == files_in(tiny)
    assert sorted(paths) == sorted(files_in(tiny))


def test_load_twice_writes_nothing_the_second_time(tiny):
    load(tiny)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        plan = load(tiny)
    assert writes(queries.captured_queries) == []
    assert set(plan.changes.values()) == {"same"}


def test_load_of_another_form_of_the_same_writes_nothing_but_is_no_error(tiny):
    load(tiny)
    replace(tiny / "course.yaml", "languages: [en, ar]", "languages:\n- en\n- ar")
    folder = read_folder(tiny)
    assert load_course(folder=folder, by=None).writes is False


def test_export_of_one_course_leaves_out_the_other(tiny, tmp_path, capsys):
    load(tiny)
    Course.objects.create(
        key="other", source_language="en", languages=["en"], licence="CC0-1.0", authors=["A"]
    )
    call_command("export_courses", str(tmp_path / "out"), "--course", "tiny")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["tiny"]
    assert capsys.readouterr().out == "tiny: 10 files written.\n"
    with pytest.raises(CommandError, match="No course in use has the key “third”"):
        call_command("export_courses", str(tmp_path / "out"), "--course", "third")


def test_export_never_writes_exam_banks(tiny, tmp_path):
    load(tiny)
    bank = Bank.objects.create(key="tiny/final", kind="exam")
    question = Question.objects.create(
        bank=bank, key="secret", kind="numeric", structure={"answer": "42", "tolerance": "0"}
    )
    QuestionText.objects.create(question=question, language="en", texts={"stem": "The secret question"})
    export_course(course=Course.objects.get(), folder=tmp_path / "out")
    written = files_in(tmp_path / "out/tiny")
    assert written == files_in(tiny)
    assert not [path for path, content in written.items() if b"secret" in content.lower()]


def test_sample_of_an_exam_is_loaded_and_exported_and_no_quiz_takes_it(tiny, tmp_path):
    for name in ("basics.yaml", "basics.en.yaml"):
        text = (tiny / "banks" / name).read_text().replace("bank: basics", "bank: exam-sample")
        sample = text.replace("kind: module", "kind: sample").replace(
            "lesson: first", "outcome: not-yet-written"
        )
        (tiny / "banks" / name.replace("basics", "exam-sample")).write_text(sample)
    load(tiny)
    bank = Bank.objects.get(key="tiny/exam-sample")
    assert (bank.kind, bank.questions.count()) == ("sample", 3)
    export_course(course=Course.objects.get(), folder=tmp_path / "out")
    assert files_in(tmp_path / "out/tiny") == files_in(tiny)
    quiz = Quiz.objects.get()
    quiz.bank = bank
    with pytest.raises(ValidationError) as refused:
        quiz.full_clean()
    assert list(refused.value.message_dict) == ["bank"]


def test_export_names_what_no_file_could_say(tiny, tmp_path):
    load(tiny)
    LessonText.objects.filter(lesson__key="first", language="en").update(sources=[{"title": "No address"}])
    paths, failed = export_course(course=Course.objects.get(), folder=tmp_path / "out")
    assert list(failed) == ["first/lesson.en.md"]
    assert "first/lesson.en.md" not in paths


# Three ways -----------------------------------------------------------------------------------------------


def test_load_updates_what_changed_in_the_file_only(tiny):
    load(tiny)
    replace(tiny / "second/lesson.en.md", "by when", "until when")
    assert load(tiny).of("update") == ["second/lesson.en.md"]
    assert body_of("second", "en").endswith("until when.")


def test_load_keeps_what_changed_in_the_admin_only(tiny):
    load(tiny)
    edit("second", "en", "## From the admin\n\nNew words.")
    plan = load(tiny)
    assert plan.of("kept") == ["second/lesson.en.md"]
    assert not plan.writes
    assert body_of("second", "en") == "## From the admin\n\nNew words."


def test_load_refuses_what_changed_in_both_and_loads_nothing(tiny):
    load(tiny)
    edit("second", "en", "## From the admin\n\nNew words.")
    replace(tiny / "second/lesson.en.md", "by when", "until when")
    replace(tiny / "first/lesson.en.md", "protects nobody", "helps nobody")
    with pytest.raises(LoadingError) as refusal:
        load(tiny)
    assert (refusal.value.code, refusal.value.paths) == ("CHANGED_IN_ADMIN", ["second/lesson.en.md"])
    assert "protects nobody" in body_of("first", "en")


def test_load_takes_the_files_when_told_to(tiny):
    load(tiny)
    edit("second", "en", "## From the admin\n\nNew words.")
    edit("first", "ar", "## من الإدارة")
    replace(tiny / "second/lesson.en.md", "by when", "until when")
    plan = load(tiny, take_files=True)
    assert plan.of("update") == ["first/lesson.ar.md", "second/lesson.en.md"]
    assert body_of("second", "en").endswith("until when.")
    assert "لا تحمي" in body_of("first", "ar")
    assert LessonText.history.filter(body="## From the admin\n\nNew words.").count() == 1


def test_load_is_settled_by_an_export(tiny, courses_folder):
    load(tiny)
    edit("second", "en", "## From the admin\n\nNew words.")
    export_course(course=Course.objects.get(), folder=courses_folder)
    assert set(load(tiny).changes.values()) == {"same"}
    replace(tiny / "second/lesson.en.md", "New words", "Newer words")
    assert load(tiny).of("update") == ["second/lesson.en.md"]


# What disappears ------------------------------------------------------------------------------------------


def test_lesson_that_disappears_is_retired_and_comes_back(tiny, tmp_path):
    load(tiny)
    before = files_in(tiny)
    without_second_lesson(tiny)
    plan = load(tiny)
    assert plan.retired == ["second"]
    lesson = Lesson.objects.get(key="second")
    assert lesson.retired_at is not None
    assert lesson.texts.count() == 2
    assert set(load(tiny).changes.values()) == {"same"}
    for path, content in before.items():
        (tiny / path).write_bytes(content)
    load(tiny)
    lesson.refresh_from_db()
    assert lesson.retired_at is None
    assert export_course(course=Course.objects.get(), folder=tmp_path / "out")[1] == {}
    assert files_in(tmp_path / "out/tiny") == before


def test_question_that_disappears_is_retired(tiny):
    load(tiny)
    text = (tiny / "banks/basics.yaml").read_text()
    (tiny / "banks/basics.yaml").write_text(text[: text.index("- key: how-many")])
    for language in ("en", "ar"):
        words = (tiny / f"banks/basics.{language}.yaml").read_text()
        (tiny / f"banks/basics.{language}.yaml").write_text(words[: words.index("  how-many:")])
    replace(tiny / "course.yaml", "draw: 3", "draw: 2")
    assert load(tiny).retired == ["basics/how-many"]
    question = Question.objects.get(key="how-many")
    assert question.retired_at is not None
    assert question.texts.count() == 2


def test_quiz_that_disappears_is_retired_and_its_bank_stays(tiny):
    load(tiny)
    text = (tiny / "course.yaml").read_text()
    start, end = text.index("  quiz:"), text.index("requirements:")
    (tiny / "course.yaml").write_text((text[:start] + text[end:]).replace("[basics-quiz]", "[]"))
    for language in ("en", "ar"):
        words = (tiny / f"course.{language}.yaml").read_text()
        start = words.index("quizzes:")
        rest = words[start:].partition("source_digest")
        (tiny / f"course.{language}.yaml").write_text(words[:start] + "quizzes: {}\n" + "".join(rest[1:]))
    call_command("format_courses", "--translated", str(tiny / "course.ar.yaml"))
    load(tiny)
    assert Quiz.objects.get().retired_at is not None
    assert Bank.objects.get().retired_at is None
    assert set(load(tiny).changes.values()) == {"same"}


def test_translation_that_disappears_is_removed_and_kept_in_the_history(tiny):
    load(tiny)
    (tiny / "first/lesson.ar.md").unlink()
    (tiny / "banks/basics.ar.yaml").unlink()
    (tiny / "course.ar.yaml").unlink()
    plan = load(tiny)
    assert plan.of("remove") == ["banks/basics.ar.yaml", "course.ar.yaml", "first/lesson.ar.md"]
    assert list(LessonText.objects.filter(language="ar").values_list("lesson__key", flat=True)) == ["second"]
    assert not CourseText.objects.filter(language="ar").exists()
    assert not QuestionText.objects.filter(language="ar").exists()
    assert LessonText.history.filter(language="ar", history_type="-").count() == 1
    assert set(load(tiny).changes.values()) == {"same"}


def test_translation_changed_in_the_admin_does_not_disappear_with_its_file(tiny):
    load(tiny)
    edit("first", "ar", "## من الإدارة")
    (tiny / "first/lesson.ar.md").unlink()
    with pytest.raises(LoadingError) as refusal:
        load(tiny)
    assert refusal.value.paths == ["first/lesson.ar.md"]


def test_translation_made_in_the_admin_is_left_alone(tiny):
    replace(tiny / "course.yaml", "[en, ar]", "[en, ar, fr]")
    load(tiny)
    made = LessonText.objects.get(lesson__key="first", language="ar")
    made.pk, made.language = None, "fr"
    made._state.adding = True
    made.save()
    assert set(load(tiny).changes.values()) == {"same"}
    assert LessonText.objects.filter(language="fr").count() == 1


# The command ----------------------------------------------------------------------------------------------


def test_load_courses_publishes_the_first_edition_and_later_ones_when_told(courses_folder, capsys):
    call_command("load_courses", str(courses_folder))
    assert capsys.readouterr().out.splitlines() == [
        "tiny: loaded with these changes:",
        *(
            f"  {path}: new"
            for path in (
                "banks/basics.ar.yaml",
                "banks/basics.en.yaml",
                "banks/basics.yaml",
                "course.ar.yaml",
                "course.en.yaml",
                "course.yaml",
                "first/lesson.ar.md",
                "first/lesson.en.md",
                "second/lesson.ar.md",
                "second/lesson.en.md",
            )
        ),
        "tiny: edition 1 was published.",
    ]
    replace(courses_folder / "tiny/second/lesson.en.md", "by when", "until when")
    waits = [
        (
            "tiny: 2 changes are not yet published. Loading does not publish them. Learners still read "
            "edition 1."
        ),
        f"To publish, run manage.py load_courses {courses_folder / 'tiny'} --publish, or publish in the admin.",
    ]
    call_command("load_courses", str(courses_folder))
    assert capsys.readouterr().out.splitlines() == [
        "tiny: loaded with these changes:",
        "  second/lesson.en.md: update",
        "  9 files are unchanged.",
        *waits,
    ]
    # And so it goes on saying, though there is nothing more to load.
    call_command("load_courses", str(courses_folder))
    assert capsys.readouterr().out.splitlines() == waits
    call_command("load_courses", str(courses_folder), "--publish", "--note", "Clearer words.")
    assert capsys.readouterr().out.splitlines() == [
        "tiny: nothing to do. The database already matches the files.",
        "tiny: edition 2 was published.",
    ]
    assert Edition.objects.get(number=2).note == "Clearer words."
    call_command("load_courses", str(courses_folder), "--publish")
    assert capsys.readouterr().out.splitlines() == [
        "tiny: nothing to do. The database already matches the files.",
        "Nothing has changed in “tiny” since edition 2.",
    ]


def test_load_courses_dry_run_changes_nothing(courses_folder, capsys):
    call_command("load_courses", str(courses_folder), "--dry-run")
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "tiny: loading would make these changes:"
    assert said[-1] == "This was a dry run. Nothing was changed."
    assert not Course.objects.exists()
    assert not LoadedFile.objects.exists()


def test_load_courses_dry_run_fails_where_loading_would_be_refused(courses_folder, capsys):
    call_command("load_courses", str(courses_folder))
    edit("second", "en", "## From the admin\n\nNew words.")
    replace(courses_folder / "tiny/second/lesson.en.md", "by when", "until when")
    with pytest.raises(CommandError):
        call_command("load_courses", str(courses_folder), "--dry-run")
    assert (
        "second/lesson.en.md: refused: changed both in the admin and in the file" in capsys.readouterr().out
    )
    call_command("load_courses", str(courses_folder), "--dry-run", "--take-files")


def test_load_courses_loads_nothing_of_a_broken_course_and_all_of_the_next(courses_folder, capsys):
    import shutil

    shutil.copytree(courses_folder / "tiny", courses_folder / "other")
    replace(courses_folder / "other/course.yaml", "key: tiny", "key: other")
    replace(courses_folder / "tiny/course.yaml", "draw: 3", "draw: 4")
    with pytest.raises(CommandError):
        call_command("load_courses", str(courses_folder))
    said = capsys.readouterr().out
    assert f"{courses_folder}/tiny/course.yaml:18: modules.1.quiz.draw: " in said
    assert "tiny: nothing was loaded." in said
    assert list(Course.objects.values_list("key", flat=True)) == ["other"]


def test_load_courses_names_what_was_changed_in_both(courses_folder, capsys):
    call_command("load_courses", str(courses_folder), verbosity=0)
    edit("second", "en", "## From the admin\n\nNew words.")
    replace(courses_folder / "tiny/second/lesson.en.md", "by when", "until when")
    capsys.readouterr()
    with pytest.raises(CommandError):
        call_command("load_courses", str(courses_folder))
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "tiny: not loaded. These changes were not made:"
    assert "  second/lesson.en.md: refused: changed both in the admin and in the file" in said
    call_command("load_courses", str(courses_folder), "--take-files")
    assert body_of("second", "en").endswith("until when.")


def test_load_reads_the_database_in_as_many_queries_whatever_the_size(tiny):
    load(tiny)
    with CaptureQueriesContext(connection) as few:
        load(tiny)
    lessons = "".join(f"  - key: more-{n}\n    activity_minutes: 0\n" for n in range(5))
    replace(tiny / "course.yaml", "  quiz:\n", f"{lessons}  quiz:\n")
    for number in range(5):
        (tiny / f"more-{number}").mkdir()
        text = (tiny / "second/lesson.en.md").read_text()
        (tiny / f"more-{number}/lesson.en.md").write_text(text)
    load(tiny)
    with CaptureQueriesContext(connection) as many:
        load(tiny)
    assert len(many) == len(few)
