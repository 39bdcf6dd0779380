"""Every file has one form: writing what was read gives it, and reading that gives the same."""

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from maarifa.coursefiles.reading import read_folder
from maarifa.coursefiles.shapes import BankTextsFile, CourseTextsFile, LessonFile
from maarifa.coursefiles.writing import canonical
from maarifa.curriculum.text.markdown import canonical as canonical_markdown
from maarifa.lib.shapes import shape
from maarifa.lib.strict_yaml import load

# No letters that YAML refuses: controls and half of a pair.
texts = st.text(
    st.characters(
        exclude_categories=("Cs", "Cc"), include_characters="\n", exclude_characters="\ufeff\u2028\u2029\x85"
    )
)
words = texts.map(str.strip).filter(bool)
lines = words.filter(lambda text: len(text.splitlines()) == 1)
keys = st.from_regex(r"[a-z0-9-]{1,20}", fullmatch=True)
marks = st.sampled_from([{}, {"source_digest": "0123456789012345", "state": "reviewed"}])
plenty = settings(max_examples=80, deadline=None)


def read_again(kind, text):
    found, problems = shape(kind, load(text))
    assert [str(problem) for problem in problems] == []
    return found


@plenty
@given(lines, words, st.dictionaries(keys, lines, max_size=3), marks)
def test_course_words_survive_writing_and_reading(title, summary, outcomes, marked):
    file = CourseTextsFile.model_validate(
        {
            "format": 1,
            "language": "no",
            "title": title[:200].strip(),
            "summary": summary,
            "outcomes": outcomes,
        }
        | marked
    )
    text = canonical(file)
    again = read_again(CourseTextsFile, text)
    assert again == file
    assert canonical(again) == text


@plenty
@given(st.dictionaries(keys, st.tuples(words, words, words), min_size=1, max_size=3))
def test_bank_words_survive_writing_and_reading(questions):
    file = BankTextsFile.model_validate(
        {
            "format": 1,
            "bank": "basics",
            "language": "ar",
            "questions": {
                key: {"stem": stem, "choices": {"true": {"feedback": yes}, "no": {"text": no}}}
                for key, (stem, yes, no) in questions.items()
            },
        }
    )
    text = canonical(file)
    again = read_again(BankTextsFile, text)
    assert again == file
    assert canonical(again) == text


@plenty
@given(lines, st.lists(lines, max_size=3), st.sampled_from(["2024", "2024-03", "2024-03-21"]), texts)
def test_lessons_survive_writing_and_reading(tmp_path_factory, title, objectives, date, body):
    source = {"title": "A law", "publisher": "A state", "date": date, "url": "https://example.org/law"}
    head = {"title": title[:200].strip(), "objectives": objectives, "sources": [source]}
    file = LessonFile.model_validate(head).with_body(canonical_markdown(body, language="fr"))
    text = canonical(file)
    head_text, _, body_text = text.removeprefix("---\n").partition("\n---\n")
    again = read_again(LessonFile, head_text).with_body(canonical_markdown(body_text, language="fr"))
    assert again == file
    assert canonical(again) == text


@plenty
@given(texts)
def test_canonical_markdown_is_canonical_already(body):
    once = canonical_markdown(body, language="fr")
    assert canonical_markdown(once, language="fr") == once


def test_format_courses_gives_files_their_form_and_then_leaves_them(tiny, capsys):
    plan = tiny / "course.yaml"
    right = plan.read_text()
    plan.write_text(
        "# A note that nobody keeps.\n" + right.replace("[en, ar]", '["en", "ar"]').replace("\n", "\r\n")
    )
    lesson = tiny / "first/lesson.en.md"
    written = lesson.read_text()
    lesson.write_text(written.replace("kind: single\nstem:", "kind:   'single'\nstem:"))
    call_command("format_courses", str(tiny))
    assert capsys.readouterr().out.splitlines() == [f"{plan}: rewritten", f"{lesson}: rewritten"]
    assert (plan.read_text(), lesson.read_text()) == (right, written)
    call_command("format_courses", str(tiny))
    assert capsys.readouterr().out == "All files are already in canonical form.\n"


def test_format_courses_puts_words_in_the_order_of_their_course(tiny):
    words = tiny / "banks/basics.en.yaml"
    right = words.read_text()
    start, end = right.index("  where:"), right.index("  named:")
    words.write_text(right[:start] + right[end:] + right[start:end])
    call_command("format_courses", str(tiny))
    assert words.read_text() == right


def test_format_courses_leaves_what_has_mistakes(tiny, capsys):
    plan = tiny / "course.yaml"
    plan.write_text(plan.read_text().replace("licence:", "license:"))
    before = plan.read_text()
    with pytest.raises(CommandError, match=r"Files that have problems were not changed\."):
        call_command("format_courses", str(tiny))
    assert plan.read_text() == before
    assert f"{plan}:5: license: There is no field with this name here." in capsys.readouterr().out


def test_format_courses_stamps_a_translation_that_is_up_to_date(tiny):
    source, translation = tiny / "first/lesson.en.md", tiny / "first/lesson.ar.md"
    source.write_text(source.read_text().replace("protects nobody", "helps nobody"))
    before = translation.read_text()
    call_command("format_courses", "--translated", str(translation))
    digest = read_folder(tiny).files["first/lesson.ar.md"].shape.source_digest
    assert translation.read_text() == before.replace("261e422d6bc7545e", digest)
    assert digest != "261e422d6bc7545e"


def test_format_courses_stamps_every_question_of_a_bank_and_marks_the_new_as_machine_made(tiny):
    words = tiny / "banks/basics.ar.yaml"
    right = words.read_text()
    words.write_text(right.replace("    source_digest: ca654495193382f9\n    state: machine\n", ""))
    call_command("format_courses", "--translated", str(words))
    assert words.read_text() == right


def test_format_courses_names_a_translation_that_is_not_there(tiny, capsys):
    for path, told in (
        (tiny / "third/lesson.ar.md", "There is no file at this path. Correct the path."),
        (tiny.parent / "lesson.ar.md", "course.yaml is missing. Create it first."),
    ):
        if told.startswith("course.yaml"):
            path.write_text("Text.")
        with pytest.raises(CommandError, match=r"^1 problem\. Files that have problems were not changed\.$"):
            call_command("format_courses", "--translated", str(path))
        assert told in capsys.readouterr().out


def test_format_courses_leaves_a_translated_figure_as_it_is(tiny):
    """It remembers no source: its words are a drawing."""
    (tiny / "figures").mkdir()
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>A map</title></svg>\n'
    for language in ("en", "ar"):
        (tiny / f"figures/map.{language}.svg").write_text(drawing)
    call_command("format_courses", "--translated", str(tiny / "figures/map.ar.svg"))
    assert (tiny / "figures/map.ar.svg").read_text() == drawing


def test_format_courses_stamps_no_source(tiny, capsys):
    with pytest.raises(CommandError):
        call_command("format_courses", "--translated", str(tiny / "first/lesson.en.md"))
    assert (
        "This file is not a translation: the course is written in “en”. Use a file in another language."
    ) in capsys.readouterr().out
