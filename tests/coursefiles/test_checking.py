import shutil

import pytest
from django.core.management import CommandError, call_command

from maarifa.coursefiles.checking import check, translations
from maarifa.coursefiles.problems import problem
from maarifa.coursefiles.reading import find_folders, read_folder
from tests.coursefiles.conftest import FIXTURES

WRONG = FIXTURES / "wrong"


def problems_in(root):
    folder = read_folder(root)
    check(folder)
    return [str(found).removeprefix(f"{root}/") for found in folder.in_order()]


@pytest.mark.parametrize("case", sorted(path.name for path in WRONG.iterdir()))
def test_check_names_what_is_wrong_with_its_line(tiny, case):
    shutil.copytree(WRONG / case, tiny, dirs_exist_ok=True)
    expected = (tiny / "PROBLEMS").read_text().splitlines()
    (tiny / "PROBLEMS").unlink()
    if (tiny / "REMOVED").exists():
        for path in (tiny / "REMOVED").read_text().split():
            (tiny / path).unlink()
        (tiny / "REMOVED").unlink()
    assert expected
    assert problems_in(tiny) == expected


def test_check_finds_nothing_wrong_with_a_right_course(tiny):
    assert problems_in(tiny) == []


def test_space_before_a_colon_of_yaml_is_no_space_of_french(tiny):
    path = tiny / "course.fr.yaml"
    path.write_text((tiny / "course.ar.yaml").read_text().replace("language: ar", "language: fr"))
    before = read_folder(tiny).files["course.fr.yaml"].shape
    path.write_text(path.read_text().replace("title:", "title :", 1))
    after = read_folder(tiny).files["course.fr.yaml"].shape
    assert after is not None
    assert after == before


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            b"",
            b"\xef\xbb\xbf",
            (
                ":1: The file begins with a byte order mark, which is invisible. To remove it, run "
                "format_courses."
            ),
        ),
        (
            b"\n",
            b"\r\n",
            ":1: The file has Windows line endings (CR LF). To change them to LF, run format_courses.",
        ),
    ],
)
def test_what_nobody_sees_in_a_file_is_named_and_fixed_by_formatting(tiny, before, after, told):
    path = tiny / "first/lesson.en.md"
    right = path.read_bytes()
    path.write_bytes(right.replace(before, after) if before else after + right)
    assert problems_in(tiny) == [f"first/lesson.en.md{told}"]
    call_command("format_courses", str(tiny), verbosity=0)
    assert path.read_bytes() == right


def test_check_forgives_a_translation_that_is_behind_what_is_new(tiny):
    plan = (tiny / "course.yaml").read_text()
    (tiny / "course.yaml").write_text(plan.replace("[find-a-rule]", "[find-a-rule, write-a-rule]"))
    words = (tiny / "course.en.yaml").read_text()
    (tiny / "course.en.yaml").write_text(words.replace("modules:", "  write-a-rule: Write one.\nmodules:", 1))
    assert problems_in(tiny) == []
    assert translations(read_folder(tiny))["course.ar.yaml"] == "stale"


def test_translations_tell_missing_stale_machine_and_reviewed_apart(tiny):
    (tiny / "second/lesson.ar.md").unlink()
    source = tiny / "first/lesson.en.md"
    source.write_text(source.read_text().replace("protects nobody", "helps nobody"))
    words = tiny / "course.ar.yaml"
    words.write_text(words.read_text().replace("state: machine", "state: reviewed"))
    bank = tiny / "banks/basics.en.yaml"
    bank.write_text(bank.read_text().replace("How many members", "How many states"))
    assert {path: str(state.value) for path, state in translations(read_folder(tiny)).items()} == {
        "course.ar.yaml": "reviewed",
        "first/lesson.ar.md": "stale",
        "second/lesson.ar.md": "missing",
        "banks/basics.ar.yaml": "stale",
    }


def test_find_folders_takes_a_course_or_a_folder_of_courses(courses_folder):
    assert find_folders([courses_folder]) == ([courses_folder / "tiny"], [])
    assert find_folders([courses_folder / "tiny"]) == ([courses_folder / "tiny"], [])
    found, problems = find_folders([courses_folder / "tiny/first", courses_folder / "nowhere"])
    assert found == []
    assert [problem.problem.code for problem in problems] == ["no_course", "no_folder"]


def test_check_courses_says_everything_and_fails(tiny, capsys):
    text = (tiny / "course.yaml").read_text()
    (tiny / "course.yaml").write_text(text.replace("draw: 3", "draw: 4"))
    (tiny / "notes.txt").write_text("Ask about the register.\n")
    with pytest.raises(CommandError, match=r"^2 problems\.$"):
        call_command("check_courses", str(tiny))
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(": ")[0] for line in lines] == [f"{tiny}/course.yaml:18", f"{tiny}/notes.txt"]


def test_check_courses_says_that_all_is_well(courses_folder, capsys):
    call_command("check_courses", str(courses_folder))
    assert capsys.readouterr().out == "1 course checked. No problems found.\n"


def test_check_courses_says_once_that_there_is_nothing(settings, capsys):
    settings.COURSES_DIRS = []
    call_command("check_courses")
    assert capsys.readouterr().out == "There is nothing to check.\n"


@pytest.mark.parametrize(
    ("draw", "told"),
    [
        (1, "The quiz chooses 1 question, but its bank has 0. Add questions to the bank."),
        (4, "The quiz chooses 4 questions, but its bank has 3. Choose fewer, or add questions to the bank."),
    ],
)
def test_sentence_of_too_few_questions_counts_what_the_quiz_chooses(draw, told):
    assert problem("few_questions", draw=draw, count=draw - 1).message == told
