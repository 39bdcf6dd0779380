"""What the holder of a certificate that is revoked, or could not be made, reads, and staff before they act."""

import pytest

from maarifa.certificates.actions import issue_certificate, revoke_certificate
from tests.certificates.conftest import LATER, address


@pytest.fixture
def learner(make_learner):
    return make_learner("mariem", email="mariem@example.org")


def test_revoked_certificate_says_whom_to_ask_and_is_not_offered(client, certificate, learner, make_learner):
    registrar = make_learner("registrar", names=None, email=None, is_staff=True)
    client.force_login(learner)
    assert "Download certificate (PDF)" in client.get(address("certificates")).text
    revoke_certificate(certificate=certificate, by=registrar, reason="issued in error")
    page = client.get(address("certificates")).text
    assert "issued in error" in page
    assert "If you think this is a mistake, contact " in page
    assert "Ms Achieng, 0700 000 000" in page.partition("<footer")[0]
    assert "Download certificate (PDF)" not in page
    assert "See what anyone with the code can see" in page


def test_failed_certificate_says_whom_to_ask(client, make_learner, finish):
    learner = make_learner(names=("Wanjiru 🌍", "Wanjiru"))
    issue_certificate(certificate_id=finish(learner).pk, at=LATER)
    client.force_login(learner)
    page = client.get(address("certificates")).text
    assert "We could not create your certificate" in page
    assert "If you are still waiting after a week, contact " in page
    assert "Ms Achieng, 0700 000 000" in page.partition("<footer")[0]


def test_form_for_correcting_says_what_follows_and_is_not_red(client, certificate, make_learner):
    operator = make_learner("operator", names=None, email=None, is_staff=True, is_superuser=True)
    client.force_login(operator)
    page = client.get(f"/admin/certificates/certificate/{certificate.pk}/correct/").text
    assert "The corrected certificate replaces the earlier one." in page
    assert "If the learner has an e-mail address, we will send them a message." in page
    assert "deletelink" not in page
