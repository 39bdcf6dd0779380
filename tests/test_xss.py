"""Lines that would run a script where somebody forgot to escape, in every text that a person can write, in a browser.

The policy of the pages is switched off for it: what is tried here is whether the words are shown as words. A page fails
that runs one of them, opens a dialog, asks another host for anything, or has an element or an attribute in it that only
a line could have brought. One page shows many lines; which line it was, the markup tells.
"""

import itertools
import re

import pytest
from django.test import Client
from django.utils import timezone

from maarifa.accounts.models import Consent, User
from maarifa.certificates.actions import revoke_certificate
from maarifa.certificates.models import Certificate
from maarifa.cohorts.models import Cohort, CohortMember, RosterImport, RosterRow
from maarifa.curriculum.actions import publish_course, save_material
from maarifa.curriculum.models import CourseText, LessonText, Material
from maarifa.curriculum.text.markdown import problems, render
from maarifa.delivery.models import Delivery
from maarifa.institutions.models import Institution, Unit
from maarifa.learning.models import CourseCompletion
from maarifa.lib import figures
from maarifa.quizzes.models import QuestionText
from tests.factories.accounts import ConsentFactory, UserFactory
from tests.factories.cohorts import CohortFactory, CohortMemberFactory, accepted_member, planned, staff_of
from tests.factories.curriculum import draft_course
from tests.factories.delivery import DeliveryFactory
from tests.factories.institutions import InstitutionFactory, root
from tests.factories.learning import WRONG, enrolled, send_answers, start_quiz
from tests.services import ROOT

LINES = (ROOT / "tests" / "xss_lines.txt").read_text().splitlines()
# Before anything of the page runs: what a line would set, and what a page asks a person.
LISTEN = """window.__xss = 0;
for (const say of ["alert", "confirm", "prompt", "print"]) window[say] = () => { window.__xss = 1 };
0"""
# What no template of ours writes.
BROUGHT = """() => [...document.querySelectorAll("*")].filter(one => {
    const names = one.getAttributeNames();
    return names.some(name => name.startsWith("on") || name === "style" && !location.pathname.startsWith("/admin"))
        || ["href", "src", "action", "formaction", "data", "xlink:href"].some(
            name => /^[\\s\\u0000-\\u0020]*(javascript|vbscript|data:text)/i.test(one.getAttribute(name) || ""))
        || /^(iframe|object|embed|base|marquee|audio|frameset|math|applet|x|custom-element)$/i.test(one.localName)
        || one.localName === "script" && !one.src && one.type !== "application/json"
        || one.localName === "meta" && one.httpEquiv.toLowerCase() === "refresh"
}).map(one => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def opened(site, open_page):
    """Opens an address as a person; what is wrong with the page, in words."""
    faults, pages = [], {}

    def open_address(person, address):
        page = pages.get(person)
        if page is None:
            page = pages[person] = open_page(bypass_csp=True)
            page.add_init_script(LISTEN)
            page.on("dialog", lambda dialog: (faults.append(f"{page.url}: a dialog"), dialog.dismiss()))
            page.context.route(
                lambda url: not url.startswith(site.url) and not url.startswith("data:"),
                lambda route: (faults.append(f"{page.url} asked for {route.request.url}"), route.abort()),
            )
            if person is not None:
                browser = Client()
                browser.force_login(person)
                page.context.add_cookies(
                    [{"name": n, "value": m.value, "url": site.url} for n, m in browser.cookies.items()]
                )
        answer = page.goto(site.url + address)
        assert answer.status in (200, 422), (address, answer.status)
        faults.extend(f"{address}: {one}" for one in page.evaluate(BROUGHT))
        if page.evaluate("window.__xss"):
            faults.append(f"{address}: a line ran")
        return page.content()

    yield open_address
    for page in pages.values():
        faults += [said for said in page.complaints if "Failed to load resource" not in said]
        page.complaints.clear()
    assert not faults, "\n".join(faults[:20])


def shown(html) -> int:
    """How many lines the page shows, or it would prove nothing."""
    return len(re.findall("__xss", html))


def test_lines_are_many_and_of_many_kinds():
    assert len(LINES) >= 150
    assert len(set(LINES)) == len(LINES)
    for kind in (
        "<script",
        "onerror",
        "onload",
        "javascript:",
        "<svg",
        "srcdoc",
        "](",
        "{{",
        "&#",
        "%3C",
        "=",
    ):
        assert any(kind in line for line in LINES), kind


def test_people_cohorts_and_lists(opened):
    lines = itertools.cycle(LINES)
    institution = InstitutionFactory(name=next(lines), contact=next(lines)[:200])
    unit = Unit.objects.get(pk=root(institution).pk)
    Unit.objects.filter(pk=unit.pk).update(name=LINES[3])
    cohort = CohortFactory(unit=unit, name=LINES[17])
    coordinator = staff_of(cohort, name=LINES[30])
    for number, line in enumerate(LINES):
        CohortMemberFactory(
            cohort=cohort, given_name=line[:200], staff_number=f"{number} {line}"[:50], email=""
        )
    member = accepted_member(cohort=cohort, learner=UserFactory(name=LINES[40]), given_name=LINES[41])
    roster = planned(
        [[line[:200], "", line[:50], "x"] for line in LINES], cohort=cohort, file_name=LINES[5] + ".csv"
    )
    assert roster.rows.count() == len(LINES)
    here = f"/en/institution/cohorts/{cohort.public_id}/"
    seen = 0
    for page in range(1, 2 + len(LINES) // 50):
        seen += shown(opened(coordinator, f"{here}?order=name&page={page}"))
        seen += shown(opened(coordinator, f"{here}roster/{roster.public_id}/?page={page}"))
    assert seen > 2 * len(LINES)
    for address in (
        f"{here}members/{member.public_id}/",
        f"{here}cards/",
        f"{here}roster/",
        "/en/institution/",
        here,
    ):
        opened(coordinator, address)
    for line in ("<img src=x onerror=window.__xss=1>", '" autofocus onfocus=window.__xss=1 x="'):
        opened(coordinator, f"{here}?q={line}&show={line}&order={line}")
    assert Cohort.objects.count() == Institution.objects.count() == 1
    assert RosterImport.objects.get().pk == RosterRow.objects.first().roster_id


def test_account_certificate_and_admin(opened):
    operator = UserFactory(is_staff=True, is_superuser=True, name=LINES[0])
    for number, line in enumerate(LINES):
        person = UserFactory(name=line[:200])
        User.objects.filter(pk=person.pk).update(
            certificate_name=line[:200], certificate_name_latin=line[:200]
        )
        DeliveryFactory(
            subject=line[:255], text=line, html=line, recipient=person, address=f"p{number}@example.org"
        )
    learner = UserFactory(name=LINES[21])
    for line in LINES:
        ConsentFactory(
            user=learner, words=line, purpose=Consent.Purpose.SHARING, subject=UserFactory().public_id
        )
    seen = shown(opened(learner, "/en/account/"))
    assert seen >= len(LINES) - 20
    opened(learner, "/en/learning/")
    seen = shown(opened(operator, "/admin/accounts/user/?all=")) + shown(
        opened(operator, "/admin/delivery/delivery/?all=")
    )
    assert seen >= len(LINES)
    opened(operator, f"/admin/accounts/user/{learner.pk}/change/")
    opened(operator, f"/admin/delivery/delivery/{Delivery.objects.latest('pk').pk}/change/")
    opened(operator, "/admin/")
    opened(None, "/verify/?code=%22%3E%3Cimg%20src=x%20onerror=window.__xss=1%3E")
    opened(None, "/en/account/login/?next=javascript:window.__xss=1")


def test_courses_questions_and_words(opened):
    made = draft_course(languages=["en"])
    fine = [line for line in LINES if not problems(line)]
    texts = LessonText.objects.filter(lesson__in=made.lessons)
    CourseText.objects.update(title=LINES[0], summary=LINES[17])
    texts.update(title=LINES[18], summary=LINES[0], objectives=LINES[:60], body="\n\n".join(fine))
    for number, text in enumerate(QuestionText.objects.all()):
        words = dict(text.texts)
        words["stem"] = LINES[number]
        for key, choice in (words.get("choices") or {}).items():
            choice.update(
                {"feedback": f"{key} {LINES[17]}"}
                | ({"text": f"{key} {LINES[26]}"} if "text" in choice else {})
            )
        QuestionText.objects.filter(pk=text.pk).update(texts=words)
    terms = {f"t{n}": {"term": f"{n} {line}"[:100], "meaning": line} for n, line in enumerate(fine)}
    save_material(
        course=made.course,
        kind=Material.Kind.GLOSSARY,
        key="glossary",
        language="en",
        texts={"terms": terms},
        by=None,
    )
    made.edition = publish_course(course=made.course, by=None)
    made.course.refresh_from_db()
    enrolment = enrolled(course=made, learner=UserFactory(), at=timezone.now())
    learner, key = enrolment.learner, made.course.key
    for address in (
        *(
            "/en/courses/",
            f"/en/courses/{key}/",
            f"/en/learn/{key}/first/",
            f"/en/learn/{key}/first/sources/",
        ),
        *(f"/en/learn/{key}/glossary/", f"/en/learn/{key}/quiz/basics-quiz/", "/en/learning/"),
    ):
        opened(learner, address)
    attempt = start_quiz(enrolment, at=timezone.now())
    quiz = f"/en/learn/{key}/quiz/basics-quiz/{attempt.public_id}/"
    assert shown(opened(learner, quiz)) >= 3
    send_answers(attempt, WRONG, at=timezone.now())
    assert shown(opened(learner, f"{quiz}result/")) >= 3
    operator = UserFactory(is_staff=True, is_superuser=True)
    for name in ("course", "lesson", "material"):
        opened(operator, f"/admin/curriculum/{name}/")
    opened(operator, f"/admin/curriculum/course/{made.course.pk}/change/")
    opened(operator, f"/admin/curriculum/lesson/{made.lessons[0].pk}/change/")
    opened(operator, f"/admin/quizzes/question/{QuestionText.objects.first().question_id}/change/")


def test_revoked_certificate_says_why_and_runs_nothing(opened):
    enrolment = enrolled(learner=UserFactory(name=LINES[17], certificate_name=LINES[18]))
    completion = CourseCompletion.objects.create(
        enrolment=enrolment, edition=enrolment.course.current_edition, completed_at=timezone.now()
    )
    certificate = Certificate.objects.filter(completion=completion).first()
    if certificate is not None and certificate.versions.exists():
        revoke_certificate(certificate=certificate, by=UserFactory(), reason=LINES[0])
        opened(None, f"/verify/{certificate.code}")
    opened(enrolment.learner, "/en/certificates/")
    opened(enrolment.learner, "/en/certificates/names/")


def test_text_of_lessons_runs_nothing_even_where_the_checks_would_have_refused_it(site, open_page):
    """What the sanitiser leaves, line by line, with all of Markdown around it."""
    page = open_page(bypass_csp=True)
    asked = []
    page.context.route(
        lambda url: not url.startswith(site.url),
        lambda route: (asked.append(route.request.url), route.abort()),
    )
    page.add_init_script(LISTEN)
    page.goto(f"{site.url}/healthz")
    page.evaluate(LISTEN)
    around = ["{}", "## {}", "- {}\n- x", "> {}", "| a | b |\n| --- | --- |\n| {} | x |", "**{}**", "a {} b"]
    for form in around:
        html = "\n".join(f"<section>{render(form.format(line))}</section>" for line in LINES)
        page.evaluate("html => { document.body.innerHTML = html }", html)
        assert page.evaluate(BROUGHT) == [], form
        page.set_content(f"<!doctype html><body>{html}")
        assert page.evaluate("window.__xss || 0") == 0, form
    assert asked == []
    page.complaints[:] = [said for said in page.complaints if "Failed to load resource" not in said]


def test_figures_with_lines_in_them_are_refused_or_hold_words_only(site, open_page):
    page = open_page(bypass_csp=True)
    page.add_init_script(LISTEN)
    page.goto(f"{site.url}/en/")
    begin = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 120"><title>A rule</title>'
    let_through = []
    for line in LINES:
        for inside in (line, f'<text x="{line}">x</text>', f"<rect fill='{line}'/>", f"<g id='a'>{line}</g>"):
            svg = f"{begin}{inside}</svg>"
            if not figures.problems(svg):
                let_through.append(svg)
    page.set_content("<!doctype html><body>" + "\n".join(let_through))
    found = [one for one in page.evaluate(BROUGHT) if "<path" not in one]
    assert found == []
    assert page.evaluate("window.__xss || 0") == 0
    assert 20 < len(let_through) < len(LINES) * 4
    # A length that is none is said in the console. All is closed before, so that nothing is said any more.
    page.context.close()
    page.complaints[:] = [said for said in page.complaints if "attribute" not in said]
    assert CohortMember.objects.count() == 0
