"""The last attempt fails; somebody can be asked; a coordinator grants another one, and it is passed."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from maarifa.delivery.models import Delivery
from maarifa.quizzes.models import Attempt, AttemptGrant
from tests import browsing
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory, accepted_member, staff_of
from tests.factories.curriculum import published_course
from tests.factories.institutions import InstitutionFactory, root
from tests.factories.learning import RIGHT, WRONG, read_lesson, send_answers, start_quiz

pytestmark = pytest.mark.journey

QUIZ = "/en/learn/rules-that-work/quiz/basics-quiz/"


@pytest.fixture
def member(site):
    """Of a learner who has read all and failed twice."""
    made = published_course(key="rules-that-work", attempts=3, wait_minutes=0)
    institution = InstitutionFactory(contact="Mme Traoré", contact_email="desk@example.org")
    cohort = CohortFactory(unit=root(institution), course=made.course, name="Autumn")
    learner = UserFactory(username="awa", name="Awa Keïta", email="awa@example.org")
    member = accepted_member(cohort=cohort, learner=learner, given_name="Awa Keïta", email="awa@example.org")
    ago = timezone.now() - timedelta(hours=3)
    type(member.enrolment).objects.filter(pk=member.enrolment.pk).update(
        enrolled_at=ago, institution=institution
    )
    member.enrolment.refresh_from_db()
    for lesson in ("first", "second"):
        read_lesson(member.enrolment, lesson, at=ago)
    for _time in range(2):
        send_answers(start_quiz(member.enrolment, at=ago), WRONG, at=ago)
    return member


def window(open_page, site, person, **more):
    page = open_page(**more)
    client = Client()
    client.force_login(person)
    page.context.add_cookies(
        [{"name": name, "value": morsel.value, "url": site.url} for name, morsel in client.cookies.items()]
    )
    return page


def answer(page, given) -> None:
    attempt = Attempt.objects.order_by("-number").first()
    for row in attempt.questions.select_related("question_version"):
        value = given[row.question_version.kind]
        field = page.locator(f'[name="q{row.position}"]')
        if isinstance(value, str):
            field.fill(value)
        else:
            page.locator(f'[name="q{row.position}"][value="{value[0]}"]').check()
    page.locator('button[name="send"]').click()
    page.wait_for_url("**/result/")


def test_last_attempt_failed_and_a_new_one_granted(site, open_page, member):
    learner = window(open_page, site, member.learner)
    learner.goto(site.url + QUIZ)
    learner.get_by_role("button", name="Start attempt 3 of 3").click()
    answer(learner, WRONG)
    said = learner.locator("main").inner_text()
    assert "You have used all your attempts. Ask Mme Traoré, desk@example.org for another attempt." in said
    assert learner.locator('main a[href="mailto:desk@example.org"]').count() == 1
    # Nothing leads on to what cannot be done.
    for path in ("/en/learning/", "/en/courses/rules-that-work/"):
        learner.goto(site.url + path)
        assert learner.locator("main a.button.arrow").all_inner_texts() == ["See what to read again"]
        assert browsing.accessibility_faults(learner) == []

    coordinator = window(open_page, site, staff_of(member.cohort), width=1280)
    coordinator.goto(f"{site.url}/en/institution/cohorts/{member.cohort.public_id}/")
    coordinator.get_by_role("link", name="Give another attempt").click()
    coordinator.get_by_label("Reason for another attempt").select_option("fault")
    assert browsing.accessibility_faults(coordinator) == []
    coordinator.get_by_role("button", name="Give another attempt").click()
    coordinator.get_by_text(
        "The learner can take the quiz once more. If they have an e-mail address, we have told them."
    ).wait_for()
    assert coordinator.get_by_role("button", name="Give another attempt").count() == 0
    assert AttemptGrant.objects.get().reason == "fault"
    assert QUIZ in Delivery.objects.get(kind="learning").text

    learner.goto(site.url + QUIZ)
    assert "You have been given one more attempt." in learner.locator("main").inner_text()
    learner.get_by_role("button", name="Start attempt 4", exact=True).click()
    answer(learner, RIGHT)
    assert learner.locator("h1").inner_text() == "Passed: 3 of 3 points"
