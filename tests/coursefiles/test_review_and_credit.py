"""What files say of partly right answers, of explanations, and of what learners see after submission."""

import pytest

from maarifa.coursefiles.actions import export_course, format_course, load_course
from maarifa.coursefiles.checking import check
from maarifa.coursefiles.reading import read_folder
from maarifa.curriculum.models import Course
from maarifa.quizzes.models import Question, QuestionText, Quiz
from tests.coursefiles.conftest import replace

pytestmark = pytest.mark.django_db


@pytest.fixture
def rich(tiny):
    """The tiny course with all that may be left out."""
    bank, english = tiny / "banks/basics.yaml", tiny / "banks/basics.en.yaml"
    replace(
        bank, "  choices: [a, b, c]\n  correct: [a]\n", "  choices: [a, b, c]\n  correct: [a]\n  last: [c]\n"
    )
    replace(bank, "  last: [c]\n", "  last: [c]\n  credit:\n    b: 50\n")
    replace(
        bank,
        "  tolerance: '0'\n",
        "  tolerance: 2%\n  near:\n    tolerance: '10'\n    percent: 50\n  units:\n    dozens: '0.5'\n",
    )
    replace(
        english,
        "      wrong: 'Look it up: the list is public.'\n",
        "      near: Close.\n      wrong: 'Look it up: the list is public.'\n"
        "    explanation: The list has 193 names.\n",
    )
    replace(tiny / "course.yaml", "    minutes: 10\n", "    minutes: 10\n    review: after-close\n")
    return tiny


def problems(root) -> list[str]:
    folder = read_folder(root)
    check(folder)
    return [str(found).partition("tiny/")[2] for found in folder.problems]


def test_all_of_it_is_loaded_and_exported_as_it_was(rich, tmp_path):
    assert problems(rich) == []
    folder = read_folder(rich)
    check(folder)
    load_course(folder=folder, by=None)
    assert Quiz.objects.get().review == "after-close"
    where, how_many = (Question.objects.get(key=key) for key in ("where", "how-many"))
    assert (where.structure["last"], where.structure["credit"]) == (["c"], {"b": 50})
    assert how_many.structure["near"] == {"tolerance": "10", "percent": 50}
    assert how_many.structure["units"] == {"dozens": "0.5"}
    text = QuestionText.objects.get(question=how_many, language="en")
    assert text.texts["explanation"] == "The list has 193 names."
    _paths, failed = export_course(course=Course.objects.get(), folder=tmp_path / "out")
    assert failed == {}
    for path in ("course.yaml", "banks/basics.yaml", "banks/basics.en.yaml"):
        assert (tmp_path / "out/tiny" / path).read_text() == (rich / path).read_text()


def test_usual_rule_is_not_written(tiny):
    replace(tiny / "course.yaml", "    minutes: 10\n", "    minutes: 10\n    review: all\n")
    format_course(folder=read_folder(tiny))
    assert "review" not in (tiny / "course.yaml").read_text()
    folder = read_folder(tiny)
    check(folder)
    load_course(folder=folder, by=None)
    assert Quiz.objects.get().review == "all"


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (
            "course.yaml",
            "review: after-close",
            "review: never",
            "modules.1.quiz.review: “never” is not allowed here. Write one of these: all, score, after-close.",
        ),
        (
            "banks/basics.en.yaml",
            "    unit: countries\n",
            "",
            "“unit” has no text here. Add it.",
        ),
        (
            "banks/basics.en.yaml",
            "unit: countries",
            "unit: Dozens",
            "This unit is also one of the other units of the question. Remove one of them.",
        ),
        (
            "banks/basics.yaml",
            "  near:\n    tolerance: '10'\n    percent: 50\n",
            "",
            "There are no points for nearly correct answers here",
        ),
        ("banks/basics.en.yaml", "The list has 193 names.", "''", "This text is empty."),
    ],
)
def test_what_is_wrong_is_named_in_its_file(rich, path, old, new, said):
    replace(rich / path, old, new)
    found = problems(rich)
    assert any(said in one for one in found), found
