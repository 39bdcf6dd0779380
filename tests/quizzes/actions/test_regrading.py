"""Grading a question again: what changes, what never does, and that it happens once whatever is killed."""

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.quizzes import actions
from maarifa.quizzes.errors import RegradeError
from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import (
    Attempt,
    AttemptGrant,
    AttemptQuestion,
    GradingRule,
    Question,
    Regrade,
    RegradedAnswer,
)
from maarifa.quizzes.regrading import preview
from tests.factories.quizzes import (
    MONDAY,
    STRUCTURES,
    make_attempt,
    make_quiz,
    make_version,
    right_responses,
    submit,
    wrong_responses,
)
from tests.factories.regrading import correction_of, regraded
from tests.quizzes.regrading import ALSO_A, DAY, answered, asked, failed_twice, learner, points, row_of

pytestmark = pytest.mark.django_db

# What each method does


def test_another_answer_is_accepted_beside_the_old_one(version, author):
    wrong, right = answered(version, single=["a"]), answered(version, single=["b"], name="joao")
    neither = answered(version, single=["c"], name="kofi")
    row = regraded(asked(version), "accept", by=author, **ALSO_A)
    assert points(wrong) == (2, 2, True)
    assert points(right) == (2, 2, True)
    assert points(neither) == (1, 2, False)
    assert (row.attempts, row.graded, row.raised, row.lowered, row.newly_passed) == (3, 3, 1, 0, 1)
    trace = RegradedAnswer.objects.get()
    assert (trace.attempt_question, trace.score_before, trace.score_after) == (row_of(wrong), 0, POINT)
    assert (trace.attempt_before, trace.attempt_after) == (POINT, 2 * POINT)
    assert (trace.passed_before, trace.passed_after) == (False, True)


def test_everyone_who_was_asked_gets_the_points_with_an_answer_or_without(version, author):
    wrong, empty = answered(version, single=False), answered(version, single=None, name="joao")
    regraded(asked(version), "everyone", by=author)
    assert points(wrong) == points(empty) == (2, 2, True)


@pytest.mark.parametrize(
    ("single", "truefalse", "result"),
    [
        (False, True, (1, 1, True)),
        (True, True, (1, 1, True)),  # two of two points are no more than one of one
        (True, False, (1, 2, False)),  # without the question nothing would be left of it
        (False, False, (0, 1, False)),
    ],
)
def test_dropped_question_counts_neither_way_unless_it_helps(version, author, single, truefalse, result):
    attempt = answered(version, single=single, truefalse=truefalse)
    regraded(asked(version), "drop", by=author)
    assert points(attempt) == result
    row = row_of(attempt)
    assert row.dropped is (result[1] == 1)
    assert (row.score is None) is row.dropped


def test_attempt_that_asked_nothing_else_gets_all_the_points(author):
    version = make_version(make_quiz(["single"]))
    attempt = answered(version, single=False)
    regraded(asked(version), "drop", by=author)
    assert points(attempt) == (1, 1, True)
    assert not row_of(attempt).dropped


def test_attempt_that_asked_dropped_questions_alone_changes_no_more(author):
    version = make_version(make_quiz(["single", "truefalse"]))
    for kind in ("single", "truefalse"):
        regraded(asked(version, kind), "drop", by=author)
    attempt = answered(version, single=False, truefalse=False)
    assert points(attempt) == (1, 1, True)
    for kind in ("single", "truefalse"):
        regraded(asked(version, kind), "drop", by=author, lower=True, at=MONDAY + DAY)
    assert points(attempt) == (1, 1, True)
    assert not RegradedAnswer.objects.exists()


def test_question_as_it_is_now_grades_what_an_older_version_asked(version, author):
    attempt = answered(version, single=["a"])
    question = Question.objects.get(kind="single")
    question.structure = ALSO_A["structure"]
    question.save()
    regraded(asked(version), "corrected", by=author)
    assert points(attempt) == (2, 2, True)
    assert points(answered(version, single=["b"], name="joao")) == (2, 2, True)


def test_question_as_it_is_now_takes_the_place_of_the_old_key_where_scores_may_fall(version, author):
    attempt = answered(version, single=["b"])
    question = Question.objects.get(kind="single")
    question.structure = ALSO_A["structure"]
    question.save()
    row = regraded(asked(version), "corrected", by=author, lower=True)
    assert points(attempt) == (1, 2, False)
    assert (row.lowered, row.no_longer_passed) == (1, 1)
    assert points(answered(version, single=["b"], name="joao")) == (1, 2, False)


# Attempts to come


def test_later_attempt_at_the_same_version_is_graded_in_the_same_way(version, author):
    answered(version, single=["a"])
    regraded(asked(version), "accept", by=author, **ALSO_A)
    assert points(answered(version, single=["a"], name="joao", at=MONDAY + DAY)) == (2, 2, True)
    assert RegradedAnswer.objects.count() == 1


def test_later_attempt_drops_the_question_too(version, author):
    regraded(asked(version), "drop", by=author)
    attempt = answered(version, single=False)
    assert points(attempt) == (1, 1, True)
    assert attempt.maximum == POINT
    assert row_of(attempt).dropped


def test_new_version_is_graded_by_its_own_key(version, author):
    regraded(asked(version), "everyone", by=author)
    question = Question.objects.get(kind="single")
    question.structure = ALSO_A["structure"]
    question.save()
    newer = actions.version_quiz(quiz=version.quiz)
    assert points(answered(newer, single=["b"])) == (1, 2, False)


def test_attempt_that_is_open_meanwhile_is_graded_by_the_rule(version, author):
    attempt = make_attempt(learner=learner("amina"), quiz_version=version)
    regraded(asked(version), "everyone", by=author)
    submit(attempt, wrong_responses(attempt))
    assert points(attempt) == (1, 2, False)
    assert RegradedAnswer.objects.count() == 0


def test_attempt_takes_no_more_queries_with_a_rule(version, author, django_assert_num_queries):
    regraded(asked(version), "everyone", by=author)
    attempt = make_attempt(learner=learner("amina"), quiz_version=version)
    answers = right_responses(attempt)
    with django_assert_num_queries(6):  # as without one
        submit(attempt, answers)


def test_what_one_correction_accepted_the_next_accepts_still(version, author):
    one, other = answered(version, single=["a"]), answered(version, single=["c"], name="joao")
    regraded(asked(version), "accept", by=author, **ALSO_A)
    regraded(
        asked(version),
        "accept",
        by=author,
        structure={**STRUCTURES["single"], "correct": ["c"]},
        at=MONDAY + DAY,
    )
    assert points(one) == points(other) == (2, 2, True)
    assert points(answered(version, single=["a"], name="kofi")) == (2, 2, True)


# Upwards


def test_nothing_falls_by_default(version, author):
    attempt = answered(version, single=["b"])
    regraded(asked(version), "everyone", by=author)
    regraded(asked(version), "accept", by=author, at=MONDAY + DAY, **ALSO_A)
    assert points(attempt) == (2, 2, True)


def test_lower_scores_need_a_yes(version, author):
    answered(version, single=["b"])
    question = Question.objects.get(kind="single")
    question.structure = ALSO_A["structure"]
    question.save()
    correction = correction_of(asked(version), "corrected", lower=True)
    with pytest.raises(RegradeError) as refused:
        actions.regrade_question(correction=correction, note="Wrong key.", by=author)
    assert refused.value.code == "NOT_CONFIRMED"
    assert Regrade.objects.count() == GradingRule.objects.count() == 0


# Attempts given back


def test_who_failed_by_the_question_alone_and_used_all_attempts_gets_one_more(version, author):
    last = failed_twice(version, single=["c"])
    failed_twice(version, single=["c"], truefalse=False, name="joao")  # fails with its points as well
    answered(version, single=["c"], name="kofi")  # has an attempt left
    later = MONDAY + 2 * DAY
    row = regraded(asked(version), "accept", by=author, at=later, **ALSO_A)
    grant = AttemptGrant.objects.get()
    assert (grant.learner, grant.number, grant.reason) == (last.learner, 3, "regrade")
    assert (grant.granted_by, row.attempts_back) == (author, 1)
    assert (
        AuditEntry.objects.filter(action="attempt.granted", on_user=last.learner, actor=author).count() == 1
    )
    assert make_attempt(learner=last.learner, quiz_version=version, at=later).number == 3


def test_who_passes_now_gets_none(version, author):
    failed_twice(version, single=["a"])
    row = regraded(asked(version), "accept", by=author, at=MONDAY + 2 * DAY, **ALSO_A)
    assert (row.newly_passed, row.attempts_back, AttemptGrant.objects.count()) == (2, 0, 0)


def test_whose_pass_is_undone_after_the_last_attempt_gets_one_more(version, author):
    answered(version, single=["c"], truefalse=False)
    answered(version, single=["b"], at=MONDAY + DAY)
    question = Question.objects.get(kind="single")
    question.structure = ALSO_A["structure"]
    question.save()
    row = regraded(asked(version), "corrected", by=author, at=MONDAY + 2 * DAY, lower=True)
    assert (row.no_longer_passed, row.attempts_back) == (1, 1)


# Refusals


def test_correction_says_why_it_cannot_be_made(version, author):
    answered(version, single=["a"])
    single = asked(version)
    for more, code in [
        ({"structure": STRUCTURES["single"]}, "SAME_KEY"),
        ({"structure": {**STRUCTURES["single"], "correct": []}}, "INCOMPLETE"),
        ({"structure": {"choices": ["a", "b"], "correct": ["a"]}}, "OTHER_ANSWERS"),
    ]:
        with pytest.raises(RegradeError) as refused:
            preview(correction_of(single, "accept", **more))
        assert refused.value.code == code
        assert "%" not in refused.value.message
    Question.objects.filter(kind="single").update(structure={"choices": ["a", "b"], "correct": []})
    with pytest.raises(RegradeError) as refused:
        preview(correction_of(single, "corrected"))
    assert refused.value.code == "INCOMPLETE"


def test_accepted_answer_is_taken_back_by_the_question_as_it_is(version, author):
    """The question was right, and an answer was accepted by mistake."""
    attempt = answered(version, single=["c"], truefalse=False)
    accepted = {"structure": {**STRUCTURES["single"], "correct": ["c"]}}
    regraded(asked(version), "accept", by=author, **accepted)
    assert points(attempt) == (1, 2, False)
    row = regraded(asked(version), "corrected", by=author, lower=True, at=MONDAY + DAY)
    assert (row.lowered, points(attempt)) == (1, (0, 2, False))
    for lower in (True, False):
        with pytest.raises(RegradeError) as refused:
            preview(correction_of(asked(version), "corrected", lower=lower))
        assert refused.value.code == "SAME_KEY"


def test_note_is_needed(version, author):
    with pytest.raises(RegradeError) as refused:
        actions.regrade_question(correction=correction_of(asked(version)), note="  ", by=author)
    assert refused.value.code == "NO_NOTE"


def test_one_correction_of_a_question_at_a_time(version, author):
    answered(version, single=["a"])
    first = actions.regrade_question(correction=correction_of(asked(version)), note="Wrong.", by=author)
    with pytest.raises(RegradeError) as refused:
        actions.regrade_question(correction=correction_of(asked(version), "drop"), note="No.", by=author)
    assert refused.value.code == "RUNNING"
    assert GradingRule.objects.get().regrade == first
    assert GradingRule.objects.get().rule["method"] == "everyone"
    other = actions.regrade_question(
        correction=correction_of(asked(version, "truefalse")), note="Wrong.", by=author
    )
    assert other.pk


def test_figures_that_a_person_saw_are_the_ones_applied(version, author):
    answered(version, single=["a"])
    correction = correction_of(asked(version))
    seen = preview(correction).digest
    answered(version, single=["a"], name="joao")
    with pytest.raises(RegradeError) as refused:
        actions.regrade_question(correction=correction, note="Wrong.", by=author, seen=seen)
    assert refused.value.code == "CHANGED"


def test_key_that_a_person_saw_is_the_one_applied(version, author):
    """Somebody else changes the question meanwhile, and the figures stay the same."""
    answered(version, single=["b"])
    Question.objects.filter(kind="single").update(structure={**STRUCTURES["single"], "correct": ["a"]})
    seen = preview(correction_of(asked(version), "corrected")).digest
    assert seen == preview(correction_of(asked(version), "corrected")).digest
    Question.objects.filter(kind="single").update(structure={**STRUCTURES["single"], "correct": ["c"]})
    with pytest.raises(RegradeError) as refused:
        actions.regrade_question(
            correction=correction_of(asked(version), "corrected"), note="Wrong.", by=author, seen=seen
        )
    assert refused.value.code == "CHANGED"
    assert not GradingRule.objects.exists()


def test_correction_is_written_into_the_audit(version, author):
    row = regraded(asked(version), by=author)
    line = AuditEntry.objects.get(action="question.regraded")
    assert (line.actor, line.details["regrade"], line.details["versions"]) == (author, row.pk, [1])
    assert line.details["method"] == "everyone"


# Preview


def test_preview_writes_nothing_and_says_what_will_happen(version, author):
    answered(version, single=["a"])
    failed_twice(version, single=["c"], name="joao")
    answered(version, single=["b"], name="kofi")
    before = (
        list(Attempt.objects.order_by("pk").values()),
        list(AttemptQuestion.objects.order_by("pk").values()),
    )
    found = preview(correction_of(asked(version), "accept", **ALSO_A))
    assert before == (
        list(Attempt.objects.order_by("pk").values()),
        list(AttemptQuestion.objects.order_by("pk").values()),
    )
    assert (found.attempts, found.rising, found.falling, found.newly_passed) == (4, 1, 0, 1)
    assert (len(found.back), len(found.changes)) == (1, 3)
    assert [(band.low, band.before, band.after) for band in found.bands if band.before or band.after] == [
        (50, 3, 2),
        (90, 1, 2),
    ]
    row = regraded(asked(version), "accept", by=author, at=MONDAY + 2 * DAY, **ALSO_A)
    assert (row.attempts, row.raised, row.newly_passed, row.attempts_back) == (4, 1, 1, 1)


def test_preview_takes_as_many_queries_for_one_attempt_as_for_twelve(version, django_assert_max_num_queries):
    for number in range(12):
        answered(version, single=["a"], name=f"learner-{number}")
    correction = correction_of(asked(version))
    with django_assert_max_num_queries(6):
        preview(correction)
