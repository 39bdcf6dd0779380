"""Tasks take ids only; everything else is in the actions."""

from celery import shared_task


@shared_task(name="maarifa.certificates.issue")
def issue(certificate_id: int) -> None:
    from maarifa.certificates import actions

    actions.issue_certificate(certificate_id=certificate_id)
