"""When periodic tasks run, and in which queue."""

from maarifa.lib import queues

_HOUR = 60 * 60


def _every(seconds: int, task: str, *args, queue: str = queues.BULK, expires: int | None = None) -> dict:
    """Once its next turn has come nobody needs it any more: a worker that was away leaves it."""
    options = {"queue": queue, "expires": expires or seconds}
    return {"task": f"maarifa.{task}", "schedule": seconds, "args": args, "options": options}


def beat_schedule(*, requeue: int, reminders: int) -> dict:
    """For Celery's beat. `requeue` and `reminders` are the seconds between two requeues and two rounds of reminders."""
    return {
        **{f"{q}-requeue": _every(requeue, "jobs.requeue", q, queue=q) for q in queues.QUEUES},
        **{
            f"{q}-heartbeat": _every(min(requeue, 30), "operations.beat", q, queue=q)
            for q in (queues.URGENT, queues.DEFAULT)
        },
        # It may stand behind as many messages as are in the bulk queue at once.
        "bulk-heartbeat": _every(min(requeue, 300), "operations.beat", queues.BULK, expires=900),
        "bodies": _every(_HOUR, "delivery.blank_bodies"),
        "lists": _every(24 * _HOUR, "cohorts.forget_lists"),
        "sessions": _every(6 * _HOUR, "accounts.forget_expired_sessions"),
        "addresses": _every(24 * _HOUR, "accounts.forget_address_changes"),
        "unconfirmed": _every(_HOUR, "accounts.forget_unconfirmed"),
        "completions": _every(_HOUR, "learning.complete_eased"),
        "erasures": _every(_HOUR, "operations.list_erasures"),
        "reminders": _every(reminders, "reminders.plan"),
    }
