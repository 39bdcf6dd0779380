"""Branching cases: how answers are read and fixed, what authors are told, what a review says."""

import re

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from maarifa.accounts.models import User
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import as_line, kind_named
from maarifa.quizzes.models import AttemptQuestion
from maarifa.quizzes.personal_data import _answer
from maarifa.quizzes.reviews import review
from tests.factories.cases import CASE, FEEDBACK, PERFECT, WORDS
from tests.factories.quizzes import STRUCTURES, make_attempt, make_quiz, make_version, save, submit, words_of

KIND = kind_named("case")
STRUCTURE = STRUCTURES["case"]
ORDER = ["check.c", "check.a", "check.b", "triage.c", "triage.a", "triage.b"]


# Reading answers


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ({}, None),
        ({"Open": ""}, None),
        ({"Open": "b"}, {"Open": "b"}),
        ({"triage": "b", "Open": "c,a"}, {"triage": "b", "Open": "a,c"}),
        ({"check": "c,a", "triage": "c"}, {"triage": "c", "check": "a,c"}),
        ({"triage": "a", "late": "true"}, {"triage": "a", "late": "true"}),
        (
            {"triage": "b", "check": "a", "report": "  two,   words "},
            {"triage": "b", "check": "a", "report": "two, words"},
        ),
    ],
)
def test_answer_is_kept_by_step(raw, kept):
    assert KIND.read(STRUCTURE, raw) == kept


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("b", "NOT_AN_ANSWER"),
        (["b"], "NOT_AN_ANSWER"),
        ({"triage": ["b"]}, "NOT_AN_ANSWER"),
        ({"triage": "z"}, "UNKNOWN_CHOICE"),
        ({"triage": "a,b"}, "ONE_CHOICE_ONLY"),
        ({"triage": "a,"}, "UNKNOWN_CHOICE"),
        ({"triage": ""}, "STEP_EMPTY"),
        # Steps that were not reached, or not on this path.
        ({"check": "a"}, "NOT_AN_ANSWER"),
        ({"triage": "a", "check": "a"}, "NOT_AN_ANSWER"),
        ({"triage": "b", "report": "x"}, "NOT_AN_ANSWER"),
        ({"triage": "a", "late": "true", "report": "x"}, "NOT_AN_ANSWER"),
        ({"triage": "a", "late": "true", "Open": "x"}, "NOT_AN_ANSWER"),
        ({"triage": "b", "check": "a", "Open": "x" * 201}, "TOO_LONG"),
    ],
)
def test_answer_that_cannot_be_read_is_refused(raw, code):
    with pytest.raises(AnswerError) as caught:
        KIND.read(STRUCTURE, raw)
    assert caught.value.code == code


def test_page_has_letters_for_steps_and_choices_as_it_shows_them():
    stored = {"triage": "b", "check": "a,c", "Open": "x,y"}
    there = KIND.masked(STRUCTURE, ORDER, stored)
    assert there == {"A": "b", "B": "c,a", "Open": "x,y"}
    assert KIND.unmasked(STRUCTURE, ORDER, there) == stored
    for raw in (None, "A", {"A": 1}, {"B": "a"}, {"A": "z", "C": "x"}):
        KIND.unmasked(STRUCTURE, ORDER, raw)


def test_form_says_which_step_is_to_be_fixed():
    answer = KIND.form.answer
    assert answer({"A": ["b"], "Open": ["c", "a"]}) == {"A": "b", "Open": "c,a"}
    assert answer({"A": ["b"], "Open": ["c", "a"], "B": [""]}) == {"A": "b", "B": "c,a"}
    assert answer({"A": [""]}) == {"A": ""}
    assert answer({}) == {}


def test_answer_is_said_in_words_in_the_order_of_the_path():
    words = words_of("case", STRUCTURE, "it", "en")
    response = {"report": "Late", "check": "a,c", "triage": "b"}
    shown = KIND.shows_after(STRUCTURE, words, ORDER, "en", response)
    assert KIND.said(shown, response) == [
        "1: Choice b of triage in it",
        "2: Choice c of check in it · Choice a of check in it",
        "3: Late",
    ]
    assert as_line({"triage": "b", "Open": "a"}) == "triage: b, Open: a"


def test_a_case_is_finished_when_its_last_step_is_fixed():
    finished = {"triage": "b", "check": "a", "report": "x"}
    assert KIND.is_finished(STRUCTURE, finished)
    assert KIND.is_finished(STRUCTURE, {"triage": "a", "late": "true"})
    assert not KIND.is_finished(STRUCTURE, {"triage": "b", "check": "a", "Open": "x"})
    assert not KIND.is_finished(STRUCTURE, {"triage": "a"})


# Saving


@pytest.fixture
def attempt(db):
    version = make_version(make_quiz(["case"], attempts=2))
    return make_attempt(learner=User.objects.create_user("amina"), quiz_version=version)


def kept(attempt):
    return attempt.questions.get().response


@pytest.mark.parametrize("bases", [None, {"1": None}])
def test_step_fixed_while_an_answer_was_on_its_way_stays(attempt, bases):
    """Rows that were read before the step was fixed, and an answer of the same form."""
    stale = list(attempt.questions.select_related("question_version"))
    save(attempt, {"1": {"triage": "b"}}, bases={"1": None})
    changed = save(attempt, {"1": {"Open": "a"}}, rows=stale, bases=bases)
    assert changed == []
    assert kept(attempt) == {"triage": "b"}
    # One that says the same changes nothing, and one that goes on is kept.
    stale = list(attempt.questions.select_related("question_version"))
    save(attempt, {"1": {"triage": "b", "check": "a"}}, bases={"1": {"triage": "b"}})
    save(attempt, {"1": {"triage": "b", "Open": "a"}}, rows=stale, bases={"1": {"triage": "b"}})
    assert kept(attempt) == {"triage": "b", "check": "a"}


def test_export_of_personal_data_says_every_step(attempt):
    save(attempt, {"1": {"triage": "b", "check": "a", "Open": "x"}})
    row = AttemptQuestion.objects.select_related("attempt__quiz__bank", "question_version").get()
    assert _answer(row) == ["1: Choice b of triage in case-1", "2: Choice a of check in case-1", "3: x"]


# The review


def reviewed(attempt, response, language="en", **more):
    submit(attempt, {"1": response})
    with override(language):
        html = render_to_string("quizzes/review.html", {"review": review(attempt, language, **more)})
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_review_walks_the_path_taken(attempt):
    text = reviewed(attempt, {"triage": "a", "late": "false"})
    assert "Facts of triage in case-1. What is triage in case-1? ✗ Incorrect. You chose: Choice a" in text
    assert "SECRET feedback on a of triage" in text
    assert "This step earned 0% of its points. Your answer led to step 2." in text
    assert "Facts of late in case-1." in text
    assert "This step earned 100% of its points. Your answer led to step 3." in text
    # The step that was shown and not answered.
    assert "Facts of report in case-1. What of report in case-1? ✗ You did not answer." in text
    for hidden in ("check", "Choice b", "SECRET report", "The best way"):
        assert hidden not in text


def test_review_says_the_best_path_where_the_rules_reveal_answers(attempt):
    text = reviewed(attempt, {"triage": "a", "late": "true"}, attempts_left=False)
    assert "The case ended with this answer." in text
    best = text.partition("The best way through this case:")[2]
    assert "Facts of triage in case-1. What is triage in case-1? Choice b of triage in case-1" in best
    assert (
        "Choice a of check in case-1 Choice c of check in case-1" in best
        or "Choice c of check in case-1 Choice a of check in case-1" in best
    )
    assert "What of report in case-1? SECRET report" in best


def test_review_of_the_best_path_names_no_other(attempt):
    text = reviewed(attempt, {"triage": "b", "check": "a,c", "report": "secret report"}, attempts_left=False)
    assert "The best way" not in text
    assert text.count("This step earned 100% of its points.") == 3


def test_review_of_nothing_keeps_the_case_while_attempts_are_left(attempt):
    text = reviewed(attempt, None)
    assert "You did not answer." in text
    assert "Facts" not in text


def test_answer_that_was_not_fixed_counts_and_leads_nowhere(attempt):
    text = reviewed(attempt, {"Open": "b"})
    assert "Correct. You chose: Choice b" in text
    assert "led to" not in text
    attempt.refresh_from_db()
    assert attempt.score == 50_000


# What authors are told


def step(**fields):
    return {"kind": "single", "choices": ["a", "b"], "correct": ["a"], "next": "end", **fields}


@pytest.mark.parametrize(
    ("structure", "problems"),
    [
        ({}, [("MISSING", "first"), ("steps_none", "steps")]),
        ({"first": "1", "steps": {}}, [("steps_none", "steps")]),
        ({"first": "2", "steps": {"1": step()}}, [("first_unknown", "first")]),
        ({"first": "1", "steps": {"1": step(next="2")}}, [("next_unknown", "steps.1.next")]),
        ({"first": "1", "steps": {"1": step(next="1")}}, [("step_loop", "steps.1.next")]),
        (
            {"first": "1", "steps": {"1": step(next={"a": "2", "b": "end"}), "2": step(next="1")}},
            [("step_loop", "steps.1.next")],
        ),
        ({"first": "1", "steps": {"1": step(), "2": step()}}, [("step_unreached", "steps.2")]),
        ({"first": "1", "steps": {"1": step(next={"a": "end"})}}, [("next_missing", "steps.1.next")]),
        (
            {"first": "1", "steps": {"1": step(next={"a": "end", "b": "end", "c": "end"})}},
            [("next_choice", "steps.1.next")],
        ),
        ({"first": "1", "steps": {"1": step(next=5)}}, [("next_form", "steps.1.next")]),
        ({"first": "1", "steps": {"1": step(next={})}}, [("next_form", "steps.1.next")]),
        (
            {"first": "1", "steps": {"1": step(kind="multiple", next={"a": "end", "b": "end"})}},
            [("next_kind", "steps.1.next")],
        ),
        ({"first": "end", "steps": {"end": step()}}, [("step_end", "steps.end")]),
        ({"first": "1", "steps": {"1": step(kind="gaps")}}, [("literal_error", "steps.1.kind")]),
        ({"first": "1", "steps": {"1": step(kind=["single"])}}, [("literal_error", "steps.1.kind")]),
        ({"first": "1", "steps": {"1": {"next": "end"}}}, [("MISSING", "steps.1.kind")]),
        ({"first": "1", "steps": {"1": 5}}, [("NOT_A_MAPPING", "steps.1")]),
        ({"first": "1", "steps": {"1": step(correct=[])}}, [("NO_CORRECT", "steps.1.correct")]),
        ({"first": "1", "steps": {"1": step(weight=0)}}, [("greater_than_equal", "steps.1.weight")]),
        ({"first": "1", "steps": {"1": step(tolerance="1")}}, [("UNKNOWN_FIELD", "steps.1.tolerance")]),
        (
            {"first": "1", "steps": {str(number): step(next=str(number + 1)) for number in range(1, 22)}},
            [("steps_many", "steps")],
        ),
    ],
)
def test_structure_that_is_wrong_is_said_by_step(structure, problems):
    found = KIND.structure_problems(structure)
    assert [(one.code, one.where) for one in found] == problems
    for one in found:
        assert one.message
        assert "None" not in one.message


def test_loop_is_said_with_its_path():
    structure = {
        "first": "1",
        "steps": {"1": step(next="2"), "2": step(next={"a": "3", "b": "end"}), "3": step(next="2")},
    }
    (problem,) = KIND.structure_problems(structure)
    assert problem.message == ("This step leads back to itself: 2 → 3 → 2. Change one of these next steps.")
    assert KIND.place_of(problem.where) == "Step 2: Next step"


def with_step(key, **texts):
    words = words_of("case", STRUCTURE, "it", "en")
    return {**words, "steps": {**words["steps"], key: {**words["steps"][key], **texts}}}


@pytest.mark.parametrize(
    ("words", "problems"),
    [
        (with_step("triage", stem=" "), [("MISSING", "steps.triage.stem")]),
        (with_step("triage", accepted=["x"]), [("step_text", "steps.triage.accepted")]),
        (
            with_step("triage", choices={"a": {"text": "A"}, "b": {"text": "B"}, "d": {"text": "D"}}),
            [("MISSING", "steps.triage.choices.c"), ("UNKNOWN_CHOICE", "steps.triage.choices.d")],
        ),
        (
            with_step("triage", choices={"a": {"text": "A"}, "b": {"text": "a"}, "c": {"text": "C"}}),
            [("SAME_CHOICES", "steps.triage.choices.b.text")],
        ),
        (
            with_step("late", choices={"true": {"text": "Yes"}}),
            [("UNKNOWN_FIELD", "steps.late.choices.true.text")],
        ),
        (
            {**with_step("late"), "steps": {**with_step("late")["steps"], "other": {"stem": "x"}}},
            [("STEP_UNKNOWN", "steps.other")],
        ),
        ({"stem": "What?"}, [("MISSING", f"steps.{key}") for key in ("triage", "late", "check", "report")]),
    ],
)
def test_texts_that_are_wrong_are_said_by_step(words, problems):
    found = KIND.texts_problems(STRUCTURE, words)
    assert [(one.code, one.where) for one in found] == problems
    assert all(one.message for one in found)


def test_missing_feedback_is_said_by_step():
    words = with_step("triage", choices={key: {"text": key} for key in "abc"})
    found = [one.message for one in KIND.feedback_problems(STRUCTURE, words)]
    assert found[0] == (
        "Step triage: The choice “a” has no feedback. Explain why it is correct or incorrect."
    )
    assert len(found) == 3


def test_example_of_people_is_right():
    assert KIND.structure_problems(CASE) == []
    for words in WORDS.values():
        assert KIND.texts_problems(CASE, words) == []
        assert KIND.feedback_problems(CASE, words) == []
    assert KIND.sample(CASE, WORDS, right=True) == PERFECT
    assert FEEDBACK


def test_steps_stand_in_files_in_the_order_in_which_they_are_reached():
    turned = {"steps": dict(reversed(CASE["steps"].items())), "first": "complaint"}
    turned["steps"]["complaint"] = dict(reversed(turned["steps"]["complaint"].items()))
    there = KIND.to_file(turned)
    assert list(there) == ["first", "steps"]
    assert list(there["steps"]) == ["complaint", "records", "newspaper", "decide"]
    assert list(there["steps"]["complaint"]) == ["kind", "choices", "correct", "credit", "weight", "next"]
    assert there["steps"]["newspaper"] == {"kind": "truefalse", "correct": [False], "next": "decide"}
    assert KIND.structure.model_validate(KIND.from_file(there)).stored() == CASE


def test_key_of_a_step_is_corrected_without_changing_what_is_asked():
    words = words_of("case", STRUCTURE, "it", "en")
    fields = KIND.structure_fields(STRUCTURE, words)
    cleaned = {
        name: field.clean(field.initial) for name, field in fields.items() if not KIND.is_asking_field(name)
    }
    assert {name.rpartition("-")[2] for name in cleaned} == {
        *("correct", "credit", "grading", "case", "diacritics")
    }
    changed = KIND.structure_from({**cleaned, "step-triage-correct": "a"}, STRUCTURE)
    triage = {**STRUCTURE["steps"]["triage"], "correct": ["a"]}
    check = {name: one for name, one in STRUCTURE["steps"]["check"].items() if name != "last"}
    assert changed == {**STRUCTURE, "steps": {**STRUCTURE["steps"], "triage": triage, "check": check}}


@pytest.mark.parametrize("kind", [[], {}, ["single"]])
def test_kind_that_is_no_text_is_read_from_a_file_and_written_again(kind):
    step = {"kind": kind, "next": {"a": "end"}}
    structure = KIND.from_file({"first": "1", "steps": {"1": step}})
    assert structure["steps"]["1"] == step
    assert KIND.structure_problems(structure)
