"""A person is erased while their certificate is made, or fixed after it."""

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.urls import reverse

from maarifa.accounts.actions import erase_account
from maarifa.accounts.models import User
from maarifa.certificates.actions import (
    CertificateError,
    correct_certificate,
    correcting,
    issue_again,
    issue_certificate,
    issuing,
    revoke_certificate,
)
from maarifa.certificates.models import Certificate, CertificateVersion, Revocation
from maarifa.delivery.models import Delivery
from maarifa.lib.jobs import requeue_now
from tests.certificates.conftest import LATER


@pytest.fixture
def registrar(make_learner):
    return make_learner("registrar", names=None, email=None, is_staff=True, is_superuser=True)


@pytest.fixture
def issued(make_learner, finish):
    certificate = finish(make_learner())
    issue_certificate(certificate_id=certificate.pk, at=LATER)
    return Certificate.objects.select_related("learner").get(pk=certificate.pk)


def erased_while_rendering(monkeypatch, app, learner):
    render = app.render

    def render_slowly(certificate, version):
        render(certificate, version)
        erase_account(user=learner, by=None)

    monkeypatch.setattr(app, "render", render_slowly)


def test_erasure_while_a_certificate_is_drawn_is_not_undone(monkeypatch, make_learner, finish):
    learner = make_learner()
    certificate = finish(learner)
    erased_while_rendering(monkeypatch, issuing, learner)
    assert issue_certificate(certificate_id=certificate.pk, at=LATER) is False
    assert (CertificateVersion.objects.count(), Delivery.objects.count()) == (0, 0)
    certificate.refresh_from_db()
    assert (certificate.state, certificate.error) == ("failed", "Not issued: the learner’s data was erased.")
    assert requeue_now("default", at=LATER + timedelta(days=1)) == 0
    assert issue_again(certificate=certificate, by=None) is False


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_erasure_and_issuing_at_one_moment_leave_no_name(turn, make_learner, finish):
    learner = make_learner()
    certificate = finish(learner)
    gate, failures = threading.Barrier(2), []

    def run(job):
        try:
            gate.wait(20)
            job()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            failures.append(error)
        finally:
            connections.close_all()

    jobs = [
        lambda: issue_certificate(certificate_id=certificate.pk, at=LATER),
        lambda: erase_account(user=User.objects.get(pk=learner.pk), by=None),
    ]
    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert CertificateVersion.objects.count() == 0


def test_erasure_while_a_correction_is_drawn_is_not_undone(monkeypatch, issued, registrar):
    erased_while_rendering(monkeypatch, correcting, issued.learner)
    with pytest.raises(CertificateError) as refused:
        correct_certificate(
            certificate=issued, by=registrar, name="Wanjiru", name_latin="", reason="spelling"
        )
    assert refused.value.code == "WITHDRAWN"
    assert CertificateVersion.objects.count() == 0


def test_certificate_of_an_erased_person_is_neither_corrected_nor_revoked(issued, registrar):
    erase_account(user=issued.learner, by=None)
    with pytest.raises(CertificateError) as refused:
        correct_certificate(certificate=issued, by=registrar, name="A", name_latin="A", reason="x")
    assert refused.value.code == "WITHDRAWN"
    with pytest.raises(CertificateError) as refused:
        revoke_certificate(certificate=issued, by=registrar, reason="x")
    assert refused.value.code == "WITHDRAWN"
    assert Revocation.objects.count() == 0


@pytest.mark.parametrize("page", ["correct", "revoke"])
def test_admin_says_so_where_the_person_was_erased(client, issued, registrar, page):
    erase_account(user=issued.learner, by=None)
    client.force_login(registrar)
    answer = client.get(reverse(f"admin:certificates_certificate_{page}", args=[issued.pk]), follow=True)
    assert answer.status_code == 200
    assert "The data of this certificate’s holder has been erased." in answer.text
    assert reverse(f"admin:certificates_certificate_{page}", args=[issued.pk]) not in answer.text
