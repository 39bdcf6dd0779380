"""What Celery runs for this app."""

from celery import shared_task


@shared_task(name="maarifa.accounts.forget_expired_sessions")
def forget_expired_sessions() -> None:
    from maarifa.accounts.actions import forget_expired_sessions, forget_kept_posts

    forget_expired_sessions()
    forget_kept_posts()


@shared_task(name="maarifa.accounts.forget_unconfirmed")
def forget_unconfirmed() -> None:
    from maarifa.accounts.actions import forget_unconfirmed

    forget_unconfirmed()


@shared_task(name="maarifa.accounts.forget_address_changes")
def forget_address_changes() -> None:
    from maarifa.accounts.actions import forget_address_changes

    forget_address_changes()
