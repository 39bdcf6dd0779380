"""Learners of a cohort are found as their names are typed."""

import pytest

from maarifa.cohorts.models import CohortMember
from maarifa.lib.refolding import refold
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortMemberFactory


@pytest.mark.parametrize(
    ("given", "typed"),
    [
        ("علي حسن", "على"),
        ("مصطفى كامل", "مصطفي"),
        ("فاطمة الزهراء", "فاطمه"),
        ("کریم", "كريم"),
        ("عبد الله", "عبدالله"),
        ("عبدالله", "عبد الله"),
        ("Łukasz", "Lukasz"),
        ("Đặng Thị", "Dang thi"),
        ("Işık", "ışık"),
        ("N’Diaye", "ndiaye"),
    ],
)
def test_search_finds_names_as_people_type_them(cohort, given, typed):
    CohortMemberFactory(cohort=cohort, given_name="Somebody else", email="other@example.net")
    member = CohortMemberFactory(cohort=cohort, given_name=given, email="here@example.org")
    assert list(CohortMember.objects.filter(cohort=cohort).search(typed)) == [member]
    assert CohortMember.objects.filter(cohort=cohort).search("\u200d - ").count() == 0


def test_members_are_refolded_and_a_number_that_would_be_taken_stays(cohort):
    members = [
        CohortMemberFactory(
            cohort=cohort, given_name="عبد الله", email="", staff_number=number, learner=UserFactory()
        )
        for number in ("A1", "A2")
    ]
    CohortMember.objects.update(given_name_search="old")
    CohortMember.objects.filter(pk=members[0].pk).update(staff_number_key="a\u200d1")
    CohortMember.objects.filter(pk=members[1].pk).update(staff_number_key="a1", staff_number="B2")

    def taken(row):
        others = CohortMember.objects.filter(cohort=cohort, staff_number_key=row.staff_number_key)
        return others.exclude(pk=row.pk).exists()

    assert refold(CohortMember, names=["given_name"], taken=taken) == 1
    kept = CohortMember.objects.order_by("pk").values_list("given_name_search", "staff_number_key")
    assert list(kept) == [("old", "a\u200d1"), ("عبدالله", "b2")]
