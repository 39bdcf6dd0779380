"""What the profile `maarifa` asks of a course, tried on the shipped one: each mistake is found, and nothing else is."""

import shutil
from datetime import date

import pytest
import yaml

from maarifa.coursefiles.checking import check
from maarifa.coursefiles.profile import check_profile
from maarifa.coursefiles.reading import read_folder
from maarifa.curriculum.text.markdown import count_words
from tests.services import ROOT

COURSE, GOVERNANCE = "open-models-at-low-cost", "ai-governance-foundations"
TODAY = date(2026, 11, 26)
LESSON, BANK, WORDS = (
    "does-it-fit/lesson.en.md",
    "banks/memory-and-hardware.yaml",
    "banks/memory-and-hardware.en.yaml",
)


@pytest.fixture
def course(tmp_path):
    """A copy of the shipped course in its source language alone, to be changed freely."""
    root = tmp_path / COURSE
    shutil.copytree(ROOT / "courses" / COURSE, root)
    for path in root.rglob("*.*.*"):
        if path.name.split(".")[-2] != "en":
            path.unlink()
    replace(root / "course.yaml", r"[en, fr, ar]", "[en]")
    return root


@pytest.fixture
def governance(tmp_path):
    """A copy of the shipped course on governance in all its languages."""
    return shutil.copytree(ROOT / "courses" / GOVERNANCE, tmp_path / GOVERNANCE)


def replace(path, old, new, *, count=1):
    path.write_text(path.read_text().replace(old, new, count))


def problems(root, today=TODAY):
    folder = read_folder(root)
    check(folder)
    check_profile(folder, today=today)
    return folder.in_order()


def codes(root, today=TODAY):
    found = problems(root, today)
    assert all(one.problem.line for one in found)
    return [one.problem.code for one in found]


def test_shipped_course_keeps_its_profile(course):
    assert codes(course) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        ("course.yaml", "    outcomes: [size-the-weights]\n", "", "lesson_outcomes"),
        ("course.yaml", "[size-the-weights]\n  - key", "[size-the-wait]\n  - key", "outcome_unknown"),
        ("course.yaml", "draw: 8", "draw: 9", "cells_sum"),
        ("course.yaml", "      count: 1\n", "      count: 3\n", "cells_sum"),
        ("course.yaml", "level: recall", "level: judgement", "few_in_cell"),
        (LESSON, "review_by: 2027-05-26", "review_by: 2026-11-25", "review_passed"),
        (LESSON, "checked: 2026-11-26\n", "", "no_date"),
        (LESSON, "key: recall-heads", "key: heads", "recalls"),
        (LESSON, "(glossary:swap)", "(glossary:swop)", "term_unknown"),
        (LESSON, "(glossary:swap)", "(worksheet:swap)", "worksheet_unknown"),
        (LESSON, "(figures/memory-of-the-pc.svg)", "(figures/memory.svg)", "figure_unknown"),
        (LESSON, "(figures/memory-of-the-pc.svg)", "(pictures/memory.svg)", "md_image"),
        (LESSON, "objectives:\n", "objectives:\n- One.\n- Two.\n", "objectives_count"),
        ("choosing-hardware/lesson.en.md", "key: recall-moe", "key: moe", "practice_count"),
        ("memory-of-weights/lesson.en.md", "key: two-bits", "key: recall-bits", "no_recalls"),
        ("course.yaml", "level: recall", "level: application", "cell_twice"),
        ("course.yaml", "  worksheet: deployment-sizing\n", "", "worksheet_unplanned"),
        (BANK, "  outcome: size-the-weights\n", "", "no_cell"),
        (BANK, "outcome: size-the-weights", "outcome: size-the-wait", "outcome_unknown"),
        ("worksheets/deployment-sizing.en.md", "title: Deployment sizing\n", "", "missing"),
        ("figures/memory-of-the-pc.en.svg", "<title>", "<script/><title>", "figure_element"),
        ("glossary.en.yaml", "    meaning: ", "    means: ", "extra_forbidden"),
    ],
)
def test_mistake_is_found(course, path, old, new, code):
    assert old in (course / path).read_text()
    replace(course / path, old, new)
    assert code in codes(course)


def cut(path, start, end):
    """Takes away what stands from `start` up to `end`."""
    text = path.read_text()
    at = text.index(start)
    path.write_text(text[:at] + text[text.index(end, at + len(start)) :])


def test_lesson_without_sources_is_told(course):
    cut(course / LESSON, "sources:\n", "checked:")
    assert codes(course) == ["no_sources"]


def test_quiz_that_draws_from_the_whole_bank_is_told(course):
    cut(course / "course.yaml", "    cells:\n", "    pass_percent")
    assert codes(course) == ["no_cells"]


def test_bank_of_fewer_than_fifteen_is_told_with_its_count(course):
    bank, words = (yaml.safe_load((course / path).read_text()) for path in (BANK, WORDS))
    kept = bank["questions"][:14]
    bank["questions"] = kept
    words["questions"] = {one["key"]: words["questions"][one["key"]] for one in kept}
    (course / BANK).write_text(yaml.safe_dump(bank, sort_keys=False))
    (course / WORDS).write_text(yaml.safe_dump(words, sort_keys=False, allow_unicode=True))
    (found,) = [one for one in problems(course) if one.problem.code == "bank_small"]
    assert "Number of questions in the bank: 14." in str(found)


def test_two_attempts_differ_in_every_cell(course):
    replace(course / BANK, "level: judgement", "level: application")
    replace(course / BANK, "level: judgement", "level: application")
    assert codes(course) == ["cell_spare"]


def test_text_too_long_or_too_short_is_told_with_its_count(course):
    there = count_words(read_folder(course).files[LESSON].shape.body)
    replace(course / LESSON, "## If it does not fit", "word " * 400 + "\n\n## If it does not fit")
    (found,) = [one for one in problems(course) if one.problem.code == "word_count"]
    assert f"Words in the text, not counting practice: {there + 400}." in str(found)


def test_figure_without_words_for_it_is_told(course):
    text = (course / LESSON).read_text()
    at = text.index("![") + 2
    (course / LESSON).write_text(text[:at] + "A bar" + text[text.index("]", at) :])
    assert codes(course) == ["alternative_short"]


def test_choice_without_feedback_is_told(course):
    text = (course / WORDS).read_text()
    at = text.index("        feedback: ")
    (course / WORDS).write_text(text[:at] + text[text.index("\n", at) + 1 :])
    assert codes(course) == ["no_feedback"]


def warnings(root):
    folder = read_folder(root)
    check(folder)
    check_profile(folder, today=TODAY)
    assert all(one.problem.line for one in folder.warnings)
    return folder.warnings


def pad_choices(path, *, right):
    """Pads the right choices in the file, or the wrong ones."""
    text = path.read_text().split("\n")
    for number, line in enumerate(text):
        after = text[number + 1] if number + 1 < len(text) else ""
        if line.startswith("        text: ") and ("feedback: Right." in after) == right:
            text[number] += " and so on and so on, for as many words as it takes to differ"
        if line.startswith("- text: ") and f"correct: {str(right).lower()}" in after:
            text[number] += " and so on and so on, for as many words as it takes to differ"
    path.write_text("\n".join(text))


@pytest.mark.parametrize(("right", "code"), [(True, "key_long"), (False, "key_short")])
@pytest.mark.parametrize("path", [WORDS, LESSON])
def test_choice_that_its_length_gives_away_is_a_warning(course, path, right, code):
    before = {str(one) for one in warnings(course)}
    pad_choices(course / path, right=right)
    found = [one for one in warnings(course) if str(one) not in before]
    assert {one.problem.code for one in found} == {code}
    assert all(path in one.path for one in found)
    # A warning keeps nothing from being published: a key is never padded for it.
    assert [one for one in codes(course) if one.startswith("key")] == []


@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_word_such_as_only_is_there_in_both_languages_or_in_neither(governance, kind):
    asked = yaml.safe_load((governance / "banks" / "foundations.yaml").read_text())["questions"]
    path = governance / "banks" / "foundations.fr.yaml"
    bank = yaml.safe_load(path.read_text())
    choices = bank["questions"][next(one["key"] for one in asked if one["kind"] == kind)]["choices"]
    choice = next(iter(choices.values()))
    choice["text"] = f"Seulement {choice['text']}"
    path.write_text(yaml.safe_dump(bank, sort_keys=False, allow_unicode=True))
    (found,) = [one for one in problems(governance) if one.problem.code == "limit_lost"]
    assert "foundations.fr.yaml" in found.path
    assert "Seulement" in str(found)


def test_word_that_the_term_base_rules_out_is_told_with_its_line(governance):
    path = governance / "who-must-be-told" / "lesson.fr.md"
    path.write_text(path.read_text().rstrip() + "\n\nDes données personnelles.\n")
    (found,) = [one for one in problems(governance) if one.problem.code == "never_term"]
    assert found.problem.line == path.read_text().count("\n")
    assert "données à caractère personnel" in str(found)


def test_bank_whose_wrong_choices_speak_absolutely_is_told(course):
    text = (course / WORDS).read_text().split("\n")
    for number, line in enumerate(text):
        if line.startswith("        text: ") and "feedback: Right." not in text[number + 1]:
            text[number] += " always"
    (course / WORDS).write_text("\n".join(text))
    assert "guessable_words" in codes(course)


def test_no_jurisdiction_may_have_most_of_the_words_on_law(course):
    card = "\n```jurisdiction\nkey: {0}\nname: {0}\n" + "".join(
        f"{field}: one two three\n"
        for field in "text scope duties enforcement criticism_home criticism_abroad borrow".split()
    )
    cards = "".join(card.format(key) + "```\n" for key in ("a", "b", "c", "d"))
    lesson = course / LESSON
    lesson.write_text(lesson.read_text() + cards)
    assert codes(course) == []
    lesson.write_text(
        lesson.read_text().replace("scope: one two three", "scope: one two three four five six", 1)
    )
    assert codes(course) == ["law_balance"]


@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        ("the-full-cycle/lesson.{}.md", "| 30 |", "| 31 |", "numbers_differ"),
        ("banks/foundations.{}.yaml", " 400 ", " 401 ", "numbers_differ"),
        ("the-full-cycle/lesson.{}.md", "\n## ", "\n### ", "outline_differs"),
        ("the-full-cycle/lesson.{}.md", "key: recall-unseen", "key: recall-seen", "practice_differs"),
        ("worksheets/first-page.{}.md", "\n## ", "\n### ", "outline_differs"),
    ],
)
def test_translation_that_strays_from_its_source_is_told(governance, language, path, old, new, code):
    replace(governance / path.format(language), old, new)
    (found,) = [one for one in problems(governance) if one.problem.code == code]
    assert found.path == str(governance / path.format(language))


def test_partner_may_do_otherwise(course):
    replace(course / "course.yaml", "profile: maarifa", "profile: partner")
    replace(course / LESSON, "checked: 2026-11-26\n", "")
    replace(course / LESSON, "key: recall-heads", "key: heads")
    assert codes(course, today=date(2030, 1, 1)) == []
