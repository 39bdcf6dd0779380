"""Correcting the grading of a question in the admin: what is shown before, to whom, and what is then done."""

import re
import time
from html import unescape
from urllib.parse import parse_qs

import pytest
from django.urls import reverse

from maarifa.accounts.models import AuditEntry
from maarifa.quizzes import actions
from maarifa.quizzes.models import Attempt, AttemptQuestion, GradingRule, Question, Regrade, RegradedAnswer
from tests.factories.quizzes import (
    make_attempt,
    make_question,
    make_quiz,
    make_version,
    right_responses,
    submit,
)
from tests.factories.regrading import correction_of, regraded
from tests.quizzes.pages import change_url, person, said, signed_in

pytestmark = pytest.mark.django_db
RIGHTS = ("view_question", "change_question", "regrade_question")
NOTE = "The key named the wrong choice."


@pytest.fixture
def author():
    return person("mariam", *RIGHTS)


@pytest.fixture
def browser(author):
    return signed_in(author)


@pytest.fixture
def version():
    return make_version(make_quiz(["single", "truefalse"], pass_percent=60))


@pytest.fixture
def question(version):
    return Question.objects.get(kind="single")


def answered(version, name, single, truefalse=("false",)):
    attempt = make_attempt(learner=person(name, staff=False), quiz_version=version)
    answers = {"single": single, "truefalse": list(truefalse)}
    rows = attempt.questions.select_related("question_version")
    return submit(attempt, {str(row.position): answers[row.question_version.kind] for row in rows})


@pytest.fixture
def attempts(version):
    """One by the old key, one by the right one."""
    return [answered(version, "amina", ["b"]), answered(version, "joao", ["a"])]


def address(question):
    return reverse("admin:quizzes_question_regrade", args=[question.pk])


def choice(method="accept", **more):
    return {"versions": ["1"], "method": method, "note": NOTE, "key-correct": "a", **more}


def shown(response) -> str:
    assert response.status_code == 200
    return " ".join(unescape(response.text).split())


def figures(response) -> list[int]:
    found = response.context["found"]
    return [found.attempts, found.rising, found.falling, found.newly_passed, len(found.back)]


def test_page_of_the_question_leads_there(browser, question, attempts):
    assert f'<a href="{address(question)}">Correct grading</a>' in browser.get(change_url(question)).text


def test_question_that_nobody_was_asked_has_nothing_to_correct(browser, question):
    page = shown(browser.get(address(question)))
    assert "No one has submitted an attempt with this question yet" in page
    assert "<form method" not in page.partition('id="content-main"')[2]


def test_form_offers_the_versions_that_were_asked_and_the_fields_of_the_key_alone(
    browser, question, attempts
):
    page = browser.get(address(question))
    assert "Version 1, 2 attempts. Correct answer: Choice b of single-1" in shown(page)
    assert list(page.context["form"].key.fields) == ["correct", "credit"]
    for method in ("accept", "corrected", "everyone", "drop"):
        assert f'value="{method}"' in page.text


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("gaps", ["correct_1", "case_2", "diacritics_2"]),
        ("matching", ["pair_kenya", "pair_mali", "pair_peru"]),
        ("ordering", ["place_sow", "place_water", "place_reap", "place_store"]),
    ],
)
def test_form_offers_nothing_that_would_change_what_was_asked(browser, kind, fields):
    version = make_version(make_quiz([kind, "truefalse"]))
    attempt = make_attempt(learner=person("amina", staff=False), quiz_version=version)
    submit(attempt, right_responses(attempt))
    page = browser.get(address(Question.objects.get(kind=kind)))
    assert list(page.context["form"].key.fields) == fields


def test_preview_says_what_would_change_and_writes_nothing(browser, question, attempts):
    before = list(Attempt.objects.order_by("pk").values())
    page = browser.get(address(question), choice())
    assert figures(page) == [2, 1, 0, 1, 0]
    assert "Nothing has changed yet." in shown(page)
    assert page.text.count("<rect ") == 20
    assert list(Attempt.objects.order_by("pk").values()) == before
    assert (Regrade.objects.count(), GradingRule.objects.count()) == (0, 0)


def test_without_a_method_the_page_asks_for_one_and_keeps_what_was_typed(browser, question, attempts):
    given = choice()
    del given["method"]
    page = browser.get(address(question), given)
    assert "Choose what to do." in shown(page)
    assert NOTE in shown(page)


def test_names_are_shown_to_those_who_may_see_attempts_and_written_down(browser, question, attempts):
    assert "joao" not in shown(browser.get(address(question), choice()))
    assert AuditEntry.objects.count() == 0
    examiner = signed_in(person("kofi", *RIGHTS, "view_attempt"))
    page = shown(examiner.get(address(question), choice()))
    assert "joao" in page
    assert "amina" not in page
    assert "1 / 2" in page
    assert "now passed" in page
    line = AuditEntry.objects.get()
    assert (line.action, line.actor.username) == ("question.regrade-previewed", "kofi")


def test_long_lists_have_pages(browser, version, question, monkeypatch):
    monkeypatch.setattr("maarifa.quizzes.regradepages.PAGE", 2)
    for number in range(5):
        answered(version, f"learner-{number}", ["a"])
    examiner = signed_in(person("kofi", *RIGHTS, "view_attempt"))
    last = examiner.get(address(question), choice(page="3"))
    assert [row["learner"].username for row in last.context["rows"]] == ["learner-4"]
    back = re.search(r'rel="prev" href="([^"]+)"', last.text)[1]
    assert parse_qs(unescape(back).lstrip("?")) == {
        "versions": ["1"],
        "method": ["accept"],
        "note": [NOTE],
        "key-correct": ["a"],
        "page": ["2"],
    }
    before = examiner.get(address(question) + unescape(back))
    assert [row["learner"].username for row in before.context["rows"]] == ["learner-2", "learner-3"]


def test_correction_is_applied_once_and_leads_to_its_page(browser, question, attempts):
    page = browser.get(address(question), choice())
    given = {**choice(), "seen": page.context["found"].digest}
    done = browser.post(address(question), given, follow=True)
    regrade = Regrade.objects.get()
    assert done.redirect_chain == [(reverse("admin:quizzes_regrade_change", args=[regrade.pk]), 302)]
    assert said(done) == ["The correction is saved. Attempts are being graded again."]
    assert "0 of 2 attempts graded again" in shown(done)
    assert "ui/progress" in done.text
    assert browser.post(address(question), given).status_code == 200
    assert Regrade.objects.count() == 1
    assert actions.apply_regrade(regrade_id=regrade.pk)
    assert sorted(Attempt.objects.values_list("score", flat=True)) == [200_000, 200_000]
    finished = shown(browser.get(reverse("admin:quizzes_regrade_change", args=[regrade.pk])))
    assert "All attempts are graded again." in finished
    assert "ui/progress" not in finished
    assert NOTE in shown(browser.get(address(question)))


def test_fragment_says_how_far_it_is(browser, question, version, author, attempts):
    single = version.pool.get(kind="single")
    regrade = actions.regrade_question(correction=correction_of(single), note=NOTE, by=author)
    there = reverse("admin:quizzes_regrade_progress", args=[regrade.pk])
    fragment = browser.get(there)
    assert "0 of 2 attempts graded again" in fragment.text
    assert len(fragment.content) < 1_000
    Regrade.objects.update(state="failed", finished_at=regrade.created_at)
    assert "data-stop" in browser.get(there).text
    chosen = {"action": "try_again", "_selected_action": [regrade.pk]}
    again = browser.post(reverse("admin:quizzes_regrade_changelist"), chosen, follow=True)
    assert said(again) == ["We will try again to apply 1 correction."]
    assert actions.apply_regrade(regrade_id=regrade.pk)
    assert "data-done" in browser.get(there).text


def test_lower_scores_are_applied_after_a_yes_that_names_their_number(browser, question, attempts):
    question.structure = {**question.structure, "correct": ["a"]}
    question.save()
    given = choice("corrected", lower="on")
    page = browser.get(address(question), given)
    assert "I know that 1 score becomes lower." in shown(page)
    given["seen"] = page.context["found"].digest
    refused = browser.post(address(question), given, follow=True)
    assert said(refused) == ["Some scores would become lower. Tick the box to confirm this."]
    assert "I know that 1 score becomes lower." in shown(refused)
    assert Regrade.objects.count() == 0
    assert browser.post(address(question), {**given, "known": "on"}).status_code == 302
    assert Regrade.objects.get().lower


def test_figures_that_changed_are_shown_again(browser, version, question, attempts):
    given = {**choice(), "seen": browser.get(address(question), choice()).context["found"].digest}
    answered(version, "kofi", ["a"])
    page = browser.post(address(question), given, follow=True)
    assert said(page)[0].startswith("The figures have changed since you saw them.")
    assert figures(page) == [3, 2, 0, 2, 0]
    assert Regrade.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"note": ""}, "There is no note for learners."),
        ({"note": "x" * 301}, "at most 300 characters"),
        ({"versions": []}, "No version of the question is chosen."),
        ({"versions": ["7"]}, "7 is not one of the available choices."),
        ({"method": "guess"}, "guess is not one of the available choices."),
        ({"key-correct": "z"}, "z is not one of the available choices."),
        ({"key-correct": "b"}, "The attempts are already graded in this way."),
        ({"key-correct": ""}, "The new key is not complete."),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_bad_input_is_named_and_nothing_is_written(browser, question, attempts, given, message, method):
    page = getattr(browser, method)(address(question), {**choice(), **given})
    assert message in shown(page)
    assert NOTE in page.text or "note" in given
    assert Regrade.objects.count() == 0


def test_author_comes_back_to_what_was_chosen(browser, question, attempts):
    page = browser.get(address(question), choice("everyone", edit=""))
    assert page.context["form"]["method"].value() == "everyone"
    assert NOTE in page.text
    assert "found" not in page.context


def test_only_those_with_the_right_correct_a_grading(desk, question, attempts, author):
    regrade = regraded(attempts[0].questions.get(question_version__kind="single").question_version, by=author)
    there = [
        address(question),
        reverse("admin:quizzes_regrade_changelist"),
        reverse("admin:quizzes_regrade_change", args=[regrade.pk]),
        reverse("admin:quizzes_regrade_progress", args=[regrade.pk]),
        reverse("admin:quizzes_regradedanswer_changelist"),
    ]
    coordinator, learner = signed_in(person("awa", staff=False)), signed_in(attempts[0].learner)
    for where in there:
        assert desk.get(where).status_code == 403
        assert desk.post(where, choice()).status_code == 403
        for stranger in (coordinator, learner):
            answer = stranger.get(where)
            assert answer.status_code in (302, 404)
            assert b"amina" not in answer.content
    assert Regrade.objects.count() == 1
    assert "Correct grading" not in desk.get(change_url(question)).text


def test_question_that_is_not_there_is_a_404(browser):
    assert browser.get(address(Question(pk=0))).status_code == 404
    assert browser.get(reverse("admin:quizzes_regrade_progress", args=[0])).status_code == 404


def test_applying_asks_for_a_fresh_proof(browser, author, question, attempts):
    author.set_password("long-enough-1")
    author.save()
    browser.force_login(author)
    session = browser.session
    session["proved"] = [author.pk, int(time.time()) - 11 * 60]
    session.save()
    assert browser.get(address(question)).status_code == 200
    for method in ("get", "post"):
        answer = getattr(browser, method)(address(question), choice("everyone"))
        assert answer.status_code == 302
        assert "/account/reauthenticate/" in answer["Location"]
    assert Regrade.objects.count() == 0


def test_results_that_changed_are_listed_for_those_who_may_see_attempts(browser, version, author, attempts):
    regrade = regraded(version.pool.get(kind="single"), by=author)
    examiner = signed_in(person("kofi", *RIGHTS, "view_attempt"))
    there = f"{reverse('admin:quizzes_regradedanswer_changelist')}?regrade__id__exact={regrade.pk}"
    page = shown(examiner.get(there))
    assert "joao" in page
    assert "2 / 2" in page
    assert RegradedAnswer.objects.count() == 1
    assert AuditEntry.objects.filter(action="regraded-answers.listed").count() == 1
    one = reverse("admin:quizzes_regrade_change", args=[regrade.pk])
    assert "See whose results changed" in shown(examiner.get(one))
    assert "See whose results changed" not in shown(browser.get(one))


def test_attempt_page_says_which_question_does_not_count(version, author, attempts):
    regraded(version.pool.get(kind="single"), "drop", by=author)
    dropped = AttemptQuestion.objects.filter(dropped=True).first()
    examiner = signed_in(person("kofi", "view_attempt"))
    page = examiner.get(reverse("admin:quizzes_attempt_change", args=[dropped.attempt_id]))
    assert "does not count" in shown(page)


def test_number_is_accepted_as_authors_write_it(browser, author):
    version = make_version(make_quiz(["numeric", "single"]))
    attempt = make_attempt(learner=person("amina", staff=False), quiz_version=version)
    rows = attempt.questions.select_related("question_version")
    answers = {"numeric": "14", "single": ["b"]}
    submit(attempt, {str(row.position): answers[row.question_version.kind] for row in rows})
    question = Question.objects.get(kind="numeric")
    given = {"versions": ["1"], "method": "accept", "note": NOTE, "key-answer": "١٤", "key-tolerance": "0"}
    assert figures(browser.get(address(question), given)) == [1, 1, 0, 1, 0]


def test_page_of_a_question_without_texts_is_shown(browser):
    question = make_question(arabic=False)
    question.texts.all().delete()
    assert browser.get(address(question)).status_code == 200
