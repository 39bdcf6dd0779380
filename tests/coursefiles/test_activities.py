"""Modules whose quizzes do not simply follow their lessons."""

import pytest

from maarifa.coursefiles.actions import export_course, format_course, load_course
from maarifa.coursefiles.checking import check
from maarifa.coursefiles.reading import read_folder
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import Activity, Course, Module
from maarifa.quizzes.models import Quiz
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

QUIZ = """    bank: basics
    draw: 3
    pass_percent: 60
    attempts: 3
    wait_minutes: 60
    minutes: 10
"""
MODULES = f"""modules:
- key: basics
  activities:
  - kind: quiz
    key: basics-quiz
{QUIZ}  - kind: lesson
    key: first
    activity_minutes: 5
    outcomes: [find-a-rule]
  - kind: quiz
    key: middle-quiz
{QUIZ}  - kind: lesson
    key: second
    activity_minutes: 5
- key: end
  activities:
  - kind: quiz
    key: final-quiz
{QUIZ}requirements:
"""


@pytest.fixture
def mixed(tiny):
    """The tiny course with quizzes before, between and after its lessons."""
    plan = tiny / "course.yaml"
    text = plan.read_text()
    plan.write_text(text[: text.index("modules:\n")] + MODULES + text[text.index("  lessons: all") :])
    for path in tiny.glob("course.*.yaml"):
        text = path.read_text()
        words = text.replace("modules:\n", "modules:\n  end:\n    title: The end\n").replace(
            "quizzes:\n", "quizzes:\n  middle-quiz:\n    title: Middle\n  final-quiz:\n    title: Last\n"
        )
        path.write_text(words)
    return tiny


def problems(root) -> list[str]:
    folder = read_folder(root)
    check(folder)
    return [str(found).partition(": ")[2] for found in folder.in_order()]


def load(root, by=None) -> Draft:
    folder = read_folder(root)
    check(folder)
    load_course(folder=folder, by=by)
    return Draft.read(Course.objects.get())


def order(draft: Draft) -> list[tuple[str, list[str]]]:
    return [
        (module.key, [activity.key for activity in draft.activities_of(module)]) for module in draft.modules
    ]


def settled(root):
    """With every file in its canonical form."""
    format_course(folder=read_folder(root))
    return root


def test_activities_are_loaded_in_their_order_and_written_back_as_they_were(mixed, tmp_path):
    settled(mixed)
    before = (mixed / "course.yaml").read_bytes()
    draft = load(mixed)
    assert order(draft) == [
        ("basics", ["basics-quiz", "first", "middle-quiz", "second"]),
        ("end", ["final-quiz"]),
    ]
    export_course(course=draft.course, folder=tmp_path / "out")
    assert (tmp_path / "out/tiny/course.yaml").read_bytes() == before
    assert MODULES.encode() in before


def test_old_list_loads_as_before_and_a_quiz_may_move_away_and_back(tiny, mixed, courses_folder):
    draft = load(settled(mixed))
    quiz = Quiz.objects.get(key="tiny/basics-quiz")
    text = (mixed / "course.yaml").read_text()
    short = text[: text.index("modules:\n")] + SHORT + text[text.index("  lessons: all") :]
    (mixed / "course.yaml").write_text(short)
    for path in mixed.glob("course.*.yaml"):
        path.write_text(without(path))
    draft = load(mixed)
    assert order(draft) == [("basics", ["first", "second", "basics-quiz"])]
    assert list(draft.quizzes.values()) == [quiz]
    assert set(Quiz.objects.filter(retired_at=None)) == {quiz}


SHORT = f"""modules:
- key: basics
  lessons:
  - key: first
    activity_minutes: 5
  - key: second
    activity_minutes: 5
  quiz:
    key: basics-quiz
{QUIZ}requirements:
"""


def without(path) -> str:
    gone = (
        "  end:",
        "    title: The end",
        "  middle-quiz:",
        "    title: Middle",
        "  final-quiz:",
        "    title: Last",
    )
    return "".join(line for line in path.read_text().splitlines(True) if line.rstrip() not in gone)


def test_list_of_activities_is_not_canonical_where_lessons_and_a_quiz_would_do(tiny):
    text = (tiny / "course.yaml").read_text()
    long = f"""modules:
- key: basics
  activities:
  - kind: lesson
    key: first
    activity_minutes: 5
  - kind: lesson
    key: second
    activity_minutes: 5
  - kind: quiz
    key: basics-quiz
{QUIZ}requirements:
"""
    (tiny / "course.yaml").write_text(
        text[: text.index("modules:\n")] + long + text[text.index("  lessons: all") :]
    )
    (found,) = problems(tiny)
    assert found.endswith("It should be:   lessons:")


WRONG = {
    "both lists": (
        ("  activities:\n", "  lessons:\n  - key: third\n    activity_minutes: 5\n  activities:\n"),
        (
            "This module has a list of activities, which already contains its lessons and quizzes in "
            "order. Remove this field."
        ),
    ),
    "no such kind": (
        ("  - kind: lesson\n    key: first", "  - kind: lecture\n    key: first"),
        "“lecture” is not allowed here. Write one of these: lesson, quiz.",
    ),
    "no kind": (("  - kind: lesson\n    key: first", "  - key: first"), "This field is missing. Add it."),
    "no such field": (
        ("    key: first\n", "    key: first\n    draw: 3\n"),
        "There is no field with this name here. The fields are: kind, key, activity_minutes, outcomes.",
    ),
    "a quiz twice": (
        ("key: final-quiz", "key: middle-quiz"),
        "The quiz “middle-quiz” appears in the course twice.",
    ),
    "a bank that is not there": (("bank: basics", "bank: others"), "There is no file banks/others.yaml."),
    "no list": (("  activities:\n", "  others:\n"), "There is no field with this name here."),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_in_a_list_of_activities_is_said_with_its_place(mixed, name):
    (old, new), expected = WRONG[name]
    plan = mixed / "course.yaml"
    assert old in plan.read_text()
    plan.write_text(plan.read_text().replace(old, new, 1))
    assert any(expected in found and "modules." in found for found in problems(mixed)), problems(mixed)


def test_module_with_nothing_in_it_yet_is_exported_and_a_load_tells_of_it(mixed, tmp_path):
    """As it stands between adding a module in the admin and its first lesson."""
    course = load(settled(mixed)).course
    Module.objects.create(course=course, key="later", position=9)

    export_course(course=course, folder=tmp_path / "out")

    assert "- key: later\n  lessons: []\n" in (tmp_path / "out/tiny/course.yaml").read_text()
    # The file has not changed: the draft stays as it is.
    assert order(load(mixed))[-1] == ("later", [])


def test_plan_that_drops_a_quiz_says_in_the_history_who_took_it_out(tiny, mixed):
    person = UserFactory()
    load(settled(mixed))
    text = (mixed / "course.yaml").read_text()
    (mixed / "course.yaml").write_text(
        text[: text.index("modules:\n")] + SHORT + text[text.index("  lessons: all") :]
    )
    for path in mixed.glob("course.*.yaml"):
        path.write_text(without(path))

    load(mixed, by=person)

    gone = Activity.history.filter(history_type="-")
    assert {one.quiz.own_key for one in gone} == {"middle-quiz", "final-quiz"}
    assert {one.history_user for one in gone} == {person}


def test_outcome_of_a_cell_that_is_not_the_courses_is_told_with_its_place(mixed):
    plan = mixed / "course.yaml"
    text = plan.read_text()
    cells = (
        "    cells:\n"
        "    - {outcome: find-a-rule, level: recall, count: 2}\n"
        "    - {outcome: nowhere, level: recall, count: 1}\n"
    )
    plan.write_text(text.replace("    draw: 3\n", "    draw: 3\n" + cells, 1))
    told = [line for line in problems(mixed) if "nowhere" in line and "outcome" in line]
    sentence = "The course has no outcome “nowhere”. Use one of its outcomes."
    assert told == [f"modules.1.activities.1.cells.2.outcome: {sentence}"]
