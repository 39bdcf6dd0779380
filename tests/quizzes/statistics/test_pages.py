"""The pages of the admin that show statistics: who may see them, what they show, and what they keep to themselves."""

import io
import os
import random
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from maarifa.accounts.models import User
from maarifa.quizzes import actions
from maarifa.quizzes.models import Question, QuestionVersion
from tests.browsing import accessibility_faults
from tests.factories.quizzes import RIGHT, WRONG, make_quiz, make_version
from tests.pages.addresses import enter
from tests.quizzes.pages import person, signed_in
from tests.quizzes.respondents import respond

pytestmark = pytest.mark.django_db

LOOK = os.environ.get("MAARIFA_LOOK")


def answer_all(version, counts):
    """So many people of each language answer, better or worse."""
    rng = random.Random(3)
    questions = list(Question.objects.order_by("position"))
    for language, count in counts.items():
        sheets = []
        for _person in range(count):
            able = rng.uniform(0.1, 0.9)
            sheets.append({q.key: (RIGHT if rng.random() < able else WRONG)[q.kind] for q in questions})
            # The key of the first is wrong: who knows most picks another choice.
            sheets[-1]["single-1"] = ["c"] if rng.random() < able else ["b"]
        respond(version, sheets, language=language)
    actions.compute_statistics()


@pytest.fixture
def version():
    version = make_version(make_quiz(["single", "single", "multiple", "truefalse", "numeric"]))
    answer_all(version, {"en": 130, "ar": 110, "sw": 3})
    return version


def address(version, what="statistics", *more):
    return reverse(f"admin:quizzes_quiz_{what}", args=[version.quiz_id, *more])


def question_page(version, key):
    asked = QuestionVersion.objects.get(question__key=key)
    return address(version, "question_statistics", asked.pk)


def test_quiz_shows_what_to_check_first(desk, version):
    text = desk.get(address(version)).text
    assert text.index("Questions to check") < text.index("Each version of the quiz")
    assert "Learners who know more get this question wrong more often" in text
    assert "“c” more often than the correct “b”" in text
    assert "Reliability" in text
    assert "<svg" in text
    assert f'href="{question_page(version, "single-1")}"' in text


def test_question_shows_each_language_and_who_chose_what(desk, version):
    text = desk.get(question_page(version, "single-1")).text
    assert "Choice b of single-1" in text
    assert "الخيار b من single-1" in text
    assert "No learner chose “a”" in text
    assert "Lower third" in text
    assert desk.get(question_page(version, "truefalse-4")).text.count("False") >= 1
    # What somebody typed is on no page.
    assert "12.5" not in desk.get(question_page(version, "numeric-5")).text


def test_quiz_page_leads_to_its_statistics(desk, version):
    page = desk.get(reverse("admin:quizzes_quiz_change", args=[version.quiz_id])).text
    assert f'href="{address(version)}"' in page


def test_nothing_is_shown_of_fewer_than_ten_answers(desk):
    version = make_version(make_quiz(["single"] * 2))
    respond(version, [{"single-1": ["b"], "single-2": ["a"]}] * 9)
    actions.compute_statistics()
    for page in (address(version), question_page(version, "single-1")):
        text = desk.get(page).text
        assert "fewer than 10" in text
        assert "%" not in text.partition('id="content-main"')[2].partition("What the figures mean")[0]
    exported = desk.get(address(version, "statistics_export", "csv")).content.decode("utf-8-sig")
    assert "Hidden: fewer than 10 answers" in exported
    assert "0.5" not in exported


def test_quiz_that_nobody_took_says_so(desk):
    version = make_version(make_quiz(["single"]))
    assert "There are no statistics yet." in desk.get(address(version)).text


def test_quiz_that_asks_one_question_has_no_thirds(desk):
    version = make_version(make_quiz(["single"]))
    respond(version, [{"single-1": ["b"]}] * 12)
    actions.compute_statistics()
    text = desk.get(question_page(version, "single-1")).text
    # Who chose “b” of all, and nothing of the thirds.
    assert "100%</td><td> –</td><td> –</td></tr>" in text


def test_no_page_names_a_learner(desk, version):
    User.objects.filter(username__startswith="respondent").update(name="Sentinel Dube")
    pages = [
        address(version),
        question_page(version, "single-1"),
        address(version, "statistics_export", "csv"),
    ]
    for page in pages:
        text = desk.get(page).content.decode()
        assert "Sentinel" not in text
        assert "respondent" not in text


def test_strangers_learn_not_even_that_there_is_a_page(version):
    pages = [
        address(version),
        question_page(version, "single-1"),
        *(address(version, "statistics_export", kind) for kind in ("csv", "xlsx")),
    ]
    coordinator = person("zola", "view_bank", "view_question")
    for page in pages:
        assert signed_in(coordinator).get(page).status_code == 404
        for stranger in (Client(), signed_in(person("l" + page[-9:-1].strip("/"), staff=False))):
            answer = stranger.get(page)
            assert (answer.status_code, "/login/" in answer.headers.get("Location", "")) == (302, True)


def test_who_may_not_see_questions_sees_neither_stems_nor_keys(version):
    examiner = signed_in(person("zola", "view_quiz"))
    assert examiner.get(question_page(version, "single-1")).status_code == 404
    pages = [examiner.get(address(version)), examiner.get(address(version, "statistics_export", "csv"))]
    stem = QuestionVersion.objects.get(question__key="single-1").texts["en"]["stem"]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "single-1" in text
        assert "correct" not in text
        assert "Learners who know more get" not in text
        assert stem not in text
        assert question_page(version, "single-1") not in text


def test_who_may_not_see_questions_cannot_tell_from_their_order_which_to_check(desk, version):
    Question.objects.filter(key="truefalse-4").update(position=0)
    examiner = signed_in(person("zola", "view_quiz"))
    export = address(version, "statistics_export", "csv")
    lines = [one.get(export).content.decode("utf-8-sig").split("\r\n") for one in (desk, examiner)]
    assert [rows[1].partition(",")[0] for rows in lines] == ['"single-1"', '"truefalse-4"']
    text = examiner.get(address(version)).text
    assert text.index("truefalse-4") < text.index("single-1")
    assert "to check" not in text


def test_what_is_not_there_is_not_found(desk, version):
    other = make_version(make_quiz(["truefalse"]))
    missing = [
        reverse("admin:quizzes_quiz_statistics", args=[9999]),
        address(other, "question_statistics", QuestionVersion.objects.get(question__key="single-1").pk),
        address(version, "question_statistics", 9999),
        address(version, "statistics_export", "pdf"),
    ]
    assert {desk.get(page).status_code for page in missing} == {404}


def test_table_goes_into_spreadsheets(desk, version):
    answer = desk.get(address(version, "statistics_export", "csv"))
    assert "statistics.csv" in answer.headers["Content-Disposition"]
    lines = answer.content.decode("utf-8-sig").strip().split("\r\n")
    assert lines[0].startswith('"Question","Version","In the latest version of the quiz","Language","Asked"')
    # Each question: all languages together, and each of them; Swahili is shown in the source language.
    assert len(lines) == 1 + 5 * 3
    assert lines[1].startswith('"single-1","1","yes","all languages","243","243","0","0.')
    # A number below 0 is a number.
    assert ',"-0.' in lines[1]
    workbook = openpyxl.load_workbook(
        io.BytesIO(desk.get(address(version, "statistics_export", "xlsx")).content)
    )
    rows = list(workbook.active.iter_rows(values_only=True))
    assert len(rows) == len(lines)
    assert rows[1][:5] == ("single-1", 1, "yes", "all languages", 243)
    assert 0 < rows[1][7] < 1


def test_pages_make_few_queries_however_many_questions(desk, version, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        desk.get(address(version))
    with django_assert_max_num_queries(14):
        desk.get(question_page(version, "single-1"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_are_without_faults_on_a_phone_and_on_a_desk(site, open_page, instructor, language):
    version = make_version(make_quiz(["single", "single", "multiple", "truefalse", "numeric"]))
    answer_all(version, {"en": 130, "ar": 110})
    User.objects.filter(pk=instructor.pk).update(language=language)
    page = open_page(language=language, bypass_csp=True)
    enter(page, site, instructor.username)
    faults = []
    for name, place in (("quiz", address(version)), ("question", question_page(version, "single-1"))):
        assert page.goto(site.url + place).status == 200
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if LOOK:
                Path(LOOK).mkdir(parents=True, exist_ok=True)
                page.screenshot(path=f"{LOOK}/{name}-{language}-{width}.png", full_page=True)
            faults += accessibility_faults(page)
        assert page.locator("h1:visible").count() == 1
    page.complaints[:] = [words for words in page.complaints if "Content Security Policy" not in words]
    assert not faults, "\n".join(faults)
