"""What pages, exports and an API read of cohorts, without any of them."""

from datetime import timedelta

import pytest

from maarifa.cohorts import queries
from maarifa.cohorts.models import CohortMember
from maarifa.curriculum.actions import publish_course
from maarifa.curriculum.activities import Place
from maarifa.curriculum.models import CourseText
from maarifa.learning.models import Enrolment
from tests.factories.cohorts import CohortFactory, CohortMemberFactory, accepted_member, applied, planned
from tests.factories.curriculum import draft_course
from tests.factories.learning import MONDAY, RIGHT, WRONG, read_lesson, send_answers, start_quiz

NOW = MONDAY + timedelta(days=1)


@pytest.fixture
def group(cohort):
    amina = accepted_member(cohort=cohort, given_name="Amina")
    read_lesson(amina.enrolment, "first")
    send_answers(start_quiz(amina.enrolment), RIGHT)
    chidi = accepted_member(cohort=cohort, given_name="Chidi")
    send_answers(start_quiz(chidi.enrolment), WRONG)
    Enrolment.objects.update(last_activity_at=NOW)
    lea = CohortMemberFactory(cohort=cohort, given_name="Lea", state=CohortMember.State.LEFT, left_at=NOW)
    return {"amina": amina, "chidi": chidi, "lea": lea}


def test_everybody_finds_what_is_theirs_to_see_and_knows_whether_they_may_change_it(cohort, cast):
    for person in cast.managing:
        assert queries.find_cohort(person, cohort.public_id).managed is True
    for person in cast.looking:
        assert queries.find_cohort(person, cohort.public_id).managed is False
    for person in cast.strangers:
        assert queries.find_cohort(person, cohort.public_id) is None


def test_cohorts_stand_below_the_units_where_somebody_works(cohort, cast, django_assert_num_queries):
    CohortMemberFactory(cohort=cohort)
    CohortMemberFactory(cohort=cohort, state=CohortMember.State.LEFT, left_at=NOW)
    with django_assert_num_queries(2):
        units = queries.cohorts_of_units(cast.coordinator)
    assert [(unit.key, len(cohorts)) for unit, cohorts in units] == [("law", 1), ("notaries", 0)]
    (found,) = units[0][1]
    # Beside the one above, the learner of the cast.
    assert (found.people, found.accepted) == (2, 1)
    assert queries.cohorts_of_units(cast.outsider) == []


def test_members_and_rosters_are_found_in_their_own_cohort_only(cohort, group):
    other, roster = CohortFactory(), planned(cohort=cohort)
    member = queries.find_member(cohort, group["amina"].public_id, at=NOW)
    assert (member, member.cohort) == (group["amina"], cohort)
    assert queries.find_member(other, group["amina"].public_id, at=NOW) is None
    assert queries.find_roster(cohort, roster.public_id) == roster
    assert queries.find_roster(other, roster.public_id) is None


def test_people_are_those_of_a_kind_in_an_order_that_is_asked_for(cohort, group):
    def names(**asked):
        return [member.given_name for member in queries.people(cohort, at=NOW, **asked)]

    assert names(order="name") == ["Amina", "Chidi"]
    assert names(show="left") == ["Lea"]
    assert names(search="chi") == ["Chidi"]
    assert names(show="no-such-kind", order="no-such-order") == names()
    assert [member.given_name for member in queries.everybody(cohort, at=NOW)] == ["Amina", "Chidi", "Lea"]
    told = queries.tallies(cohort, at=NOW)
    assert (told["people"], told["left"], told["certified"]) == (2, 1, 0)


def test_figures_are_of_who_shares_them_in_two_queries(cohort, group, django_assert_num_queries):
    members = list(queries.everybody(cohort, at=NOW))
    with django_assert_num_queries(2):
        figures = queries.figures(members)
    amina, chidi = figures[group["amina"].pk], figures[group["chidi"].pk]
    assert group["lea"].pk not in figures
    assert (amina.states[Place("lesson", "first")], amina.percent) == ("done", 100)
    assert chidi.count("lesson", "done") == 0
    assert amina.count("quiz", "done") == chidi.count("quiz", "failed") == 1
    rows = queries.steps_with_states(chidi, cohort, "en")
    assert [(row["kind"], row["state"]) for row in rows].count(("quiz", "failed")) == 1
    assert [row["state"] for row in queries.steps_with_states(amina, cohort, "en")].count("done") == 2


def test_title_that_is_not_translated_is_said_to_be_in_the_language_that_it_is_in(db):
    """A screen reader pronounces it by what the page says of it."""
    course = draft_course().course
    CourseText.objects.filter(course=course, language="ar").update(quizzes={})
    publish_course(course=course, by=None)
    course.refresh_from_db()
    rows = queries.steps_with_states(queries.Figures(), CohortFactory(course=course), "ar")
    assert [(row["kind"], row["language"]) for row in rows] == [
        ("lesson", "ar"),
        ("lesson", "ar"),
        ("quiz", "en"),
    ]
    assert rows[-1]["title"] == "Basics: quiz"


def test_rows_and_messages_of_a_roster_are_counted_in_a_query_each(cohort, django_assert_num_queries):
    roster = applied([["Rakoto", "", "A-2", ""], ["Mamy", "mamy@example.org", "", ""]], cohort=cohort)
    with django_assert_num_queries(1):
        counts = queries.row_counts(roster)
    assert {name: counts[name] for name in ("rows", "invited", "carded", "refused")} == {
        "rows": 2,
        "invited": 1,
        "carded": 1,
        "refused": 0,
    }
    with django_assert_num_queries(1):
        assert queries.message_counts(roster) == {"sent": 0, "refused": 0, "waiting": 1}
    assert queries.rosters_under_way(cohort) == []
    assert queries.earlier_rosters(cohort) == [roster]
    assert [row.number for row in queries.roster_rows(roster, only_problems=True)] == []
    cards = queries.open_cards(cohort, at=roster.confirmed_at)
    assert [member.given_name for member in cards] == ["Rakoto"]
