"""A certificate with a typo corrected by its holder: the name is shown before it is printed, is printed wrong all the
same, and is put right once, under the same code.
"""

import io
from types import SimpleNamespace

import pypdf
import pytest
from django.db import transaction
from django.utils import timezone

from maarifa.certificates.actions import issue_certificate
from maarifa.certificates.models import Certificate
from maarifa.learning.actions import enrol
from maarifa.learning.models import CourseCompletion
from maarifa.learning.signals import course_completed
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.curriculum import published_course
from tests.journeys.learner import Learner
from tests.journeys.walking import Glass, Walker

pytestmark = pytest.mark.journey

RUNS = {
    "english-with-scripts": ("en", True, "Zuberi wa Mfnao", "Zuberi wa Mfano"),
    "arabic-without": ("ar", False, "سلمى بنت مثل", "سلمى بنت مثال"),
}
LATIN = "Salma bint Mithal"


def finished_course(learner, language):
    course = published_course()
    enrolment = enrol(learner=learner, course=course.course, language=language)
    with transaction.atomic():
        completion = CourseCompletion.objects.create(
            enrolment=enrolment, edition=course.edition, completed_at=timezone.now()
        )
        course_completed.send(sender=CourseCompletion, completion=completion)
    return completion.certificate


def printed(pdf) -> str:
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


@pytest.mark.parametrize("run", RUNS)
def test_certificate_with_a_typo_is_corrected_by_its_holder(site, open_page, run):
    language, javascript, typo, right = RUNS[run]
    learner = UserFactory(username="zuberi", name="Zuberi", language=language, time_zone="Africa/Nairobi")
    certificate = finished_course(learner, language)
    latin = LATIN if language == "ar" else ""
    walker = Walker(
        open_page,
        SimpleNamespace(address=site.url),
        Glass(open_page),
        language=language,
        javascript=javascript,
    )
    here = f"/{language}/certificates/"
    code = certificate.display_code
    correct = f"{here}{code}/name/"
    Learner(walker, None).sign_in({"username": "zuberi", "password": PASSWORD})

    # The name, with a typo, shown before it is printed; on second thoughts looked at again, and confirmed.
    walker.go(here)
    walker.follow(f"{here}names/")
    walker.fill(name=typo, name_latin=latin)
    walker.press('button[value="look"]')
    assert typo in walker.text(".card h2")
    assert not Certificate.objects.issued().exists()
    walker.press('button[value="change"]')
    assert walker.page.locator('input[name="name"]').input_value() == typo
    walker.press('button[value="look"]')
    walker.press('button[value="confirm"]')
    issue_certificate(certificate_id=certificate.pk)

    # The page says what is printed, and that it can be put right.
    walker.go(here)
    assert typo in walker.text(".card")
    assert (latin or typo) in printed(walker.download(f"{here}{code}.pdf"))
    walker.follow(correct)
    assert walker.page.locator('input[name="name"]').input_value() == typo
    walker.fill(name=right, name_latin=latin)
    walker.press('button[value="look"]')
    assert right in walker.text(".card h2")
    walker.press('button[value="confirm"]')
    assert walker.path == here
    assert right in walker.text(".card")
    assert typo not in walker.text()
    assert not walker.has_link(correct)
    pdf = printed(walker.download(f"{here}{code}.pdf"))
    assert code in pdf
    assert (latin or right) in pdf

    # Once only; and whoever checks it sees the name, that nobody else confirmed it, and who corrected it.
    walker.go(correct)
    assert walker.path == here
    assert certificate.versions.count() == 2
    stranger = Walker(
        open_page,
        SimpleNamespace(address=site.url),
        Glass(open_page),
        language=language,
        javascript=javascript,
    )
    stranger.go(f"/verify/?lang={language}")
    stranger.fill(code=f"https://learn.example.org/verify/{code.lower()}/")
    stranger.press("form button.arrow")
    assert stranger.path == f"/verify/{code}"
    assert right in stranger.text("dl dd")
    assert typo not in stranger.text()
    assert stranger.page.locator("main ul").last.locator("li").count() == 2
    machine = stranger.page.request.get(f"{site.url}/verify/{code}.json").json()
    assert machine["name_as_stated_by_holder"] is True
    assert [step["by"] for step in machine["history"]] == ["issuer", "holder"]
