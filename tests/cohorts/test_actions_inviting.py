"""Invitations, cards, and what staff do for a learner."""

from datetime import timedelta

import pytest

from maarifa.accounts.models import AuditEntry, User
from maarifa.cohorts import actions
from maarifa.cohorts.actions.cards import new_entry_codes
from maarifa.cohorts.models import CohortMember
from maarifa.delivery.models import Delivery
from maarifa.institutions.actions import InstitutionError
from maarifa.learning.models import CourseCompletion, Enrolment, LessonCompletion
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortMemberFactory, accepted_member, applied
from tests.factories.institutions import ManagedAccountFactory
from tests.factories.learning import MONDAY, RIGHT, read_lesson, send_answers, start_quiz

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = MONDAY + 2 * HOUR


@pytest.fixture
def member(cohort):
    """Invited by a list: an account that nobody has used."""
    applied([["Fatou Diop", "fatou@example.org", "A-1", "fr"]], cohort=cohort)
    CohortMember.objects.update(invited_at=MONDAY)
    return CohortMember.objects.get()


def refusal(action, **told):
    with pytest.raises((actions.CohortMemberError, InstitutionError)) as refused:
        action(**told)
    assert "%(" not in refused.value.message
    return refused.value.code


# Again ----------------------------------------------------------------------------------------------------


def test_invite_again_queues_a_second_message_and_the_first_link_stays_good(member, coordinator):
    token = member.token
    again = actions.invite_again(member=member, by=coordinator, at=LATER)
    assert (again.state, again.invited_at, again.token) == ("invited", LATER, token)
    assert Delivery.objects.filter(address="fatou@example.org").count() == 2
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.action, entry.on_user) == (coordinator, "member.invited", None)


def test_invite_again_within_an_hour_is_too_soon(member):
    assert (
        refusal(actions.invite_again, member=member, by=None, at=MONDAY + HOUR - timedelta(seconds=1))
        == "TOO_SOON"
    )
    actions.invite_again(member=member, by=None, at=MONDAY + HOUR)
    assert refusal(actions.invite_again, member=member, by=None, at=MONDAY + HOUR) == "TOO_SOON"
    stale = CohortMember.objects.get()
    CohortMember.objects.update(invited_at=MONDAY + 3 * HOUR)
    assert refusal(actions.invite_again, member=stale, by=None, at=MONDAY + 3 * HOUR) == "TOO_SOON"
    assert Delivery.objects.count() == 2


def test_invite_again_is_refused_in_the_group_and_in_a_closed_cohort(member, cohort):
    accepted = accepted_member(cohort=cohort)
    assert refusal(actions.invite_again, member=accepted, by=None, at=LATER) == "NOT_INVITED"
    actions.retire_cohort(cohort=cohort, by=None)
    # The sentence is the coordinator's: a learner reads of a group.
    with pytest.raises(actions.CohortError, match="This cohort is closed") as caught:
        actions.invite_again(member=CohortMember.objects.get(pk=member.pk), by=None, at=LATER)
    assert caught.value.code == "RETIRED"


def test_invite_again_without_an_address_makes_a_new_code_and_ends_the_old(card):
    old = card.entry_code
    again = actions.invite_again(member=card, by=None, at=LATER)
    assert again.entry_code != old
    assert again.entry_code_until == LATER + 60 * DAY
    assert refusal(actions.open_by_code, code=old, at=LATER) == "CODE_UNKNOWN"
    assert Delivery.objects.count() == 0


# Withdrawn ------------------------------------------------------------------------------------------------


def test_withdraw_ends_the_invitation_and_the_enrolment_made_for_it(member, coordinator):
    actions.withdraw_invitation(member=member, by=coordinator, at=LATER)
    assert (member.state, member.left_at) == ("left", LATER)
    assert Enrolment.objects.get().ended_at == LATER
    assert refusal(actions.who_answers, member=member, at=LATER) == "WITHDRAWN"
    assert refusal(actions.withdraw_invitation, member=member, by=None) == "NOT_INVITED"


def test_withdraw_makes_the_code_of_a_card_worthless(card):
    code = card.entry_code
    actions.withdraw_invitation(member=card, by=None, at=LATER)
    assert refusal(actions.open_by_code, code=code, at=LATER) == "CODE_UNKNOWN"


def test_withdraw_touches_nothing_of_an_account_that_was_there(cohort, course):
    amina = UserFactory(email="amina@example.org", proven=True)
    own = accepted_member(learner=amina, email="x@example.org")
    applied([["Amina", "amina@example.org", "", ""]], cohort=cohort)
    actions.withdraw_invitation(member=CohortMember.objects.get(cohort=cohort), by=None, at=LATER)
    own.enrolment.refresh_from_db()
    assert own.enrolment.ended_at is None


@pytest.mark.parametrize("how", ["withdrawn", "declined"])
def test_second_invitation_that_leads_nowhere_leaves_the_learning_of_the_first(cohort, how):
    """Whoever accepted, left and is invited once more keeps the course, whatever becomes of that invitation."""
    member = CohortMemberFactory(cohort=cohort, email="amina@example.org")
    amina = UserFactory(email="amina@example.org", proven=True)
    actions.accept_invitation(member=member, visitor=amina, consent_text="I agree.", language="en", at=MONDAY)
    read_lesson(member.enrolment, "first")
    actions.leave_cohort(member=member, by=amina, at=MONDAY + HOUR)
    actions.invite_again(member=member, by=None, at=LATER)
    assert (member.state, member.accepted_at, member.left_at) == ("invited", None, None)
    assert CohortMember.objects.with_progress().get().lessons_done is None
    if how == "withdrawn":
        actions.withdraw_invitation(member=member, by=None, at=LATER)
    else:
        actions.decline_invitation(member=member, visitor=amina, at=LATER)
    assert Enrolment.objects.get().ended_at is None


# Cards ----------------------------------------------------------------------------------------------------


def test_codes_are_all_different_and_none_that_a_card_has(card):
    drawn = new_entry_codes(300)
    assert len(set(drawn)) == 300
    assert {len(code) for code in drawn} == {8}
    assert card.entry_code not in drawn


def test_renew_code_of_somebody_invited_keeps_the_account(card, coordinator):
    old, epoch = card.entry_code, card.learner.session_epoch
    actions.renew_code(member=card, by=coordinator, at=LATER)
    assert (card.entry_code != old, card.invited_at) == (True, LATER)
    assert User.objects.get(pk=card.learner_id).session_epoch == epoch
    assert AuditEntry.objects.latest("pk").action == "member.code-made"


def test_renew_code_of_somebody_who_was_in_ends_their_sessions_and_password(card, coordinator):
    learner, invited_at = card.learner, card.invited_at
    actions.accept_invitation(member=card, visitor=learner, consent_text="I agree.", language="en", at=MONDAY)
    learner.set_password("three blue doors")
    learner.last_login = MONDAY
    learner.save()
    card.refresh_from_db()
    actions.renew_code(member=card, by=coordinator, at=LATER)
    fresh = User.objects.get(pk=learner.pk)
    assert not fresh.has_usable_password()
    assert fresh.session_epoch > learner.session_epoch
    assert (card.state, card.invited_at) == ("accepted", invited_at)
    actions_done = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions_done[-2:] == ["credential.reset", "member.code-made"]


def test_renew_code_is_refused_where_the_account_is_not_the_institutions_to_open(cohort, card, member_of):
    assert refusal(actions.renew_code, member=CohortMemberFactory(cohort=cohort), by=None) == "NO_CODE"
    assert refusal(actions.renew_code, member=member_of(UserFactory()), by=None) == "NOT_MADE_HERE"
    proven = UserFactory(email="proven@example.org", proven=True)
    ManagedAccountFactory(user=proven, institution=cohort.institution)
    assert refusal(actions.renew_code, member=member_of(proven), by=None) == "HAS_ADDRESS"
    accepted_member(learner=card.learner, staff_number="elsewhere")
    assert refusal(actions.renew_code, member=card, by=None) == "LEARNS_ELSEWHERE"
    CohortMember.objects.filter(pk=card.pk).update(state="left", left_at=MONDAY)
    card.refresh_from_db()
    assert refusal(actions.renew_code, member=card, by=None) == "NO_CODE"


@pytest.fixture
def member_of(cohort):
    """A member without an address for somebody."""
    return lambda learner: CohortMemberFactory(
        cohort=cohort, email="", staff_number=learner.username, learner=learner
    )


# Following ------------------------------------------------------------------------------------------------


def test_contacted_is_marked_and_taken_back(member, coordinator):
    actions.mark_contacted(member=member, by=coordinator, at=LATER)
    assert member.contacted_at == LATER
    actions.mark_contacted(member=member, by=coordinator, contacted=False)
    assert member.contacted_at is None
    marks = AuditEntry.objects.order_by("-pk").values_list("action", flat=True)[:2]
    assert list(marks) == ["member.not-contacted", "member.contacted"]


def test_late_work_counts_and_completes_the_course(cohort, coordinator):
    member = accepted_member(cohort=cohort)
    due = MONDAY - 2 * DAY
    Enrolment.objects.update(due_at=due, due_zone="UTC", due_local="2026-11-21T08:00:00")
    member.enrolment.refresh_from_db()
    for lesson in ("first", "second"):
        read_lesson(member.enrolment, lesson)
    send_answers(start_quiz(member.enrolment), RIGHT)
    assert CohortMember.objects.with_progress().get().late_work is True
    assert CourseCompletion.objects.count() == 0
    assert actions.accept_late_work(member=member, by=coordinator, at=LATER) >= 2
    assert LessonCompletion.objects.filter(late="accepted").count() == 2
    assert CourseCompletion.objects.count() == 1
    entry = AuditEntry.objects.get(action="member.late-work-accepted")
    assert (entry.actor, entry.on_user) == (coordinator, member.learner)
    assert refusal(actions.accept_late_work, member=member, by=None) == "NOTHING_LATE"


def test_late_work_of_somebody_who_has_not_accepted_or_has_left_is_nobodys_business(cohort, member):
    assert refusal(actions.accept_late_work, member=member, by=None) == "NOTHING_LATE"


def test_look_at_somebody_not_in_the_group_names_no_account(cohort, member, coordinator):
    actions.note_look(cohort=cohort, by=coordinator, action="member.seen", member=member)
    assert AuditEntry.objects.latest("pk").on_user is None
    accepted = accepted_member(cohort=cohort)
    actions.note_look(cohort=cohort, by=coordinator, action="member.seen", member=accepted)
    assert AuditEntry.objects.latest("pk").on_user == accepted.learner
