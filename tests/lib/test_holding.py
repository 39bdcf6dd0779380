import threading

import pytest
from django.db import connection, connections, transaction

from maarifa.accounts.models import User
from maarifa.cohorts.models import Cohort
from maarifa.institutions.models import Institution
from maarifa.learning.models import Enrolment
from maarifa.lib.holding import hold
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory
from tests.factories.institutions import InstitutionFactory
from tests.factories.learning import enrolled

MADE = {User: UserFactory, Institution: InstitutionFactory, Cohort: CohortFactory, Enrolment: enrolled}


@pytest.mark.parametrize("model", MADE, ids=lambda model: model.__name__)
def test_hold_changes_nothing_in_one_query(db, model, django_assert_num_queries):
    row = MADE[model]()
    before = model.objects.filter(pk=row.pk).values().get()

    with django_assert_num_queries(1) as asked:
        assert hold(model.objects.filter(pk=row.pk)) == 1

    assert asked[0]["sql"].startswith("UPDATE")
    assert model.objects.filter(pk=row.pk).values().get() == before


def test_hold_says_how_many_rows_there_are(db):
    UserFactory.create_batch(2)
    assert hold(User.objects.all()) == 2
    assert hold(User.objects.none()) == 0


@pytest.mark.django_db(transaction=True)
def test_who_holds_a_row_second_waits_for_the_end_of_the_first_and_sees_what_it_wrote():
    person = UserFactory(name="Amina Diallo")
    asks, seen = threading.Event(), []

    def second():
        try:
            connection.ensure_connection()
            asks.set()
            with transaction.atomic():
                hold(User.objects.filter(pk=person.pk))
                seen.append(User.objects.get(pk=person.pk).name)
        finally:
            connections.close_all()

    other = threading.Thread(target=second)
    with transaction.atomic():
        hold(User.objects.filter(pk=person.pk))
        other.start()
        assert asks.wait(20)
        other.join(0.3)
        assert (other.is_alive(), seen) == (True, [])
        User.objects.filter(pk=person.pk).update(name="Amina Bah")
    other.join(20)
    assert seen == ["Amina Bah"]
