"""Kinds whose answer is a map from an item to what it was given: pairs, extended matching, an order."""

import json
import re

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import override

from maarifa.accounts.models import User
from maarifa.quizzes import actions
from maarifa.quizzes.answerforms import answer_form
from maarifa.quizzes.errors import AnswerError, QuizError
from maarifa.quizzes.kinds import POINT, kind_named
from maarifa.quizzes.personal_data import _answer
from maarifa.quizzes.reviews import review
from tests.factories.quizzes import (
    MONDAY,
    RIGHT,
    STRUCTURES,
    kept,
    make_attempt,
    make_quiz,
    make_version,
    right_responses,
    save,
    submit,
    words_of,
    wrong_responses,
)

ITEM_KINDS = ("matching", "extended", "ordering")
KEYS = ("kenya", "mali", "peru", "nairobi", "bamako", "lima", "quito", "fever", "cough", "dengue", "flu")
KEYS += ("malaria", "typhoid", "sow", "water", "reap", "store")
ITEMS_RIGHT = {kind: RIGHT[kind] for kind in ITEM_KINDS}
WORDS = {kind: words_of(kind, STRUCTURES[kind], "it", "en") for kind in ITEM_KINDS}


@pytest.fixture
def amina(db):
    return User.objects.create_user("amina")


@pytest.fixture
def attempt(amina):
    return make_attempt(learner=amina, quiz_version=make_version(make_quiz(ITEM_KINDS)))


def page(attempt, data=None, language="en") -> str:
    with override(language):
        return render_to_string("quizzes/questions.html", {"answer_form": answer_form(attempt, data)})


def review_page(attempt, language="en", **more) -> str:
    with override(language):
        return render_to_string("quizzes/review.html", {"review": review(attempt, language, **more)})


def without_words(html) -> str:
    """The page without the texts of its items, whose examples name the keys."""
    return re.sub(r"(Item|Choice) [a-z]+ of [a-z]+-\d", "", html)


def position_of(kind, attempt) -> str:
    return str(attempt.questions.get(question_version__kind=kind).position)


def row_of(kind, attempt):
    return attempt.questions.select_related("question_version").get(question_version__kind=kind)


def sent(attempt, responses, **more) -> QueryDict:
    """The form of the page with these answers, by kind and keys."""
    data = QueryDict(mutable=True)
    for kind, response in responses.items():
        row = row_of(kind, attempt)
        for part, given in row.masked(response).items():
            data[f"q{row.position}_{part}"] = given
    data.update(more)
    return data


# Scores


@pytest.mark.parametrize(
    ("response", "score"),
    [
        ({"kenya": "nairobi", "mali": "bamako"}, 66_666),
        ({"kenya": "nairobi", "mali": "nairobi", "peru": "nairobi"}, 33_333),
        ({"kenya": "quito", "mali": "quito", "peru": "quito"}, 0),
        ({"peru": "lima"}, 33_333),
        (None, 0),
    ],
)
def test_pair_earns_its_share_whatever_the_others_are(response, score):
    assert kind_named("matching").grade(STRUCTURES["matching"], 1, response, {}) == score


def test_choice_may_belong_to_several_items():
    structure = {"items": ["a", "b"], "choices": ["x", "y"], "pairs": {"a": "x", "b": "x"}}
    assert kind_named("matching").structure_problems(structure) == []
    assert kind_named("matching").grade(structure, 3, {"a": "x", "b": "x"}, {}) == 3 * POINT


@pytest.mark.parametrize(
    ("response", "score"),
    [
        ({"fever": "malaria", "cough": "flu"}, 100_000),
        ({"fever": "typhoid", "cough": "flu"}, 70_000),
        ({"fever": "typhoid"}, 20_000),
        ({"cough": "typhoid"}, 0),
        ({"fever": "flu", "cough": "flu"}, 50_000),
    ],
)
def test_second_choice_earns_its_percentage_of_the_share(response, score):
    assert kind_named("extended").grade(STRUCTURES["extended"], 1, response, {}) == score


@pytest.mark.parametrize(
    ("order", "score"),
    [
        ("sow water reap store", 100_000),
        ("store sow water reap", 66_666),
        ("water reap store sow", 66_666),
        ("reap store sow water", 66_666),
        ("sow reap water store", 0),
        ("water sow reap store", 33_333),
        ("store reap water sow", 0),
    ],
)
def test_item_before_its_right_successor_earns_a_share(order, score):
    given = {item: str(place) for place, item in enumerate(order.split(), start=1)}
    assert kind_named("ordering").grade(STRUCTURES["ordering"], 1, given, {}) == score


@pytest.mark.parametrize(
    ("given", "score"),
    [
        ({"sow": "1", "water": "2"}, 33_333),
        ({"sow": "3", "water": "4"}, 33_333),
        ({"sow": "1", "water": "3"}, 0),
        ({"store": "4"}, 0),
    ],
)
def test_of_an_incomplete_order_what_is_there_counts(given, score):
    assert kind_named("ordering").grade(STRUCTURES["ordering"], 1, given, {}) == score


# Answers


@pytest.mark.parametrize(
    ("kind", "raw", "code", "value"),
    [
        ("matching", {"kenya": "oslo"}, "UNKNOWN_CHOICE", "oslo"),
        ("matching", {"norway": "lima"}, "NOT_AN_ANSWER", "norway"),
        ("matching", {"kenya": ["lima"]}, "NOT_AN_ANSWER", "{'kenya': ['lima']}"),
        ("matching", ["lima"], "NOT_AN_ANSWER", "['lima']"),
        ("extended", "A", "NOT_AN_ANSWER", "'A'"),
        ("ordering", {"sow": "5"}, "UNKNOWN_CHOICE", "5"),
        ("ordering", {"sow": "0"}, "UNKNOWN_CHOICE", "0"),
        ("ordering", {"sow": "first"}, "UNKNOWN_CHOICE", "first"),
        ("ordering", {"sow": 1}, "NOT_AN_ANSWER", "{'sow': 1}"),
        ("ordering", {"sow": "2", "reap": "2"}, "SAME_POSITION", "2"),
    ],
)
def test_answer_that_cannot_be_read_is_refused_by_name(kind, raw, code, value):
    with pytest.raises(AnswerError) as caught:
        kind_named(kind).read(STRUCTURES[kind], raw)
    assert (caught.value.code, caught.value.params["value"]) == (code, value)
    assert caught.value.message


def test_two_items_at_one_position_are_told_which():
    with pytest.raises(AnswerError) as caught:
        kind_named("ordering").read(STRUCTURES["ordering"], {"sow": "2", "reap": "2"})
    assert str(caught.value) == "Two items have the position 2. Give each item a different position."


@pytest.mark.parametrize("kind", ITEM_KINDS)
def test_items_that_were_given_nothing_are_left_out(kind):
    read, structure = kind_named(kind).read, STRUCTURES[kind]
    first = structure["items"][0]
    assert read(structure, {}) is None
    assert read(structure, dict.fromkeys(structure["items"], "")) is None
    assert read(structure, {**dict.fromkeys(structure["items"], ""), first: RIGHT[kind][first]}) == {
        first: RIGHT[kind][first]
    }


def test_answer_is_said_in_the_words_of_the_page(attempt):
    save(attempt, right_responses(attempt))
    said = {row.question_version.kind: _answer(row) for row in attempt.questions.all()}
    assert said["matching"][0] == "Item kenya of matching-1: Choice nairobi of matching-1"
    assert said["extended"][1] == "Item cough of extended-2: Choice flu of extended-2"
    assert said["ordering"] == [
        f"{place}. Item {item} of ordering-3" for place, item in enumerate(RIGHT["ordering"], start=1)
    ]


# The page before submission


@pytest.mark.parametrize("language", ["en", "ar"])
def test_page_has_neither_keys_nor_feedback(amina, language):
    """Authors name keys by what is right. The words of these examples name them, so they go first."""
    quiz = make_quiz(ITEM_KINDS)
    for question in quiz.bank.questions.all():
        for text in question.texts.all():
            for group in ("items", "choices"):
                for number, texts in enumerate(text.texts.get(group, {}).values()):
                    texts["text"] = f"Text {number}"
            text.save()
    attempt = make_attempt(learner=amina, quiz_version=make_version(quiz), language=language)
    save(attempt, right_responses(attempt))
    html = page(attempt, language=language) + answer_form(attempt).seen
    assert "SECRET" not in html
    for key in KEYS:
        assert key not in html
    # What could leak is there.
    assert set(kept(attempt)[position_of("matching", attempt)]) <= set(KEYS)


def test_conflict_names_the_kept_answer_without_keys(attempt):
    save(attempt, right_responses(attempt))
    wrong = wrong_responses(attempt)
    saved = actions.save_answers(
        attempt=attempt, responses=wrong, bases=dict.fromkeys(wrong), happened_at=MONDAY, at=MONDAY
    )
    assert set(saved.conflicts) == set(wrong)
    assert not [key for key in KEYS if key in json.dumps(saved.conflicts)]
    with pytest.raises(QuizError) as caught:
        submit(attempt, wrong, bases=dict.fromkeys(wrong))
    assert not [key for key in KEYS if key in json.dumps(caught.value.params)]


def test_answers_of_a_page_are_kept_by_keys(attempt):
    data = sent(attempt, ITEMS_RIGHT, seen="{}")
    form = answer_form(attempt, data)
    assert form.responses == right_responses(attempt)
    save(attempt, form.responses, bases=form.bases)
    assert kept(attempt) == right_responses(attempt)
    # As a script sends them: what the page has, as it stands there.
    there = {str(row.position): row.masked(row.response) for row in attempt.questions.all()}
    assert json.loads(answer_form(attempt).seen) == there
    assert save(attempt, there, bases=there) == []
    half = {position: dict(list(given.items())[:1]) for position, given in there.items()}
    assert sorted(save(attempt, half, bases=there)) == ["1", "2", "3"]


def test_form_that_changed_nothing_says_nothing(attempt):
    save(attempt, right_responses(attempt))
    form = answer_form(attempt, sent(attempt, ITEMS_RIGHT, seen=answer_form(attempt).seen))
    assert (form.responses, form.bases, form.conflicts) == ({}, {}, [])


def test_page_shows_what_was_kept_and_what_could_not_be(attempt):
    save(attempt, right_responses(attempt))
    assert page(attempt).count(" selected") == 3 + 2 + 4
    name = f"q{position_of('ordering', attempt)}"
    data = QueryDict(f"{name}_A=2&{name}_B=2&seen={{}}")
    html = page(attempt, data)
    assert "Two items have the position 2." in html
    assert f'<a href="#id_{name}_A">' in html
    ordering = html[html.index(f'id="id_{name}_A"') :]
    assert ordering.count("<option selected>2</option>") == 2


def test_every_select_has_a_label(attempt):
    html = page(attempt)
    ids = re.findall(r"<select[^>]* id=\"([^\"]*)\"", html)
    assert len(ids) == len(set(ids)) == 3 + 2 + 4
    assert re.findall(r"<label[^>]* for=\"([^\"]*)\"", html) == ids
    assert "style=" not in html
    assert "<script" not in html


def test_script_is_named_where_there_is_an_order_and_nowhere_else(amina, attempt):
    assert answer_form(attempt).scripts == ["quizzes/ordering.js"]
    other = make_attempt(learner=amina, quiz_version=make_version(make_quiz(("matching", "extended"))))
    assert answer_form(other).scripts == []


def test_choices_of_pairs_are_shuffled_and_its_items_are_not(attempt):
    orders = {row.question_version.kind: row.choice_order for row in attempt.questions.all()}
    assert sorted(orders["matching"]) == sorted(STRUCTURES["matching"]["choices"])
    assert orders["extended"] == STRUCTURES["extended"]["choices"]
    assert orders["ordering"] != STRUCTURES["ordering"]["items"]
    shown = kind_named("matching").shows(STRUCTURES["matching"], WORDS["matching"], orders["matching"], "en")
    assert [key for key, _text in shown.items] == STRUCTURES["matching"]["items"]
    kind = kind_named("extended")
    shuffled = ["flu", "typhoid", "dengue", "malaria"]
    assert kind.order({**STRUCTURES["extended"], "shuffle": True}, shuffled) == shuffled


@pytest.mark.parametrize(
    ("language", "first", "fifth"), [("en", "A", "E"), ("fr", "A", "E"), ("ar", "أ", "هـ")]
)
def test_letters_of_a_list_are_those_of_the_language_of_the_question(language, first, fifth):
    structure = {"items": ["a", "b"], "choices": list("abcde"), "pairs": {"a": "a", "b": "b"}}
    texts = {"stem": "?", "choices": {key: {"text": key * 3} for key in "abcde"}}
    shown = kind_named("extended").shows(structure, texts, list("abcde"), language)
    assert (shown.listed[0], shown.listed[4]) == (f"{first}. aaa", f"{fifth}. eee")


# The review


def test_review_keeps_right_pairs_while_attempts_are_left(attempt):
    submit(attempt, {position_of("matching", attempt): {"kenya": "quito", "mali": "bamako"}})
    html = review_page(attempt)
    assert "Incorrect. You chose:" in html
    assert "Choice quito of matching-1" in html
    for hidden in (
        "Choice nairobi",
        "SECRET feedback on kenya",
        "SECRET feedback on peru",
        "malaria",
        "Correct order",
    ):
        assert hidden not in html
    # What was right is explained.
    assert "SECRET feedback on mali of matching-1" in html
    html = review_page(attempt, attempts_left=False)
    for told in ("Choice nairobi of matching-1", "SECRET feedback on kenya of matching-1", "Correct order:"):
        assert told in html


def test_review_says_that_a_second_choice_is_partly_right(attempt):
    submit(attempt, {position_of("extended", attempt): {"fever": "typhoid"}})
    html = review_page(attempt)
    assert "Partly correct. You chose:" in html
    assert "SECRET feedback on fever" not in html


def test_review_of_an_order_says_what_follows_what(attempt):
    given = {"water": "1", "sow": "2", "reap": "3", "store": "4"}
    submit(attempt, {position_of("ordering", attempt): given})
    html = review_page(attempt)
    assert "Partly correct. Your order:" in html
    assert html.count("The next item is correct.") == 1
    assert html.count("The next item is incorrect.") == 2
    assert "SECRET wrong feedback of ordering-3" in html
    assert "Correct order:" not in html


def test_review_of_the_right_order_does_not_repeat_it(attempt):
    submit(attempt, right_responses(attempt))
    html = review_page(attempt, attempts_left=False)
    assert "Correct. Your order:" in html
    assert "Correct order:" not in html
    assert "SECRET correct feedback of ordering-3" in html
