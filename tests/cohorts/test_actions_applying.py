"""Exactly the plan, once, whatever happens in between."""

import re
from datetime import timedelta

import pytest

from maarifa.accounts.models import AuditEntry, User
from maarifa.cohorts import actions
from maarifa.cohorts.models import CohortMember, RosterImport
from maarifa.delivery.models import Delivery
from maarifa.institutions.actions import retire_institution
from maarifa.institutions.models import ManagedAccount
from maarifa.learning.models import Enrolment
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.cohorts import CohortMemberFactory, accepted_member, applied, confirmed, planned
from tests.factories.learning import MONDAY, enrolled

FATOU = ["Fatou Diop", "fatou@example.org", "A-1", "fr"]
RAKOTO = ["Rakoto", "", "A-2", ""]
BAD = ["Ngozi", "ngozi", "", ""]
SECOND = timedelta(seconds=1)
CLAIM = timedelta(seconds=31)


def many(count):
    return [[f"Learner {n}", f"learner{n}@example.org", f"N-{n}", ""] for n in range(count)]


def outcomes(roster):
    return [(row.outcome, row.outcome_code) for row in roster.rows.order_by("number")]


def refusal(action, **told):
    with pytest.raises(actions.RosterImportError) as refused:
        action(**told)
    return refused.value.code


# Confirming -----------------------------------------------------------------------------------------------


def test_confirm_writes_nothing_but_that_somebody_said_so(
    cohort, coordinator, changed, django_capture_on_commit_callbacks
):
    roster = planned([FATOU], cohort=cohort)
    before = changed()
    with django_capture_on_commit_callbacks() as callbacks:
        actions.confirm_roster(roster=roster, plan_digest=roster.plan_digest, by=coordinator, at=MONDAY)
    assert {name: number - before.get(name, 0) for name, number in changed().items()} == {
        "cohorts_rosterimport": 0,
        "cohorts_rosterrow": 0,
        "accounts_auditentry": 1,
    }
    assert len(callbacks) == 1
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.action, entry.details["plan"]) == (
        coordinator,
        "roster.confirmed",
        roster.plan_digest,
    )


def test_confirm_twice_is_once(cohort, django_capture_on_commit_callbacks):
    roster = planned([FATOU], cohort=cohort)
    with django_capture_on_commit_callbacks() as callbacks:
        for hours in range(3):
            again = actions.confirm_roster(
                roster=roster,
                plan_digest=roster.plan_digest,
                by=None,
                at=MONDAY + timedelta(hours=hours),
            )
    assert (again.stage, again.confirmed_at, len(callbacks)) == ("confirmed", MONDAY, 1)
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY) is True
    again = actions.confirm_roster(roster=roster, plan_digest=roster.plan_digest, by=None)
    assert again.stage == "applied"
    assert AuditEntry.objects.filter(action="roster.confirmed").count() == 1


def test_confirm_of_a_plan_that_was_made_again_is_refused(cohort):
    roster = planned([FATOU], cohort=cohort)
    seen = roster.plan_digest
    actions.plan_again(roster=roster, by=None, reading={"encoding": "cp1252"})
    assert refusal(actions.confirm_roster, roster=roster, plan_digest=seen, by=None) == "PLAN_CHANGED"
    assert refusal(actions.confirm_roster, roster=roster, plan_digest="", by=None) == "PLAN_CHANGED"
    assert RosterImport.objects.get().stage == "planned"
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY) is False
    assert CohortMember.objects.count() == 0


def test_confirm_is_refused_where_there_is_nothing_to_do_or_it_was_put_aside(cohort):
    def confirm(roster):
        return refusal(actions.confirm_roster, roster=roster, plan_digest=roster.plan_digest, by=None)

    assert confirm(planned([BAD], cohort=cohort)) == "NOTHING_TO_DO"
    assert confirm(planned(content=b"", cohort=cohort)) == "NOTHING_TO_DO"
    aside = planned([FATOU], cohort=cohort)
    actions.discard_roster(roster=aside, by=None)
    assert confirm(aside) == "NOT_PLANNED"
    closed = planned([FATOU], cohort=cohort)
    actions.retire_cohort(cohort=cohort, by=None)
    assert confirm(closed) == "RETIRED"


# Applying -------------------------------------------------------------------------------------------------


def test_apply_does_exactly_what_the_plan_says(cohort, coordinator):
    accepted_member(cohort=cohort, email="here@example.org")
    rows = [FATOU, RAKOTO, ["Here", "here@example.org", "", ""], BAD]
    roster = applied(rows, cohort=cohort, by=coordinator)
    assert (roster.stage, roster.state, bytes(roster.file)) == ("applied", "done", b"")
    assert outcomes(roster) == [("done", ""), ("done", ""), ("nothing", ""), ("refused", "CANNOT_BE_READ")]
    fatou = CohortMember.objects.get(email="fatou@example.org")
    assert (fatou.given_name, fatou.staff_number, fatou.language, fatou.state) == (
        "Fatou Diop",
        "A-1",
        "fr",
        "invited",
    )
    assert fatou.learner.email == "fatou@example.org"
    assert not fatou.learner.has_usable_password()
    assert not fatou.learner.has_verified_email()
    assert (fatou.enrolment.course, fatou.enrolment.institution) == (cohort.course, cohort.institution)
    assert not ManagedAccount.objects.filter(user=fatou.learner).exists()
    letter = Delivery.objects.get()
    assert (letter.kind, letter.address, letter.language) == ("invitation", "fatou@example.org", "fr")
    assert fatou.token in letter.text
    rakoto = CohortMember.objects.get(staff_number="A-2")
    assert len(rakoto.entry_code) == 8
    assert rakoto.learner.managed.institution == cohort.institution
    assert [row.member for row in roster.rows.order_by("number")[:2]] == [fatou, rakoto]


def test_apply_gives_the_terms_of_the_cohort(cohort):
    type(cohort).objects.update(
        due_at=MONDAY + timedelta(days=30),
        opens_at=MONDAY,
        due_zone="Africa/Nairobi",
        due_local="2026-12-23T11:00:00",
    )
    cohort.refresh_from_db()
    applied([FATOU], cohort=cohort)
    enrolment = Enrolment.objects.get()
    assert (enrolment.opens_at, enrolment.due_at, enrolment.due_zone, enrolment.due_local) == (
        MONDAY,
        MONDAY + timedelta(days=30),
        "Africa/Nairobi",
        "2026-12-23T11:00:00",
    )
    assert "23 décembre 2026" in Delivery.objects.get().text


def test_apply_of_a_list_that_is_only_planned_does_nothing(cohort):
    roster = planned([FATOU], cohort=cohort)
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY) is False
    assert actions.apply_roster(roster_id=0, at=MONDAY) is False
    assert CohortMember.objects.count() == 0


def test_apply_twice_does_nothing_the_second_time(cohort, changed):
    roster = applied([FATOU, RAKOTO], cohort=cohort)
    before = changed()
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY + timedelta(days=1)) is False
    assert changed() == before


def test_same_list_once_more_finds_everybody_there(cohort, changed):
    applied([FATOU, RAKOTO], cohort=cohort)
    roster = planned([FATOU, RAKOTO], cohort=cohort)
    assert [row.action for row in roster.rows.all()] == ["nothing", "nothing"]


# Accounts that are there ----------------------------------------------------------------------------------


def everything_of(user):
    """All columns of an account and the rows beside it."""
    kept = User.objects.filter(pk=user.pk).values().get()
    return kept, list(user.emailaddress_set.values()), list(Enrolment.objects.filter(learner=user).values())


@pytest.mark.parametrize("proven", [True, False])
def test_account_that_is_there_is_neither_changed_nor_enrolled_nor_told_of(cohort, course, proven):
    amina = UserFactory(email="amina@example.org", proven=proven, name="Amina Yusuf", language="ar")
    enrolled(course=course, learner=amina, language="ar", at=MONDAY - timedelta(days=1))
    before = everything_of(amina)
    rows = [["Other name", "AMINA@example.org", "A-9", "fr"], ["Other name", "new@example.org", "A-8", "fr"]]
    roster = applied(rows, cohort=cohort)
    assert everything_of(amina) == before
    there, new = CohortMember.objects.order_by("email")
    assert (there.learner, there.enrolment) == (None, None)
    shown = ("state", "given_name", "language", "invited_at", "entry_code", "contacted_at", "accepted_at")
    assert [getattr(there, name) for name in shown] == [getattr(new, name) for name in shown]
    assert outcomes(roster) == [("done", "")] * 2
    letters = [
        re.sub(r"unsubscribe/\S+", "", letter.text.replace(member.token, ""))
        for member, letter in zip((there, new), Delivery.objects.order_by("address"), strict=True)
    ]
    assert letters[0] == letters[1]
    assert amina.check_password(PASSWORD)


def test_account_of_somebody_with_a_member_elsewhere_is_not_changed_by_a_staff_number(cohort):
    """A number is the institution's own: the same one elsewhere is somebody else."""
    other = accepted_member(staff_number="A-2", email="")
    before = everything_of(other.learner)
    applied([RAKOTO], cohort=cohort)
    assert CohortMember.objects.get(cohort=cohort).learner != other.learner
    assert everything_of(other.learner) == before


# What changed since ---------------------------------------------------------------------------------------


def test_rows_whose_ground_changed_are_refused_one_by_one(cohort):
    rows = [FATOU, RAKOTO, ["Ngozi", "ngozi@example.org", "", ""], ["Chipo", "chipo@example.org", "A-4", ""]]
    roster = confirmed(rows, cohort=cohort)
    CohortMemberFactory(cohort=cohort, email="fatou@example.org")
    CohortMemberFactory(cohort=cohort, email="x@example.org", staff_number="a-2")
    CohortMemberFactory(cohort=cohort, email="chipo@example.org", state="left", left_at=MONDAY)
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY) is True
    assert outcomes(roster) == [
        ("refused", "MEMBER_MEANWHILE"),
        ("refused", "MEMBER_MEANWHILE"),
        ("done", ""),
        ("refused", "MEMBER_MEANWHILE"),
    ]
    assert Delivery.objects.get().address == "ngozi@example.org"


def test_row_of_somebody_who_made_an_account_since_is_done_without_touching_it(cohort):
    roster = confirmed([FATOU], cohort=cohort)
    fatou = UserFactory(email="fatou@example.org", proven=True)
    before = everything_of(fatou)
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY) is True
    assert (outcomes(roster), everything_of(fatou)) == ([("done", "")], before)
    assert CohortMember.objects.get().learner is None


def test_rows_are_refused_when_the_cohort_or_the_institution_was_closed_since(cohort):
    roster = confirmed([FATOU, RAKOTO], cohort=cohort)
    second = confirmed([["Ngozi", "ngozi@example.org", "", ""]], cohort=cohort)
    actions.retire_cohort(cohort=cohort, by=None)
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY) is True
    assert outcomes(roster) == [("refused", "RETIRED")] * 2
    type(cohort).objects.update(retired_at=None)
    retire_institution(institution=cohort.institution, by=None)
    assert actions.apply_roster(roster_id=second.pk, at=MONDAY) is True
    assert outcomes(second) == [("refused", "INSTITUTION_RETIRED")]
    assert (CohortMember.objects.count(), Delivery.objects.count()) == (0, 0)


def test_row_that_the_database_refuses_is_taken_out_of_its_batch(cohort):
    """No plan has the same address twice; if one had, the others would go in all the same."""
    roster = confirmed(many(3), cohort=cohort)
    twice = roster.rows.get(number=3)
    twice.values["email"] = "learner0@example.org"
    twice.save()
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY) is True
    assert outcomes(roster) == [("done", ""), ("refused", "MEMBER_MEANWHILE"), ("done", "")]
    assert (CohortMember.objects.count(), Delivery.objects.count(), Enrolment.objects.count()) == (2, 2, 2)


@pytest.mark.postgres_only
def test_row_that_no_column_can_hold_is_refused_alone(cohort):
    roster = confirmed(many(3), cohort=cohort)
    long = roster.rows.get(number=3)
    long.values["staff_number"] = "9" * 61
    long.save()
    assert actions.apply_roster(roster_id=roster.pk, at=MONDAY) is True
    assert outcomes(roster) == [("done", ""), ("refused", "CONFLICT"), ("done", "")]
    assert User.objects.count() == 2


# Budgets --------------------------------------------------------------------------------------------------


def test_applying_costs_the_same_queries_for_one_row_and_three(cohort, django_assert_num_queries):
    applied([FATOU], cohort=cohort)
    for start, count in ((0, 1), (1, 3)):
        rows = many(start + count)[start:]
        rows += [[f"Card {n}", "", f"K-{n}", ""] for n in range(start, start + count)]
        roster = confirmed(rows, cohort=cohort)
        with django_assert_num_queries(50):
            assert actions.apply_roster(roster_id=roster.pk, at=MONDAY)
