"""Answers at the event intake: what they state, whom they overwrite, and which clocks are believed."""

from datetime import timedelta
from uuid import uuid4

import pytest

from maarifa.learning.actions import EventError, record_event
from maarifa.learning.models import Event
from maarifa.quizzes.eligibility import eligibility
from maarifa.quizzes.models import Attempt, QuizVersion
from tests.factories.learning import MONDAY, RIGHT, WRONG, enrolled, responses, send_answers, start_quiz
from tests.learning.answering import kept_of
from tests.learning.events import DAY, DUE, HOUR, everything

MINUTE = timedelta(minutes=1)


@pytest.fixture
def attempt(enrolment):
    return start_quiz(enrolment)


def say(attempt, answers, base=None, *, kind="answer-saved", client_id=None, **payload):
    """`answers` and `base` by kind of question."""
    base = {} if base is None else {"base": at_positions(attempt, base)}
    form = payload.pop("form", None)
    return record_event(
        learner=attempt.learner,
        client_id=client_id or uuid4(),
        kind=kind,
        payload={
            "attempt": str(attempt.public_id),
            "responses": at_positions(attempt, answers),
            **base,
            **({"form": str(form)} if form else {}),
        },
        **{"at": MONDAY + HOUR, **payload},
    )


def at_positions(attempt, answers) -> dict:
    places = responses(attempt, {kind: kind for kind in RIGHT})
    return {position: answers[kind] for position, kind in places.items() if kind in answers}


def place(attempt, kind) -> str:
    return next(iter(at_positions(attempt, {kind: None})))


# Conflicts ------------------------------------------------------------------------------------------------


def test_two_devices_merge_by_question(attempt):
    say(attempt, {"single": ["a"]}, {"single": None})
    say(attempt, {"numeric": "193"}, {"numeric": None})
    assert kept_of(attempt) == {"single": ["a"], "truefalse": None, "numeric": "193"}


def test_answer_given_elsewhere_in_the_meantime_is_not_overwritten_and_named(attempt):
    say(attempt, {"single": ["a"]}, {"single": None})
    outcome = say(attempt, {"single": ["b"], "numeric": "7"}, {"single": None, "numeric": None})
    assert outcome["status"] == "accepted"
    assert outcome["conflicts"] == {place(attempt, "single"): ["a"]}
    assert kept_of(attempt) == {"single": ["a"], "truefalse": None, "numeric": "7"}


@pytest.mark.parametrize(
    "base", [{"single": ["b"]}, {"single": "nonsense"}, {"single": ["z"]}, {"single": 7}]
)
def test_base_that_never_stood_there_overwrites_nothing(attempt, base):
    say(attempt, {"single": ["a"]}, {"single": None})
    assert "conflicts" in say(attempt, {"single": ["c"]}, base)
    assert kept_of(attempt)["single"] == ["a"]


def test_answer_taken_back_elsewhere_is_a_conflict_too(attempt):
    say(attempt, {"single": ["a"]}, {"single": None})
    say(attempt, {"single": None}, {"single": ["a"]})
    outcome = say(attempt, {"single": ["b"]}, {"single": ["a"]})
    assert outcome["conflicts"] == {place(attempt, "single"): None}


def test_what_is_no_conflict(attempt):
    # The same answer as elsewhere; an answer left as it was; one that the server never had.
    say(attempt, {"single": ["a"]}, {"single": None})
    assert "conflicts" not in say(attempt, {"single": ["a"]}, {"single": None})
    assert "conflicts" not in say(attempt, {"single": ["c"]}, {"single": ["c"]})
    assert "conflicts" not in say(attempt, {"numeric": "8"}, {"numeric": "7"})
    assert kept_of(attempt) == {"single": ["a"], "truefalse": None, "numeric": "8"}


def test_page_is_in_no_conflict_with_itself(attempt):
    form = uuid4()
    for choice in ("a", "b", "c"):
        assert "conflicts" not in say(attempt, {"single": [choice]}, {"single": None}, form=form)
    assert kept_of(attempt)["single"] == ["c"]
    assert "conflicts" in say(attempt, {"single": ["a"]}, {"single": None}, form=uuid4())


def test_answer_changed_after_one_from_a_clock_ahead_counts(attempt):
    """Who says what they saw, comes after it, whatever the clocks say."""
    say(attempt, {"single": ["a"]}, {"single": None}, at=MONDAY + 9 * HOUR)
    say(
        attempt,
        {"single": ["b"]},
        {"single": ["a"]},
        client_time=(MONDAY + HOUR).isoformat(),
        at=MONDAY + 9 * HOUR,
    )
    assert kept_of(attempt)["single"] == ["b"]


def test_submission_in_conflict_grades_nothing_and_keeps_the_rest(attempt):
    say(attempt, {"single": ["a"]}, {"single": None})
    event = {"kind": "quiz-submitted", "client_id": uuid4()}
    said = {**WRONG, "numeric": "193"}
    outcome = say(attempt, said, dict.fromkeys(RIGHT), **event)
    conflicts = {place(attempt, "single"): ["a"]}
    assert outcome == {"status": "refused", "code": "CONFLICT", "params": {"conflicts": conflicts}}
    now = Attempt.objects.get()
    assert (now.submitted_at, now.score, now.passed, now.late) == (None, None, None, "")
    assert kept_of(attempt) == {**said, "single": ["a"]}
    # The same event has the same answer, also after it was decided.
    before = everything()
    assert say(attempt, said, dict.fromkeys(RIGHT), **event) == outcome
    assert everything() == before
    assert say(attempt, {"single": ["b"]}, {"single": ["a"]}, kind="quiz-submitted")["status"] == "accepted"
    assert kept_of(attempt) == {**said, "single": ["b"]}


@pytest.mark.parametrize("broken", [{"base": []}, {"base": "x"}, {"form": "x"}, {"form": 7}])
def test_statement_that_cannot_be_read_is_refused_by_its_field(attempt, broken):
    payload = {"attempt": str(attempt.public_id), "responses": {}, **broken}
    with pytest.raises(EventError) as refused:
        record_event(learner=attempt.learner, client_id=uuid4(), kind="answer-saved", payload=payload)
    assert (refused.value.code, refused.value.params["field"]) == ("BAD_PAYLOAD", next(iter(broken)))


def test_submission_without_a_single_answer_uses_no_attempt(attempt):
    outcome = say(attempt, {"single": None}, {}, kind="quiz-submitted")
    assert (outcome["status"], outcome["code"]) == ("refused", "EMPTY")
    assert Attempt.objects.get().submitted_at is None
    say(attempt, {"single": ["b"]}, {"single": None})
    assert say(attempt, {}, kind="quiz-submitted")["status"] == "accepted"


# Cheating clocks ------------------------------------------------------------------------------------------

LATE = MONDAY + 3 * DAY
AGES_AGO = "1970-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("started", "client_time", "offset", "sent", "happened", "late"),
    [
        # Started after the deadline: late, whatever the phone says.
        (LATE, "", None, LATE + HOUR, LATE + HOUR, True),
        (LATE, (MONDAY + HOUR).isoformat(), None, LATE + HOUR, LATE, True),
        (LATE, AGES_AGO, 0, LATE + HOUR, LATE, True),
        (LATE, (LATE + HOUR).isoformat(), -5 * 24 * 3_600_000, LATE + HOUR, LATE, True),
        # Started in time, sent after the deadline from a clock that says nothing, or later than now.
        (MONDAY, "", None, LATE, LATE, True),
        (MONDAY, (LATE + DAY).isoformat(), 0, LATE, LATE, True),
        # Started in time and finished offline in time: believed, not before the start.
        (MONDAY + HOUR, (MONDAY + 2 * HOUR).isoformat(), 0, LATE, MONDAY + 2 * HOUR, False),
        (MONDAY + HOUR, AGES_AGO, 0, LATE, MONDAY + HOUR, False),
    ],
)
def test_moment_of_an_attempt_is_never_before_its_start_nor_after_arrival(
    course, learner, started, client_time, offset, sent, happened, late
):
    enrolment = enrolled(course=course, learner=learner, **DUE)
    attempt = start_quiz(enrolment, at=started)
    clock = {"client_time": client_time, "clock_offset_ms": offset, "at": sent}
    assert send_answers(attempt, RIGHT, **clock)["late"] is late
    attempt.refresh_from_db()
    assert attempt.submitted_at == happened
    assert Event.objects.get(kind="quiz-submitted").happened_at == happened


@pytest.mark.parametrize("client_time", ["", AGES_AGO, MONDAY.isoformat(), (MONDAY + 9 * DAY).isoformat()])
def test_wait_between_attempts_counts_from_arrival_whatever_the_clock_says(enrolment, client_time):
    attempt = start_quiz(enrolment)
    arrival = MONDAY + 50 * MINUTE
    send_answers(attempt, WRONG, client_time=client_time, clock_offset_ms=0, at=arrival)
    version = QuizVersion.objects.get()
    wait = timedelta(minutes=version.rules["wait_minutes"])
    stands = eligibility(learner=enrolment.learner, quiz_version=version, at=arrival + MINUTE)
    assert (stands.next_at, stands.may_start) == (arrival + wait, False)
    payload = {"course": enrolment.course.key, "quiz": "basics-quiz", "language": "en"}
    start = {"learner": enrolment.learner, "kind": "quiz-started", "payload": payload}
    early = record_event(**start, client_id=uuid4(), at=arrival + wait - MINUTE)
    assert (early["status"], early.get("code")) == ("refused", "WAIT")
    assert record_event(**start, client_id=uuid4(), at=arrival + wait)["status"] == "accepted"
