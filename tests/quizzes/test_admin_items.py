"""Authoring of pairs, extended matching and orders in the admin."""

import re

import pytest
from django.urls import reverse

from maarifa.quizzes.checks import quiz_problems
from maarifa.quizzes.models import Question
from tests.factories.quizzes import BankFactory, make_question, make_quiz
from tests.quizzes.pages import change_url, form_of, said

pytestmark = pytest.mark.django_db


def test_pairs_are_written_from_nothing(desk):
    bank = BankFactory()
    new = {
        "bank": bank.pk,
        "key": "bodies",
        "kind": "matching",
        "points": 2,
        "position": 1,
        "lesson_key": "first",
    }
    desk.post(reverse("admin:quizzes_question_add"), new)
    question = Question.objects.get()
    url = change_url(question)
    form = form_of(desk, url) | {"texts-0-language": "en", "texts-0-state": "source", "texts-0-stem": "Who?"}
    form |= {f"texts-0-items_text_{key}": f"Item {key.upper()}" for key in "abc"}
    form |= {f"texts-0-choices_text_{key}": f"Answer {key.upper()}" for key in "abcd"}
    response = desk.post(url, form | {"pair_a": "b", "remove": ["items.c"]}, follow=True)
    question.refresh_from_db()
    assert question.structure == {"items": ["a", "b"], "choices": ["a", "b", "c", "d"], "pairs": {"a": "b"}}
    assert said(response)[0] == (
        "This question is not complete yet. Pairs: These items have no pair: b. Say which choice belongs to each."
    )
    # What belongs to an item is chosen by its text.
    html = desk.get(url).content.decode()
    assert ">Answer D<" in html
    assert "Correct choice for “Item b: Item B”" in html
    response = desk.post(url, form_of(desk, url) | {"pair_b": "d"}, follow=True)
    assert len(said(response)) == 1, said(response)
    question.refresh_from_db()
    assert question.structure["pairs"] == {"a": "b", "b": "d"}
    assert question.texts.get().texts["items"] == {"a": {"text": "Item A"}, "b": {"text": "Item B"}}


def test_item_that_is_removed_takes_its_words_along_once_its_author_is_told(desk):
    quiz = make_quiz(["matching"])
    question = Question.objects.get()
    url = change_url(question)
    form = form_of(desk, url) | {"remove": ["items.peru", "choices.lima"]}
    answer = desk.post(url, form)
    assert answer.status_code == 200
    assert "If you save again, the text of “Item peru: Item peru of matching-1”, “Choice lima:" in answer.text
    question.refresh_from_db()
    assert len(question.structure["items"]) == 3
    desk.post(url, form | {"sure": "items.peru choices.lima"})
    question.refresh_from_db()
    assert question.structure == {
        "items": ["kenya", "mali"],
        "choices": ["nairobi", "bamako", "quito"],
        "pairs": {"kenya": "nairobi", "mali": "bamako"},
    }
    for text in question.texts.all():
        assert set(text.texts["items"]) == {"kenya", "mali"}
        assert set(text.texts["choices"]) == {"nairobi", "bamako", "quito"}
    assert quiz_problems(quiz) == []


@pytest.mark.parametrize(
    ("kind", "more"), [("matching", "more_items"), ("extended", "more_choices"), ("ordering", "more_items")]
)
def test_form_that_is_refused_is_shown_again_with_what_it_would_change(desk, kind, more):
    question = make_question(kind)
    url = change_url(question)
    removed = [f"items.{question.structure['items'][0]}"]
    form = form_of(desk, url) | {more: "2", "points": "0", "remove": removed}
    answer = desk.post(url, form)
    assert answer.status_code == 200
    shown_again = answer.context["adminform"].form
    assert set(shown_again.errors) >= {"points"}
    assert (shown_again[more].value(), shown_again["remove"].value()) == ("2", removed)
    assert re.search(rf'name="{more}" value="2"', answer.text)
    assert re.findall(r'name="remove" value="([^"]+)"[^>]* checked', answer.text) == removed
    before = question.structure
    question.refresh_from_db()
    assert question.structure == before


def test_item_that_is_added_needs_its_words(desk):
    question = make_question("ordering", arabic=False)
    response = desk.post(
        change_url(question), form_of(desk, change_url(question)) | {"more_items": "1"}, follow=True
    )
    question.refresh_from_db()
    assert question.structure["items"] == ["sow", "water", "reap", "store", "a"]
    assert said(response)[0] == "This question is not complete yet. Item a: This field is empty. Fill it in."


def test_author_puts_items_in_another_order(desk):
    question = make_question("ordering")
    desk.post(change_url(question), form_of(desk, change_url(question)) | {"place_store": "1"})
    question.refresh_from_db()
    assert question.structure["items"] == ["store", "sow", "water", "reap"]


def test_second_choice_and_its_percentage_are_written(desk):
    question = make_question("extended")
    form = form_of(desk, change_url(question))
    assert (form["also_fever"], form["percent_fever"]) == ("typhoid", 40)
    desk.post(
        change_url(question),
        form | {"also_fever": "", "also_cough": "dengue", "percent_cough": "30", "shuffle": "on"},
    )
    question.refresh_from_db()
    assert question.structure["also"] == {"cough": {"dengue": 30}}
    assert question.structure["shuffle"] is True
    answer = desk.post(change_url(question), form_of(desk, change_url(question)) | {"percent_cough": "130"})
    assert answer.status_code == 200


def test_items_that_say_the_same_are_refused_at_their_field(desk):
    question = make_question("matching", arabic=False)
    form = form_of(desk, change_url(question)) | {
        "texts-0-items_text_mali": "Item kenya of  " + question.key.upper()
    }
    answer = desk.post(change_url(question), form)
    assert answer.status_code == 200
    assert "Items kenya and mali have the same text. Change one of them." in answer.text
