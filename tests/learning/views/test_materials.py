"""A course's glossary, its printable worksheets and its figures, as learners meet them and as strangers do not."""

import gzip
import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.core.management import call_command
from django.test import Client

from maarifa.curriculum.actions import publish_course, save_material
from maarifa.curriculum.models import Course, Edition, LessonText, Material, Picture
from maarifa.learning.actions import enrol
from maarifa.lib.digests import digest
from tests.factories.accounts import UserFactory
from tests.factories.curriculum import draft_course
from tests.factories.learning import enrolled

KEY = "rules-with-more"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 120"><title>A rule</title>'
    '<rect width="9" height="9"/></svg>'
)
BODY = """Who answers for a rule is named in the [charter](glossary:charter).
Write it into the [sheet](worksheet:rule-sheet).

![A rule with the name of an office below it](figures/rule.svg)
"""
GLOSSARY, WORKSHEET = f"/en/learn/{KEY}/glossary/", f"/en/learn/{KEY}/worksheets/rule-sheet/"
WORKBOOK = f"/en/learn/{KEY}/worksheets/"
LESSON = f"/en/learn/{KEY}/first/"


@pytest.fixture
def course(db):
    made = draft_course(key=KEY)
    body = LessonText.objects.get(lesson=made.lessons[0], language="en")
    body.body = BODY
    body.save()
    made.module.worksheet = "rule-sheet"
    made.module.save()
    words = {
        (Material.Kind.GLOSSARY, "glossary"): {
            "terms": {"charter": {"term": "charter <b>", "meaning": "Who may do what."}}
        },
        (Material.Kind.WORKSHEET, "rule-sheet"): {
            "title": "Rule sheet",
            "summary": "One rule on one page.",
            "body": "| Rule | Who |\n| --- | --- |\n| | |\n\n"
            "See [charter](glossary:charter) and [sheet](worksheet:rule-sheet).",
        },
        (Material.Kind.FIGURE, "rule"): {"svg": SVG},
    }
    for (kind, key), said in words.items():
        save_material(course=made.course, kind=kind, key=key, language="en", texts=said, by=None)
    made.edition = publish_course(course=made.course, by=None)
    made.course.refresh_from_db()
    return made


@pytest.fixture
def browser(course):
    learner = UserFactory()
    enrolled(course=course, learner=learner)
    client = Client()
    client.force_login(learner)
    return client


def test_lesson_shows_its_figure_lazily_and_leads_to_the_glossary(course, browser):
    html = browser.get(LESSON).content.decode()
    address = f"/media/{digest(SVG)}.svg"
    assert f'<img src="{address}" width="360" height="120" alt="A rule with the name of an office' in html
    assert 'loading="lazy"' in html
    assert '<a href="../glossary/?in=en#charter">charter</a>' in html


def links_of(client, page):
    """Where the links inside the text of a page lead, by their words."""
    html = client.get(page).content.decode()
    return {
        words: urljoin(page, unescape(href).partition("#")[0])
        for href, words in re.findall(r'<a href="(\.\./[^"]*)"[^>]*>(charter|sheet)</a>', html)
    }


def test_links_inside_a_course_lead_on_from_the_lesson_the_worksheet_and_the_workbook(course, browser):
    glossary, sheet = f"{GLOSSARY}?in=en", f"{WORKSHEET}?in=en"
    assert links_of(browser, LESSON) == {"charter": glossary, "sheet": sheet}
    for page in (WORKSHEET, WORKBOOK):
        assert links_of(browser, page) == {"charter": glossary, "sheet": sheet}
    assert {browser.get(page).status_code for page in (glossary, sheet)} == {200}


def test_link_to_a_worksheet_costs_the_page_of_a_lesson_nothing_but_itself(course, browser):
    before = len(browser.get(LESSON).content)
    text = LessonText.objects.get(lesson=course.lessons[0], language="en")
    text.body = BODY.replace("[sheet](worksheet:rule-sheet)", "sheet")
    text.save()
    publish_course(course=course.course, by=None)
    link = '<a href="../worksheets/rule-sheet/?in=en"></a>'
    assert before - len(browser.get(LESSON).content) == len(link)


def test_figure_is_a_file_that_never_changes_and_may_do_nothing(course):
    answer = Client().get(f"/media/{digest(SVG)}.svg")
    assert answer.content.decode() == SVG
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = answer["Content-Security-Policy"]
    assert {"sandbox", "default-src 'none'"} <= {part.strip() for part in policy.split(";")}
    assert "script-src" not in policy
    assert Client().get(f"/media/{'0' * 64}.svg").status_code == 404


def test_figure_counts_in_what_a_course_costs(course):
    with_figure = course.edition.structure["modules"][0]["activities"][0]["texts"]["en"]
    row = course.edition.entries.get(lesson=course.lessons[0], language="en").document
    assert with_figure["bytes"] > len(row.deflated) + 80


def test_glossary_has_a_place_for_each_term(course, browser):
    html = browser.get(GLOSSARY).content.decode()
    assert '<dt id="charter">charter &lt;b&gt;</dt><dd>Who may do what.</dd>' in html
    assert "<title>Glossary · Rules that work · Maarifa</title>" in html


def test_worksheet_is_made_to_be_printed(course, browser):
    html = browser.get(WORKSHEET).content.decode()
    assert '<article class="worksheet" lang="en" dir="ltr">\n<h1>Rule sheet</h1>' in html
    assert '<th scope="col">Rule</th>' in html
    assert "learning/worksheet" in html
    assert f'href="{WORKSHEET}"' in browser.get(f"/en/courses/{KEY}/").content.decode()
    assert f'href="{GLOSSARY}"' in browser.get(f"/en/courses/{KEY}/").content.decode()


def test_workbook_has_the_worksheets_of_all_modules_in_their_order(
    course, browser, django_assert_num_queries
):
    assert f'href="{WORKBOOK}"' not in browser.get(f"/en/courses/{KEY}/").content.decode()
    shipped = "ai-governance-foundations"
    call_command("load_courses", f"courses/{shipped}", verbosity=0)
    learner = UserFactory()
    enrol(learner=learner, course=Course.objects.get(key=shipped), language="en")
    browser.force_login(learner)
    assert (
        f'href="/en/learn/{shipped}/worksheets/"' in browser.get(f"/en/courses/{shipped}/").content.decode()
    )
    html = unescape(browser.get(f"/en/learn/{shipped}/worksheets/").content.decode())
    titles = re.findall('<h2 class="title">(.*?)</h2>', html)
    assert [title.partition(":")[0] for title in titles] == [
        "First page of a system's file",
        "Full-cycle file",
    ]
    assert html.count('<article class="worksheet"') == 2
    assert "<title>Workbook · AI governance in practice · Maarifa</title>" in html
    with django_assert_num_queries(2):
        browser.get(f"/en/learn/{shipped}/worksheets/")


@pytest.mark.parametrize("page", [GLOSSARY, WORKSHEET, WORKBOOK])
def test_what_is_not_translated_is_shown_in_the_original_and_says_so(course, browser, page):
    html = browser.get(f"{page}?in=ar").content.decode()
    assert 'lang="en" dir="ltr"' in html
    assert "You are reading the original." in html


@pytest.mark.parametrize("page", [GLOSSARY, WORKSHEET, WORKBOOK, LESSON])
def test_strangers_do_not_come_in(course, page):
    assert Client().get(page).status_code == 302
    outsider = Client()
    outsider.force_login(UserFactory())
    assert outsider.get(page).status_code == 404
    staff = Client()
    staff.force_login(UserFactory(is_staff=True))
    assert staff.get(page).status_code == 404


def test_course_without_glossary_or_worksheet_has_no_such_pages(db):
    from tests.factories.curriculum import published_course

    plain = published_course(key="plain")
    learner = UserFactory()
    enrolled(course=plain, learner=learner)
    client = Client()
    client.force_login(learner)
    assert client.get("/en/learn/plain/glossary/").status_code == 404
    assert client.get("/en/learn/plain/worksheets/rule-sheet/").status_code == 404
    assert client.get("/en/learn/plain/worksheets/").status_code == 404
    assert "glossary" not in client.get("/en/courses/plain/").content.decode()


@pytest.mark.parametrize("page", [GLOSSARY, WORKSHEET, WORKBOOK])
def test_page_takes_two_queries(browser, page, django_assert_num_queries):
    browser.get(page)
    with django_assert_num_queries(2):  # the person, and the enrolment with its course
        packed = browser.get(page, headers={"accept-encoding": "gzip"})
    assert len(packed.content) < 6_000
    assert gzip.decompress(packed.content).startswith(b"<!doctype html>")


def test_change_of_a_material_makes_a_new_edition_and_is_told(course):
    from maarifa.curriculum.nextedition import next_edition

    words = {"terms": {"charter": {"term": "charter", "meaning": "Who may and must do what."}}}
    save_material(course=course.course, kind="glossary", key="glossary", language="en", texts=words, by=None)
    told = next_edition(course.course).changes
    assert [change.message for change in told] == ["The glossary in “en” has changed."]
    publish_course(course=course.course, by=None)
    assert Edition.objects.filter(course=course.course).count() == 2
    assert Picture.objects.count() == 1


def test_glossary_and_worksheet_whose_translation_is_behind_say_so(course, browser):
    behind = "The original has changed since this was translated."
    for kind, key in ((Material.Kind.GLOSSARY, "glossary"), (Material.Kind.WORKSHEET, "rule-sheet")):
        row = Material.objects.get(course=course.course, kind=kind, key=key)
        made = {"texts": row.texts, "state": "reviewed", "source_digest": row.digest()}
        save_material(course=course.course, kind=kind, key=key, language="ar", by=None, **made)
    publish_course(course=course.course, by=None)
    pages = [f"{GLOSSARY}?in=ar", f"{WORKSHEET}?in=ar", f"{WORKBOOK}?in=ar"]
    assert [behind in browser.get(page).content.decode() for page in pages] == [False] * 3
    Material.objects.filter(language="ar").update(source_digest="0" * 16)
    publish_course(course=course.course, by=None)
    assert [behind in browser.get(page).content.decode() for page in pages] == [True] * 3
    assert behind not in browser.get(GLOSSARY).content.decode()


def test_glossary_has_its_letters_and_a_way_back_to_the_lesson(browser):
    page = browser.get(GLOSSARY, headers={"referer": f"http://testserver{LESSON}?in=en"})
    assert '<a href="#charter">C</a>' in page.content.decode()
    assert f'href="{LESSON}?in=en">Back to <bdi>' in page.content.decode()
    for referer in ("", "http://testserver/en/learn/other/first/", "http://testserver/nowhere", "http://[x"):
        page = browser.get(GLOSSARY, headers={"referer": referer})
        assert page.status_code == 200
        assert "Back to <bdi>" not in page.content.decode()
