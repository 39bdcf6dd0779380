"""The event intake for scripts: a batch of events, as a phone's outbox sends it."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from maarifa.accounts.models import User
from maarifa.learning.actions import EventError, record_event
from maarifa.quizzes.errors import AnswerError

MOST = 100


@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """Takes {"clock": the phone's time now, "events": [{"id", "kind", "happened", "payload"}]}.

    Answers {"outcomes": […]} in the same order, each with its id: accepted, refused with a code and a sentence, and
    the stored outcome for an event that came before. One event that cannot be read does not stop the others.
    Who is not signed in gets 401, and keeps the outbox until they are.
    """
    at = timezone.now()
    if not request.user.is_authenticated:
        return JsonResponse({"code": "SIGN_IN", "message": _("Sign in, then send this again.")}, status=401)
    try:
        batch = json.loads(request.body)
        events = batch["events"]
        if not isinstance(events, list) or len(events) > MOST:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        message = _("Send a JSON object with “clock” and “events”, a list of at most %(most)s events.") % {
            "most": MOST
        }
        return JsonResponse({"code": "BAD_BATCH", "message": message}, status=400)
    offset = _offset_ms(batch.get("clock"), at)
    return JsonResponse({"outcomes": [_one(request.user, event, offset, at) for event in events]})


def _offset_ms(clock: Any, at: datetime) -> int | None:
    """How much later the server's clock is than the phone's; None where the phone did not say."""
    try:
        phone_time = parse_datetime(clock)
        if phone_time is None:
            return None
        phone_time = phone_time if phone_time.tzinfo else phone_time.replace(tzinfo=UTC)
        return round((at - phone_time).total_seconds() * 1000)
    except (ValueError, TypeError, AttributeError, OverflowError):
        return None


def _one(learner: User, event: Any, offset: int | None, at: datetime) -> dict[str, object]:
    client_id = event.get("id") if isinstance(event, dict) else None
    try:
        try:
            event_id = UUID(client_id)
        except (ValueError, TypeError, AttributeError):
            raise EventError("BAD_PAYLOAD", field="id", expected="UUID") from None
        outcome: Mapping[str, object] = record_event(
            learner=learner,
            client_id=event_id,
            kind=str(event.get("kind", "")),
            payload=event.get("payload"),
            client_time=event.get("happened") or "",
            clock_offset_ms=offset,
            at=at,
        )
    except EventError as refusal:
        outcome = {"status": "refused", "code": refusal.code, "message": refusal.message}
    except AnswerError as refusal:
        answers = [{**one.as_data(), "message": one.message} for one in refusal.all]
        outcome = {"status": "refused", "code": refusal.code, "message": refusal.message, "answers": answers}
    return {"id": client_id, **outcome}
