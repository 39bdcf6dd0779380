"""The import of a list through the pages: upload, plan, yes, progress, result."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from maarifa.cohorts import actions
from maarifa.cohorts.models import CohortMember, RosterImport
from maarifa.delivery.models import Delivery
from tests.cohorts.pages import buttons, heading, listed, tallies, words
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortMemberFactory, accepted_member, applied, confirmed, csv_of, planned
from tests.factories.learning import MONDAY

FATOU = ["Fatou Diop", "fatou@example.org", "A-1", "fr"]
RAKOTO = ["Rakoto", "", "A-2", ""]
BAD = ["Ngozi", "ngozi.example.org", "", ""]


@pytest.fixture
def upload(browser, here):
    def upload(content, name="list.csv"):
        return browser.post(f"{here}roster/", {"file": SimpleUploadedFile(name, content)}, follow=True)

    return upload


@pytest.fixture
def page_of(here):
    return lambda roster: f"{here}roster/{roster.public_id}/"


def confirm(browser, page, digest=None, **answers):
    plan = digest if digest is not None else re.search(r'name="plan" value="(\w+)"', page.content.decode())[1]
    return browser.post(
        page.request["PATH_INFO"], {"action": "confirm", "plan": plan, **answers}, follow=True
    )


# Upload ---------------------------------------------------------------------------------------------------


def test_upload_leads_to_the_plan_and_writes_nothing_else(upload, changed, coordinator, cohort):
    before = changed()
    page = upload(csv_of([FATOU, RAKOTO, BAD]))
    assert heading(page) == "What this list will change"
    assert tallies(page) == ["1", "1", "0", "1"]
    assert {name: n for name, n in changed().items() if before.get(name) != n} == {
        "cohorts_rosterimport": 1,
        "cohorts_rosterrow": 3,
        # That it was uploaded, and that its page was read.
        "accounts_auditentry": before.get("accounts_auditentry", 0) + 2,
    }
    roster = RosterImport.objects.get()
    assert (roster.cohort, roster.uploaded_by, roster.language, roster.file_name) == (
        cohort,
        coordinator,
        "en",
        "list.csv",
    )


def test_plan_shows_what_is_wrong_first_with_cell_value_and_what_would_be_right(upload):
    page = upload(csv_of([FATOU, RAKOTO, BAD]))
    assert listed(page) == ["Ngozi", "Fatou Diop", "Rakoto"]
    assert (
        "✗ cannot be used Column E-mail (cell B4), “ngozi.example.org”: “ngozi.example.org” has no @. An address "
        "looks like name@example.org." in words(page)
    )
    assert "will be invited by e-mail" in words(page)
    assert "will get an access card" in words(page)
    assert "Apply 2 rows, leave out 1" in words(page)


def test_upload_of_nothing_asks_for_a_file(browser, here):
    page = browser.post(f"{here}roster/", {})
    assert page.status_code == 422
    assert "Choose the file that contains the list." in words(page)


@pytest.mark.parametrize("size", [5_000_001, 6_100_000])
def test_upload_of_too_large_a_file_is_refused_before_it_is_kept(upload, changed, size):
    """Beyond 6 MB the body is not taken in at all; the page says the same."""
    page = upload(b"x" * size)
    assert page.status_code == 422
    assert "too large" in words(page)
    assert "5 MB" in words(page)
    assert RosterImport.objects.count() == 0


def test_upload_in_a_closed_cohort_says_so(upload, cohort):
    actions.retire_cohort(cohort=cohort, by=None)
    page = upload(csv_of([FATOU]))
    assert (page.status_code, RosterImport.objects.count()) == (422, 0)
    assert "This cohort is closed. No one can be invited to it or join it." in words(page)


def test_upload_page_names_earlier_lists(browser, here, cohort):
    planned([FATOU], cohort=cohort, file_name="earlier.csv")
    aside = planned([FATOU], cohort=cohort, file_name="aside.csv")
    actions.discard_roster(roster=aside, by=None)
    page = words(browser.get(f"{here}roster/"))
    assert "earlier.csv" in page
    assert "aside.csv" not in page


def test_name_of_a_file_is_shown_as_text(upload):
    page = upload(csv_of([FATOU]), name="<b>'x'.csv")
    assert "<b>'" not in page.content.decode()
    assert "&lt;b&gt;" in page.content.decode()


def test_words_of_a_file_are_shown_as_text(upload):
    page = upload(csv_of([["<script>alert(1)</script>", "a<b@example.org", "", ""]]))
    assert "<script>alert" not in page.content.decode()
    assert "a<b@" not in page.content.decode()


# Plan -----------------------------------------------------------------------------------------------------


def test_plan_without_rows_says_what_to_fix_and_can_only_be_put_aside(upload):
    page = upload(b"Town,Country\nDakar,SN\n", name="towns.csv")
    assert "The list cannot be used as it is" in words(page)
    assert "towns.csv has no column for names." in words(page)
    assert "confirm" not in buttons(page)
    assert "discard/" in page.content.decode()


def test_plan_is_read_another_way(browser, upload):
    content = csv_of([["Tomás", "tomas@example.org", "", ""]], encoding="cp1252")
    page = upload(content)
    roster = RosterImport.objects.get()
    before = roster.plan_digest
    there = page.request["PATH_INFO"]
    page = browser.post(there, {"action": "read", "encoding": "cp1251"}, follow=True)
    assert listed(page) == ["Tomбs"]
    roster.refresh_from_db()
    assert roster.plan_digest != before
    browser.post(there, {"action": "read", "encoding": "klingon"})
    assert RosterImport.objects.get().plan_digest == roster.plan_digest
    page = browser.post(there, {"action": "read", "encoding": ""}, follow=True)
    assert listed(page) == ["Tomás"]


def test_plan_shows_only_rows_to_look_at(browser, page_of, cohort):
    roster = planned([FATOU, BAD, ["Amina", "amina@gmial.com", "", ""]], cohort=cohort)
    page = browser.get(f"{page_of(roster)}?show=problems")
    assert listed(page) == ["Ngozi", "Amina"]
    assert "Did you mean “amina@gmail.com”?" in words(page)
    assert listed(browser.get(f"{page_of(roster)}?show=x")) == ["Ngozi", "Amina", "Fatou Diop"]


def test_plan_of_many_is_shown_in_pages(browser, page_of, cohort):
    roster = planned([[f"L{n}", f"l{n}@example.org", "", ""] for n in range(51)], cohort=cohort)
    assert len(listed(browser.get(page_of(roster)))) == 50
    assert listed(browser.get(f"{page_of(roster)}?page=2")) == ["L50"]


def test_plan_shows_nothing_of_accounts_that_are_there(browser, page_of, cohort):
    UserFactory(email="there@example.org", proven=True, name="Secret Name", username="secret")
    roster = planned([["Same", f"{who}@example.org", "", ""] for who in ("there", "none")], cohort=cohort)
    page = browser.get(page_of(roster))
    assert "ecret" not in page.content.decode()
    rows = re.findall(r"<tr>.*?</tr>", page.content.decode(), re.DOTALL)[1:]
    rows = [re.sub(r"there|none|>[23]<", "", row) for row in rows]
    assert rows[0] == rows[1]


def test_plan_says_before_the_button_what_is_sent(browser, page_of, cohort):
    page = words(browser.get(page_of(planned([FATOU], cohort=cohort))))
    assert "No one has been added yet. Check the changes, then apply them." in page
    assert "When you apply the list, we send 1 invitation by e-mail at once." in page
    cards = words(browser.get(page_of(planned([["Rakoto", "", "A-2", ""]], cohort=cohort))))
    assert "by e-mail at once" not in cards


def test_plan_without_anything_to_apply_says_why(browser, page_of, cohort):
    applied([FATOU], cohort=cohort)
    page = browser.get(page_of(planned([FATOU], cohort=cohort)))
    nothing = "There is nothing to apply. Everyone on this list has already been added to this cohort."
    assert nothing in words(page)
    assert "confirm" not in buttons(page)
    page = words(browser.get(page_of(planned([["", "someone@example.org", "", ""]], cohort=cohort))))
    assert (
        "There is nothing to apply. Correct the rows that cannot be used, then upload the list again." in page
    )


def test_upload_says_its_limits_beside_the_field(browser, here):
    page = browser.get(f"{here}roster/").content.decode()
    assert page.index("The limit is 5 MB and 20,000 rows.") < page.index(">Upload and check</button>")


def test_plan_is_discarded_after_a_question_and_leads_back_to_the_upload(browser, page_of, here, cohort):
    roster = planned([FATOU], cohort=cohort)
    browser.post(page_of(roster), {"action": "discard"})
    assert "The file and the data read from it are deleted. No one is invited or added." in words(
        browser.get(f"{page_of(roster)}discard/")
    )
    roster.refresh_from_db()
    assert roster.stage == "planned"
    page = browser.post(f"{page_of(roster)}discard/", follow=True)
    assert "The list has been discarded. No one was added." in words(page)
    assert browser.get(f"{page_of(roster)}discard/")["Location"] == page_of(roster)
    assert browser.get(page_of(roster))["Location"] == f"{here}roster/"


def test_other_letters_are_taken_with_the_delimiter_that_was_chosen(browser, page_of, cohort):
    content = "Nom|Courriel\nأحمد بن صالح الزهراء|a@example.org\n".encode("cp1256")
    chosen = {"delimiter": "|"}
    roster = planned(content=content, cohort=cohort, language="fr", reading=chosen)
    html = browser.get(page_of(roster)).content.decode()
    (form,) = (
        form
        for form in re.findall(r"<form.*?</form>", html, re.DOTALL)
        if "cp1256" in form and "hidden" in form and "<select" not in form
    )
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    browser.post(page_of(roster), {**fields, "action": "read"})
    roster.refresh_from_db()
    assert roster.reading["chosen"] == {"encoding": "cp1256", "delimiter": "|"}
    assert roster.rows.get().values["name"] == "أحمد بن صالح الزهراء"


@pytest.mark.parametrize("action", ["", "nonsense"])
def test_plan_does_nothing_that_it_does_not_know(browser, page_of, cohort, action):
    roster = planned([FATOU], cohort=cohort)
    assert browser.post(page_of(roster), {"action": action}).status_code == 302
    roster.refresh_from_db()
    assert roster.stage == "planned"


# Yes, progress, result ------------------------------------------------------------------------------------


def test_confirmed_plan_is_applied_and_shown_with_its_result(browser, upload, here):
    page = upload(csv_of([FATOU, RAKOTO, BAD]))
    known = re.findall(r'name="known" value="(\w+)"', page.content.decode())
    page = confirm(browser, page, known=known)
    assert heading(page) == "The list is being applied"
    roster = RosterImport.objects.get()
    fragment = browser.get(f"{here}roster/{roster.public_id}/progress/")
    assert "0 of 2 rows done" in fragment.content.decode()
    assert len(fragment.content) < 1000
    assert "data-done" not in fragment.content.decode()
    assert actions.apply_roster(roster_id=roster.pk) is True
    fragment = browser.get(f"{here}roster/{roster.public_id}/progress/").content.decode()
    assert "data-done" in fragment
    page = browser.get(f"{here}roster/{roster.public_id}/")
    assert heading(page) == "The list has been applied"
    assert tallies(page) == ["1", "1", "0", "1"]
    assert "✗ left out Column E-mail (cell B4)" in words(page)
    said = "Invitations sent: {}. Waiting to be sent: {}. Could not be sent: {}."
    assert said.format(0, 1, 0) in words(page)
    for state, counts in (("failed", (0, 0, 1)), ("done", (1, 0, 0))):
        Delivery.objects.update(state=state, finished_at=timezone.now())
        assert said.format(*counts) in words(browser.get(f"{here}roster/{roster.public_id}/"))
    assert (CohortMember.objects.count(), Delivery.objects.count()) == (2, 1)


def test_plan_that_leaves_something_out_asks_beside_the_button_and_waits_for_the_answer(browser, upload):
    page = upload(csv_of([["KABORÉ", "Issa", "A-1"]], header=["Nom", "Prénoms de l’agent", "Matricule"]))
    html = page.content.decode()
    form = html[html.rindex("<form", 0, html.index('name="plan"')) : html.index('value="confirm"')]
    assert "will not be used, although its heading suggests" in form
    answer = re.search(r'<input type="checkbox" name="known" value="(\w+)" required>', form)[1]
    refused = confirm(browser, page)
    assert "Read each warning under “Before you apply the list” and tick its box." in words(refused)
    assert RosterImport.objects.get().stage == "planned"
    assert heading(confirm(browser, page, known=answer)) == "The list is being applied"


def test_plan_confirmed_twice_is_applied_once(browser, upload):
    page = upload(csv_of([FATOU]))
    for _ in range(2):
        assert heading(confirm(browser, page)) == "The list is being applied"
    roster = RosterImport.objects.get()
    assert actions.apply_roster(roster_id=roster.pk) is True
    assert heading(confirm(browser, page)) == "The list has been applied"
    assert actions.apply_roster(roster_id=roster.pk) is False
    assert CohortMember.objects.count() == 1


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_plan_that_somebody_did_not_see_is_not_applied(browser, upload, digest):
    page = confirm(browser, upload(csv_of([FATOU])), digest)
    assert "The changes on this page are out of date. Check the new ones, then apply them." in words(page)
    assert RosterImport.objects.get().stage == "planned"


def test_plan_of_a_window_left_open_is_not_applied(browser, upload):
    first = upload(csv_of([FATOU]))
    browser.post(first.request["PATH_INFO"], {"action": "read", "encoding": "cp1252"})
    assert "The changes on this page are out of date." in words(confirm(browser, first))
    assert RosterImport.objects.get().stage == "planned"


def test_result_says_of_each_row_why_it_was_refused(browser, page_of, cohort):
    roster = confirmed([FATOU, RAKOTO], cohort=cohort)
    CohortMemberFactory(cohort=cohort, email="fatou@example.org")
    actions.apply_roster(roster_id=roster.pk, at=MONDAY)
    page = browser.get(page_of(roster))
    assert tallies(page) == ["0", "1", "0", "1"]
    assert listed(page)[0] == "Fatou Diop"
    assert "This person was added to the cohort in another way before the list was applied." in words(page)


def test_progress_of_a_list_that_stopped_says_so(browser, page_of, cohort, settings):
    roster = confirmed([FATOU], cohort=cohort)
    RosterImport.objects.update(state="failed", finished_at=MONDAY)
    fragment = browser.get(f"{page_of(roster)}progress/").content.decode()
    contact = '<a href="mailto:help@example.org">help@example.org</a>'
    assert f"The import stopped. Contact the site administrators: {contact}." in fragment
    assert "data-stop" in fragment
    settings.CONTACT_EMAIL = ""
    fragment = browser.get(f"{page_of(roster)}progress/").content.decode()
    assert (
        "The import stopped. Contact the site administrators. Rows that were already processed are kept"
        in fragment
    )
    page = browser.get(page_of(roster))
    assert heading(page) == "The import has stopped"
    assert "The list will still be applied." not in words(page)


def test_pages_of_a_list_cost_the_same_queries_for_one_row_and_three(
    browser, page_of, cohort, django_assert_num_queries
):
    browser.get(page_of(planned([FATOU], cohort=cohort)))
    for count in (1, 3):
        rows = [[f"L{n}", f"l{count}{n}@example.org", "", ""] for n in range(count)]
        # One query writes the line of the audit; what has left of the invitations is one more.
        for roster, queries in ((planned(rows, cohort=cohort), 8), (applied(rows, cohort=cohort), 9)):
            with django_assert_num_queries(queries):
                browser.get(page_of(roster))
            with django_assert_num_queries(5):
                browser.get(f"{page_of(roster)}progress/")


def test_member_accepted_later_changes_nothing_in_an_applied_list(browser, page_of, cohort):
    roster = applied([FATOU], cohort=cohort)
    accepted_member(cohort=cohort)
    assert tallies(browser.get(page_of(roster))) == ["1", "0", "0", "0"]
