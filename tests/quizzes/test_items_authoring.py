"""How authors write kinds with items: pairs, extended matching, an order."""

import json

import pytest

from maarifa.quizzes.kinds import kind_named
from tests.factories.quizzes import RIGHT, STRUCTURES, words_of

ITEM_KINDS = ("matching", "extended", "ordering")
WORDS = {kind: words_of(kind, STRUCTURES[kind], "it", "en") for kind in ITEM_KINDS}


@pytest.mark.parametrize(
    ("kind", "changes", "problems"),
    [
        ("matching", {"pairs": {"kenya": "nairobi", "mali": "bamako"}}, [("no_pair", "pairs")]),
        ("matching", {"pairs": {**RIGHT["matching"], "peru": "oslo"}}, [("UNKNOWN_CHOICE", "pairs")]),
        ("matching", {"pairs": {**RIGHT["matching"], "norway": "lima"}}, [("item_unknown", "pairs")]),
        ("matching", {"pairs": ["kenya"]}, [("NOT_A_MAPPING", "pairs")]),
        ("matching", {"items": ["kenya"]}, [("TOO_FEW_ITEMS", "items")]),
        ("matching", {"choices": ["lima"]}, [("TOO_FEW_CHOICES", "choices")]),
        ("matching", {"choices": ["lima", "lima"]}, [("TWICE", "choices")]),
        ("matching", {"shuffle": True}, [("UNKNOWN_FIELD", "shuffle")]),
        ("extended", {"also": {"fever": {"malaria": 50}}}, [("best_twice", "also")]),
        ("extended", {"also": {"fever": {"dengue": 50, "flu": 20}}}, [("one_second", "also")]),
        ("extended", {"also": {"fever": {"oslo": 50}}}, [("UNKNOWN_CHOICE", "also")]),
        ("extended", {"also": {"peru": {"flu": 50}}}, [("item_unknown", "also")]),
        ("extended", {"also": {"peru": {}}}, [("item_unknown", "also")]),
        ("extended", {"also": {"fever": {"flu": 100}}}, [("percent", "also.fever.flu")]),
        ("extended", {"also": {"fever": {"flu": "50"}}}, [("percent", "also.fever.flu")]),
        ("ordering", {"items": ["sow", "reap"]}, [("TOO_FEW_ITEMS", "items")]),
        ("ordering", {"items": [f"i{number}" for number in range(21)]}, [("TOO_MANY_ITEMS", "items")]),
        ("ordering", {"items": ["sow", "reap", "sow"]}, [("TWICE", "items")]),
    ],
)
def test_structure_that_is_wrong_is_said_field_by_field(kind, changes, problems):
    found = kind_named(kind).structure_problems({**STRUCTURES[kind], **changes})
    assert [(one.code, one.where) for one in found] == problems
    assert all(one.message and "%" not in one.message for one in found if one.code != "percent")


@pytest.mark.parametrize(
    ("kind", "changes", "allowed"),
    [
        (
            "matching",
            {"pairs": {"kenya": "oslo", "mali": "lima", "peru": "lima"}},
            "nairobi, bamako, lima, quito",
        ),
        ("extended", {"also": {"fever": {"oslo": 50}}}, "dengue, flu, malaria, typhoid"),
        ("gaps", {"gaps": {"1": {"choices": ["a", "b"], "correct": "oslo"}}}, "a, b"),
        ("single", {"last": ["oslo"]}, "a, b, c"),
        ("single", {"credit": {"oslo": 50}}, "a, b, c"),
    ],
)
def test_choice_that_is_not_there_is_told_with_those_that_are(kind, changes, allowed):
    (found,) = kind_named(kind).structure_problems({**STRUCTURES[kind], **changes})
    assert found.message == f"There is no choice “oslo”. The choices are: {allowed}."


@pytest.mark.parametrize("kind", ITEM_KINDS)
def test_structure_without_fields_is_a_draft_with_holes(kind):
    found = kind_named(kind).structure_problems({})
    assert {one.where for one in found} >= {"items"}


def test_item_without_a_pair_is_named():
    (found,) = kind_named("matching").structure_problems(
        {**STRUCTURES["matching"], "pairs": {"mali": "lima"}}
    )
    assert found.message == "These items have no pair: kenya, peru. Say which choice belongs to each."


@pytest.mark.parametrize(
    ("kind", "changes", "problems"),
    [
        (
            "matching",
            {"items": {"kenya": {"text": "A"}, "mali": {"text": " a"}, "peru": {"text": "P"}}},
            "SAME_ITEMS",
        ),
        ("matching", {"choices": {key: {"text": "The same"} for key in ("nairobi", "lima")}}, "MISSING"),
        ("matching", {"choices": {**WORDS["matching"]["choices"], "oslo": {"text": "O"}}}, "UNKNOWN_CHOICE"),
        ("ordering", {"items": {**WORDS["ordering"]["items"], "rest": {"text": "R"}}}, "UNKNOWN_ITEM"),
        (
            "ordering",
            {"items": {**WORDS["ordering"]["items"], "sow": {"text": "S", "feedback": "F"}}},
            "UNKNOWN_FIELD",
        ),
        ("extended", {"items": {**WORDS["extended"]["items"], "cough": {"feedback": "F"}}}, "MISSING"),
        ("extended", {"theme": 7}, "NOT_A_TEXT"),
    ],
)
def test_words_that_are_wrong_are_named(kind, changes, problems):
    found = kind_named(kind).texts_problems(STRUCTURES[kind], {**WORDS[kind], **changes})
    assert {one.code for one in found} == {problems}
    assert all(one.message for one in found)


def test_choices_with_the_same_text_are_named():
    same = {**WORDS["matching"]["choices"], "lima": WORDS["matching"]["choices"]["quito"]}
    (found,) = kind_named("matching").texts_problems(
        STRUCTURES["matching"], {**WORDS["matching"], "choices": same}
    )
    assert found.message == "Choices lima and quito have the same text. Change one of them."


def test_missing_feedback_is_named():
    words = {**WORDS["matching"], "items": {key: {"text": key} for key in STRUCTURES["matching"]["items"]}}
    found = kind_named("matching").feedback_problems(STRUCTURES["matching"], words)
    assert [one.message for one in found][:1] == [
        "The item “kenya” has no feedback. Explain its correct answer."
    ]
    assert len(found) == 3
    assert len(kind_named("ordering").feedback_problems(STRUCTURES["ordering"], {})) == 2
    assert kind_named("extended").feedback_problems(STRUCTURES["extended"], WORDS["extended"]) == []


# The form of the author


def test_author_sees_the_text_of_a_choice_and_not_its_key():
    fields = kind_named("matching").structure_fields(STRUCTURES["matching"], WORDS["matching"])
    assert fields["pair_kenya"].label == "Correct choice for “Item kenya: Item kenya of it”"
    assert fields["pair_kenya"].choices[1] == ("nairobi", "Choice nairobi of it")
    assert fields["pair_kenya"].initial == "nairobi"
    bare = kind_named("matching").structure_fields(kind_named("matching").blank(), {})
    assert bare["pair_a"].choices[1] == ("a", "Choice a")


def test_pair_goes_with_its_item_and_with_its_choice():
    structure = STRUCTURES["matching"]
    cleaned = {f"pair_{item}": choice for item, choice in structure["pairs"].items()}
    changed = kind_named("matching").structure_from(
        {**cleaned, "remove": ["items.kenya", "choices.lima"], "more_items": 1, "more_choices": 2}, structure
    )
    assert changed == {
        "items": ["mali", "peru", "a"],
        "choices": ["nairobi", "bamako", "quito", "a", "b"],
        "pairs": {"mali": "bamako"},
    }


@pytest.mark.parametrize(
    ("moves", "order"),
    [
        ({}, "sow water reap store"),
        ({"store": 2}, "sow store water reap"),
        ({"sow": 3}, "water reap sow store"),
        ({"sow": 2, "water": 1}, "water sow reap store"),
        ({"sow": 4, "water": 3, "reap": 2, "store": 1}, "store reap water sow"),
    ],
)
def test_author_who_moves_an_item_moves_those_between(moves, order):
    structure = STRUCTURES["ordering"]
    places = {item: place for place, item in enumerate(structure["items"], start=1)}
    cleaned = {f"place_{item}": place for item, place in (places | moves).items()}
    assert kind_named("ordering").structure_from(cleaned, structure)["items"] == order.split()


@pytest.mark.parametrize("kind", ITEM_KINDS)
def test_structure_in_a_file_is_in_the_order_of_its_items(kind):
    """A database may give a map back in any order."""
    structure = {
        name: dict(reversed(value.items())) if isinstance(value, dict) else value
        for name, value in STRUCTURES[kind].items()
    }
    assert json.dumps(kind_named(kind).to_file(structure)) == json.dumps(
        kind_named(kind).to_file(STRUCTURES[kind])
    )
