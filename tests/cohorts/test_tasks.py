"""A real queue, real workers and a real mail server: a confirmed list is applied, once, whoever dies."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from maarifa.accounts.models import User
from maarifa.cohorts import actions, tasks
from maarifa.cohorts.models import CohortMember, RosterImport, RosterRow
from maarifa.delivery.models import Delivery
from maarifa.learning.models import Enrolment
from maarifa.lib.jobs import requeue
from maarifa.operations import processes
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory, csv_of, planned

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, INVITED = 600, 12


@pytest.fixture
def confirm():
    """A person says yes; what was enqueued is in the queue when this returns."""

    def confirm(rows):
        roster = planned(rows, cohort=CohortFactory())
        return actions.confirm_roster(roster=roster, plan_digest=roster.plan_digest, by=None)

    return confirm


def finished():
    return RosterImport.objects.filter(stage="applied").exists()


def test_worker_applies_a_confirmed_list_and_the_invitations_arrive(worker, postbox, confirm):
    UserFactory(email="there@example.org", proven=True)
    confirm(
        [
            ["Fatou Diop", "fatou@example.org", "", "fr"],
            ["Salma", "there@example.org", "", "ar"],
            ["Rakoto", "", "A-2", ""],
        ]
    )
    postbox.wait_for(2)
    assert processes.wait_until(finished, seconds=30)
    fatou, salma = (postbox.to(f"{who}@example.org") for who in ("fatou", "there"))
    assert (len(fatou), len(salma)) == (1, 1)
    member = CohortMember.objects.get(email="fatou@example.org")
    assert f"/fr/join/{member.token}/" in fatou[0].text
    assert f"/ar/join/{CohortMember.objects.get(email='there@example.org').token}/" in salma[0].text
    assert [row.outcome for row in RosterRow.objects.all()] == ["done"] * 3


def test_list_that_the_queue_delivers_many_times_is_applied_once(start_lonely_worker, confirm):
    roster = confirm([[f"Learner {n}", "", f"N-{n}", ""] for n in range(250)])
    start_lonely_worker(*[(tasks.apply, roster.pk)] * 6, concurrency=2)
    assert processes.wait_until(finished, seconds=60)
    assert (CohortMember.objects.count(), User.objects.count(), Enrolment.objects.count()) == (250,) * 3


def test_requeue_applies_what_the_queue_lost(worker):
    roster = planned([["Rakoto", "", "A-2", ""]], cohort=CohortFactory())
    RosterImport.objects.filter(pk=roster.pk).update(stage="confirmed", confirmed_at=timezone.now())
    requeue.delay("default")
    assert processes.wait_until(finished, seconds=30)
    assert CohortMember.objects.count() == 1


def test_command_and_worker_that_want_the_same_list_apply_it_once(worker, postbox, tmp_path):
    """Whoever is quicker does it; the command goes on watching until it is done."""
    cohort, file, out = CohortFactory(), tmp_path / "list.csv", io.StringIO()
    rows = [["Fatou", "fatou@example.org", "", ""], *([f"Card {n}", "", f"N-{n}", ""] for n in range(250))]
    file.write_bytes(csv_of(rows))
    call_command("import_roster", str(cohort.public_id), str(file), stdout=out)
    assert out.getvalue().splitlines()[-2:] == ["1 person was invited.", "250 access cards were created."]
    assert (RosterImport.objects.get().stage, CohortMember.objects.count()) == ("applied", 251)
    (letter,) = postbox.wait_for(1)
    assert letter.recipients == ["fatou@example.org"]


def test_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(start_lonely_worker, postbox):
    """Killed as soon as a batch is there, it may not even have told the queue about that batch's letters."""
    rows = [[f"Card {n}", "", f"N-{n}", ""] for n in range(PEOPLE)]
    rows[:: PEOPLE // INVITED] = [[f"Learner {n}", f"learner{n}@example.org", "", ""] for n in range(INVITED)]
    roster = planned(rows, cohort=CohortFactory())
    # Said yes to, and told to no queue that anybody else listens to.
    RosterImport.objects.filter(pk=roster.pk).update(stage="confirmed", confirmed_at=timezone.now())
    dying = start_lonely_worker((tasks.apply, roster.pk))
    assert processes.wait_until(CohortMember.objects.exists, seconds=30)
    dying.kill()
    before = CohortMember.objects.count()
    assert before in (200, 400)
    assert RosterRow.objects.filter(outcome="done").count() == before
    assert RosterImport.objects.get().state == "claimed"
    # Some minutes later.
    ago = timezone.now() - timedelta(minutes=3)
    RosterImport.objects.update(claimed_until=ago)
    Delivery.objects.filter(state="pending").update(due_at=ago, queued_at=ago)
    start_lonely_worker((requeue, "default"), (requeue, "bulk"))
    assert processes.wait_until(finished, seconds=60)
    assert (CohortMember.objects.count(), User.objects.count(), Enrolment.objects.count()) == (PEOPLE,) * 3
    assert Delivery.objects.count() == INVITED
    postbox.wait_for(INVITED)
    assert sorted(letter.recipients[0] for letter in postbox.letters) == sorted(
        f"learner{n}@example.org" for n in range(INVITED)
    )
    assert set(RosterRow.objects.values_list("outcome", flat=True)) == {"done"}
