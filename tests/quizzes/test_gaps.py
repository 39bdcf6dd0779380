"""Gaps in a passage: what they are worth, what a page shows of them, what their authors write and are told."""

import json
import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import override

from maarifa.accounts.models import User
from maarifa.quizzes import actions
from maarifa.quizzes.answerforms import answer_form
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.exchange.mapping.gaps import GapsMapping
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.markers import markers, pieces
from maarifa.quizzes.reviews import review
from tests.factories.quizzes import (
    MONDAY,
    STRUCTURES,
    kept,
    make_attempt,
    make_quiz,
    make_version,
    save,
    submit,
    words_of,
)

KIND = kind_named("gaps")
STRUCTURE = {
    "gaps": {
        "10": {"typed": True, "case": True},
        "1": {"choices": ["a", "b"], "correct": "a"},
        "river": {"typed": True},
    }
}
TEXTS = {
    "en": {
        "stem": "Fill in.",
        "passage": "[[1]] is on the [[river]],\nnot on the [[ 10 ]].",
        "gaps": {
            "1": {
                "choices": {"a": "Cairo", "b": "Kano"},
                "feedback": {"correct": "Yes.", "wrong": "See a map."},
            },
            "10": {"accepted": ["Niger"]},
            "river": {"accepted": ["Nile"]},
        },
    },
    "ar": {
        "stem": "أكمل.",
        "passage": "على [[river]] تقع [[1]] لا على [[10]].",
        "gaps": {
            "1": {"choices": {"a": "القاهرة", "b": "كانو"}},
            "10": {"accepted": ["النيجر"]},
            "river": {"accepted": ["النيل"]},
        },
    },
}
ORDER = ["1.b", "1.a"]


# What it is worth


@pytest.mark.parametrize(
    ("response", "score"),
    [
        (None, 0),
        ({"1": "a"}, 33_333),
        ({"1": "b", "10": "Niger"}, 33_333),
        ({"1": "a", "10": "Niger"}, 66_666),
        ({"1": "a", "10": "niger", "river": "nile"}, 66_666),
        ({"1": "a", "10": "النيجر", "river": "NILE."}, 100_000),
        ({"1": "b", "10": "x", "river": "x"}, 0),
        # What another gap accepts is not right here.
        ({"10": "Nile", "river": "Niger"}, 0),
    ],
)
def test_each_gap_is_worth_an_equal_share(response, score):
    assert KIND.grade(STRUCTURE, 1, response, TEXTS) == score


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ({}, None),
        ({"1": "", "river": "  "}, None),
        ({"river": "  the   Nile ", "1": "b"}, {"1": "b", "river": "the Nile"}),
    ],
)
def test_answer_is_kept_as_typed(raw, kept):
    assert KIND.read(STRUCTURE, raw) == kept
    assert KIND.read_form(STRUCTURE, {part: [value] for part, value in raw.items()}) == kept


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({"1": "c"}, "UNKNOWN_CHOICE"),
        ({"1": "Cairo"}, "UNKNOWN_CHOICE"),
        ({"2": "a"}, "NOT_AN_ANSWER"),
        ({"1": ["a"]}, "NOT_AN_ANSWER"),
        (["a"], "NOT_AN_ANSWER"),
        ("a", "NOT_AN_ANSWER"),
        ({"river": "a" * 201}, "TOO_LONG"),
    ],
)
def test_answer_that_cannot_be_read_is_refused_by_name(raw, code):
    with pytest.raises(AnswerError) as caught:
        KIND.read(STRUCTURE, raw)
    assert caught.value.code == code


def test_choices_of_all_gaps_are_one_list_whose_order_the_page_follows():
    assert KIND.choice_keys(STRUCTURE) == ["1.a", "1.b"]
    shown = KIND.shows(STRUCTURE, TEXTS["en"], ORDER, "en")
    assert [(gap.key, gap.number, gap.choices) for gap in shown.gaps] == [
        ("1", 1, (("b", "Kano"), ("a", "Cairo"))),
        ("river", 2, ()),
        ("10", 3, ()),
    ]
    assert [piece.text for piece in shown.pieces] == ["", " is on the ", ",\nnot on the ", "."]
    assert KIND.said(shown, {"1": "b", "10": "x"}) == ["1: Kano", "3: x"]
    # Another language has its own order, and counts the gaps by it.
    arabic = KIND.shows(STRUCTURE, TEXTS["ar"], ORDER, "ar")
    assert [(gap.key, gap.number) for gap in arabic.gaps] == [("river", 1), ("1", 2), ("10", 3)]


# Pages


@pytest.fixture
def attempt(db):
    version = make_version(make_quiz(["gaps"], attempts=2))
    return make_attempt(learner=User.objects.create_user("amina"), quiz_version=version)


def page(attempt, data=None, language="en"):
    with override(language):
        return render_to_string("quizzes/questions.html", {"answer_form": answer_form(attempt, data=data)})


def sent(**fields) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({**fields, "seen": "{}"})
    return data


def test_page_has_a_named_field_for_each_gap_inside_the_passage(attempt):
    html = page(attempt)
    passage = re.search(r"<p>In gaps-1 the first is .*?</p>", html)[0]
    assert re.findall(r'<label class="unseen" for="(\w+)">(.*?)</label>', passage) == [
        ("id_q1_A", "Gap 1 of 2"),
        ("id_q1_B", "Gap 2 of 2"),
    ]
    order = attempt.questions.get().choice_order
    assert [f"1.{key}" for key in re.findall(r'<option value="(\w+)"', passage)] == order
    assert "Each correct gap earns the same share of the points." in html
    # In a page of another language the name of a field is in the page's own.
    arabic = page(
        make_attempt(learner=User.objects.create_user("b"), quiz_version=attempt.quiz_version, language="ar")
    )
    assert '<p lang="ar" dir="rtl">' in arabic
    assert '<label class="unseen" for="id_q1_B" lang="en">Gap 1 of 2</label>' in arabic


def test_page_keeps_what_was_typed_beside_what_cannot_be_read(attempt):
    html = page(attempt, sent(q1_A="z", q1_B='<"x">'))
    assert "“z” is not one of the choices for this question." in html
    assert 'value="&lt;&quot;x&quot;&gt;"' in html
    assert " selected" not in html
    form = answer_form(attempt, data=sent(q1_A="a", q1_B=" x "))
    assert (form.responses, form.problems) == ({"1": {"1": "a", "2": "x"}}, [])
    assert '<option value="a" selected>' in page(attempt, sent(q1_A="a"))


NAMED = {"gaps": {"nairobi": {"typed": True}, "lake": {"choices": ["a", "b"], "correct": "b"}}}
NAMED_TEXTS = {
    "stem": "Fill in.",
    "passage": "The capital is [[nairobi]], on no [[lake]].",
    "gaps": {
        "nairobi": {"accepted": ["SECRET"], "feedback": {"wrong": "No."}},
        "lake": {"choices": {"a": "sea", "b": "shore"}, "feedback": {"wrong": "No."}},
    },
}


@pytest.fixture
def named(db):
    """An attempt at a question whose author called a gap by what is right in it."""
    quiz = make_quiz(["gaps"])
    question = quiz.bank.questions.get()
    question.texts.filter(language="ar").delete()
    question.texts.update(texts=NAMED_TEXTS)
    question.structure = NAMED
    question.save()
    return make_attempt(learner=User.objects.create_user("amina"), quiz_version=make_version(quiz))


def test_key_of_a_gap_reaches_no_page_and_answers_are_kept_by_it(named):
    assert not re.search("nairobi|lake", page(named))
    answer = {"nairobi": "Kisumu", "lake": "a"}
    data = sent(q1_B="Kisumu", q1_A="a")
    form = answer_form(named, data)
    assert (form.responses, form.problems) == ({"1": answer}, [])
    save(named, form.responses, bases=form.bases)
    assert kept(named) == {"1": answer}
    html = page(named)
    assert 'name="q1_B" id="id_q1_B" value="Kisumu"' in html
    assert '<option value="a" selected>' in html
    assert not re.search("nairobi|lake", html)
    # A form that is sent as it stands changes nothing, nor does what a script sends of it.
    seen = json.loads(answer_form(named).seen)
    assert seen == {"1": {"B": "Kisumu", "A": "a"}}
    data["seen"] = json.dumps(seen)
    assert answer_form(named, data).responses == {}
    assert save(named, seen, bases=seen) == []
    assert save(named, {"1": {"B": "Nyeri"}}, bases=seen) == ["1"]
    assert kept(named) == {"1": {"nairobi": "Nyeri"}}
    late = {"1": {"B": "Thika"}}
    found = actions.save_answers(attempt=named, responses=late, bases=seen, happened_at=MONDAY, at=MONDAY)
    assert found.conflicts == {"1": {"B": "Nyeri"}}
    # What a page sends that was open before it had letters is read as well.
    assert answer_form(named, sent(q1_nairobi="Kisumu", q1_lake="a")).responses == {"1": answer}


def reviewed(attempt, response, language="en", **more):
    submit(attempt, {"1": response})
    with override(language):
        return render_to_string("quizzes/review.html", {"review": review(attempt, language, **more)})


def test_review_says_of_each_gap_in_words_whether_it_is_right(attempt):
    html = reviewed(attempt, {"1": "a", "2": "Secret  gap"})
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "Partly correct." in text
    assert "the first is a of gaps-1 (1 ✗ incorrect) , and then comes Secret gap (2 ✓ correct) ." in text
    assert "Gap 1 of 2. Explanation: SECRET feedback on gap 1" in text
    assert "Gap 2 of 2. Explanation: SECRET correct feedback" in text
    assert "Correct answer" not in text
    assert "b of gaps-1" not in text


def test_review_names_right_answers_where_the_rules_reveal_them(attempt):
    html = reviewed(attempt, {"1": "a"}, attempts_left=False)
    text = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "comes … (2 ✗ not answered)" in text
    assert "Gap 1 of 2. Correct answer: b of gaps-1 Explanation: SECRET feedback on gap 1" in text
    assert "Gap 2 of 2. Correct answer: SECRET gap Explanation: SECRET wrong feedback" in text


def test_review_of_nothing_keeps_the_answers_while_attempts_are_left(attempt):
    submit(attempt, {})
    html = render_to_string("quizzes/review.html", {"review": review(attempt, "en")})
    assert "You did not answer." in html
    assert "SECRET" not in html


def test_review_accepts_what_any_language_accepts():
    verdicts = KIND.review(
        STRUCTURE, TEXTS["en"], ORDER, {"1": "a", "river": "النيل", "10": "x"}, "en", TEXTS
    ).gaps
    assert [(gap.given, gap.right, gap.answer, gap.feedback) for gap in verdicts] == [
        ("Cairo", True, "Cairo", "Yes."),
        ("النيل", True, "Nile", ""),
        ("x", False, "Niger", ""),
    ]


# What authors write


@pytest.mark.parametrize(
    ("structure", "problems"),
    [
        ({}, [("gaps_none", "gaps")]),
        ({"gaps": {str(n): {"typed": True} for n in range(21)}}, [("gaps_many", "gaps")]),
        ({"gaps": ["1"]}, [("NOT_A_MAPPING", "gaps")]),
        ({"gaps": {"1": {}}}, [("gap_neither", "gaps.1")]),
        ({"gaps": {"1": {"typed": False}}}, [("gap_neither", "gaps.1")]),
        ({"gaps": {"1": {"typed": True, "choices": ["a", "b"]}}}, [("gap_both", "gaps.1")]),
        (
            {"gaps": {"1": {"choices": ["a", "b"], "correct": "a", "case": True}}},
            [("gap_spelling", "gaps.1")],
        ),
        ({"gaps": {"1": {"choices": ["a", "b"]}}}, [("gap_correct", "gaps.1.correct")]),
        ({"gaps": {"1": {"choices": ["a", "b"], "correct": "c"}}}, [("UNKNOWN_CHOICE", "gaps.1.correct")]),
        ({"gaps": {"1": {"choices": ["a"], "correct": "a"}}}, [("TOO_FEW_CHOICES", "gaps.1.choices")]),
        ({"gaps": {"1": {"choices": ["a", "a"], "correct": "a"}}}, [("TWICE", "gaps.1.choices")]),
    ],
)
def test_structure_that_is_wrong_is_said_gap_by_gap(structure, problems):
    found = KIND.structure_problems(structure)
    assert [(one.code, one.where) for one in found] == problems
    assert all(one.message and KIND.place_of(one.where) for one in found)


def changed(**gaps):
    words = words_of("gaps", STRUCTURES["gaps"], "it", "en")
    return {**words, "gaps": {**words["gaps"], **gaps}}


@pytest.mark.parametrize(
    ("words", "problems"),
    [
        ({"stem": "Fill in.", "gaps": changed()["gaps"]}, [("MISSING", "passage")]),
        ({**changed(), "passage": "[[1]]"}, [("marker_missing", "passage")]),
        ({**changed(), "passage": "[[1]] [[2]] [[1]]"}, [("marker_twice", "passage")]),
        (
            {**changed(), "passage": "[[1]] [[2]] [[3]] [[A b]] [[]]"},
            [("marker_unknown", "passage"), ("marker_invalid", "passage"), ("marker_invalid", "passage")],
        ),
        ({"stem": "Fill in.", "passage": "[[1]] [[2]]"}, [("MISSING", "gaps.1"), ("MISSING", "gaps.2")]),
        (changed(**{"2": {"feedback": {"wrong": "No."}}}), [("MISSING", "gaps.2.accepted")]),
        (changed(**{"2": {"choices": {"a": "A"}, "accepted": ["A"]}}), [("gap_text", "gaps.2.choices")]),
        (
            changed(**{"1": {"choices": {"a": "A", "b": " ", "d": "D"}}}),
            [
                ("MISSING", "gaps.1.choices.b"),
                ("MISSING", "gaps.1.choices.c"),
                ("UNKNOWN_CHOICE", "gaps.1.choices.d"),
            ],
        ),
        (
            changed(**{"1": {"choices": {"a": "A", "b": "B", "c": " b"}}}),
            [("SAME_CHOICES", "gaps.1.choices.c")],
        ),
        ({**changed(), "gaps": "none"}, [("NOT_A_MAPPING", "gaps")]),
        (changed(**{"2": {"accepted": ["*"]}}), [("accepts_anything", "gaps.2.accepted")]),
    ],
)
def test_words_that_are_wrong_are_said_gap_by_gap(words, problems):
    found = KIND.texts_problems(STRUCTURES["gaps"], words)
    assert [(one.code, one.where) for one in found] == problems
    assert all(one.message and KIND.place_of(one.where) for one in found)


def test_marker_may_have_any_number_of_spaces():
    """Each text takes time in proportion to its length, or the test does not end."""
    spaces = " " * 100_000
    for passage, found, parts in [
        (f"a [[{spaces}", [], [f"a [[{spaces}"]),
        (f"a [[{spaces}]", [], [f"a [[{spaces}]"]),
        (f"a [[{spaces}1{spaces}]] b", ["1"], ["a ", " b"]),
        (f"[[ a b{spaces}]]", ["a b"], ["", ""]),
        ("[[1]" * 100_000, [], ["[[1]" * 100_000]),
    ]:
        assert markers(passage) == found
        assert [text for text, _key in pieces(passage)] == parts
        words = {**changed(), "passage": passage}
        codes = [one.code for one in KIND.texts_problems(STRUCTURES["gaps"], words)]
        assert codes.count("marker_missing") == (1 if "1" in found else 2)
    question = {"stem": f"[[{spaces}", "passage": f"[[{spaces}1{spaces}]]", "gaps": changed()["gaps"]}
    written = GapsMapping().written(STRUCTURES["gaps"], question)
    assert written.stem == f"[[{spaces}\n[[1]]"


def test_gaps_have_one_order_whatever_a_database_keeps():
    """In jsonb of PostgreSQL keys are in the order of their lengths."""
    stored = KIND.structure.model_validate(STRUCTURE).stored()
    assert list(stored["gaps"]) == ["1", "10", "river"]
    texts = KIND.texts.model_validate(TEXTS["en"]).model_dump(exclude_none=True)
    assert list(texts["gaps"]) == ["1", "10", "river"]
    assert list(KIND.to_file(STRUCTURE)["gaps"]) == ["1", "10", "river"]


def test_feedback_for_an_incorrect_gap_is_missed():
    found = KIND.feedback_problems(STRUCTURE, TEXTS["en"])
    assert [one.params for one in found] == [{"gap": "10"}, {"gap": "river"}]
    assert "no feedback" in found[0].message
