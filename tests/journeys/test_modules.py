"""A learner completes every shipped course from its first lesson to its passed quiz, in each of its languages.

In a browser without scripts; every page they see is looked at, as in the walk.
"""

from types import SimpleNamespace

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from maarifa.curriculum.models import Course
from maarifa.learning.actions import enrol
from maarifa.learning.models import CourseCompletion
from tests.factories.accounts import UserFactory
from tests.journeys.answers import Answers
from tests.journeys.walking import Glass, Walker
from tests.services import ROOT

pytestmark = pytest.mark.journey

PLANS = [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "courses").glob("*/course.yaml"))]
LANGUAGES = [(plan["key"], language) for plan in PLANS for language in plan["languages"]]


@pytest.mark.parametrize(("key", "language"), LANGUAGES, ids=["-".join(pair) for pair in LANGUAGES])
def test_learner_completes_the_course(site, open_page, key, language):
    call_command("load_courses", verbosity=0)
    learner = UserFactory(username="reader", language=language)
    enrolment = enrol(learner=learner, course=Course.objects.get(key=key), language=language)
    instance = SimpleNamespace(address=site.url)
    glass = Glass(open_page)
    walker = Walker(open_page, instance, glass, language=language, javascript=False, service_workers="block")
    client = Client()
    client.force_login(learner)
    walker.page.context.add_cookies(
        [{"name": name, "value": morsel.value, "url": site.url} for name, morsel in client.cookies.items()]
    )
    answers = Answers(key)
    plan = next(plan for plan in PLANS if plan["key"] == key)
    for module in plan["modules"]:
        for lesson in module["lessons"]:
            walker.go(f"/{language}/learn/{key}/{lesson['key']}/")
            # The page of a practice question says what its first choice has overlooked, and leads back.
            walker.main.locator("#try1 input").first.check()
            walker.press("#try1 button")
            assert walker.main.locator(".verdict").is_visible()
            walker.press(".onward a")
            walker.press("form.onward button.arrow")
        if module.get("worksheet"):
            walker.go(f"/{language}/learn/{key}/worksheets/{module['worksheet']}/")
            assert walker.main.locator("table td").count() > 10
        walker.go(f"/{language}/learn/{key}/quiz/{module['quiz']['key']}/")
        walker.press("form.onward button.arrow")
        given = answers.fill(walker, right=True)
        assert len({name for name, _value in given}) == module["quiz"]["draw"]
        walker.press('button[name="send"]')
        assert walker.page.locator("main .bad").count() == 0
    assert CourseCompletion.objects.filter(enrolment=enrolment).exists()
