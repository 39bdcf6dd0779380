"""What authors read of a question or a quiz that has changed: from what to what."""

from copy import deepcopy

import pytest

from maarifa.quizzes.compiling import CompiledQuiz
from maarifa.quizzes.differences import Difference, question_differences, rule_differences
from maarifa.quizzes.kinds import kind_named

pytestmark = pytest.mark.once
QUESTION = {
    "kind": "single",
    "points": 1,
    "lesson_key": "first",
    "structure": {"choices": ["a", "b"], "correct": ["a"]},
    "texts": {
        "en": {"stem": "Who decides?", "choices": {"a": {"text": "All"}, "b": {"text": "One"}}},
        "ar": {"stem": "من يقرر؟", "choices": {"a": {"text": "الجميع"}, "b": {"text": "واحد"}}},
    },
    "states": {"en": "source", "ar": "machine"},
    "source_language": "en",
}


def changed(change) -> dict:
    content = deepcopy(QUESTION)
    change(content)
    return content


def said(change) -> list[tuple]:
    found = question_differences(QUESTION, changed(change))
    return [(one.label, one.before, one.after) for one in found]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda q: q.update(points=2), [("Points", "1", "2")]),
        (lambda q: q.update(lesson_key=""), [("Lesson to read again", "first", "")]),
        (lambda q: q["texts"]["en"].update(stem="Who pays?"), [("Question (en)", "Who decides?", "Who pays?")]),
        (lambda q: q["texts"].pop("ar"), [
            ("Question (ar)", "من يقرر؟", ""),
            ("Choice a (ar)", "الجميع", ""),
            ("Choice b (ar)", "واحد", ""),
        ]),
        (lambda q: q["structure"].update(correct=["b"]), [("Correct choice", "a: All", "b: One")]),
        (lambda q: q["states"].update(ar="reviewed"), [
            ("Status (ar)", "machine translation, not yet reviewed", "reviewed translation"),
        ]),
        (lambda q: q["states"].update(ar="stale"), [
            ("Status (ar)", "machine translation, not yet reviewed", (
                "out of date: the source text has changed")),
        ]),
        (
            lambda q: q["texts"]["en"]["choices"]["b"].update(feedback="No: all of them."),
            [("Feedback for learners who chose b (en)", "", "No: all of them.")],
        ),
    ],
)  # fmt: skip
def test_each_part_of_a_question(change, expected):
    assert said(change) == expected


def test_a_number():
    before = {**QUESTION, "kind": "numeric", "structure": {"answer": "12.5", "tolerance": "0"}}
    after = {**before, "structure": {"answer": "12.5", "tolerance": "0.1"}}
    assert question_differences(before, after) == [Difference("Tolerance", "0", "0.1")]
    after = {
        **before,
        "texts": {**before["texts"], "en": {**before["texts"]["en"], "feedback": {"wrong": "No."}}},
    }
    wrong = "Feedback for an incorrect answer"
    assert question_differences(before, after) == [Difference(wrong, "", "No.", "en")]


def test_true_or_false():
    before = {
        **QUESTION,
        "kind": "truefalse",
        "structure": {"correct": ["true"]},
        "texts": {"en": {"stem": "So?"}},
    }
    after = {**before, "texts": {"en": {"stem": "So?", "choices": {"true": {"feedback": "No."}}}}}
    chosen = "Feedback for learners who chose True"
    assert question_differences(before, after) == [Difference(chosen, "", "No.", "en")]


def test_a_short_text():
    texts = {"stem": "What?", "accepted": ["A", "B"]}
    before = {**QUESTION, "kind": "shorttext", "structure": {}, "texts": {"en": texts}}
    wrong = [{"text": "C", "feedback": "No."}]
    after = {
        **before,
        "structure": {"case": True},
        "texts": {"en": {**texts, "accepted": ["A"], "expected_wrong": wrong}},
    }
    assert question_differences(before, after) == [
        Difference("Capital letters must be correct", "", "yes"),
        Difference("Accepted answers", "A; B", "A", "en"),
        Difference("Expected incorrect answers", "", "C", "en"),
        Difference("Expected incorrect answers", "", "No.", "en"),
    ]


def test_gaps():
    gaps = {"1": {"choices": ["a", "b"], "correct": "a"}}
    text = {"choices": {"a": "Cairo", "b": "Kano"}}
    before = {
        **QUESTION,
        "kind": "gaps",
        "structure": {"gaps": gaps},
        "texts": {"en": {"stem": "Fill in.", "passage": "It is [[1]].", "gaps": {"1": text}}},
    }
    after = {
        **before,
        "structure": {"gaps": {"1": {**gaps["1"], "correct": "b"}, "2": {"typed": True}}},
        "texts": {
            "en": {
                "stem": "Fill in.",
                "passage": "It is [[1]] or [[2]].",
                "gaps": {"1": text, "2": {"accepted": ["Giza", "Gizeh"], "feedback": {"wrong": "No."}}},
            }
        },
    }
    assert question_differences(before, after) == [
        Difference("Gap 1: correct choice", "a", "b"),
        Difference("Gap 2: Learners type the answer", "", "yes"),
        Difference("Passage", "It is [[1]].", "It is [[1]] or [[2]].", "en"),
        Difference("Gap 2: accepted answers", "", "Giza; Gizeh", "en"),
        Difference("Gap 2: feedback for an incorrect answer", "", "No.", "en"),
    ]


def test_case():
    steps = {
        "1": {"kind": "single", "choices": ["a", "b"], "correct": ["a"], "next": {"a": "2", "b": "end"}},
        "2": {"kind": "truefalse", "correct": ["true"], "next": "end"},
    }
    choices = {"a": {"text": "Ask"}, "b": {"text": "Wait"}}
    texts = {"stem": "A dry field.", "steps": {"1": {"stem": "What first?", "choices": choices}}}
    before = {
        **QUESTION,
        "kind": "case",
        "structure": {"first": "1", "steps": steps},
        "texts": {"en": texts},
    }
    text = {"facts": "No water.", "stem": "What now?", "choices": {**choices, "b": {"text": "Sleep"}}}
    after = {
        **before,
        "structure": {
            "first": "2",
            "steps": {
                "1": {**steps["1"], "correct": ["b"], "weight": 2, "next": {"a": "end", "b": "end"}},
                "2": {"kind": "multiple", "choices": ["a", "b"], "correct": ["a"], "next": "1"},
            },
        },
        "texts": {"en": {**texts, "steps": {"1": text}}},
    }
    assert question_differences(before, after) == [
        Difference("First step", "Step 1", "Step 2"),
        Difference("Step 1: Correct choice", "a", "b"),
        Difference("Step 1: Next step after choice a", "Step 2", "the case ends"),
        Difference("Step 2: Kind of question", "true or false", "several correct answers"),
        Difference("Step 2: Correct choice", "true", "a"),
        Difference("Step 2: Next step", "the case ends", "Step 1"),
        Difference("Step 1: Weight", "", "2"),
        Difference("Step 2: Choices", "", "a; b"),
        Difference("Step 1: Facts", "", "No water.", "en"),
        Difference("Step 1: Question", "What first?", "What now?", "en"),
        Difference("Step 1: Choice b", "Wait", "Sleep", "en"),
    ]


def test_a_question_that_is_new_or_gone_says_what_it_asks():
    assert question_differences(None, QUESTION) == [Difference("Question", "", "Who decides?", "en")]
    assert question_differences(QUESTION, None) == [Difference("Question", "Who decides?", "", "en")]


def test_long_texts_are_cut_to_where_they_differ():
    long = "A rule that nobody can find protects nobody at all. " * 10
    [one] = question_differences(
        changed(lambda q: q["texts"]["en"].update(stem=f"{long}Who decides? {long}")),
        changed(lambda q: q["texts"]["en"].update(stem=f"{long}Who pays? {long}")),
    )
    assert "Who decides?" in one.before
    assert "Who pays?" in one.after
    assert all(
        text.startswith("…") and text.endswith("…") and len(text) <= 92 for text in (one.before, one.after)
    )


def test_rules():
    rules = {"draw": 3, "pass_percent": 70, "attempts": 3, "wait_minutes": 0, "minutes": 10}
    rules |= {"review": "all"}
    cell = {"outcome": "find", "level": "recall", "count": 3, "questions": ["x"]}
    before = CompiledQuiz(rules, {})
    after = CompiledQuiz(
        {**rules, "pass_percent": 80, "attempts": None, "wait_minutes": 5, "cells": [cell]}, {}
    )
    assert [(one.what, one.before, one.after) for one in rule_differences(before, after)] == [
        ("Pass mark in percent", "70", "80"),
        ("Attempts", "3", "no limit"),
        ("Minutes between attempts", "0", "5"),
        ("Questions for each outcome and level", "", "find, recall: 3 questions"),
    ]


def test_choice_that_no_truth_has_is_named_by_its_key():
    kind = kind_named("truefalse")
    assert [kind.place_of(f"choices.{key}.text") for key in ("true", "maybe")] == [
        "Choice True",
        "Choice maybe",
    ]


def test_pairs_and_orders():
    texts = {"stem": "?", "choices": {"x": {"text": "Ex"}}, "items": {"b": {"text": "Be"}}}
    before = {
        **QUESTION,
        "kind": "extended",
        "structure": {"items": ["a", "b"], "choices": ["x", "y"], "pairs": {"a": "x", "b": "y"}},
        "texts": {"en": texts},
    }
    after = {
        **before,
        "structure": {**before["structure"], "pairs": {"a": "y", "b": "y"}, "also": {"a": {"x": 40}}},
    }
    assert question_differences(before, after) == [
        Difference("Correct choice for “a”", "x: Ex", "y"),
        Difference("Second acceptable choice for “a”: x", "", "40"),
    ]
    order = {
        **before,
        "kind": "ordering",
        "structure": {"items": ["a", "b", "c"]},
        "texts": {"en": {"stem": "?"}},
    }
    other = {**order, "structure": {"items": ["a", "c", "b"]}}
    assert question_differences(order, other) == [Difference("Items", "a; b; c", "a; c; b")]
