"""Who sees which cohorts and members, what the database refuses, and who needs attention."""

import uuid
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from maarifa.cohorts.models import (
    AttentionReason,
    Cohort,
    CohortMember,
    RosterImport,
    RosterRow,
    make_token,
    proves,
    read_token,
)
from maarifa.learning.models import CourseCompletion, Enrolment, LessonCompletion
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory, CohortMemberFactory, accepted_member, confirmed, planned
from tests.factories.delivery import SuppressionFactory
from tests.factories.learning import MONDAY, WRONG, enrolled, read_lesson, send_answers, start_quiz

DAY = timedelta(days=1)
FATOU = ["Fatou Diop", "fatou@example.org", "", "fr"]


def refused(rows, **fields):
    """The database says no to these rows with these fields."""
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**fields)


# Cohorts --------------------------------------------------------------------------------------------------


def test_cohort_name_is_taken_once_in_a_unit(cohort, course):
    with pytest.raises(IntegrityError), transaction.atomic():
        CohortFactory(unit=cohort.unit, course=course.course, name=cohort.name)
    assert CohortFactory(unit=cohort.unit.parent, course=course.course, name=cohort.name).pk


def test_cohort_is_refused_with_half_a_deadline_or_one_before_it_opens(cohort):
    for fields in [
        {"due_at": MONDAY},
        {"due_at": MONDAY, "due_zone": "Africa/Nairobi"},
        {"due_at": MONDAY, "due_local": "2026-11-23T11:00:00"},
        {"due_zone": "Africa/Nairobi", "due_local": "2026-11-23T11:00:00"},
        {
            "opens_at": MONDAY,
            "due_at": MONDAY,
            "due_zone": "Africa/Nairobi",
            "due_local": "2026-11-23T11:00:00",
        },
    ]:
        refused(Cohort.objects.filter(pk=cohort.pk), **fields)


def test_cohort_is_visible_to_the_staff_of_its_unit_and_above(cast, cohort):
    CohortFactory(unit=cohort.unit.parent, course=cohort.course)
    for person in [cast.coordinator, cast.observer]:
        assert list(Cohort.objects.visible_to(person)) == [cohort]
    assert Cohort.objects.visible_to(cast.above).count() == 2
    assert [Cohort.objects.visible_to(person).count() for person in cast.strangers] == [0] * 8


def test_cohort_is_managed_by_coordinators_only(cast, cohort):
    managing = [Cohort.objects.managed_by(person).filter(pk=cohort.pk).exists() for person in cast.managing]
    assert managing == [True, True]
    assert [Cohort.objects.managed_by(person).exists() for person in [*cast.looking, *cast.strangers]] == [
        False
    ] * 9


def test_cohort_reads_the_edition_held_to_or_the_current_one(cohort, course):
    assert cohort.edition_id == course.edition.pk
    cohort.held_edition_id = 7
    assert cohort.edition_id == 7
    assert list(Cohort.objects.current()) == [cohort]
    Cohort.objects.update(retired_at=MONDAY)
    assert list(Cohort.objects.current()) == []


# Rosters --------------------------------------------------------------------------------------------------


def test_roster_is_refused_work_that_nobody_confirmed(cohort):
    roster = planned([FATOU], cohort=cohort)
    for fields in [
        {"stage": "confirmed", "confirmed_at": None},
        {"stage": "applied", "plan_digest": "", "confirmed_at": MONDAY},
        {"state": "done", "finished_at": MONDAY},
        {"state": "failed", "finished_at": MONDAY, "stage": "discarded"},
        {"state": "claimed", "claim_token": uuid.uuid4(), "claimed_until": MONDAY},
    ]:
        refused(RosterImport.objects.filter(pk=roster.pk), **fields)


def test_roster_is_refused_a_claim_without_a_token_and_an_end_without_a_moment(cohort):
    roster = confirmed([FATOU], cohort=cohort)
    for fields in [
        {"state": "claimed"},
        {"claim_token": uuid.uuid4(), "claimed_until": MONDAY},
        {"state": "done"},
        {"finished_at": MONDAY},
    ]:
        refused(RosterImport.objects.filter(pk=roster.pk), **fields)


def test_roster_is_due_only_once_confirmed(cohort):
    planned([FATOU], cohort=cohort)
    due = confirmed([FATOU], cohort=cohort)
    assert list(RosterImport.objects.due(MONDAY)) == [due]
    assert RosterImport.objects.claim(due.pk, at=MONDAY, seconds=30)
    assert list(RosterImport.objects.due(MONDAY + timedelta(seconds=29))) == []
    assert list(RosterImport.objects.due(MONDAY + timedelta(seconds=31))) == [due]


def test_roster_row_is_refused_twice_and_done_without_a_member(cohort):
    row = planned([FATOU], cohort=cohort).rows.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        RosterRow.objects.create(roster_id=row.roster_id, number=row.number, cells=[], action="error")
    refused(RosterRow.objects.filter(pk=row.pk), outcome="done")


def test_roster_rows_waiting_are_those_that_something_is_to_be_done_for(cohort):
    accepted_member(cohort=cohort, email="here@example.org")
    rows = [FATOU, ["Rakoto", "", "7", ""], ["Here", "here@example.org", "", ""], ["", "", "", "x"]]
    roster = planned(rows, cohort=cohort)
    assert [row.action for row in roster.rows.waiting().order_by("number")] == ["invite", "card"]
    roster.rows.filter(action="card").update(outcome="refused")
    assert [row.action for row in roster.rows.waiting()] == ["invite"]


# Members ----------------------------------------------------------------------------------------------------


@pytest.fixture
def member(cohort):
    return CohortMemberFactory(cohort=cohort, email="fatou@example.org", staff_number="A-7")


@pytest.fixture
def accepted(cohort):
    return accepted_member(cohort=cohort, email="amina@example.org")


@pytest.mark.parametrize(
    "fields", [{"email": "fatou@example.org"}, {"staff_number": "a-7", "email": "other@example.org"}]
)
def test_member_address_and_staff_number_are_taken_once_in_a_cohort(member, cohort, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        CohortMemberFactory(cohort=cohort, **fields)
    elsewhere = CohortFactory(unit=cohort.unit, course=cohort.course)
    assert CohortMemberFactory(cohort=elsewhere, **fields).pk


def test_member_enrolment_is_taken_once_in_a_cohort(accepted, cohort):
    with pytest.raises(IntegrityError), transaction.atomic():
        accepted_member(cohort=cohort, learner=accepted.learner, email="second@example.org")


def test_member_invited_is_refused_by_constraint(member):
    for fields in [
        {"email": "", "staff_number": "", "staff_number_key": ""},
        {"entry_code": "12345678"},
        {"entry_code_until": MONDAY},
        {"entry_code": "12345678", "entry_code_until": MONDAY},
        {"state": "accepted"},
        {"state": "accepted", "accepted_at": MONDAY},
        {"state": "left"},
        {"left_at": MONDAY},
        {"accepted_at": MONDAY},
        {"state": "gone"},
    ]:
        refused(CohortMember.objects.filter(pk=member.pk), **fields)


def test_member_accepted_is_refused_by_constraint(accepted):
    for fields in [
        {"learner": None},
        {"enrolment": None},
        {"accepted_at": None},
        {"left_at": MONDAY},
        {"state": "invited"},
        {"entry_code": "12345678"},
    ]:
        refused(CohortMember.objects.filter(pk=accepted.pk), **fields)


def test_member_code_is_on_one_card_only(cohort):
    fields = {"entry_code": "12345678", "entry_code_until": MONDAY}
    member = accepted_member(cohort=cohort)
    other = accepted_member(cohort=cohort)
    CohortMember.objects.filter(pk=member.pk).update(**fields)
    refused(CohortMember.objects.filter(pk=other.pk), **fields)


def test_member_is_visible_to_the_staff_of_its_unit_and_above(cast, member):
    for person in [*cast.managing, *cast.looking]:
        assert member in CohortMember.objects.visible_to(person)
    assert [CohortMember.objects.visible_to(person).count() for person in cast.strangers] == [0] * 8


def test_members_of_somebody_are_their_own(accepted, member, cohort):
    other = accepted_member(cohort=cohort)
    assert list(CohortMember.objects.of(accepted.learner)) == [accepted]
    assert list(CohortMember.objects.of(UserFactory())) == []
    assert set(CohortMember.objects.shared()) == {accepted, other}
    CohortMember.objects.filter(pk=other.pk).update(state="left", left_at=MONDAY)
    assert set(CohortMember.objects.held()) == {accepted, member}
    assert list(CohortMember.objects.shared()) == [accepted]


def test_members_waiting_are_those_at_an_address_that_the_person_has_proven(cohort):
    waiting = CohortMemberFactory(cohort=cohort, email="fatou@example.org")
    CohortMemberFactory(cohort=cohort, email="other@example.org")
    proven = UserFactory(email="fatou@example.org", proven=True)
    claims = UserFactory()
    EmailAddress.objects.create(user=claims, email="fatou@example.org", verified=False)
    assert list(CohortMember.objects.waiting_for(proven, at=MONDAY)) == [waiting]
    assert list(CohortMember.objects.waiting_for(claims, at=MONDAY)) == []
    assert list(CohortMember.objects.waiting_for(proven, at=MONDAY + 61 * DAY)) == []


def test_members_waiting_are_open_ones(cohort):
    person = UserFactory(email="fatou@example.org", proven=True)
    own = CohortMemberFactory(cohort=cohort, email="another@example.org", learner=person)
    assert list(CohortMember.objects.waiting_for(person, at=MONDAY)) == [own]
    somebody = CohortMemberFactory(cohort=cohort, email="fatou@example.org", learner=UserFactory())
    assert somebody not in CohortMember.objects.waiting_for(person, at=MONDAY)
    Cohort.objects.update(retired_at=MONDAY)
    assert list(CohortMember.objects.waiting_for(person, at=MONDAY)) == []
    Cohort.objects.update(retired_at=None)
    CohortMember.objects.update(state="left", left_at=MONDAY)
    assert list(CohortMember.objects.waiting_for(person, at=MONDAY)) == []


def test_search_forgives_case_and_accents(cohort):
    CohortMemberFactory(
        cohort=cohort, given_name="Somebody else", email="other@example.net", staff_number="X"
    )
    member = CohortMemberFactory(
        cohort=cohort, given_name="Aïssatou Exemple", email="aissatou@example.org", staff_number="R-007"
    )
    for words in ("aissatou", "ÉXEMPLE  AÏSSA", "r-00", "AISSATOU@example", "Aïssatou R-007"):
        assert list(CohortMember.objects.filter(cohort=cohort).search(words)) == [member]
    for words in ("אב", "%", "_", "aissatou else"):
        assert list(CohortMember.objects.filter(cohort=cohort).search(words)) == []


# Tokens ---------------------------------------------------------------------------------------------------


def test_token_names_its_member_and_dies_with_the_code(member):
    assert CohortMember.objects.by_token(member.token) == member
    assert CohortMember.objects.by_token(member.token).proof == ""
    by_card = CohortMember.objects.by_token(make_token(member.public_id, "12345678"))
    assert by_card == member
    assert proves(by_card.proof, "12345678")
    assert not proves(by_card.proof, "87654321")
    assert not proves(by_card.proof, None)
    assert not proves("", "12345678")


@pytest.mark.parametrize("token", ["", "x", "x:y", ":", "\x00", "a" * 5000])
def test_token_that_is_not_ours_names_nothing(member, token):
    assert read_token(token) is None
    assert CohortMember.objects.by_token(token) is None
    assert CohortMember.objects.by_token(member.token[:-1]) is None
    assert CohortMember.objects.by_token(make_token(uuid.uuid4())) is None


# Who needs attention -----------------------------------------------------------------------------------------


def attentions(cohort, at):
    return {
        member.given_name: member.attention
        for member in CohortMember.objects.filter(cohort=cohort).needing_attention(at)
    }


def fail_twice(member):
    for hours in (0, 2):
        attempt = start_quiz(member.enrolment, at=MONDAY + timedelta(hours=hours))
        send_answers(attempt, WRONG, at=MONDAY + timedelta(hours=hours))


def test_attention_says_why_the_most_pressing_first(cohort):
    later = MONDAY + 8 * DAY
    quiet = accepted_member(cohort=cohort, given_name="Quiet")
    CohortMemberFactory(cohort=cohort, given_name="Unanswered")
    CohortMemberFactory(cohort=cohort, given_name="Refused", email="refused@example.org", invited_at=later)
    SuppressionFactory(address_key="refused@example.org", reason="refused", kind="")
    late = accepted_member(cohort=cohort, given_name="Late")
    read_lesson(late.enrolment, "first")
    LessonCompletion.objects.filter(enrolment=late.enrolment).update(late="awaiting")
    failed = accepted_member(cohort=cohort, given_name="Failed")
    fail_twice(failed)
    active = accepted_member(cohort=cohort, given_name="Active")
    Enrolment.objects.filter(pk__in=[active.enrolment_id, failed.enrolment_id, late.enrolment_id]).update(
        last_activity_at=later
    )
    CohortMemberFactory(cohort=cohort, given_name="New", invited_at=later)
    assert list(attentions(cohort, later).items()) == [
        ("Refused", AttentionReason.REFUSED),
        ("Late", AttentionReason.LATE),
        ("Failed", AttentionReason.FAILED),
        ("Quiet", AttentionReason.QUIET),
        ("Unanswered", AttentionReason.UNANSWERED),
    ]
    order = (
        CohortMember.objects.filter(cohort=cohort)
        .with_attention(later)
        .order_by("urgency", "given_name_sort")
    )
    assert [member.given_name for member in order][-2:] == ["Active", "New"]
    assert quiet.given_name in attentions(cohort, MONDAY + 7 * DAY)
    assert quiet.given_name not in attentions(cohort, MONDAY + 7 * DAY - timedelta(minutes=1))


def test_attention_is_needed_no_more_when_the_course_is_finished_or_not_begun(cohort):
    later = MONDAY + 8 * DAY
    finished = accepted_member(cohort=cohort)
    CourseCompletion.objects.create(
        enrolment=finished.enrolment, edition_id=cohort.edition_id, completed_at=MONDAY
    )
    early = accepted_member(cohort=cohort)
    Enrolment.objects.filter(pk=early.enrolment_id).update(opens_at=later)
    assert attentions(cohort, later) == {}


def test_attention_and_progress_show_only_between_accepting_and_leaving(cohort):
    """Somebody who learns already, is invited, accepts, and leaves."""
    learner = UserFactory()
    enrolment = enrolled(learner=learner, course=_Made(cohort.course))
    read_lesson(enrolment, "first")
    LessonCompletion.objects.update(late="awaiting")
    CourseCompletion.objects.create(enrolment=enrolment, edition_id=cohort.edition_id, completed_at=MONDAY)
    member = CohortMemberFactory(cohort=cohort, learner=learner, enrolment=enrolment)
    shown = ("lessons_done", "quizzes_failed", "last_activity_at", "completed", "certified", "late_work")

    def look():
        row = CohortMember.objects.with_attention(MONDAY).get(pk=member.pk)
        return [getattr(row, name) for name in shown], row.attention

    assert look() == ([None] * 6, "")
    CohortMember.objects.update(state="accepted", accepted_at=MONDAY)
    assert look() == ([1, False, enrolment.last_activity_at, True, False, True], "late")
    CohortMember.objects.update(state="left", left_at=MONDAY)
    assert look() == ([None] * 6, "")


class _Made:
    def __init__(self, course):
        self.course = course


def test_attention_costs_one_query_however_many_there_are(cohort, django_assert_num_queries):
    for count in (1, 3):
        while CohortMember.objects.count() < count:
            fail_twice(accepted_member(cohort=cohort))
        with django_assert_num_queries(1):
            assert len(CohortMember.objects.filter(cohort=cohort).needing_attention(MONDAY)) == count
