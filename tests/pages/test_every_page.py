"""Every page that learners, coordinators, instructors and strangers meet, looked at as they would.

On the demo's people, in English and in Arabic: nothing that axe finds on a phone and on a desk, light and dark; nothing
wider than the narrowest phone; a title, a language and a direction of its own; the same order with styles and without.
With `MAARIFA_LOOK=<folder>` each look is kept there as a picture, for people to look at.
"""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.admin.sites import site as admin_site
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse

from maarifa.accounts.models import User
from maarifa.curriculum.models import Course, Lesson
from maarifa.learning.actions import enrol
from maarifa.operations.demo import make_demo
from maarifa.quizzes.models import Attempt
from tests.browsing import accessibility_faults

LOOK = os.environ.get("MAARIFA_LOOK")
COURSE = "ai-governance-foundations"
# With a glossary and more figures; the other has cards of jurisdictions.
OPEN = "open-models-at-low-cost"
NARROWEST, PHONE, DESK = 320, 360, 1280
LOOKS = [(PHONE, "light"), (DESK, "dark")]
PICTURES = [*LOOKS, (NARROWEST, "dark"), (DESK, "light")]


@pytest.fixture
def demo(site, tmp_path):
    call_command("load_courses", verbosity=0)
    return make_demo(file=tmp_path / "demo.json", say=lambda words: None)


def pages_of(demo, language) -> dict[str, list[str]]:
    """Addresses by the user name of who opens them; "" is nobody."""
    here = f"/{language}"
    passed = Attempt.objects.filter(passed=True).select_related("learner").order_by("pk").first()
    enrol(learner=passed.learner, course=Course.objects.get(key=OPEN), language=language)
    failed = Attempt.objects.filter(passed=False).select_related("learner").order_by("-pk").first()
    going_on = Attempt.objects.filter(submitted_at=None).select_related("learner").order_by("pk").first()
    quiz = f"{here}/learn/{COURSE}/quiz/foundations-quiz/"
    cohort = f"{here}/institution/cohorts/{demo['cohort']}/"
    people = {role: one["username"] for role, one in demo["people"].items()}
    return {
        "": [
            *(f"{here}/", f"{here}/help/", f"{here}/help/coordinators/", f"{here}/help/instructors/"),
            *(f"{here}/courses/", f"{here}/courses/{COURSE}/", f"{here}/enter/"),
            *(f"{here}/account/login/", f"{here}/account/signup/", f"{here}/account/login/code/"),
            *(f"{here}/account/password/reset/", f"{here}/no-such-page/"),
            *(f"/verify/?lang={language}", f"/verify/{demo['certificate']}?lang={language}"),
        ],
        passed.learner.username: [
            *(f"{here}/learning/", f"{here}/courses/{COURSE}/", quiz, f"{quiz}{passed.public_id}/result/"),
            *(f"{here}/certificates/", f"{here}/certificates/names/", f"{here}/groups/"),
            *(f"{here}/account/", f"{here}/account/close/", f"{here}/account/email/"),
            f"{here}/account/password/change/",
            *(f"{here}/learn/{COURSE}/{lesson.key}/?in={language}" for lesson in lessons()),
            f"{here}/learn/{COURSE}/reading-what-binds/sources/",
            *(f"{here}/courses/{OPEN}/", f"{here}/learn/{OPEN}/glossary/?in={language}"),
            f"{here}/learn/{OPEN}/worksheets/deployment-sizing/?in={language}",
            *(f"{here}/learn/{OPEN}/{lesson.key}/?in={language}" for lesson in lessons(OPEN)),
            f"{here}/learn/{COURSE}/worksheets/full-cycle-file/",
            f"{here}/learn/{COURSE}/worksheets/",
        ],
        failed.learner.username: [f"{quiz}{failed.public_id}/result/"],
        going_on.learner.username: [
            *(quiz, f"{quiz}{going_on.public_id}/", f"{quiz}{going_on.public_id}/send/"),
        ],
        people["coordinator"]: [
            *(f"{here}/institution/", f"{here}/institution/cohorts/new/", cohort),
            *(f"{cohort}roster/", f"{cohort}cards/", f"{cohort}members/{a_member(demo)}/"),
        ],
        people["instructor"]: pages_of_the_admin(people["instructor"]),
    }


def lessons(course=COURSE):
    return Lesson.objects.filter(course__key=course).order_by(
        "activity__module__position", "activity__position"
    )


def a_member(demo):
    from maarifa.cohorts.models import CohortMember

    return (
        CohortMember.objects.filter(cohort__public_id=demo["cohort"], learner__isnull=False).first().public_id
    )


def pages_of_the_admin(username) -> list[str]:
    """All lists and forms that an instructor may open, and authoring's own pages."""
    asking = RequestFactory().get("/admin/")
    asking.user = User.objects.get(username=username)
    found = [reverse("admin:index")]
    for model, options in admin_site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        if options.has_view_permission(asking) and options.has_module_permission(asking):
            found.append(reverse(f"{name}_changelist"))
            one = options.get_queryset(asking).order_by("pk").first()
            if one:
                found.append(reverse(f"{name}_change", args=[one.pk]))
            if options.has_add_permission(asking):
                found.append(reverse(f"{name}_add"))
    course, lesson = Course.objects.get(key=COURSE), lessons().first()
    found += [
        reverse(f"admin:curriculum_course_{what}", args=[course.pk]) for what in ("publish", "editions")
    ]
    for what in ("preview", "versions"):
        found.append(reverse(f"admin:curriculum_lesson_{what}", args=[lesson.pk, "ar"]))
    assert len(found) > 8
    return found


def enter(page, site, username):
    browser = Client()
    browser.force_login(User.objects.get(username=username))
    cookies = [{"name": n, "value": m.value, "url": site.url} for n, m in browser.cookies.items()]
    page.context.add_cookies(cookies)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_without_faults(site, demo, open_page, language):
    faults, titles = [], {}
    for username, addresses in pages_of(demo, language).items():
        page = open_page(language=language, bypass_csp=True)
        if username:
            # The admin speaks the language of the account.
            User.objects.filter(username=username).update(language=language)
            enter(page, site, username)
        for address in addresses:
            answer = page.goto(site.url + address)
            assert answer.status == (404 if "no-such" in address else 200), (address, answer.status)
            faults += [f"{address}: {fault}" for fault in looked_at(page, address, language)]
            if not address.startswith("/admin/"):
                # Two pages may lead to the one that asks who it is.
                titles.setdefault(page.title(), set()).add(urlsplit(page.url).path)
        page.complaints[:] = [said for said in page.complaints if "404 (Not Found)" not in said]
    faults += [f"one title of several pages, {title!r}: {at}" for title, at in titles.items() if len(at) > 1]
    assert not faults, "\n".join(faults)


def looked_at(page, address, language) -> list[str]:
    found = []
    said = page.evaluate("[document.documentElement.lang, document.documentElement.dir || 'ltr']")
    if said != [language, "rtl" if language == "ar" else "ltr"]:
        found.append(f"its language and direction are {said}")
    heads = page.locator("h1:visible").count()
    if heads != 1:
        found.append(f"it has {heads} main headings")
    if page.locator('[tabindex]:not([tabindex="0"]):not([tabindex="-1"])').count():
        found.append("a tabindex takes the focus out of its order")
    admin = address.startswith("/admin/")
    for width in (PHONE, DESK) if admin else (NARROWEST, PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            found.append(f"it is {wide} pixels wide on a screen of {width}")
    for width, scheme in PICTURES if LOOK else LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        # The admin's colours fade from one to the other.
        page.evaluate("document.getAnimations().forEach(one => one.finish())")
        keep(page, address, language, width, scheme)
        found += [f"{width} {scheme}: {fault}" for fault in accessibility_faults(page)]
    # What axe does to the page to measure it is no fault of the page.
    page.complaints[:] = [words for words in page.complaints if "Content Security Policy" not in words]
    return found if admin else found + order_without_styles(page)


def order_without_styles(page) -> list[str]:
    """Words that a style moves before what stands above them: without styles the page would read otherwise."""
    page.set_viewport_size({"width": PHONE, "height": 800})
    moved = page.evaluate(
        """() => {
            const seen = [...document.querySelectorAll("main :is(h1, h2, h3, p, li, label, button, td, th)")]
                .filter(one => one.checkVisibility() && !one.closest("details:not([open]), .scroll"));
            const tops = seen.map(one => [one.getBoundingClientRect().top, one.textContent.trim().slice(0, 40)]);
            return tops.filter(([top], at) => at && top + 8 < tops[at - 1][0] - 60).map(([, words]) => words);
        }"""
    )
    return [f"a style moves {words!r} up" for words in moved]


def keep(page, address, language, width, scheme):
    if LOOK:
        Path(LOOK).mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[^\w-]+", "_", address.removeprefix(f"/{language}/")).strip(
            "_"
        )
        page.screenshot(path=f"{LOOK}/{name or 'home'}-{language}-{width}-{scheme}.png", full_page=True)
