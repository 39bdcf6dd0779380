"""When periodic tasks run, and in which queue."""

from typing import TypedDict

from maarifa.lib import queues

_HOUR = 60 * 60


class Options(TypedDict):
    queue: str
    expires: int


class Periodic(TypedDict):
    """As Celery's beat wants it."""

    task: str
    schedule: int
    args: tuple[str, ...]
    options: Options


def _every(
    seconds: int, task: str, *args: str, queue: str = queues.BULK, expires: int | None = None
) -> Periodic:
    """Once its next turn has come nobody needs it any more: a worker that was away leaves it."""
    options: Options = {"queue": queue, "expires": expires or seconds}
    return {"task": f"maarifa.{task}", "schedule": seconds, "args": args, "options": options}


def beat_schedule(*, requeue: int, reminders: int) -> dict[str, Periodic]:
    """For Celery's beat. `requeue` and `reminders` are the seconds between two requeues and two rounds of reminders."""
    return {
        **{f"{q}-requeue": _every(requeue, "jobs.requeue", q, queue=q) for q in queues.QUEUES},
        **{
            f"{q}-heartbeat": _every(min(requeue, 30), "operations.beat", q, queue=q)
            for q in (queues.URGENT, queues.DEFAULT)
        },
        # It may stand behind as many messages as are in the bulk queue at once.
        "bulk-heartbeat": _every(min(requeue, 300), "operations.beat", queues.BULK, expires=900),
        # Somebody may be waiting for the result. What stands still longer than a minute is a downtime.
        "timed-attempts": _every(15, "learning.end_timed_attempts", queue=queues.URGENT),
        "bodies": _every(_HOUR, "delivery.blank_bodies"),
        "lists": _every(24 * _HOUR, "cohorts.forget_lists"),
        "sessions": _every(6 * _HOUR, "accounts.forget_expired_sessions"),
        "addresses": _every(24 * _HOUR, "accounts.forget_address_changes"),
        "unconfirmed": _every(_HOUR, "accounts.forget_unconfirmed"),
        "review": _every(_HOUR, "learning.refresh_review"),
        "review-messages": _every(_HOUR, "reminders.plan_reviews"),
        "completions": _every(_HOUR, "learning.complete_eased"),
        "statistics": _every(24 * _HOUR, "quizzes.compute_statistics"),
        "erasures": _every(_HOUR, "operations.list_erasures"),
        "reminders": _every(reminders, "reminders.plan"),
    }
