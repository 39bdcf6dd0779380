"""Every page of the staff, and everybody who may want to look at it."""

import pytest

from maarifa.cohorts.models import CohortMember, RosterImport
from tests.cohorts.pages import words
from tests.factories.cohorts import CohortFactory, accepted_member, planned
from tests.factories.learning import read_lesson

INSTITUTION, NEW = "/en/institution/", "/en/institution/cohorts/new/"


@pytest.fixture
def roster(cohort):
    return planned([["Fatou Diop", "fatou@example.org", "A-1", "fr"]], cohort=cohort)


@pytest.fixture
def member(cohort):
    """Of somebody whose progress the institution sees."""
    member = accepted_member(cohort=cohort, given_name="Amina Yusuf", email="amina@example.org")
    read_lesson(member.enrolment, "first")
    return member


@pytest.fixture
def address(here, roster, member):
    """Of each page."""
    roster = f"{here}roster/{roster.public_id}/"
    return {
        "cohort": here,
        "export": f"{here}export.csv",
        "workbook": f"{here}export.xlsx",
        "member": f"{here}members/{member.public_id}/",
        "cards": f"{here}cards/",
        "upload": f"{here}roster/",
        "cohort-close": f"{here}close/",
        **{
            f"member-{act}": f"{here}members/{member.public_id}/{act}/"
            for act in ("withdraw", "card", "late-work", "accept-answers", "refuse-answers")
        },
        "roster": roster,
        "roster-discard": f"{roster}discard/",
        "progress": f"{roster}progress/",
        "result": f"{roster}result.csv",
        "result-workbook": f"{roster}result.xlsx",
    }


LOOKING = ("cohort", "export", "workbook", "member")
# Nothing of it can be done for the learner below, so that these lead back to their page.
ASKING = (
    "member-withdraw",
    "member-card",
    "member-late-work",
    "member-accept-answers",
    "member-refuse-answers",
)
CHANGING = (
    *ASKING,
    "cohort-close",
    "roster-discard",
    "cards",
    "upload",
    "roster",
    "progress",
    "result",
    "result-workbook",
)
ACTS = {
    "cohort": {"action": "reopen"},
    "cohort-close": {},
    "member": {"action": "contacted"},
    "member-withdraw": {},
    "member-card": {},
    "member-late-work": {},
    "member-accept-answers": {},
    "member-refuse-answers": {},
    "upload": {},
    "roster": {"action": "confirm"},
    "roster-discard": {},
}


def test_pages_lead_somebody_not_signed_in_to_the_sign_in(client, address):
    for page in [INSTITUTION, NEW, *address.values()]:
        response = client.get(page)
        assert (response.status_code, response["Location"]) == (302, f"/en/account/login/?next={page}")
    for name in ACTS:
        assert client.post(address[name], ACTS[name]).status_code == 302
    assert (
        CohortMember.objects.get(email="amina@example.org").contacted_at,
        RosterImport.objects.get().stage,
    ) == (
        None,
        "planned",
    )


def test_pages_are_there_for_coordinators_of_the_unit_and_above(cast, address, statuses):
    for name, page in address.items():
        assert statuses(cast.managing, page) == [302 if name in ASKING else 200] * 2
    assert statuses(cast.managing, NEW) == [200, 200]


def test_pages_that_only_show_are_there_for_observers_and_those_that_change_are_forbidden(
    cast, address, statuses
):
    assert {name: statuses(cast.looking, page) for name, page in address.items()} == {
        **{name: [200] for name in LOOKING},
        **{name: [403] for name in CHANGING},
    }


def test_pages_are_not_there_for_anybody_else(cast, address, statuses):
    """A sibling unit, one below, another institution, staff of yesterday, a learner of it, and whoever writes it."""
    found = {name: statuses(cast.strangers, page) for name, page in address.items()}
    assert found == {name: [404] * 8 for name in address}


def test_acts_of_strangers_and_observers_change_nothing(cast, address, statuses, cohort, member, roster):
    for name, act in ACTS.items():
        assert statuses(cast.strangers, address[name], act) == [404] * 8
        assert statuses(cast.looking, address[name], act) == [403]
    for row in (cohort, member, roster):
        row.refresh_from_db()
    assert (cohort.retired_at, member.contacted_at, roster.stage) == (None, None, "planned")


def test_page_of_an_observer_offers_nothing_to_change(client, cast, address):
    client.force_login(cast.observer)
    for name in ("cohort", "member"):
        page = client.get(address[name])
        assert "Amina Yusuf" in words(page)
        assert 'name="action"' not in page.content.decode()
        assert "roster/" not in page.content.decode()
    assert 'href="/en/institution/cohorts/new/"' not in client.get(INSTITUTION).content.decode()


def test_institution_is_there_for_its_staff_only(cast, statuses):
    staff = [cast.coordinator, cast.above, cast.observer, cast.sibling, cast.below, cast.elsewhere]
    assert statuses(staff, INSTITUTION) == [200] * 6
    nobodies = [cast.gone, cast.learner, cast.outsider, cast.instructor, cast.operator]
    assert statuses(nobodies, INSTITUTION) == [404] * 5
    assert statuses(nobodies, NEW) == [404] * 5
    assert statuses(cast.looking, NEW) == [403]
    assert statuses(cast.looking, NEW, {"name": "Mine"}) == [403]


def test_institution_shows_the_cohorts_of_ones_own_subtree_only(client, cast, cohort):
    CohortFactory(unit=cast.sibling.memberships.get().unit, course=cohort.course, name="Of the siblings")
    CohortFactory(unit=cast.elsewhere.memberships.get().unit, course=cohort.course, name="Of the others")
    accepted_member(cohort=cohort)

    def shown(person):
        client.force_login(person)
        page = words(client.get(INSTITUTION))
        return [name for name in ("Autumn", "Of the siblings", "Of the others") if name in page]

    assert shown(cast.coordinator) == ["Autumn"]
    assert shown(cast.above) == ["Autumn", "Of the siblings"]
    assert shown(cast.sibling) == ["Of the siblings"]
    assert shown(cast.elsewhere) == ["Of the others"]
    assert shown(cast.below) == []
    client.force_login(cast.coordinator)
    assert "2 learners, 2 accepted the invitation" in words(client.get(INSTITUTION))


def test_institution_costs_the_same_queries_for_one_cohort_and_three(
    browser, cohort, django_assert_num_queries
):
    browser.get(INSTITUTION)
    for count in (1, 3):
        for number in range(count - 1):
            accepted_member(
                cohort=CohortFactory(unit=cohort.unit, course=cohort.course, name=f"{count}/{number}")
            )
        with django_assert_num_queries(4):
            browser.get(INSTITUTION)


def test_member_and_list_are_not_there_under_another_cohort_of_the_same_person(
    browser, cohort, member, roster
):
    other = CohortFactory(unit=cohort.unit, course=cohort.course)
    there = f"/en/institution/cohorts/{other.public_id}/"
    for page in (
        f"{there}members/{member.public_id}/",
        f"{there}roster/{roster.public_id}/",
        f"{there}roster/{roster.public_id}/progress/",
        f"{there}roster/{roster.public_id}/result.csv",
    ):
        assert browser.get(page).status_code == 404
    assert browser.post(f"{there}roster/{roster.public_id}/discard/").status_code == 404
    assert browser.post(f"{there}members/{member.public_id}/", {"action": "contacted"}).status_code == 404
    assert RosterImport.objects.get().stage == "planned"


def test_export_of_another_kind_is_not_there(browser, here):
    for kind in ("pdf", "CSV", "xls", "csv/x"):
        assert browser.get(f"{here}export.{kind}").status_code == 404


def test_pages_are_in_no_cache_between_us_and_the_reader(browser, address):
    for name in (*LOOKING, "cards", "roster", "upload"):
        assert "no-store" in browser.get(address[name])["Cache-Control"]


def test_pages_do_not_answer_to_other_methods(browser, address):
    for name in ("export", "cards", "progress", "result"):
        assert browser.post(address[name]).status_code == 405
    assert browser.post(INSTITUTION).status_code == 405
    assert browser.put(address["cohort"]).status_code == 405


def test_staff_without_a_second_step_are_offered_one(browser, cohort):
    offered = 'href="/en/account/second-step/"'
    page = browser.get(INSTITUTION).content.decode()
    assert offered in page.partition("<main")[2]
    session = browser.session
    session["second_step"] = int(session["_auth_user_id"])
    session.save()
    assert offered not in browser.get(INSTITUTION).content.decode().partition("<main")[2]
