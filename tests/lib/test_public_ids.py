"""A public id names one row, whoever writes."""

import pytest
from django.db import IntegrityError, transaction

from maarifa.accounts.models import Consent, User
from maarifa.curriculum.models import Edition
from maarifa.delivery.models import Delivery
from maarifa.institutions.models import Institution, Membership, Unit
from maarifa.learning.models import Enrolment
from maarifa.quizzes.models import Attempt
from tests.factories.accounts import ConsentFactory, UserFactory
from tests.factories.curriculum import published_course
from tests.factories.delivery import DeliveryFactory
from tests.factories.institutions import InstitutionFactory, MembershipFactory
from tests.factories.learning import enrolled, start_quiz

MAKERS = {
    User: UserFactory,
    Consent: ConsentFactory,
    Institution: InstitutionFactory,
    Unit: InstitutionFactory,
    Membership: MembershipFactory,
    Delivery: DeliveryFactory,
    Enrolment: enrolled,
    Attempt: lambda: start_quiz(enrolled()),
}


@pytest.mark.django_db
@pytest.mark.parametrize("model", MAKERS)
def test_public_id_names_one_row(model):
    for _ in range(2):
        MAKERS[model]()
    one, other = model.objects.order_by("-pk")[:2]

    assert one.public_id != other.public_id
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=one.pk).update(public_id=other.public_id)


@pytest.mark.django_db
def test_public_id_names_one_edition():
    """An edition is written once, so that nobody gives one the id of another; a new one may not have it either."""
    made = published_course()
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.create(
            course=made.course,
            number=2,
            structure={},
            digest="0" * 64,
            published_at=made.edition.published_at,
            public_id=made.edition.public_id,
        )
