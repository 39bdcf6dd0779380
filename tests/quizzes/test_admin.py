"""Authoring in the admin: no raw structure, no script needed; and who may look at learners' answers."""

import json
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from maarifa.lib.digests import short_digest
from maarifa.quizzes import actions
from maarifa.quizzes.checks import question_problems, quiz_problems
from maarifa.quizzes.kinds import KINDS
from maarifa.quizzes.models import Bank, Question, Quiz
from tests.factories.curriculum import draft_course
from tests.factories.quizzes import (
    MONDAY,
    BankFactory,
    make_attempt,
    make_question,
    make_quiz,
    make_version,
    right_responses,
)
from tests.quizzes.pages import change_url, form_of, person, said

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", list(KINDS))
def test_question_of_each_kind_goes_through_its_form_unchanged(desk, kind):
    question = make_question(kind)
    before = {text.language: (text.texts, text.source_digest, text.state) for text in question.texts.all()}
    response = desk.post(change_url(question), form_of(desk, change_url(question)), follow=True)
    assert len(said(response)) == 1
    after = Question.objects.get()
    assert after.structure == question.structure
    assert {
        text.language: (text.texts, text.source_digest, text.state) for text in after.texts.all()
    } == before


def test_page_of_a_question_shows_fields_and_no_raw_structure(desk):
    html = desk.get(change_url(make_question())).content.decode()
    assert 'name="structure"' not in html
    assert 'name="texts-0-texts"' not in html
    assert "Choice b of question-" in html
    assert re.search(r'type="radio" name="correct" value="b"[^>]* checked', html)


def test_question_is_written_from_nothing(desk):
    bank = BankFactory()
    response = desk.post(
        reverse("admin:quizzes_question_add"),
        {
            "bank": bank.pk,
            "key": "whose",
            "kind": "multiple",
            "points": 2,
            "position": 1,
            "lesson_key": "first",
        },
    )
    question = Question.objects.get()
    assert response.url == change_url(question)
    assert question.structure == {"choices": ["a", "b", "c", "d"], "correct": []}
    form = form_of(desk, change_url(question))
    form |= {
        "correct": ["b", "c"],
        "remove": ["d"],
        "texts-0-language": "sw",
        "texts-0-state": "source",
        "texts-0-stem": "Nani?",
        "texts-0-text_a": "Yeye",
        "texts-0-text_b": "Sisi",
        "texts-0-text_c": "Wao",
        "texts-0-feedback_b": "Ndiyo.",
    }
    response = desk.post(change_url(question), form, follow=True)
    assert len(said(response)) == 1, said(response)
    question.refresh_from_db()
    assert question.structure == {"choices": ["a", "b", "c"], "correct": ["b", "c"]}
    text = question.texts.get()
    assert (text.language, text.state, text.source_digest) == ("sw", "source", "")
    assert text.texts == {
        "stem": "Nani?",
        "choices": {"a": {"text": "Yeye"}, "b": {"text": "Sisi", "feedback": "Ndiyo."}, "c": {"text": "Wao"}},
    }


def test_draft_with_holes_is_kept_and_says_what_is_missing(desk):
    question = make_question(arabic=False)
    form = form_of(desk, change_url(question)) | {"more": "1"}
    response = desk.post(change_url(question), form, follow=True)
    question.refresh_from_db()
    assert question.structure["choices"] == ["a", "b", "c", "d"]
    assert (
        said(response)[0] == "This question is not complete yet. Choice d: This field is empty. Fill it in."
    )


def test_choice_that_is_removed_takes_its_words_along_in_every_language(desk):
    quiz = make_quiz(["single"])
    question = Question.objects.get()
    form = form_of(desk, change_url(question)) | {"remove": ["c"], "sure": "c"}
    desk.post(change_url(question), form)
    question.refresh_from_db()
    assert question.structure == {"choices": ["a", "b"], "correct": ["b"]}
    assert {text.language: list(text.texts["choices"]) for text in question.texts.all()} == {
        "en": ["a", "b"],
        "ar": ["a", "b"],
    }
    assert quiz_problems(quiz) == []


def test_choices_that_say_the_same_are_refused_in_each_language(desk):
    question = make_question()
    form = form_of(desk, change_url(question))
    form |= {"texts-0-text_a": "By the law", "texts-0-text_b": " by the  LAW "}
    answer = desk.post(change_url(question), form)
    assert answer.status_code == 200
    assert "Choices a and b have the same text." in answer.text
    text = question.texts.get(language=form["texts-0-language"])
    text.texts["choices"]["c"]["text"] = text.texts["choices"]["a"]["text"].upper()
    text.save()
    assert [found.problem.code for found in question_problems(question, [text])] == ["SAME_CHOICES"]


def test_number_is_typed_as_people_write_it(desk):
    question = make_question("numeric")
    form = form_of(desk, change_url(question)) | {"answer": "١٬٢٣٤٫٥", "tolerance": "0,5"}
    desk.post(change_url(question), form)
    question.refresh_from_db()
    assert question.structure == {"answer": "1234.5", "tolerance": "0.5"}
    response = desk.post(change_url(question), form | {"answer": "some"})
    assert response.status_code == 200
    assert "“some” is not a number we can read." in response.content.decode()
    question.refresh_from_db()
    assert question.structure["answer"] == "1234.5"


def prefix_of(form, language):
    return next(name.removesuffix("language") for name, value in form.items() if value == language)


def test_translation_goes_stale_with_its_source_until_the_author_says_it_is_up_to_date(desk):
    question = make_question()
    url = change_url(question)
    form = form_of(desk, url)
    english, arabic = prefix_of(form, "en"), prefix_of(form, "ar")
    desk.post(url, form | {f"{english}stem": "What is it now?"})
    source, translation = question.texts.get(language="en"), question.texts.get(language="ar")
    assert translation.is_stale(source.digest())
    assert "out of date: the source text has changed" in desk.get(url).content.decode()

    form = form_of(desk, url)
    desk.post(
        url,
        form | {f"{arabic}stem": "ما هو الآن؟", f"{arabic}state": "reviewed", f"{arabic}up_to_date": "on"},
    )
    translation.refresh_from_db()
    assert not translation.is_stale(source.digest())
    assert (translation.state, translation.texts["stem"]) == ("reviewed", "ما هو الآن؟")
    assert "out of date: the source text has changed" not in desk.get(url).content.decode()


def test_new_translation_is_made_from_the_source_as_it_stands_in_the_same_form(desk):
    question = make_question("truefalse", arabic=False)
    form = form_of(desk, change_url(question))
    form |= {
        "texts-0-stem": "It is so.",
        "texts-1-language": "fr",
        "texts-1-stem": "C’est ainsi.",
    }
    desk.post(change_url(question), form)
    source, translation = question.texts.get(language="en"), question.texts.get(language="fr")
    assert source.texts["stem"] == "It is so."
    assert (translation.state, translation.source_digest) == ("machine", short_digest(source.texts))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"state": "source"}, "Mark exactly one language as the source text. Marked now: 2."),
        ({"language": "en"}, "Please correct the duplicate"),
        ({"language": "English!"}, "Write a language code, for example en, ar or zh-hans."),
    ],
)
def test_words_that_do_not_fit_together_are_refused(desk, change, sentence):
    question = make_question()
    form = form_of(desk, change_url(question))
    arabic = prefix_of(form, "ar")
    response = desk.post(
        change_url(question), form | {f"{arabic}{name}": value for name, value in change.items()}
    )
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert sorted(question.texts.values_list("language", "state")) == [("ar", "machine"), ("en", "source")]


def test_editing_in_the_admin_leaves_an_open_attempt_as_it_was(desk):
    version = make_version(make_quiz(["single"]))
    attempt = make_attempt(learner=person("amina", staff=False), quiz_version=version)
    right = right_responses(attempt)
    question = Question.objects.get()
    form = form_of(desk, change_url(question)) | {"correct": "c"}
    form[f"{prefix_of(form, 'en')}stem"] = "Another question?"
    desk.post(change_url(question), form)
    question.refresh_from_db()
    assert question.structure["correct"] == ["c"]
    graded = actions.submit_attempt(attempt=attempt, responses=right, happened_at=MONDAY, at=MONDAY)
    assert graded.passed


def test_what_was_met_is_retired_and_never_deleted(desk):
    quiz = make_quiz(["single"])
    for row in (Question.objects.get(), quiz, quiz.bank):
        name = row._meta.model_name
        assert desk.get(reverse(f"admin:quizzes_{name}_delete", args=[row.pk])).status_code == 403
        for action, retired in (("retire", True), ("bring_back", False)):
            desk.post(
                reverse(f"admin:quizzes_{name}_changelist"), {"action": action, "_selected_action": [row.pk]}
            )
            row.refresh_from_db()
            assert (row.retired_at is not None) is retired


def test_quiz_that_draws_too_many_says_so(desk):
    quiz = make_quiz(["single"])
    url = reverse("admin:quizzes_quiz_change", args=[quiz.pk])
    response = desk.post(url, form_of(desk, url) | {"draw": 3}, follow=True)
    assert said(response)[0] == (
        "This quiz does not have enough questions. It needs 3, but the bank has only 1. Add questions or "
        "choose fewer."
    )
    assert Quiz.objects.get().draw == 3


@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_as_often_for_three_rows_as_for_one(desk, count, django_assert_num_queries):
    for _number in range(count):
        make_quiz(["single"])
    desk.get("/admin/")
    for model, queries in ((Bank, 7), (Quiz, 7), (Question, 8)):
        with django_assert_num_queries(queries):
            desk.get(reverse(f"admin:quizzes_{model._meta.model_name}_changelist"))


@pytest.mark.parametrize("languages", [(), ("fr", "es", "sw", "hi")])
def test_question_page_asks_as_often_for_many_languages_as_for_two(
    desk, languages, django_assert_num_queries
):
    question = make_question()
    source = question.texts.get(language="en")
    for language in languages:
        question.texts.create(
            language=language, texts=source.texts, state="machine", source_digest=source.digest()
        )
    desk.get("/admin/")
    with django_assert_num_queries(10):
        desk.get(reverse("admin:quizzes_question_change", args=[question.pk]))


def test_page_of_a_question_reads_its_course_once(desk, django_assert_max_num_queries):
    """One query for the course, and one each for its texts, its lessons and their texts."""
    question = draft_course().quiz.bank.questions.first()
    desk.get("/admin/")
    with django_assert_max_num_queries(100) as asked:
        page = desk.get(change_url(question))
    assert 'name="lesson_key"' in page.text
    read = [query["sql"] for query in asked if 'FROM "curriculum_' in query["sql"]]
    assert len(read) == 4, read
    form = form_of(desk, change_url(question))
    with django_assert_max_num_queries(100) as asked:
        assert desk.post(change_url(question), form).status_code == 302
    read = [query["sql"] for query in asked if 'FROM "curriculum_course" WHERE' in query["sql"]]
    assert len(read) == 1, read


# Learners' records


REFUSED = "Someone else has changed this since you opened the page."


def test_second_who_saves_a_question_is_refused_and_reads_both(desk):
    question = make_question()
    opened = form_of(desk, change_url(question))
    english = prefix_of(opened, "en")
    assert desk.post(change_url(question), opened | {f"{english}stem": "Theirs is better"}).status_code == 302
    answer = desk.post(change_url(question), opened | {f"{english}stem": "Mine is better"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert REFUSED in html
    assert "<del>Mine</del><ins>Theirs</ins> is better" in html
    assert ">Mine is better</textarea>" in html.replace("\r\n", "").replace(">\n", ">")
    assert question.texts.get(language="en").texts["stem"] == "Theirs is better"


def test_second_who_says_what_is_right_is_refused(desk):
    question = make_question()
    opened = form_of(desk, change_url(question))
    desk.post(change_url(question), opened | {"correct": "c"})
    answer = desk.post(change_url(question), opened | {"correct": "a"})
    assert REFUSED in answer.content.decode()
    question.refresh_from_db()
    assert question.structure["correct"] == ["c"]
    # What one did not touch stays as others have saved it.
    english = prefix_of(opened, "en")
    assert desk.post(change_url(question), opened | {f"{english}stem": "New words"}).status_code == 302
    question.refresh_from_db()
    assert question.structure["correct"] == ["c"]
    assert question.texts.get(language="en").texts["stem"] == "New words"


def test_second_who_changes_a_quiz_is_refused(desk):
    quiz = make_quiz()
    address = reverse("admin:quizzes_quiz_change", args=[quiz.pk])
    opened = form_of(desk, address)
    assert desk.post(address, opened | {"pass_percent": 80}).status_code == 302
    answer = desk.post(address, opened | {"pass_percent": 60})
    assert REFUSED in answer.content.decode()
    assert Quiz.objects.get().pass_percent == 80


def test_text_saved_as_a_browser_sends_it_is_not_changed_in_history(desk):
    """Browsers end lines with CR and LF. Only what was changed is named, with its language."""
    question = make_question("truefalse")
    for text in question.texts.all():
        text.texts = {**text.texts, "stem": "One\nTwo"}
        text.save()
    form = {
        name: value.replace("\n", "\r\n") if isinstance(value, str) else value
        for name, value in form_of(desk, change_url(question)).items()
    }
    before = question.texts.get(language="en").history.count()
    desk.post(change_url(question), form | {f"{prefix_of(form, 'ar')}stem": "نعم"})
    (entry,) = LogEntry.objects.filter(action_flag=2)
    assert [change["changed"]["object"] for change in json.loads(entry.change_message)] == ["ar"]
    assert question.texts.get(language="en").history.count() == before


@pytest.fixture
def course():
    return draft_course(key="rules", draw=2)


def test_bank_and_quiz_are_told_what_key_is_right(desk, course):
    for model in ("bank", "quiz"):
        for key, told in (
            ("Basics", "Write the key of the course, a slash and a short name"),
            ("rulse/more", "There is no course with the key “rulse”."),
        ):
            html = desk.post(reverse(f"admin:quizzes_{model}_add"), {"key": key}).content.decode()
            assert told in html
            assert "Constraint" not in html
    desk.post(reverse("admin:quizzes_bank_add"), {"key": "rules/more", "kind": "module"})
    assert Bank.objects.filter(key="rules/more").exists()


def test_cells_are_rows_that_fit_the_draw(desk, course):
    address = reverse("admin:quizzes_quiz_change", args=[course.quiz.pk])
    form = form_of(desk, address)
    rows = {"cells-0-outcome": "find-a-rule", "cells-0-level": "recall", "cells-0-count": "1"}
    answer = desk.post(address, form | rows)
    assert (
        "The rows add up to 1 questions, but the quiz chooses 2. Make the two numbers the same."
        in answer.content.decode()
    )
    assert desk.post(address, form | rows | {"cells-0-count": "2"}).status_code == 302
    course.quiz.refresh_from_db()
    assert course.quiz.cells == [{"outcome": "find-a-rule", "level": "recall", "count": 2}]
    assert desk.post(address, form_of(desk, address)).status_code == 302
    assert course.quiz.history.count() == 2
    twice = rows | {f"cells-1-{name.rpartition('-')[2]}": value for name, value in rows.items()}
    assert "Two rows have the same outcome and level." in desk.post(address, form | twice).content.decode()
    for name, value in (("count", "many"), ("level", "")):
        html = desk.post(address, form | rows | {f"cells-0-{name}": value}).content.decode()
        assert "Row 1:" in html


def test_lesson_outcome_level_and_language_of_a_question_are_lists(desk, course):
    question = Question.objects.get(key="where")
    html = desk.get(change_url(question)).content.decode()
    assert "<option value=second>Rules that can be used<" in html
    assert "<option value=find-a-rule>Find the rule that binds your office.<" in html
    form = form_of(desk, change_url(question)) | {"outcome_key": "find-a-rule", "level": "recall"}
    assert desk.post(change_url(question), form).status_code == 302
    question.refresh_from_db()
    assert (question.lesson_key, question.outcome_key, question.level) == ("first", "find-a-rule", "recall")
    assert desk.post(change_url(question), form | {"lesson_key": "ninth"}).status_code == 200
