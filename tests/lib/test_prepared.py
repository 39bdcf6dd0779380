"""Queries whose SQL is written once."""

import pytest

from maarifa.accounts.models import User
from maarifa.lib.prepared import Prepared
from tests.factories.accounts import UserFactory
from tests.internals import what_changed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        ("django.db.models.sql.query:Query.get_compiler", "self using connection elide_empty"),
        ("django.db.models.sql.compiler:SQLCompiler.as_sql", "self with_limits with_col_aliases"),
        (
            "django.db.models.sql.compiler:SQLCompiler.results_iter",
            "self results tuple_expected chunked_fetch chunk_size",
        ),
    ],
)
def test_djangos_compiler_is_as_we_know_it(path, parameters):
    assert what_changed(path, parameters, library="django", used_by="Prepared in lib/prepared.py") == ""


def named(username, pk):
    found = User.objects.filter(username=username) | User.objects.filter(pk=pk)
    return found.order_by("pk").values_list("pk", "public_id", "date_joined", "is_staff", "email")


def test_rows_are_those_of_the_queryset_whatever_the_values(django_assert_num_queries):
    amina, bo, chidi = (UserFactory(username=name) for name in ("amina", "bo", "chidi"))
    asked = Prepared(named, username=str, pk=int)
    for values in ({"username": "amina", "pk": bo.pk}, {"username": "chidi", "pk": amina.pk}):
        with django_assert_num_queries(1):
            rows = asked.rows(**values)
        assert rows == list(named(**values))
    assert asked.rows(username="nobody", pk=0) == []
    assert len({amina.pk, bo.pk, chidi.pk}) == 3


def test_sql_is_written_once():
    written = []

    def make(pk):
        written.append(pk)
        return User.objects.filter(pk=pk).values_list("pk")

    asked = Prepared(make, pk=int)
    for user in (UserFactory(), UserFactory()):
        assert asked.rows(pk=user.pk) == [(user.pk,)]
    assert len(written) == 1


def test_values_are_no_sql():
    asked = Prepared(lambda name: User.objects.filter(username=name).values_list("pk"), name=str)
    UserFactory(username="amina")
    assert asked.rows(name="amina' OR '1'='1") == []


def test_text_that_looks_like_a_mark_is_only_text():
    asked = Prepared(
        lambda name, email: User.objects.filter(username=name, email=email).values_list("pk"),
        name=str,
        email=str,
    )
    amina = UserFactory(username="amina", email="amina@example.org")
    assert asked.rows(name="amina", email="amina@example.org") == [(amina.pk,)]
    for mark in list(asked._names):
        assert asked.rows(name=mark, email="amina@example.org") == []
