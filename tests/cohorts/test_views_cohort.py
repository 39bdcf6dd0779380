"""The page of a cohort, the page of one learner, and the cards."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from maarifa.accounts.actions import confirm_names
from maarifa.accounts.models import AuditEntry
from maarifa.certificates.actions import issue_certificate, queue_certificate
from maarifa.cohorts import actions
from maarifa.cohorts.models import Cohort, CohortMember
from maarifa.delivery.models import Delivery
from maarifa.learning.models import CourseCompletion, Enrolment, LessonCompletion
from tests.cohorts.pages import buttons, heading, listed, tallies, words
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortMemberFactory, accepted_member, applied, planned
from tests.factories.cohorts import confirmed as confirmed_list
from tests.factories.delivery import SuppressionFactory
from tests.factories.learning import MONDAY, RIGHT, WRONG, read_lesson, send_answers, start_quiz

NEW = "/en/institution/cohorts/new/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 8 * DAY


@pytest.fixture(autouse=True)
def now(db):
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def group(cohort):
    """One of each kind; what must not be seen of the others is there to be seen."""
    active = accepted_member(cohort=cohort, given_name="Active Amina", email="active@example.org")
    read_lesson(active.enrolment, "first")
    send_answers(start_quiz(active.enrolment), RIGHT)
    Enrolment.objects.update(last_activity_at=NOW - HOUR)
    quiet = accepted_member(cohort=cohort, given_name="Quiet Quentin", email="quiet@example.org")
    left = accepted_member(cohort=cohort, given_name="Left Lea", email="left@example.org")
    invited = accepted_member(cohort=cohort, given_name="Invited Ines", email="invited@example.org")
    for member in (left, invited):
        read_lesson(member.enrolment, "second")
        send_answers(start_quiz(member.enrolment), WRONG)
        LessonCompletion.objects.filter(enrolment=member.enrolment).update(late="awaiting")
    CohortMember.objects.filter(pk=left.pk).update(state="left", left_at=NOW - DAY)
    CohortMember.objects.filter(pk=invited.pk).update(state="invited", accepted_at=None, invited_at=NOW - DAY)
    return {"active": active, "quiet": quiet, "left": left, "invited": invited}


def row_of(page, name):
    rows = re.findall(r"<tr>.*?</tr>", page.content.decode(), re.DOTALL)
    return next(re.sub(r"\s+", " ", row) for row in rows if name in row)


def test_cohort_says_who_needs_attention_and_how_far_each_one_is(browser, here, group):
    page = browser.get(here)
    assert heading(page) == "Autumn"
    assert tallies(page) == ["1", "1", "1", "0"]
    assert listed(page) == ["Quiet Quentin", "Active Amina", "Invited Ines"]
    assert "Quiet Quentin: inactive for 8 days" in words(page)
    row = row_of(page, "Active Amina")
    assert "1 of 2" in row
    assert "100%" in row
    assert 'aria-label="1 of 2 lessons done, 1 quiz passed"' in row
    assert "You see only learners of your institution." in page.content.decode()


def test_cohort_shows_nothing_of_who_has_not_accepted_or_has_left(browser, here, group):
    for show, name in (("invited", "Invited Ines"), ("left", "Left Lea")):
        row = row_of(browser.get(f"{here}?show={show}"), name)
        assert "<svg" not in row
        assert " of 2" not in row
        assert "submitted work late" not in row
        assert "%" not in row


LISTED = [
    ("show=attention", ["Quiet Quentin"]),
    ("show=track", ["Active Amina"]),
    ("show=invited", ["Invited Ines"]),
    ("show=left", ["Left Lea"]),
    ("show=certified", []),
    ("show=nonsense", ["Quiet Quentin", "Active Amina", "Invited Ines"]),
    ("order=name", ["Active Amina", "Invited Ines", "Quiet Quentin"]),
    ("order=nonsense", ["Quiet Quentin", "Active Amina", "Invited Ines"]),
    ("q=QUENTIN", ["Quiet Quentin"]),
    ("q=active@", ["Active Amina"]),
    ("q=nobody", []),
    ("page=99", ["Quiet Quentin", "Active Amina", "Invited Ines"]),
    ("page=x", ["Quiet Quentin", "Active Amina", "Invited Ines"]),
]


def test_cohort_lists_what_is_asked_for(browser, here, group):
    for query, found in LISTED:
        assert (query, listed(browser.get(f"{here}?{query}"))) == (query, found)


def test_cohort_of_many_is_shown_in_pages(browser, here, cohort):
    for number in range(52):
        CohortMemberFactory(cohort=cohort, given_name=f"Learner {number:02}")
    assert len(listed(browser.get(f"{here}?order=name"))) == 50
    assert listed(browser.get(f"{here}?order=name&page=2")) == ["Learner 50", "Learner 51"]


def test_cohort_shows_certificates(browser, here, group, cohort):
    member = group["active"]
    completion = CourseCompletion.objects.create(
        enrolment=member.enrolment, edition_id=cohort.edition_id, completed_at=NOW
    )
    certificate = queue_certificate(completion=completion)
    assert tallies(browser.get(here)) == ["1", "1", "1", "0"]
    confirm_names(user=member.learner, name="Amina", name_latin="Amina")
    assert issue_certificate(certificate_id=certificate.pk) is True
    page = browser.get(f"{here}?show=certified")
    assert (tallies(page), listed(page)) == (["1", "1", "1", "1"], ["Active Amina"])
    assert "certificate" in row_of(page, "Active Amina")


def test_cohort_says_which_address_is_refused_without_saying_whose_account_it_is(browser, here, cohort):
    UserFactory(email="there@example.org", proven=True, name="Secret Name")
    for who in ("there", "none"):
        CohortMemberFactory(
            cohort=cohort, given_name=f"{who} given", email=f"{who}@example.org", invited_at=NOW
        )
        SuppressionFactory(address_key=f"{who}@example.org", reason="refused", kind="invitation")
    page = browser.get(here)
    assert "2 addresses refused by their mail server" in words(page)
    assert "Secret Name" not in page.content.decode()
    rows = [re.sub(f"{who}|members/[^/]+", "", row_of(page, f"{who} given")) for who in ("there", "none")]
    assert rows[0] == rows[1]


def test_empty_cohort_leads_to_the_spreadsheet(browser, here):
    page = browser.get(here)
    assert "No one has been added to this cohort yet." in words(page)
    assert f'href="{here}roster/"' in page.content.decode()


def test_cohort_names_the_lists_that_wait(browser, here, cohort):
    planned([["Fatou", "fatou@example.org", "", ""]], cohort=cohort, file_name="waiting.csv")
    assert "The list waiting.csv has not been applied yet. Check the changes" in words(browser.get(here))
    applying = confirmed_list([["Ines", "ines@example.org", "", ""]], cohort=cohort, file_name="on.csv")
    assert "The list on.csv is being applied. See the import" in words(browser.get(here))
    type(applying).objects.filter(pk=applying.pk).update(state="failed", finished_at=NOW)
    assert "The import of the list on.csv has stopped. See the import" in words(browser.get(here))


@pytest.mark.parametrize(("days", "said"), [(1, "inactive for 1 day or"), (7, "inactive for 7 days or")])
def test_cohort_counts_the_days_of_inactivity(browser, here, group, settings, days, said):
    settings.INACTIVITY_DAYS = days
    assert f"for example, {said} failed a quiz twice" in words(browser.get(here))


def test_cohort_is_closed_after_a_question_and_opened_again(browser, here, group, coordinator):
    assert f'href="{here}close/"' in browser.get(here).content.decode()
    assert "No one can be invited to it, and invitations that have not been answered stop working." in words(
        browser.get(f"{here}close/")
    )
    browser.post(here, {"action": "close"})
    assert Cohort.objects.get().retired_at is None
    assert browser.post(f"{here}close/")["Location"] == here
    assert Cohort.objects.get().retired_at == NOW
    page = browser.get(here)
    assert "This cohort was closed on" in words(page)
    assert f'href="{here}close/"' not in page.content.decode()
    assert f'href="{here}roster/"' not in page.content.decode()
    assert buttons(page)[0] == "reopen"
    assert "The cohort is open again" in words(browser.post(here, {"action": "reopen"}, follow=True))
    assert Cohort.objects.get().retired_at is None
    entry = AuditEntry.objects.filter(action="cohort.reopened").get()
    assert (entry.actor, entry.details) == (coordinator, {"cohort": str(Cohort.objects.get().public_id)})


def test_cohort_of_a_course_that_was_taken_back_is_still_there(browser, here, group):
    Cohort.objects.get().course.__class__.objects.update(current_edition=None, retired_at=NOW)
    assert listed(browser.get(here))[0] == "Quiet Quentin"


def test_cohort_costs_the_same_queries_for_one_learner_and_three(
    browser, here, cohort, django_assert_num_queries
):
    browser.get(here)
    for count in (1, 3):
        while CohortMember.objects.count() < count:
            member = accepted_member(cohort=cohort)
            read_lesson(member.enrolment, "first")
            send_answers(start_quiz(member.enrolment), WRONG)
        # One of them writes the line of the audit.
        with django_assert_num_queries(10):
            browser.get(here)


# Making one -----------------------------------------------------------------------------------------------


def test_cohort_is_made_in_a_unit_of_ones_own(browser, cohort, cast):
    fields = {"unit": cohort.unit.pk, "course": cohort.course.key, "language": "en"}
    made = browser.post(NEW, {**fields, "name": "Spring", "opens_on": "2027-02-01", "due_on": "2027-03-31"})
    spring = Cohort.objects.get(name="Spring")
    assert made["Location"] == f"/en/institution/cohorts/{spring.public_id}/"
    assert spring.due_at == datetime(2027, 3, 31, 20, 59, tzinfo=UTC)
    sibling = cast.sibling.memberships.get().unit
    for unit in (sibling.pk, cohort.unit.parent_id, "x", ""):
        assert browser.post(NEW, {**fields, "name": "Foreign", "unit": unit}).status_code == 422
    assert not Cohort.objects.filter(name="Foreign").exists()


WRONG_FIELDS = [
    ({"name": "Autumn"}, "A cohort called “Autumn” already exists in this unit."),
    ({"name": " "}, "Enter a name for the cohort, such as “Teachers, January 2027”."),
    ({"name": "x" * 201}, "at most 200 characters"),
    ({"language": "fr"}, "Select a valid choice"),
    ({"course": "no-such"}, "Select a valid choice"),
    ({"due_on": "31.3.2027"}, "This is not a date. Write it as 2027-02-28."),
    ({"opens_on": "2027-02-02", "due_on": "2027-02-01"}, "The first day is after the last day."),
]


def test_cohort_that_cannot_be_made_says_why(browser, cohort):
    fields = {"unit": cohort.unit.pk, "course": cohort.course.key, "language": "en", "name": "Spring"}
    for wrong, says in WRONG_FIELDS:
        page = browser.post(NEW, fields | wrong)
        assert (page.status_code, says) == (422, says)
        assert says in words(page)
    assert Cohort.objects.count() == 1


# One learner ----------------------------------------------------------------------------------------------


def test_member_shows_each_step_and_writes_that_somebody_looked(browser, here, group, coordinator):
    member = group["active"]
    page = browser.get(f"{here}members/{member.public_id}/")
    assert heading(page) == "Active Amina"
    assert "✓ Rules that can be found done" in words(page)
    assert "○ Rules that can be used not yet" in words(page)
    assert "✓ Basics: quiz 100%, passed" in words(page)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.action, entry.on_user) == (coordinator, "member.seen", member.learner)


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("invited", "You can see this person’s progress once they accept the invitation."),
        ("left", "This person has left the cohort. You can no longer see their progress."),
    ],
)
def test_member_shows_nothing_of_who_has_not_accepted_or_has_left(browser, here, group, who, says):
    page = browser.get(f"{here}members/{group[who].public_id}/")
    assert says in words(page)
    assert "<svg" not in page.content.decode()
    assert "Rules that can be" not in words(page)
    assert "late" not in buttons(page)
    assert AuditEntry.objects.latest("pk").on_user is None


def test_member_page_is_the_same_whether_an_account_is_there_or_not(browser, here, cohort):
    UserFactory(email="there@example.org", proven=True, name="Secret Name", language="ar")
    applied([["Same", f"{who}@example.org", "", ""] for who in ("there", "none")], cohort=cohort)
    pages = []
    for member in CohortMember.objects.order_by("email"):
        text = browser.get(f"{here}members/{member.public_id}/").content.decode()
        text = re.sub(r"(there|none)@|(there|none)%40", "", text.replace(str(member.public_id), ""))
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text))
    assert pages[0] == pages[1]
    assert "Secret" not in pages[0]


def act(browser, here, member, action, **more):
    response = browser.post(f"{here}members/{member.public_id}/", {"action": action, **more})
    assert response.status_code == 302
    member.refresh_from_db()
    return words(browser.get(response["Location"]))


def confirmed(browser, here, member, what):
    response = browser.post(f"{here}members/{member.public_id}/{what}/")
    assert response.status_code == 302
    member.refresh_from_db()
    return words(browser.get(response["Location"]))


def test_member_acts(browser, here, group, cohort):
    invited, quiet = group["invited"], group["quiet"]
    assert "The invitation is being sent." in act(browser, here, invited, "invite")
    assert Delivery.objects.filter(kind="invitation").count() == 1
    assert "The last invitation was sent less than an hour ago." in act(browser, here, invited, "invite")
    assert "The invitation has been withdrawn." in confirmed(browser, here, invited, "withdraw")
    assert "This invitation has already been answered." in confirmed(browser, here, invited, "withdraw")
    said = act(browser, here, quiet, "contacted")
    assert "The person is marked as contacted. You can undo this on the person’s page." in said
    assert quiet.contacted_at == NOW
    assert "The person is no longer marked as contacted." in act(browser, here, quiet, "not-contacted")
    assert quiet.contacted_at is None
    assert "No late work is waiting for a decision." in confirmed(browser, here, quiet, "late-work")
    assert (
        "This person does not need a card. They were invited by e-mail, have left the cohort or can "
        "already sign in."
    ) in confirmed(browser, here, quiet, "card")
    LessonCompletion.objects.filter(enrolment=group["active"].enrolment).update(late="awaiting")
    assert "The late work now counts." in confirmed(browser, here, group["active"], "late-work")
    act(browser, here, quiet, "nonsense")


def test_member_asks_before_what_cannot_simply_be_taken_back(browser, here, group, cohort):
    invited = f"{here}members/{group['invited'].public_id}/"
    for old in ("withdraw", "code", "late"):
        browser.post(invited, {"action": old})
    page = browser.get(f"{invited}withdraw/")
    assert heading(page) == "Withdraw this invitation?"
    assert "You can invite this person again from their page." in words(page)
    group["invited"].refresh_from_db()
    assert group["invited"].state == "invited"
    Cohort.objects.update(retired_at=NOW)
    page = words(browser.get(f"{invited}withdraw/"))
    assert "You can invite this person again from their page." not in page
    assert "This cohort is closed. To invite this person again, reopen it first." in page
    Cohort.objects.update(retired_at=None)
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort, at=NOW)
    card = CohortMember.objects.get(staff_number="A-2")
    there = f"{here}members/{card.public_id}/card/"
    assert (
        "The code on any earlier card will no longer work. Print the new card and give it to this person."
        in words(browser.get(there))
    )
    assert "signed out on every device" not in words(browser.get(there))
    card.learner.__class__.objects.filter(pk=card.learner_id).update(last_login=NOW)
    assert "signed out on every device" in words(browser.get(there))
    code = card.entry_code
    card.refresh_from_db()
    assert card.entry_code == code
    # What cannot be done here and now is not asked about.
    for what in ("card", "late-work"):
        assert browser.get(f"{invited}{what}/")["Location"] == invited
    assert browser.get(f"{invited}nonsense/").status_code == 404


def test_member_act_from_the_page_of_the_cohort_leads_back_there(browser, here, group):
    there = f"{here}members/{group['quiet'].public_id}/"
    response = browser.post(there, {"action": "contacted", "back": "cohort"})
    assert response["Location"] == here
    assert "contacted on" in words(browser.get(here))


def test_member_offers_what_can_be_done(browser, here, group, cohort):
    def offered(member):
        page = browser.get(f"{here}members/{member.public_id}/")
        asked = re.findall(rf'href="{here}members/{member.public_id}/([a-z-]+)/"', page.content.decode())
        return buttons(page) + asked

    assert offered(group["active"]) == ["contacted"]
    assert offered(group["invited"]) == ["invite", "contacted", "withdraw"]
    assert offered(group["left"]) == ["invite"]
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort)
    card = CohortMember.objects.get(staff_number="A-2")
    assert offered(card) == ["contacted", "printed-card", "card", "withdraw"]
    accepted_member(learner=card.learner, staff_number="x")
    assert offered(card) == ["contacted", "printed-card", "withdraw"]
    actions.retire_cohort(cohort=cohort, by=None)
    assert offered(group["invited"]) == ["contacted", "withdraw"]


# Cards ----------------------------------------------------------------------------------------------------


def test_cards_hold_what_a_person_needs_and_writing_them_out_is_written_down(
    browser, here, cohort, coordinator
):
    applied([["Rakoto", "", "A-2", ""], ["ሰላማዊት", "", "A-3", ""]], cohort=cohort, at=NOW)
    CohortMemberFactory(cohort=cohort, given_name="With an address")
    page = browser.get(f"{here}cards/")
    for member in CohortMember.objects.exclude(entry_code=None):
        assert f"{member.entry_code[:4]} {member.entry_code[4:]}" in words(page)
        assert member.learner.username in words(page)
    assert "With an address" not in words(page)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.action) == (coordinator, "cohort.cards-shown")
    assert "Print 2 cards" in words(browser.get(here))


def test_cards_that_are_used_up_or_too_old_are_not_shown(browser, here, cohort):
    applied([["Rakoto", "", "A-2", ""]], cohort=cohort)
    CohortMember.objects.update(entry_code_until=NOW)
    assert "There are no cards to print." in words(browser.get(f"{here}cards/"))
    assert not AuditEntry.objects.filter(action="cohort.cards-shown").exists()


def test_cards_cost_the_same_queries_for_one_and_three(browser, here, cohort, django_assert_num_queries):
    browser.get(f"{here}cards/")
    for count in (1, 3):
        rows = [[f"Card {n}", "", f"{count}-{n}", ""] for n in range(count - CohortMember.objects.count())]
        applied(rows, cohort=cohort, at=NOW)
        with django_assert_num_queries(5):
            browser.get(f"{here}cards/")
