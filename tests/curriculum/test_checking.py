"""What keeps a course from being published."""

from functools import partial

import pytest
from django.utils import timezone

from maarifa.curriculum.actions import save_material
from maarifa.curriculum.checking import held_back, notices_of, problems_of
from maarifa.curriculum.drafts import Draft
from maarifa.curriculum.models import Activity, Course, CourseText, LessonText, Module
from maarifa.quizzes.models import Question, QuestionText, Quiz
from tests.factories.curriculum import draft_course

pytestmark = pytest.mark.django_db


def problems(made) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in problems_of(Draft.read(made.course))]


def held(made) -> dict:
    found = held_back(Draft.read(made.course))
    return {place: [problem.code for problem in problems] for place, problems in found.items()}


def test_course_as_it_should_be_has_no_problem():
    assert problems(draft_course()) == []


def test_quiz_of_another_course_is_a_problem():
    made, other = draft_course(), draft_course()
    Activity.objects.filter(quiz=other.quiz).delete()
    Activity.objects.filter(quiz=made.quiz).update(quiz=other.quiz)
    assert problems(made) == [("quiz_elsewhere", other.quiz.key), ("quiz_unattached", "basics-quiz")]


@pytest.mark.parametrize("up_to_date", [True, False])
def test_practice_that_differs_between_languages_keeps_the_translation_back_where_it_should_not(up_to_date):
    made = draft_course()
    text = made.lessons[0].texts.get(language="ar")
    text.body = text.body.replace("correct: true", "correct: TRUE").replace("correct: false", "correct: true")
    text.body = text.body.replace("correct: TRUE", "correct: false")
    text.source_digest = text.source_digest if up_to_date else "0" * 16
    text.save()
    assert problems(made) == []
    assert held(made) == ({("first", "ar"): ["practice_differs"]} if up_to_date else {})


def test_other_objectives_than_those_of_the_source_keep_the_translation_back():
    made = draft_course()
    made.lessons[0].texts.filter(language="ar").update(objectives=[])
    assert held(made) == {("first", "ar"): ["objectives_differ"]}


def body(made, language, text):
    made.lessons[1].texts.filter(language=language).update(body=text)


def test_missing_figure_and_term_are_problems_of_the_original_with_their_line():
    made = draft_course()
    body(made, "en", "## Who\n\n![A map](figures/map.svg)\n\nSee [charter](glossary:charter).")
    found = problems_of(Draft.read(made.course))
    assert [(one.code, one.where, one.line, one.quote, one.field) for one in found] == [
        ("no_figure", "second (en)", 3, "![A map](figures/map.svg)", "body"),
        ("no_term", "second (en)", 5, "See [charter](glossary:charter).", "body"),
    ]
    assert found[0].about == made.lessons[1].texts.get(language="en")


def test_link_to_a_worksheet_that_no_module_ends_in_is_a_problem_with_its_line():
    made = draft_course()
    body(made, "en", "## Who\n\nFill in the [sheet](worksheet:rule-sheet).")
    found = problems_of(Draft.read(made.course))
    assert [(one.code, one.where, one.line, one.field) for one in found] == [
        ("worksheet_unknown", "second (en)", 3, "body")
    ]
    assert "“rule-sheet”" in str(found[0].message)
    made.module.worksheet = "rule-sheet"
    made.module.save()
    words = {"title": "Rule sheet", "summary": "One rule.", "body": "| Rule |\n| --- |\n| |"}
    save_material(course=made.course, kind="worksheet", key="rule-sheet", language="en", texts=words, by=None)
    assert problems(made) == []
    body(made, "ar", "## من\n\n[ورقة](worksheet:rule)")
    assert held(made) == {("second", "ar"): ["worksheet_unknown"]}


def test_missing_figure_of_a_translation_keeps_back_the_translation_only():
    made = draft_course()
    body(made, "ar", "## من\n\n![خريطة](figures/map.svg)")
    assert problems(made) == []
    assert held(made) == {("second", "ar"): ["no_figure"]}


def test_term_that_only_the_glossary_of_the_original_has_is_missing_where_the_language_has_its_own():
    made = draft_course()
    meant = {"charter": {"term": "charter", "meaning": "Who may do what."}}
    save = partial(save_material, course=made.course, kind="glossary", key="glossary", by=None)
    save(language="en", texts={"terms": meant})
    body(made, "ar", "## من\n\n[ميثاق](glossary:charter)")
    assert held(made) == {}
    save(language="ar", texts={"terms": {}}, state="machine", source_digest="0" * 16)
    assert held(made) == {("second", "ar"): ["no_term"]}


def test_quiz_of_no_module_is_a_problem_until_it_is_retired():
    made = draft_course()
    Activity.objects.filter(quiz=made.quiz).delete()
    Course.objects.update(requirements={"lessons": "all", "quizzes": []})
    made.course.refresh_from_db()
    assert problems(made) == [("quiz_unattached", "basics-quiz")]
    Quiz.objects.update(retired_at=timezone.now())
    assert problems(made) == []


def test_worksheet_that_is_not_there_is_a_problem():
    made = draft_course()
    Module.objects.update(worksheet="plan")
    assert problems(made) == [("no_worksheet", "basics")]


def test_question_of_no_cell_is_worth_a_look_and_too_few_in_a_cell_a_problem():
    made = draft_course(draw=2)
    Quiz.objects.update(cells=[{"outcome": "find-a-rule", "level": "recall", "count": 2}])
    Question.objects.filter(key="where").update(outcome_key="find-a-rule", level="recall")
    draft = Draft.read(made.course)
    assert [(one.code, one.params["question"]) for one in notices_of(draft)] == [
        ("no_cell", "named"),
        ("no_cell", "how-many"),
    ]
    assert problems(made) == [("few_in_cell", "basics-quiz")]


def test_what_is_not_translated_into_a_language_of_the_course_is_worth_a_look():
    made = draft_course()
    assert notices_of(Draft.read(made.course)) == []
    LessonText.objects.filter(lesson__key="second", language="ar").delete()
    QuestionText.objects.filter(question__key="where", language="ar").delete()
    holes = QuestionText.objects.get(question__key="named", language="ar")
    holes.texts["stem"] = ""
    holes.save()
    save = partial(save_material, course=made.course, kind="glossary", key="glossary", by=None)
    save(language="en", texts={"terms": {}})
    found = {one.code: one for one in notices_of(Draft.read(made.course))}
    assert {code: (one.params["language"], one.params["keys"]) for code, one in found.items()} == {
        "lessons_untranslated": ("ar", "second"),
        "materials_untranslated": ("ar", "glossary.en.yaml"),
        "questions_untranslated": ("ar", "where, named"),
    }
    assert problems(made) == []
    CourseText.objects.filter(language="ar").delete()
    assert notices_of(Draft.read(made.course))[0].code == "course_untranslated"
