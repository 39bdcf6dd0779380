"""Secret banks of exam questions: loaded from a private folder, checked as others are, and in no export."""

import re
import shutil

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from maarifa.coursefiles.actions.exambanks import read_exam_banks
from maarifa.curriculum.models import Course
from maarifa.quizzes.models import Bank, Question, QuestionText
from tests.coursefiles.conftest import FIXTURES, replace

pytestmark = pytest.mark.django_db


@pytest.fixture
def private(tmp_path, settings, courses_folder):
    """The bank of the tiny course once more, as an exam, in a folder of its own."""
    settings.COURSES_DIRS = [str(courses_folder)]
    call_command("load_courses", str(courses_folder), verbosity=0)
    folder = tmp_path / "private"
    (folder / "banks").mkdir(parents=True)
    for path in (FIXTURES / "courses/tiny/banks").glob("basics*.yaml"):
        target = folder / "banks" / path.name.replace("basics", "final")
        shutil.copy(path, target)
        replace(target, "bank: basics", "bank: final")
    replace(folder / "banks/final.yaml", "kind: module", "kind: exam")
    return folder


def load(folder, capsys, **options):
    call_command("load_exam_banks", "tiny", str(folder), **options)
    return capsys.readouterr().out


def refused(folder, capsys):
    with pytest.raises(CommandError) as caught:
        call_command("load_exam_banks", "tiny", str(folder))
    return f"{capsys.readouterr().out}{caught.value}"


def exam():
    return Bank.objects.get(key="tiny/final")


def test_exam_bank_is_loaded_with_its_texts_and_a_second_load_writes_nothing(private, capsys):
    count = Question.objects.filter(bank__key="tiny/basics").count()
    assert f"final: {count} questions" in load(private, capsys)
    assert exam().kind == "exam"
    languages = set(QuestionText.objects.filter(question__bank=exam()).values_list("language", flat=True))
    assert languages == {"en", "ar"}
    history = Question.history.count()
    load(private, capsys)
    assert Question.history.count() == history


def test_dry_run_says_what_it_found_and_writes_nothing(private, capsys):
    said = load(private, capsys, dry_run=True)
    assert re.search(r"final: \d+ questions", said)
    assert "This was a dry run. Nothing was changed." in said
    assert not Bank.objects.filter(kind="exam").exists()


def test_files_win_and_questions_that_are_gone_are_retired(private, capsys):
    load(private, capsys)
    first = Question.objects.filter(bank=exam()).order_by("position").first()
    Question.objects.filter(pk=first.pk).update(points=9)
    load(private, capsys)
    first.refresh_from_db()
    assert first.points != 9
    text = (private / "banks/final.yaml").read_text()
    last = Question.objects.filter(bank=exam()).order_by("position").last()
    head, _mark, _rest = text.rpartition(f"- key: {last.key}\n")
    (private / "banks/final.yaml").write_text(head)
    for path in (private / "banks").glob("final.*.yaml"):
        texts = path.read_text()
        begin = texts.index(f"\n  {last.key}:\n")
        end = re.search(r"\n  [a-z]|\Z", texts[begin + 3 :]).start() + begin + 3
        path.write_text(texts[:begin] + texts[end:].rstrip("\n") + "\n")
    load(private, capsys)
    last.refresh_from_db()
    assert last.retired_at is not None


def test_exam_bank_is_in_no_export(private, capsys, tmp_path):
    load(private, capsys)
    call_command("export_courses", str(tmp_path / "out"), verbosity=0)
    names = [path.name for path in (tmp_path / "out").rglob("*")]
    assert any(name.startswith("basics") for name in names)
    assert not [name for name in names if name.startswith("final")]


def test_what_is_wrong_is_named_by_file_and_line_and_nothing_is_loaded(private, capsys):
    replace(private / "banks/final.yaml", "lesson: second", "lesson: third")
    said = refused(private, capsys)
    assert re.search(r"private/banks/final\.yaml:\d+: .*third", said)
    assert "The banks have errors. Nothing was loaded." in said
    assert not Bank.objects.filter(kind="exam").exists()


def test_bank_that_is_no_exam_is_refused(private, capsys):
    replace(private / "banks/final.yaml", "kind: exam", "kind: module")
    assert "This is not a bank of exam questions." in refused(private, capsys)


def test_bank_with_the_key_of_a_public_one_is_refused(private, capsys):
    for path in list((private / "banks").iterdir()):
        replace(path, "bank: final", "bank: basics")
        path.rename(path.with_name(path.name.replace("final", "basics")))
    assert "already has a bank “basics” whose answers are public" in refused(private, capsys)
    assert Bank.objects.get(key="tiny/basics").kind == "module"


def test_folder_is_refused_that_is_public_missing_empty_or_has_something_else(
    private, capsys, courses_folder
):
    assert "is inside the course files, which are public" in refused(courses_folder / "tiny", capsys)
    assert "is not a folder" in refused(private / "nothing", capsys)
    empty = private / "empty"
    empty.mkdir()
    assert "There is no bank here." in refused(empty, capsys)
    shutil.copy(FIXTURES / "courses/tiny/course.yaml", private)
    assert "Only banks of exam questions can be here." in refused(private, capsys)
    with pytest.raises(CommandError, match="There is no course with the key “nothing”"):
        call_command("load_exam_banks", "nothing", str(private))
    assert Course.objects.count() == 1


def test_only_the_plan_of_the_course_is_read(private):
    course = Course.objects.get(key="tiny")
    with CaptureQueriesContext(connection) as queries:
        folder = read_exam_banks(private, course)
    assert folder.problems == []
    assert not [query for query in queries.captured_queries if 'FROM "quizzes_question"' in query["sql"]]
