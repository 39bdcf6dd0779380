"""What holds words is removed once its author has said so twice, and errors lead to their fields."""

import pytest
from django.urls import reverse

from maarifa.accounts.models import User
from maarifa.quizzes.models import Question, QuestionText
from tests.factories.quizzes import make_question, make_quiz
from tests.quizzes.pages import change_url, form_of, signed_in

pytestmark = pytest.mark.django_db


def links(response) -> list[str]:
    block = response.text.partition('<div id="errors"')[2].partition("</div>")[0]
    return [part.partition('"')[0] for part in block.split('href="')[1:]]


def test_a_choice_with_words_is_removed_after_a_question(desk):
    question = make_question()
    last = question.structure["choices"][-1]
    given = {**form_of(desk, change_url(question)), "remove": [last]}
    asked = desk.post(change_url(question), given)
    assert "If you save again, the text of " in asked.text
    assert " is removed in every language. To keep it, untick the box first." in asked.text
    assert links(asked) == ["#id_remove"]
    assert last in Question.objects.get().structure["choices"]
    sure = asked.context["adminform"].form["sure"].value()
    assert desk.post(change_url(question), {**given, "sure": sure}).status_code == 302
    assert last not in Question.objects.get().structure["choices"]
    assert last not in QuestionText.objects.get(language="en").texts["choices"]


def test_who_said_yes_to_one_choice_is_asked_about_another(desk):
    question = make_question()
    first, *_rest, last = question.structure["choices"]
    given = {**form_of(desk, change_url(question)), "sure": last}
    asked = desk.post(change_url(question), {**given, "remove": [first, last]})
    assert asked.status_code == 200
    assert Question.objects.get().structure == question.structure


def test_a_choice_without_words_is_removed_at_once(desk):
    question = make_question()
    for text in question.texts.all():
        text.texts["choices"].pop(question.structure["choices"][-1])
        text.save()
    given = {**form_of(desk, change_url(question)), "remove": [question.structure["choices"][-1]]}
    assert desk.post(change_url(question), given).status_code == 302


def test_words_in_a_language_are_deleted_after_a_question():
    operator = signed_in(User.objects.create_user("operator", is_staff=True, is_superuser=True))
    question = make_question()
    given = {**form_of(operator, change_url(question)), "texts-1-DELETE": "on"}
    assert given["texts-1-language"] == "ar"
    asked = operator.post(change_url(question), given)
    assert "If you save again, the text in “ar” is deleted." in asked.text
    assert links(asked) == ["#texts-group"]
    assert question.texts.count() == 2
    assert 'name="texts-1-sure" value="ar"' in asked.text
    assert operator.post(change_url(question), {**given, "texts-1-sure": "ar"}).status_code == 302
    assert question.texts.get().language == "en"


def test_the_source_language_stands_first(desk):
    question = make_question()
    QuestionText.objects.filter(question=question, language="en").update(language="zh-hans")
    page = desk.get(change_url(question))
    shown = [form.instance.language for form in page.context["inline_admin_formsets"][0].formset.forms]
    assert shown[:2] == ["zh-hans", "ar"]
    listed = desk.get(reverse("admin:quizzes_question_changelist"))
    assert "zh-hans, ar" in listed.text


def test_errors_lead_to_their_fields_in_the_order_of_the_page(desk):
    question = make_question()
    given = {**form_of(desk, change_url(question)), "points": "0", "texts-0-stem": ""}
    page = desk.post(change_url(question), given)
    assert links(page) == ["#id_points", "#id_texts-0-stem"]
    for place in ("id_points", "id_texts-0-stem"):
        assert f'id="{place}"' in page.text
    assert 'id="errors" class="errorlinks" tabindex="-1"' in page.text


def test_a_quiz_takes_a_minute_or_more(desk):
    quiz = make_quiz()
    url = reverse("admin:quizzes_quiz_change", args=[quiz.pk])
    page = desk.post(url, {**form_of(desk, url), "minutes": "0"})
    assert links(page) == ["#id_minutes"]
    assert desk.post(url, {**form_of(desk, url), "minutes": "1"}).status_code == 302


def test_two_questions_do_not_share_a_position(desk):
    quiz = make_quiz()
    first, second, *_rest = quiz.bank.questions.order_by("position", "id")
    Question.objects.filter(pk=first.pk).update(position=1)
    Question.objects.filter(pk=second.pk).update(position=2)
    url = change_url(second)
    stem = first.texts.get(language="en").texts["stem"]
    page = desk.post(url, {**form_of(desk, url), "position": "1"})
    assert f"“{stem}” is already at position 1." in page.text
    # Who moves nothing may save, even where two share a place since before.
    Question.objects.filter(pk=second.pk).update(position=1)
    assert desk.post(url, {**form_of(desk, url), "points": "2"}).status_code == 302


def test_a_choice_that_is_added_beside_an_error_is_added_once_that_is_corrected(desk):
    question = make_question()
    given = {**form_of(desk, change_url(question)), "more": "2"}
    page = desk.post(change_url(question), {**given, "points": "0"})
    assert links(page) == ["#id_points"]
    assert Question.objects.get().structure == question.structure
    assert desk.post(change_url(question), given).status_code == 302
    assert len(Question.objects.get().structure["choices"]) == len(question.structure["choices"]) + 2


def test_words_of_a_choice_outlast_the_wish_to_remove_it(desk):
    question = make_question()
    last = question.structure["choices"][-1]
    words = QuestionText.objects.get(language="en").texts
    given = {**form_of(desk, change_url(question)), "remove": [last]}
    asked = desk.post(change_url(question), given)
    sure = asked.context["adminform"].form["sure"].value()
    page = desk.post(change_url(question), {**given, "sure": sure, "points": "0"})
    assert links(page) == ["#id_points"]
    # Their author takes the tick away, and sends what the page has fields for.
    sent = {name: value for name, value in given.items() if f'name="{name}"' in page.text}
    assert desk.post(change_url(question), {**sent, "remove": []}).status_code == 302
    assert QuestionText.objects.get(language="en").texts == words
