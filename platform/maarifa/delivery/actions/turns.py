"""Whose turn it is in the bulk queue: institutions take turns, whatever the number of their messages.

Each waiting message has a turn, the lowest goes first. An institution's messages have turns one after another, and its
first has the turn that is served now: so two that wait alternate, and who comes with ten after another's hundred
thousand waits for ten of those. (Start-time fair queueing: Goyal, Vin and Cheng, 1996, every message counting as one.)
"""

from collections.abc import Sequence
from itertools import count

from django.db.models import OuterRef, Subquery

from maarifa.delivery.models import Delivery
from maarifa.institutions.models import Institution


def give_turns(rows: Sequence[Delivery]) -> None:
    """To new rows of the bulk queue. Those of two processes at the same moment may share turns, and then alternate."""
    owners = {row.institution_id for row in rows}
    waiting = Delivery.objects.filter(turn__isnull=False)
    # What was tried and put off keeps its low turn, and is not what is served now.
    served = waiting.filter(tries=0).order_by("turn").values_list("turn", flat=True).first() or 0
    newest = waiting.order_by("-turn").values("turn")
    last: dict[int | None, int | None] = dict(
        Institution.objects.filter(pk__in=[owner for owner in owners if owner is not None])
        .annotate(last=Subquery(newest.filter(institution=OuterRef("pk"))[:1]))
        .values_list("pk", "last")
    )
    if None in owners:
        last[None] = newest.filter(institution=None).values_list("turn", flat=True).first()
    next_turns = {owner: count(max(served, (last[owner] or 0) + 1)) for owner in owners}
    for row in rows:
        row.turn = next(next_turns[row.institution_id])
