"""Making a cohort and closing an empty one; what is sent without a session."""

from urllib.parse import quote

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maarifa.accounts.models import KeptPost
from maarifa.cohorts.models import Cohort, RosterImport
from tests.accounts.entering import PASSWORD
from tests.cohorts.pages import words
from tests.factories.cohorts import csv_of, planned
from tests.factories.learning import MONDAY

NEW = "/en/institution/cohorts/new/"
LOGIN = "/en/account/login/"


@pytest.fixture(autouse=True)
def now(db):
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def form(cohort):
    return {
        "name": "Spring",
        "unit": cohort.unit_id,
        "course": cohort.course.key,
        "language": "en",
        "due_on": "2031-05-01",
    }


@pytest.fixture
def strict(coordinator):
    """A browser, which does not forgive a missing token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(coordinator)
    return client


def load(client, address) -> dict:
    context = client.get(address).context
    return {"keep": context["seal"], "csrfmiddlewaretoken": str(context["csrf_token"])}


def leave(client, *, with_token):
    del client.cookies["sessionid"]
    if with_token:
        del client.cookies["csrftoken"]


def enter(client, coordinator, address):
    coordinator.set_password(PASSWORD)
    coordinator.save()
    token = str(client.get(LOGIN).context["csrf_token"])
    sent = {"login": coordinator.username, "password": PASSWORD, "next": address}
    return client.post(LOGIN, {**sent, "csrfmiddlewaretoken": token})


@pytest.mark.parametrize("with_token", [False, True])
def test_cohort_sent_without_a_session_stands_in_the_form_again(strict, coordinator, form, with_token):
    hidden = load(strict, NEW)
    leave(strict, with_token=with_token)
    response = strict.post(NEW, {**hidden, **form})
    assert response["Location"] == f"{LOGIN}?next={quote(NEW, safe='')}"
    assert "You are signed out. We kept what you sent. Sign in to continue." in words(
        strict.get(response["Location"])
    )
    assert not Cohort.objects.filter(name="Spring").exists()
    assert enter(strict, coordinator, NEW)["Location"] == NEW
    page = strict.get(NEW)
    assert "Your session ended before the cohort was created. Check the form and send it again." in words(
        page
    )
    html = page.content.decode()
    assert ('value="Spring"' in html, 'value="2031-05-01"' in html) == (True, True)
    again = {"keep": page.context["seal"], "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    strict.post(NEW, {**again, **form})
    assert Cohort.objects.filter(name="Spring").count() == 1
    assert KeptPost.objects.count() == 0


@pytest.mark.parametrize("with_token", [False, True])
def test_list_sent_without_a_session_is_asked_for_again(strict, coordinator, here, with_token):
    there = f"{here}roster/"
    hidden = load(strict, there)
    leave(strict, with_token=with_token)
    file = SimpleUploadedFile("list.csv", csv_of([["Fatou", "fatou@example.org", "", ""]]))
    response = strict.post(there, {**hidden, "file": file})
    assert response["Location"] == f"{LOGIN}?next={quote(there, safe='')}"
    told = "Your session had ended, so we did not receive the file. Sign in and choose it again."
    assert told in words(strict.get(response["Location"]))
    assert enter(strict, coordinator, there)["Location"] == there
    said = "Your session ended before the file was received. Choose it again."
    assert said in words(strict.get(there))
    # Said once.
    assert said not in words(strict.get(there))
    assert RosterImport.objects.count() == 0


def test_last_day_in_the_past_is_taken_once_it_is_meant(browser, form):
    tick = "The last day is in the past. Create the cohort anyway."
    assert tick not in browser.get(NEW).content.decode()
    late = {**form, "due_on": "2024-01-31"}
    page = browser.post(NEW, late)
    assert (page.status_code, tick in words(page)) == (422, True)
    assert not Cohort.objects.filter(name="Spring").exists()
    browser.post(NEW, {**late, "past": "on"})
    assert Cohort.objects.filter(name="Spring").count() == 1
    wrong = browser.post(NEW, {**form, "name": ""})
    assert (wrong.status_code, tick in words(wrong)) == (422, False)


def test_empty_cohort_is_closed_from_its_page(browser, here, cohort):
    assert f'href="{here}close/"' in browser.get(here).content.decode()
    browser.post(f"{here}close/")
    assert Cohort.objects.get(pk=cohort.pk).retired_at
    assert f'href="{here}close/"' not in browser.get(here).content.decode()


def test_page_says_how_many_more_lists_wait(browser, here, cohort):
    for number in range(5):
        planned([["Fatou", "fatou@example.org", "", ""]], cohort=cohort, file_name=f"list-{number}.csv")
    page = browser.get(here)
    assert "2 more lists are not finished" in words(page)
    assert words(page).count("Check the changes") == 3
    assert f'href="{here}roster/#before"' in page.content.decode()
    assert all(f"list-{number}.csv" in words(browser.get(f"{here}roster/")) for number in range(5))
