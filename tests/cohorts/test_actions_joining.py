"""Answering an invitation by link, by card and signed in; and leaving."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from maarifa.accounts.actions import close_account, withdraw_consent
from maarifa.accounts.models import Consent, User
from maarifa.cohorts import actions
from maarifa.cohorts.actions.joining import Answer
from maarifa.cohorts.models import Seat, make_token
from maarifa.institutions.actions import retire_institution
from maarifa.learning.models import Enrolment
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.cohorts import SeatFactory, accepted_seat, applied
from tests.factories.learning import MONDAY, enrolled, read_lesson

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = MONDAY + HOUR
FATOU = ["Fatou Diop", "fatou@example.org", "A-1", "fr"]
WORDS = "The institution sees your progress.\nI agree."


@pytest.fixture
def seat(cohort):
    """Invited by a list: an account that nobody has used."""
    return by_link(seated(cohort, FATOU))


@pytest.fixture
def card(cohort):
    return by_card(seated(cohort, ["Rakoto", "", "A-2", ""]))


def seated(cohort, row):
    seat = applied([row], cohort=cohort).rows.get().seat
    # Applying takes its time, too.
    ends = MONDAY + 60 * DAY if seat.entry_code else None
    Seat.objects.filter(pk=seat.pk).update(invited_at=MONDAY, entry_code_until=ends)
    return Seat.objects.get(pk=seat.pk)


def by_link(seat):
    return Seat.objects.by_token(seat.token)


def by_card(seat, code=None):
    return Seat.objects.by_token(make_token(seat.public_id, code or seat.entry_code))


def accept(seat, **more):
    return actions.accept_seat(seat=seat, **{"words": WORDS, "language": "fr", "at": LATER, **more})


def refusal(action=None, **told):
    with pytest.raises(actions.SeatRefusal) as refused:
        (action or actions.who_answers)(**told)
    assert "%(" not in refused.value.message
    return refused.value.code


# By the link ----------------------------------------------------------------------------------------------


def test_link_opens_the_account_made_for_it(seat, cohort):
    assert actions.who_answers(seat=seat, at=LATER) == Answer(new=True, fresh=seat.learner)
    person = accept(seat, name="Fatou Binetou Diop", password=PASSWORD, terms="The site keeps …")
    assert (seat.state, seat.accepted_at, seat.learner) == ("accepted", LATER, person)
    assert (person.name, person.language, person.has_verified_email()) == ("Fatou Binetou Diop", "fr", True)
    assert person.check_password(PASSWORD)
    # What the institution wrote stays the institution's.
    assert seat.given_name == "Fatou Diop"
    assert User.objects.count() == 1
    assert seat.enrolment == Enrolment.objects.get()


def test_accepting_keeps_what_was_agreed_to_word_for_word(seat):
    person = accept(seat, terms="The site keeps …")
    sharing = Consent.objects.get(purpose="sharing")
    assert (sharing.user, sharing.subject, sharing.words, sharing.language, sharing.given_at) == (
        person,
        seat.public_id,
        WORDS,
        "fr",
        LATER,
    )
    assert Consent.objects.get(purpose="terms").words == "The site keeps …"


def test_link_makes_an_account_where_the_address_is_only_claimed(cohort):
    """Somebody wrote the address down and never showed that it is theirs: who reads its mail is somebody else."""
    claims = UserFactory(email="fatou@example.org", proven=False, last_login=MONDAY)
    seat = by_link(SeatFactory(cohort=cohort, email="fatou@example.org"))
    person = accept(seat, name="Fatou")
    assert person != claims
    assert EmailAddress.objects.get(email="fatou@example.org", verified=True).user == person
    assert claims.check_password(PASSWORD)


def test_link_drops_a_password_that_a_stranger_chose_for_the_address(cohort):
    UserFactory(email="fatou@example.org", proven=False, last_login=None)
    seat = by_link(SeatFactory(cohort=cohort, email="fatou@example.org"))
    person = accept(seat)
    assert not User.objects.get(pk=person.pk).check_password(PASSWORD)


def test_link_alone_does_not_open_an_account_that_is_somebodys(cohort):
    UserFactory(email="fatou@example.org", proven=True)
    seat = by_link(SeatFactory(cohort=cohort, email="fatou@example.org"))
    assert refusal(seat=seat, at=LATER) == "SIGN_IN_FIRST"
    UserFactory(email="closed@example.org", proven=True, closed_at=MONDAY)
    assert refusal(seat=by_link(SeatFactory(cohort=cohort, email="closed@example.org"))) in (
        "CLOSED_ACCOUNT",
        "EXPIRED",
    )


def test_link_does_not_open_an_account_that_was_used_meanwhile(seat):
    User.objects.filter(pk=seat.learner_id).update(last_login=MONDAY)
    assert refusal(seat=by_link(seat), at=LATER) == "SIGN_IN_FIRST"


@pytest.mark.parametrize("name", ["", " \n\t "])
def test_accepting_needs_a_name(seat, name):
    assert refusal(accept, seat=seat, name=name) == "NAME_MISSING"
    seat.refresh_from_db()
    assert (seat.state, Consent.objects.count()) == ("invited", 0)


# Signed in ------------------------------------------------------------------------------------------------


def test_visitor_accepts_what_came_to_an_address_of_theirs(cohort, course):
    amina = UserFactory(email="amina@example.org", proven=True, name="Amina Yusuf", language="ar")
    before = enrolled(course=course, learner=amina, at=MONDAY)
    seat = by_link(SeatFactory(cohort=cohort, email="amina@example.org", given_name="A. Y."))
    assert accept(seat, visitor=amina) == amina
    amina.refresh_from_db()
    assert (amina.name, amina.language, amina.check_password(PASSWORD)) == ("Amina Yusuf", "ar", True)
    assert (seat.enrolment, Enrolment.objects.count()) == (before, 1)


def test_visitor_with_another_address_proves_it_by_the_link(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    EmailAddress.objects.create(user=amina, email="amina@work.example.org", verified=False)
    seat = by_link(SeatFactory(cohort=cohort, email="amina@work.example.org"))
    accept(seat, visitor=amina)
    assert EmailAddress.objects.get(email="amina@work.example.org").verified is True


def test_visitor_cannot_accept_what_is_somebody_elses(cohort, seat, card):
    stranger = UserFactory(email="stranger@example.org", proven=True)
    for one in (seat, card, by_link(SeatFactory(cohort=cohort, email="other@example.org"))):
        assert refusal(seat=one, visitor=stranger, at=LATER) == "SOMEBODY_ELSE"
        assert refusal(accept, seat=one, visitor=stranger) == "SOMEBODY_ELSE"
    UserFactory(email="owned@example.org", proven=True)
    EmailAddress.objects.create(user=stranger, email="owned@example.org", verified=False)
    owned = by_link(SeatFactory(cohort=cohort, email="owned@example.org"))
    assert refusal(seat=owned, visitor=stranger, at=LATER) == "SOMEBODY_ELSE"
    assert Seat.objects.filter(state="accepted").count() == 0


def test_accepting_again_is_no_second_seat(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    seat = by_link(SeatFactory(cohort=cohort, email="amina@example.org"))
    accept(seat, visitor=amina)
    assert accept(by_link(seat), visitor=amina, at=LATER + HOUR) == amina
    seat.refresh_from_db()
    assert (seat.accepted_at, Consent.objects.count()) == (LATER, 1)
    assert refusal(seat=by_link(seat), at=LATER) == "ALREADY_ACCEPTED"


def test_accepting_with_a_second_address_of_somebody_in_the_group_is_refused(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    accepted_seat(cohort=cohort, learner=amina, email="amina@example.org")
    EmailAddress.objects.create(user=amina, email="second@example.org", verified=True)
    seat = by_link(SeatFactory(cohort=cohort, email="second@example.org"))
    assert refusal(accept, seat=seat, visitor=amina) == "ALREADY_IN_GROUP"
    assert Seat.objects.get(pk=seat.pk).state == "invited"
    assert Consent.objects.count() == 0


def test_seat_made_for_a_fresh_account_goes_to_whoever_has_proven_the_address(cohort, seat):
    """Meanwhile Fatou has added the address to the account that she has."""
    fatou = UserFactory(email="fatou@home.example.org", proven=True)
    fresh = seat.learner
    EmailAddress.objects.filter(user=fresh).delete()
    EmailAddress.objects.create(user=fatou, email="fatou@example.org", verified=True)
    accept(by_link(seat), visitor=fatou)
    seat.refresh_from_db()
    assert seat.learner == fatou
    assert seat.enrolment.learner == fatou
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
    assert refusal(seat=by_link(card), at=LATER) == "NO_PROOF"
    assert refusal(seat=by_card(card, "00000000"), at=LATER) == "NO_PROOF"
    old = by_card(card)
    actions.renew_code(seat=Seat.objects.get(), by=None, at=LATER)
    assert refusal(seat=by_card(card, old.entry_code), at=LATER) == "NO_PROOF"


def test_card_is_good_for_sixty_days(card):
    assert actions.open_by_code(code=card.entry_code, at=MONDAY + 59 * DAY)
    assert refusal(actions.open_by_code, code=card.entry_code, at=MONDAY + 60 * DAY) == "CODE_EXPIRED"
    assert refusal(seat=card, at=MONDAY + 60 * DAY) == "EXPIRED"


@pytest.mark.parametrize("code", ["", None, "12345678", "0"])
def test_code_that_no_card_has_opens_nothing(card, seat, code):
    assert refusal(actions.open_by_code, code=code, at=LATER) == "CODE_UNKNOWN"


def test_code_of_a_closed_account_opens_nothing(card):
    User.objects.update(closed_at=MONDAY)
    assert refusal(actions.open_by_code, code=card.entry_code, at=LATER) == "CODE_UNKNOWN"
    assert refusal(seat=by_card(card), at=LATER) == "CLOSED_ACCOUNT"


def test_new_code_of_somebody_in_the_group_is_used_up(card):
    accept(card)
    actions.renew_code(seat=card, by=None, at=LATER)
    code = card.entry_code
    opened = actions.open_by_code(code=code, at=LATER)
    assert actions.use_code(seat=opened, code=code, at=LATER) == card.learner
    assert refusal(actions.use_code, seat=opened, code=code) == "CODE_UNKNOWN"


# What stands in the way -----------------------------------------------------------------------------------


def test_invitation_is_good_for_sixty_days(seat):
    assert actions.who_answers(seat=seat, at=MONDAY + 60 * DAY - HOUR).new is True
    assert refusal(seat=seat, at=MONDAY + 60 * DAY) == "EXPIRED"
    assert refusal(accept, seat=seat, at=MONDAY + 60 * DAY) == "EXPIRED"


def test_invitation_to_what_is_closed_opens_nothing(seat, cohort):
    actions.retire_cohort(cohort=cohort, by=None)
    assert refusal(seat=by_link(seat), at=LATER) == "RETIRED"
    type(cohort).objects.update(retired_at=None)
    retire_institution(institution=cohort.institution, by=None)
    assert refusal(seat=by_link(seat), at=LATER) == "INSTITUTION_RETIRED"
    assert refusal(actions.decline_seat, seat=by_link(seat), at=LATER) == "INSTITUTION_RETIRED"


# No, and no longer ----------------------------------------------------------------------------------------


def test_declining_ends_what_was_made_for_it_and_keeps_the_code(seat, card):
    for one in (seat, card):
        code = one.entry_code
        assert actions.decline_seat(seat=one, at=LATER) is True
        assert actions.decline_seat(seat=one, at=LATER) is False
        one.refresh_from_db()
        assert (one.state, one.left_at, one.declined_at) == ("left", LATER, LATER)
        assert (one.entry_code, one.accepted_at) == (code, None)
    assert Enrolment.objects.filter(ended_at=None).count() == 0
    assert Consent.objects.count() == 0


def test_declined_invitation_is_accepted_after_all(seat, card):
    for one in (seat, card):
        actions.decline_seat(seat=one, at=LATER)
        person = accept(one)
        one.refresh_from_db()
        assert (one.state, one.learner, one.declined_at, one.left_at) == ("accepted", person, None, None)
        assert one.enrolment.ended_at is None


def test_declined_invitation_that_is_sent_again_is_a_new_one(seat):
    actions.decline_seat(seat=seat, at=LATER)
    actions.invite_again(seat=seat, by=None, at=LATER + HOUR)
    actions.withdraw_invitation(seat=seat, by=None, at=LATER + HOUR)
    assert refusal(actions.accept_seat, seat=seat, words="-", language="en", at=LATER + HOUR) == "WITHDRAWN"


def test_declining_needs_the_same_proof_as_accepting(card, seat):
    assert refusal(actions.decline_seat, seat=by_link(card), at=LATER) == "NO_PROOF"
    assert refusal(actions.decline_seat, seat=seat, visitor=UserFactory(), at=LATER) == "SOMEBODY_ELSE"


def test_leaving_hides_progress_and_keeps_the_learning(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    seat = by_link(SeatFactory(cohort=cohort, email="amina@example.org"))
    accept(seat, visitor=amina)
    read_lesson(seat.enrolment, "first")
    assert Seat.objects.with_progress().get().lessons_done == 1
    assert actions.leave_seat(seat=seat, by=amina, at=LATER + HOUR) is True
    left = Seat.objects.with_progress().get()
    assert (left.state, left.left_at, left.lessons_done, left.last_activity_at) == (
        "left",
        LATER + HOUR,
        None,
        None,
    )
    assert Consent.objects.get().withdrawn_at == LATER + HOUR
    seat.enrolment.refresh_from_db()
    assert (seat.enrolment.ended_at, seat.enrolment.lesson_completions.count()) == (None, 1)
    assert actions.leave_seat(seat=seat, by=amina) is False


def test_leaving_is_the_learners_own(cohort, coordinator, seat):
    accepted = accepted_seat(cohort=cohort)
    for one in (accepted, seat):
        assert refusal(actions.leave_seat, seat=one, by=coordinator) == "NOT_A_MEMBER"
    assert Seat.objects.get(pk=accepted.pk).state == "accepted"


def test_taking_the_consent_back_is_leaving(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    seat = by_link(SeatFactory(cohort=cohort, email="amina@example.org"))
    accept(seat, visitor=amina)
    other = accepted_seat(cohort=cohort)
    withdraw_consent(user=amina, purpose="sharing", subject=seat.public_id, at=LATER + HOUR)
    assert Seat.objects.get(pk=seat.pk).state == "left"
    assert Seat.objects.get(pk=other.pk).state == "accepted"


def test_closing_the_account_leaves_every_group(cohort):
    amina = UserFactory(email="amina@example.org", proven=True)
    seats = [accepted_seat(cohort=cohort, learner=amina), accepted_seat(learner=amina)]
    other = accepted_seat(cohort=cohort)
    close_account(user=amina, by=amina, at=LATER)
    for seat in seats:
        seat.refresh_from_db()
        assert (seat.state, seat.left_at) == ("left", LATER)
    assert Seat.objects.get(pk=other.pk).state == "accepted"


def test_accepting_costs_the_same_queries_however_many_are_in_the_group(
    cohort, django_assert_max_num_queries
):
    costs = []
    for others in (1, 3):
        while Seat.objects.filter(state="accepted").count() < others:
            accepted_seat(cohort=cohort)
        amina = UserFactory(email=f"amina{others}@example.org", proven=True)
        seat = by_link(SeatFactory(cohort=cohort, email=amina.email))
        with django_assert_max_num_queries(40) as spent:
            accept(seat, visitor=amina)
        costs.append(len(spent))
    assert costs[0] == costs[1]
