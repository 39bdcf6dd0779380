"""A worksheet that says it is one sheet of paper prints on one, its licence with it."""

import pytest
from django.core.management import call_command
from django.test import Client

from maarifa.curriculum.models import Course
from maarifa.learning.actions import enrol
from tests.factories.accounts import UserFactory

COURSE = "ai-governance-foundations"


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_first_page_prints_on_one_sheet(site, open_page, language):
    call_command("load_courses", verbosity=0)
    learner = UserFactory()
    enrol(learner=learner, course=Course.objects.get(key=COURSE), language=language)
    browser, page = Client(), open_page()
    browser.force_login(learner)
    page.context.add_cookies(
        [{"name": name, "value": found.value, "url": site.url} for name, found in browser.cookies.items()]
    )
    page.goto(f"{site.url}/{language}/learn/{COURSE}/worksheets/first-page/")
    assert page.locator(".worksheet").count() == 1
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
