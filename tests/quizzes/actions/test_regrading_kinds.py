"""Grading a question of any kind again, and what its learner then reads."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from maarifa.quizzes.errors import RegradeError
from maarifa.quizzes.kinds import KINDS
from maarifa.quizzes.models import Question
from maarifa.quizzes.regrading import preview
from maarifa.quizzes.reviews import review
from tests.factories.quizzes import (
    RIGHT,
    STRUCTURES,
    WRONG,
    make_attempt,
    make_quiz,
    make_version,
    right_responses,
    submit,
    words_of,
    wrong_responses,
)
from tests.factories.regrading import correction_of, regraded
from tests.quizzes.regrading import asked, learner, points, row_of

pytestmark = pytest.mark.django_db

STEPS = STRUCTURES["case"]["steps"]
TO_QUITO = dict.fromkeys(STRUCTURES["matching"]["items"], "quito")
OTHER_KEYS = {
    "single": ({"correct": ["a"]}, ["a"]),
    "multiple": ({"correct": ["b"]}, ["b"]),
    "truefalse": ({"correct": ["true"]}, ["true"]),
    "numeric": ({"answer": "99"}, "99 GB"),
    "gaps": (
        {"gaps": {**STRUCTURES["gaps"]["gaps"], "1": {"choices": ["a", "b", "c"], "correct": "a"}}},
        {"1": "a", "2": "secret gap"},
    ),
    "matching": ({"pairs": TO_QUITO}, TO_QUITO),
    "extended": ({"pairs": WRONG["extended"]}, WRONG["extended"]),
    "ordering": ({"items": ["store", "reap", "water", "sow"]}, WRONG["ordering"]),
    "case": (
        {
            "steps": {
                **STEPS,
                "triage": {**STEPS["triage"], "correct": ["a"]},
                "late": {**STEPS["late"], "correct": ["true"]},
            }
        },
        WRONG["case"],
    ),
}
"""By kind, what says another key, and the answer that is right by it alone."""


def answered(kind, response):
    """An attempt with this answer to a question of the kind, and a right one to another question."""
    version = make_version(make_quiz([kind, "single" if kind != "single" else "truefalse"]))
    attempt = make_attempt(learner=learner("amina"), quiz_version=version)
    answers = right_responses(attempt)
    position = str(row_of(attempt, kind).position)
    return submit(attempt, {**answers, position: response})


def version_of(attempt, kind):
    return asked(attempt.quiz_version, kind)


def changed(kind, structure):
    """The draft of the question with this structure."""
    question = Question.objects.get(kind=kind)
    question.structure = structure
    question.save()
    for text in question.texts.all():
        text.texts = words_of(kind, structure, question.key, text.language)
        text.save()
    return question


def verdict(attempt, kind, language="en"):
    """Of the question of this kind: what the review knows, and the page of the review."""
    reviewed = review(attempt, language)
    with override(language):
        page = render_to_string("quizzes/review.html", {"review": reviewed})
    return next(one for one in reviewed.questions if one.kind.name == kind), page


@pytest.mark.parametrize("method", ["everyone", "drop"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_can_be_graded_again(kind, method, author):
    version = make_version(make_quiz([kind, "single" if kind != "single" else "truefalse"]))
    attempt = make_attempt(learner=learner("amina"), quiz_version=version)
    submit(attempt, wrong_responses(attempt))
    regraded(asked(version, kind), method, by=author)
    assert points(attempt)[:2] == ((1, 2) if method == "everyone" else (0, 1))


def test_every_kind_whose_key_is_in_its_structure_has_another_key_here():
    assert set(OTHER_KEYS) == set(KINDS) - {"shorttext"}


@pytest.mark.parametrize("method", ["accept", "corrected"])
@pytest.mark.parametrize("kind", OTHER_KEYS)
def test_answer_that_becomes_right_earns_the_points_and_reads_so(kind, method, author):
    key, response = OTHER_KEYS[kind]
    attempt = answered(kind, response)
    assert points(attempt)[0] < 2
    structure = {**STRUCTURES[kind], **key}
    structure.pop("also", None)
    if method == "corrected":
        changed(kind, structure)
    more = {"structure": structure} if method == "accept" else {}
    regraded(version_of(attempt, kind), method, by=author, **more)
    assert points(attempt) == (2, 2, True)
    for language in ("en", "ar"):
        found, page = verdict(attempt, kind, language)
        assert found.right
        assert "✗" not in page
        assert "✓" in page


def test_answer_that_stays_right_reads_so_beside_another_key(author):
    attempt = answered("numeric", "12.5")
    regraded(
        version_of(attempt, "numeric"), "accept", by=author, structure={"answer": "14", "tolerance": "0"}
    )
    found, _page = verdict(attempt, "numeric")
    assert (found.right, found.reviewed.percent, found.reviewed.answer) == (True, 100, "12.5")


@pytest.mark.parametrize("lower", [False, True])
def test_number_with_its_unit_is_still_read_under_another_key(lower, author):
    attempt = answered("numeric", "14 GB")
    changed("numeric", {"answer": "14", "tolerance": "0"})
    regraded(version_of(attempt, "numeric"), "corrected", by=author, lower=lower)
    assert points(attempt) == (2, 2, True)


@pytest.mark.parametrize("kind", ["shorttext", "gaps"])
def test_typed_text_is_judged_in_words_by_the_key_that_earned_the_points(kind, author):
    attempt = answered(kind, "another word" if kind == "shorttext" else {"1": "b", "2": "another word"})
    question = Question.objects.get(kind=kind)
    for text in question.texts.all():
        words = text.texts if kind == "shorttext" else text.texts["gaps"]["2"]
        words["accepted"] = ["another word"]
        text.save()
    regraded(version_of(attempt, kind), "corrected", by=author)
    assert points(attempt) == (2, 2, True)
    found, page = verdict(attempt, kind)
    feedback = found.reviewed.feedback if kind == "shorttext" else found.reviewed.gaps[1].feedback
    assert feedback == f"SECRET correct feedback of {question.key}"
    assert "✗" not in page


def test_review_is_in_a_language_that_the_corrected_key_lacks(author):
    attempt = answered("gaps", {"1": "a", "2": "secret gap"})
    question = changed("gaps", {**STRUCTURES["gaps"], **OTHER_KEYS["gaps"][0]})
    question.texts.filter(language="ar").delete()
    regraded(version_of(attempt, "gaps"), "corrected", by=author)
    found, page = verdict(attempt, "gaps", "ar")
    assert [gap.right for gap in found.reviewed.gaps] == [True, True]
    assert "✗" not in page


@pytest.mark.parametrize("gap", [{"choices": ["a", "b"], "correct": "b"}, {"typed": True}])
def test_key_with_other_choices_in_a_gap_is_refused(gap, author):
    attempt = answered("gaps", {"1": "c", "2": "secret gap"})
    question = Question.objects.get(kind="gaps")
    question.structure = {"gaps": {**STRUCTURES["gaps"]["gaps"], "1": gap}}
    question.save()
    for text in question.texts.all():
        choices = {key: f"{key} of it" for key in gap.get("choices", [])}
        text.texts["gaps"]["1"] = {"choices": choices} if choices else {"accepted": ["b"]}
        text.save()
    with pytest.raises(RegradeError) as refused:
        preview(correction_of(version_of(attempt, "gaps"), "corrected"))
    assert refused.value.code == "OTHER_ANSWERS"


@pytest.mark.parametrize(
    ("step", "refused"),
    [
        ({"triage": {**STEPS["triage"], "next": {"a": "check", "b": "late", "c": "check"}}}, True),
        ({"late": {"kind": "shorttext", "next": "report"}}, True),
        ({"triage": {**STEPS["triage"], "weight": 3}}, False),
    ],
)
def test_case_with_other_ways_is_refused_as_its_own_key(step, refused, author):
    """An answer to the old path would earn nothing by it."""
    attempt = answered("case", RIGHT["case"])
    changed("case", {**STRUCTURES["case"], "steps": {**STEPS, **step}})
    correction = correction_of(version_of(attempt, "case"), "corrected", lower=True)
    if not refused:
        assert preview(correction)
        return
    with pytest.raises(RegradeError) as refusal:
        preview(correction)
    assert refusal.value.code == "OTHER_ANSWERS"


def test_choices_in_another_order_are_the_same_answers(author):
    attempt = answered("single", ["a"])
    changed("single", {"choices": ["c", "b", "a"], "correct": ["a"]})
    regraded(version_of(attempt, "single"), "corrected", by=author)
    assert points(attempt) == (2, 2, True)


def test_review_grades_nothing_again_where_no_key_was_added(monkeypatch):
    attempt = answered("single", ["b"])

    def refuse(*args):
        raise AssertionError("graded again")

    monkeypatch.setattr(KINDS["single"], "grade", refuse)
    assert review(attempt, "en").right == 2
