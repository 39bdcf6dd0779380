"""What a learner sees of a submitted attempt, by the rule of the quiz; and the explanation of a question."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from maarifa.accounts.models import User
from maarifa.quizzes.compiling import compile_quiz, described
from maarifa.quizzes.differences import question_differences, rule_differences
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.kinds import KINDS, kind_named
from maarifa.quizzes.models import Attempt, QuestionText, Quiz
from maarifa.quizzes.reviews import review
from tests.factories.quizzes import (
    MONDAY,
    STRUCTURES,
    make_attempt,
    make_question,
    make_quiz,
    make_version,
    right_responses,
    submit,
    words_of,
    wrong_responses,
)
from tests.quizzes.pages import change_url, form_of

pytestmark = pytest.mark.django_db

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def amina():
    return User.objects.create_user("amina")


def explained(rule="all", kinds=("single", "numeric"), **more):
    """A version of a quiz under this rule, each of its questions with an explanation."""
    quiz = make_quiz(kinds, review=rule, **more)
    for text in QuestionText.objects.all():
        text.texts = {**text.texts, "explanation": f"SECRET because, in {text.language}"}
        text.save()
    return make_version(quiz)


def submitted(learner, version, responses, **more):
    attempt = make_attempt(learner=learner, quiz_version=version, **more)
    return submit(attempt, responses(attempt))


def page(reviewed, language="en"):
    with override(language):
        return render_to_string("quizzes/review.html", {"review": reviewed})


def test_all_gives_feedback_at_once_and_answers_with_explanations_at_the_end(amina):
    attempt = submitted(amina, explained(), wrong_responses)
    html = page(review(attempt, "en"))
    assert "SECRET feedback on a" in html
    assert "SECRET because" not in html
    html = page(review(attempt, "en", attempts_left=False))
    assert html.count("About this question: <span>SECRET because, in en</span>") == 2
    assert "12.5" in html


def test_explanation_is_for_right_answers_and_for_none_too(amina):
    assert page(review(submitted(amina, explained(), right_responses), "en")).count("SECRET because") == 2
    kofi = User.objects.create_user("kofi")
    attempt = submitted(kofi, explained(attempts=1), lambda _attempt: {})
    assert page(review(attempt, "en")).count("SECRET because") == 2


def test_explanation_is_in_the_language_of_the_question(amina):
    html = page(review(submitted(amina, explained(), right_responses, language="ar"), "ar"), "ar")
    assert "SECRET because, in ar" in html
    assert "in en" not in html


def test_score_never_tells_more_than_the_score(amina):
    attempt = submitted(amina, explained("score"), right_responses)
    for reviewed in (review(attempt, "en"), review(attempt, "en", attempts_left=False, at=TUESDAY)):
        html = page(reviewed)
        assert (reviewed.reveals, reviewed.reveals_answers) == (False, False)
        assert "This quiz shows only the score, not the answers." in html
        assert all(told not in html for told in ("SECRET", "orrect", "12.5", "Choice"))
    assert len(review(submitted(amina, explained("score"), wrong_responses), "en").lessons_to_reread()) == 2


def test_after_close_tells_the_score_until_the_quiz_is_over_for_the_learner(amina):
    attempt = submitted(amina, explained("after-close"), wrong_responses)
    reviewed = review(attempt, "en")
    assert (reviewed.reveals, reviewed.reveals_answers, reviewed.comes_later) == (False, False, True)
    html = page(reviewed)
    assert "You can see the answers when you have passed or have no attempts left." in html
    assert all(told not in html for told in ("SECRET", "orrect", "12.5", "Choice"))
    over = review(attempt, "en", attempts_left=False)
    assert (over.reveals, over.reveals_answers, over.comes_later) == (True, True, False)
    assert page(over).count("SECRET because") == 2


def test_after_close_tells_all_to_who_has_passed(amina):
    reviewed = review(submitted(amina, explained("after-close"), right_responses), "en")
    assert (reviewed.reveals, reviewed.reveals_answers) == (True, True)


def test_after_close_tells_all_once_the_deadline_of_the_attempt_is_over(amina):
    attempt = submitted(amina, explained("after-close"), wrong_responses, deadline=TUESDAY)
    before, after = (review(attempt, "en", at=at) for at in (TUESDAY, TUESDAY + timedelta(microseconds=1)))
    assert (before.reveals, after.reveals, after.reveals_answers) == (False, True, True)
    assert "have no attempts left, or after the deadline." in page(before)


def test_after_close_tells_all_once_the_quiz_has_closed(amina):
    attempt = submitted(amina, explained("after-close"), wrong_responses, closes_at=TUESDAY)
    assert not review(attempt, "en", at=TUESDAY).reveals
    assert review(attempt, "en", at=TUESDAY + timedelta(seconds=1)).reveals_answers


def test_after_close_waits_for_the_later_closing_of_then_and_now(amina):
    attempt = submitted(amina, explained("after-close"), wrong_responses, closes_at=TUESDAY)
    wednesday, second = TUESDAY + timedelta(days=1), timedelta(seconds=1)
    for closes_at, closing in ((wednesday, wednesday), (MONDAY, TUESDAY), (None, TUESDAY)):
        assert not review(attempt, "en", closes_at=closes_at, at=closing).reveals
        assert review(attempt, "en", closes_at=closes_at, at=closing + second).reveals


@pytest.mark.parametrize("rule", ["all", "score", "after-close"])
def test_exam_never_tells_answers_whatever_the_rule(amina, rule):
    version = explained(rule, bank_kind=BankKind.EXAM, attempts=1)
    reviewed = review(submitted(amina, version, right_responses), "en", attempts_left=False, at=TUESDAY)
    html = page(reviewed)
    assert (reviewed.reveals, reviewed.comes_later) == (False, False)
    assert "Exam questions are used again" in html
    assert "SECRET" not in html


def test_rule_is_frozen_when_an_attempt_starts(amina):
    version = explained("score")
    attempt = make_attempt(learner=amina, quiz_version=version)
    Quiz.objects.update(review="all")
    make_version(version.quiz)
    assert Attempt.objects.get().rules["review"] == "score"
    assert not review(submit(attempt, right_responses(attempt)), "en").reveals


def test_unknown_rule_is_refused_by_the_database():
    quiz = make_quiz()
    with pytest.raises(IntegrityError), transaction.atomic():
        Quiz.objects.filter(pk=quiz.pk).update(review="never")


def test_change_of_the_rule_makes_a_new_version_and_is_said_in_words():
    version = explained()
    Quiz.objects.update(review="score")
    quiz = Quiz.objects.get()
    (one,) = rule_differences(described(version), compile_quiz(quiz))
    assert (one.what, one.after) == (
        "What learners see after submitting",
        "only the score and the lessons to read again",
    )
    assert make_version(quiz).number == 2


def test_author_chooses_the_rule(desk):
    quiz = make_quiz()
    address = reverse("admin:quizzes_quiz_change", args=[quiz.pk])
    assert desk.post(address, form_of(desk, address) | {"review": "after-close"}).status_code == 302
    assert Quiz.objects.get().review == "after-close"
    assert desk.post(address, form_of(desk, address) | {"review": "never"}).status_code == 200


@pytest.mark.parametrize("kind", list(KINDS))
def test_author_of_each_kind_writes_an_explanation(desk, kind):
    question = make_question(kind, arabic=False)
    form = form_of(desk, change_url(question))
    desk.post(change_url(question), form | {"texts-0-explanation": "Because it is so."})
    text = question.texts.get()
    assert text.texts == {
        **words_of(kind, STRUCTURES[kind], question.key, "en"),
        "explanation": "Because it is so.",
    }
    assert kind_named(kind).texts_problems(question.structure, text.texts) == []
    form = form_of(desk, change_url(question))
    assert form["texts-0-explanation"] == "Because it is so."
    desk.post(change_url(question), form | {"texts-0-explanation": ""})
    assert "explanation" not in question.texts.get().texts


def test_explanation_is_named_among_differences():
    words = words_of("single", STRUCTURES["single"], "it", "en")
    content = {"kind": "single", "points": 1, "lesson_key": "", "source_language": "en", "states": {}}
    content |= {"structure": STRUCTURES["single"]}
    (one,) = question_differences(
        {**content, "texts": {"en": words}},
        {**content, "texts": {"en": {**words, "explanation": "Because."}}},
    )
    assert (one.label, one.after) == ("Explanation (en)", "Because.")


def test_explanation_is_on_no_page_before_submission(amina):
    version = explained(kinds=tuple(KINDS))
    attempt = make_attempt(learner=amina, quiz_version=version)
    for row in attempt.questions.select_related("question_version"):
        kind = kind_named(row.question_version.kind)
        structure, texts = row.question_version.structure, row.question_version.texts["en"]
        assert "SECRET" not in repr(kind.shows(structure, texts, row.choice_order, "en"))
