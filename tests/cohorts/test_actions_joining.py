"""Answering an invitation by link, by card and signed in; and leaving."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from maarifa.accounts.actions import close_account, withdraw_consent
from maarifa.accounts.models import Consent, User
from maarifa.cohorts import actions
from maarifa.cohorts.actions.joining import Answer
from maarifa.cohorts.models import CohortMember, make_token
from maarifa.institutions.actions import retire_institution
from maarifa.learning.models import Enrolment
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.cohorts import CohortMemberFactory, accepted_member, applied
from tests.factories.learning import MONDAY, enrolled, read_lesson

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = MONDAY + HOUR
FATOU = ["Fatou Diop", "fatou@example.org", "A-1", "fr"]
WORDS = "The institution sees your progress.\nI agree."


@pytest.fixture
def member(cohort):
    """Invited by a list: an account that nobody has used."""
    return by_link(bulk_enrolled(cohort, FATOU))


@pytest.fixture
def card(cohort):
    return by_card(bulk_enrolled(cohort, ["Rakoto", "", "A-2", ""]))


def bulk_enrolled(cohort, row):
    member = applied([row], cohort=cohort).rows.get().member
    # Applying takes its time, too.
    ends = MONDAY + 60 * DAY if member.entry_code else None
    CohortMember.objects.filter(pk=member.pk).update(invited_at=MONDAY, entry_code_until=ends)
    return CohortMember.objects.get(pk=member.pk)


def by_link(member):
    return CohortMember.objects.by_token(member.token)


def by_card(member, code=None):
    return CohortMember.objects.by_token(make_token(member.public_id, code or member.entry_code))


def accept(member, **more):
    return actions.accept_invitation(
        member=member, **{"consent_text": WORDS, "language": "fr", "at": LATER, **more}
    )


def refusal(action=None, **told):
    with pytest.raises(actions.CohortMemberError) as refused:
        (action or actions.who_answers)(**told)
    assert "%(" not in refused.value.message
    return refused.value.code


# By the link ----------------------------------------------------------------------------------------------


def test_link_opens_the_account_made_for_it(member, cohort):
    assert actions.who_answers(member=member, at=LATER) == Answer(new=True, fresh=member.learner)
    person = accept(member, name="Fatou Binetou Diop", password=PASSWORD, terms="The site keeps …")
    assert (member.state, member.accepted_at, member.learner) == ("accepted", LATER, person)
    assert (person.name, person.language, person.has_verified_email()) == ("Fatou Binetou Diop", "fr", True)
    assert person.check_password(PASSWORD)
    # What the institution wrote stays the institution's.
    assert member.given_name == "Fatou Diop"
    assert User.objects.count() == 1
    assert member.enrolment == Enrolment.objects.get()


def test_accepting_keeps_what_was_agreed_to_word_for_word(member):
    person = accept(member, terms="The site keeps …")
    sharing = Consent.objects.get(purpose="sharing")
    assert (sharing.user, sharing.subject, sharing.words, sharing.language, sharing.given_at) == (
        person,
        member.public_id,
        WORDS,
        "fr",
        LATER,
    )
    assert Consent.objects.get(purpose="terms").words == "The site keeps …"


def test_link_makes_an_account_where_the_address_is_only_claimed(cohort):
    """Somebody wrote the address down and never showed that it is theirs: who reads its mail is somebody else."""
    claims = UserFactory(email="fatou@example.org", proven=False, last_login=MONDAY)
    member = by_link(CohortMemberFactory(cohort=cohort, email="fatou@example.org"))
    person = accept(member, name="Fatou")
    assert person != claims
    assert EmailAddress.objects.get(email="fatou@example.org", verified=True).user == person
    assert claims.check_password(PASSWORD)


def test_link_drops_a_password_that_a_stranger_chose_for_the_address(cohort):
    UserFactory(email="fatou@example.org", proven=False, last_login=None)
    member = by_link(CohortMemberFactory(cohort=cohort, email="fatou@example.org"))
    person = accept(member)
    assert not User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_link_alone_does_not_open_an_account_that_is_somebodys(cohort):
    UserFactory(email="fatou@example.org", proven=True)
    member = by_link(CohortMemberFactory(cohort=cohort, email="fatou@example.org"))
    assert refusal(member=member, at=LATER) == "SIGN_IN_FIRST"
    UserFactory(email="closed@example.org", proven=True, closed_at=MONDAY)
    assert refusal(member=by_link(CohortMemberFactory(cohort=cohort, email="closed@example.org"))) in (
        "CLOSED_ACCOUNT",
        "EXPIRED",
    )


def test_link_does_not_open_an_account_that_was_used_meanwhile(member):
    User.objects.filter(pk=member.learner_id).update(last_login=MONDAY)
    assert refusal(member=by_link(member), at=LATER) == "SIGN_IN_FIRST"


@pytest.mark.parametrize("name", ["", " \n\t "])
def test_accepting_needs_a_name(member, name):
    assert refusal(accept, member=member, name=name) == "NAME_MISSING"
    member.refresh_from_db()
    assert (member.state, Consent.objects.count()) == ("invited", 0)


# Signed in ------------------------------------------------------------------------------------------------


def test_visitor_accepts_what_came_to_an_address_of_theirs(cohort, course):
    amina = UserFactory(email="amina@example.org", proven=True, name="Amina Yusuf", language="ar")
    before = enrolled(course=course, learner=amina, at=MONDAY)
    member = by_link(CohortMemberFactory(cohort=cohort, email="amina@example.org", given_name="A. Y."))
    assert accept(member, visitor=amina) == amina
    amina.refresh_from_db()
    assert (amina.name, amina.language, amina.check_password(PASSWORD)) == ("Amina Yusuf", "ar", True)
    assert (member.enrolment, Enrolment.objects.count()) == (before, 1)


def test_visitor_with_another_address_proves_it_by_the_link(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    EmailAddress.objects.create(user=amina, email="amina@work.example.org", verified=False)
    member = by_link(CohortMemberFactory(cohort=cohort, email="amina@work.example.org"))
    accept(member, visitor=amina)
    assert EmailAddress.objects.get(email="amina@work.example.org").verified is True


def test_visitor_cannot_accept_what_is_somebody_elses(cohort, member, card):
    stranger = UserFactory(email="stranger@example.org", proven=True)
    for one in (member, card, by_link(CohortMemberFactory(cohort=cohort, email="other@example.org"))):
        assert refusal(member=one, visitor=stranger, at=LATER) == "SOMEBODY_ELSE"
        assert refusal(accept, member=one, visitor=stranger) == "SOMEBODY_ELSE"
    UserFactory(email="owned@example.org", proven=True)
    EmailAddress.objects.create(user=stranger, email="owned@example.org", verified=False)
    owned = by_link(CohortMemberFactory(cohort=cohort, email="owned@example.org"))
    assert refusal(member=owned, visitor=stranger, at=LATER) == "SOMEBODY_ELSE"
    assert CohortMember.objects.filter(state="accepted").count() == 0


def test_accepting_again_is_no_second_member(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    member = by_link(CohortMemberFactory(cohort=cohort, email="amina@example.org"))
    accept(member, visitor=amina)
    assert accept(by_link(member), visitor=amina, at=LATER + HOUR) == amina
    member.refresh_from_db()
    assert (member.accepted_at, Consent.objects.count()) == (LATER, 1)
    assert refusal(member=by_link(member), at=LATER) == "ALREADY_ACCEPTED"


def test_accepting_with_a_second_address_of_somebody_in_the_group_is_refused(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    accepted_member(cohort=cohort, learner=amina, email="amina@example.org")
    EmailAddress.objects.create(user=amina, email="second@example.org", verified=True)
    member = by_link(CohortMemberFactory(cohort=cohort, email="second@example.org"))
    assert refusal(accept, member=member, visitor=amina) == "ALREADY_IN_GROUP"
    assert CohortMember.objects.get(pk=member.pk).state == "invited"
    assert Consent.objects.count() == 0


def test_member_made_for_a_fresh_account_goes_to_whoever_has_proven_the_address(cohort, member):
    """Meanwhile Fatou has added the address to the account that she has."""
    fatou = UserFactory(email="fatou@home.example.org", proven=True)
    fresh = member.learner
    EmailAddress.objects.filter(user=fresh).delete()
    EmailAddress.objects.create(user=fatou, email="fatou@example.org", verified=True)
    accept(by_link(member), visitor=fatou)
    member.refresh_from_db()
    assert member.learner == fatou
    assert member.enrolment.learner == fatou
    assert Enrolment.objects.get(learner=fresh).ended_at == LATER


# By a card ------------------------------------------------------------------------------------------------


def test_card_opens_the_account_made_for_it_once(card):
    code = card.entry_code
    assert actions.open_by_code(code=code, at=LATER) == card
    person = accept(card, name="Rakoto", terms="…")
    assert (card.state, card.entry_code, card.learner) == ("accepted", None, person)
    assert refusal(actions.open_by_code, code=code, at=LATER) == "CODE_UNKNOWN"
    assert not person.has_verified_email()


def test_card_is_not_opened_by_its_link_or_by_an_old_code(card):
    assert refusal(member=by_link(card), at=LATER) == "NO_PROOF"
    assert refusal(member=by_card(card, "00000000"), at=LATER) == "NO_PROOF"
    old = by_card(card)
    actions.renew_code(member=CohortMember.objects.get(), by=None, at=LATER)
    assert refusal(member=by_card(card, old.entry_code), at=LATER) == "NO_PROOF"


def test_card_is_good_for_sixty_days(card):
    assert actions.open_by_code(code=card.entry_code, at=MONDAY + 59 * DAY)
    assert refusal(actions.open_by_code, code=card.entry_code, at=MONDAY + 60 * DAY) == "CODE_EXPIRED"
    assert refusal(member=card, at=MONDAY + 60 * DAY) == "EXPIRED"


@pytest.mark.parametrize("code", ["", None, "12345678", "0"])
def test_code_that_no_card_has_opens_nothing(card, member, code):
    assert refusal(actions.open_by_code, code=code, at=LATER) == "CODE_UNKNOWN"


def test_code_of_a_closed_account_opens_nothing(card):
    User.objects.update(closed_at=MONDAY)
    assert refusal(actions.open_by_code, code=card.entry_code, at=LATER) == "CODE_UNKNOWN"
    assert refusal(member=by_card(card), at=LATER) == "CLOSED_ACCOUNT"


def test_new_code_of_somebody_in_the_group_is_used_up(card):
    accept(card)
    actions.renew_code(member=card, by=None, at=LATER)
    code = card.entry_code
    opened = actions.open_by_code(code=code, at=LATER)
    assert actions.use_code(member=opened, code=code, at=LATER) == card.learner
    assert refusal(actions.use_code, member=opened, code=code) == "CODE_UNKNOWN"


# What stands in the way -----------------------------------------------------------------------------------


def test_invitation_is_good_for_sixty_days(member):
    assert actions.who_answers(member=member, at=MONDAY + 60 * DAY - HOUR).new is True
    assert refusal(member=member, at=MONDAY + 60 * DAY) == "EXPIRED"
    assert refusal(accept, member=member, at=MONDAY + 60 * DAY) == "EXPIRED"


def test_invitation_to_what_is_closed_opens_nothing(member, cohort):
    actions.retire_cohort(cohort=cohort, by=None)
    assert refusal(member=by_link(member), at=LATER) == "RETIRED"
    type(cohort).objects.update(retired_at=None)
    retire_institution(institution=cohort.institution, by=None)
    assert refusal(member=by_link(member), at=LATER) == "INSTITUTION_RETIRED"
    assert refusal(actions.decline_invitation, member=by_link(member), at=LATER) == "INSTITUTION_RETIRED"


# No, and no longer ----------------------------------------------------------------------------------------


def test_declining_ends_what_was_made_for_it_and_keeps_the_code(member, card):
    for one in (member, card):
        code = one.entry_code
        assert actions.decline_invitation(member=one, at=LATER) is True
        assert actions.decline_invitation(member=one, at=LATER) is False
        one.refresh_from_db()
        assert (one.state, one.left_at, one.declined_at) == ("left", LATER, LATER)
        assert (one.entry_code, one.accepted_at) == (code, None)
    assert Enrolment.objects.filter(ended_at=None).count() == 0
    assert Consent.objects.count() == 0


def test_declined_invitation_is_accepted_after_all(member, card):
    for one in (member, card):
        actions.decline_invitation(member=one, at=LATER)
        person = accept(one)
        one.refresh_from_db()
        assert (one.state, one.learner, one.declined_at, one.left_at) == ("accepted", person, None, None)
        assert one.enrolment.ended_at is None


def test_declined_invitation_that_is_sent_again_is_a_new_one(member):
    actions.decline_invitation(member=member, at=LATER)
    actions.invite_again(member=member, by=None, at=LATER + HOUR)
    actions.withdraw_invitation(member=member, by=None, at=LATER + HOUR)
    assert (
        refusal(actions.accept_invitation, member=member, consent_text="-", language="en", at=LATER + HOUR)
        == "WITHDRAWN"
    )


def test_declining_needs_the_same_proof_as_accepting(card, member):
    assert refusal(actions.decline_invitation, member=by_link(card), at=LATER) == "NO_PROOF"
    assert (
        refusal(actions.decline_invitation, member=member, visitor=UserFactory(), at=LATER) == "SOMEBODY_ELSE"
    )


def test_leaving_hides_progress_and_keeps_the_learning(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    member = by_link(CohortMemberFactory(cohort=cohort, email="amina@example.org"))
    accept(member, visitor=amina)
    read_lesson(member.enrolment, "first")
    assert CohortMember.objects.with_progress().get().lessons_done == 1
    assert actions.leave_cohort(member=member, by=amina, at=LATER + HOUR) is True
    left = CohortMember.objects.with_progress().get()
    assert (left.state, left.left_at, left.lessons_done, left.last_activity_at) == (
        "left",
        LATER + HOUR,
        None,
        None,
    )
    assert Consent.objects.get().withdrawn_at == LATER + HOUR
    member.enrolment.refresh_from_db()
    assert (member.enrolment.ended_at, member.enrolment.lesson_completions.count()) == (None, 1)
    assert actions.leave_cohort(member=member, by=amina) is False


def test_leaving_is_the_learners_own(cohort, coordinator, member):
    accepted = accepted_member(cohort=cohort)
    for one in (accepted, member):
        assert refusal(actions.leave_cohort, member=one, by=coordinator) == "NOT_A_MEMBER"
    assert CohortMember.objects.get(pk=accepted.pk).state == "accepted"


def test_taking_the_consent_back_is_leaving(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    member = by_link(CohortMemberFactory(cohort=cohort, email="amina@example.org"))
    accept(member, visitor=amina)
    other = accepted_member(cohort=cohort)
    withdraw_consent(user=amina, purpose="sharing", subject=member.public_id, at=LATER + HOUR)
    assert CohortMember.objects.get(pk=member.pk).state == "left"
    assert CohortMember.objects.get(pk=other.pk).state == "accepted"


def test_closing_the_account_leaves_every_group(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    members = [accepted_member(cohort=cohort, learner=amina), accepted_member(learner=amina)]
    other = accepted_member(cohort=cohort)
    close_account(user=amina, by=amina, at=LATER)
    for member in members:
        member.refresh_from_db()
        assert (member.state, member.left_at) == ("left", LATER)
    assert CohortMember.objects.get(pk=other.pk).state == "accepted"


def test_accepting_costs_the_same_queries_however_many_are_in_the_group(
    cohort, django_assert_max_num_queries
):
    costs = []
    for others in (1, 3):
        while CohortMember.objects.filter(state="accepted").count() < others:
            accepted_member(cohort=cohort)
        amina = UserFactory(email=f"amina{others}@example.org", proven=True)
        member = by_link(CohortMemberFactory(cohort=cohort, email=amina.email))
        with django_assert_max_num_queries(40) as spent:
            accept(member, visitor=amina)
        costs.append(len(spent))
    assert costs[0] == costs[1]
