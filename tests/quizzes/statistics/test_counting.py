"""Which answers count, what is hidden, and that the job can run at any time."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from maarifa.accounts.models import User
from maarifa.quizzes import actions
from maarifa.quizzes.models import Attempt, AttemptQuestion, ItemStatistics, QuestionVersion, QuizStatistics
from maarifa.quizzes.statistics.items import _shown
from maarifa.quizzes.statistics.tables import choice_rows, table_of, tables_of
from tests.factories.quizzes import MONDAY, RIGHT, STRUCTURES, WRONG, make_attempt, make_quiz, make_version
from tests.factories.regrading import regraded
from tests.quizzes.respondents import respond

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return make_version(make_quiz(["single"] * 3))


def sheet(*answers):
    return {f"single-{number}": answer for number, answer in enumerate(answers, 1)}


def all_right(count):
    return [sheet(*[RIGHT["single"]] * 3)] * count


def all_wrong(count):
    return [sheet(*[WRONG["single"]] * 3)] * count


def item(key="single-1", language=""):
    return ItemStatistics.objects.get(question_version__question__key=key, language=language)


def test_first_submitted_attempt_of_each_learner_counts_and_no_other(version):
    people = [attempt.learner for attempt in respond(version, all_wrong(12))]
    respond(version, all_right(12), people=people, number=2)
    actions.compute_statistics()
    assert (item().asked, item().facility) == (12, 0.0)
    assert QuizStatistics.objects.get().attempts == 12


def test_what_is_open_or_does_not_count_is_left_out(version):
    respond(version, all_wrong(10))
    respond(version, all_right(2), late=Attempt.Late.ACCEPTED)
    for late in (Attempt.Late.AWAITING, Attempt.Late.REFUSED):
        respond(version, all_right(5), late=late)
    make_attempt(learner=User.objects.create_user("amina"), quiz_version=version)
    actions.compute_statistics()
    assert item().asked == 12
    assert item().facility == pytest.approx(2 / 12)


def test_second_attempt_does_not_count_where_the_first_was_refused(version):
    people = [one.learner for one in respond(version, all_wrong(3), late=Attempt.Late.REFUSED)]
    respond(version, all_right(3), people=people, number=2)
    respond(version, all_wrong(10))
    actions.compute_statistics()
    assert (item().asked, item().facility) == (10, 0.0)


def test_figures_of_fewer_than_ten_are_not_even_stored(version):
    respond(version, all_right(9))
    actions.compute_statistics()
    row, whole = item(), QuizStatistics.objects.get()
    assert (row.asked, row.is_hidden, row.facility, row.choices, row.seconds) == (9, True, None, [], None)
    assert (whole.attempts, whole.mean, whole.passed, whole.reliability) == (9, None, None, None)
    respond(version, all_right(1))
    actions.compute_statistics()
    assert (item().answered, item().facility, QuizStatistics.objects.get().mean) == (10, 1.0, 1.0)


def test_ten_who_were_asked_are_not_ten_answers(version):
    respond(version, [*all_right(9), sheet(None, ["b"], ["b"])])
    actions.compute_statistics()
    assert (item("single-1").is_hidden, item("single-2").is_hidden) == (True, False)


@pytest.mark.parametrize(
    ("answered", "shown"),
    [
        ({"": 30, "en": 30}, {"", "en"}),
        ({"": 30, "en": 20, "ar": 10}, {"", "en", "ar"}),
        # Six in Arabic would be what the others leave of all.
        ({"": 40, "en": 20, "fr": 14, "ar": 6}, {"", "en"}),
        ({"": 26, "en": 20, "ar": 6}, {""}),
        # Eleven hidden ones hide each other.
        ({"": 31, "en": 20, "ar": 6, "fr": 5}, {"", "en"}),
        ({"": 9, "en": 9}, set()),
    ],
)
def test_figures_of_a_few_cannot_be_found_from_those_of_the_others(answered, shown):
    assert _shown(answered) == shown


def test_question_counts_for_the_language_in_which_it_was_shown(version):
    """French is not among its texts: those who learn in French read the source."""
    respond(version, all_right(10), language="fr")
    respond(version, all_wrong(10), language="en")
    respond(version, all_wrong(10), language="ar")
    actions.compute_statistics()
    languages = ItemStatistics.objects.filter(question_version__question__key="single-1")
    assert set(languages.values_list("language", "asked")) == {("", 30), ("en", 20), ("ar", 10)}
    assert item(language="en").facility == 0.5


def regrade(method, **more):
    asked = QuestionVersion.objects.get(question__key="single-1")
    author, _new = User.objects.get_or_create(username="mariam")
    regraded(asked, method, by=author, **more)
    actions.compute_statistics()


def flagged(version, key="single-1"):
    return {flag.code for one in tables_of(version.quiz) if one.key == key for _language, flag in one.flags}


def test_question_is_counted_by_the_keys_that_grade_it(version):
    respond(version, [*all_right(5), *[sheet(["a"], ["b"], ["b"])] * 10, *all_wrong(5)])
    actions.compute_statistics()
    assert "RIVAL" in flagged(version)
    regrade("accept", structure={**STRUCTURES["single"], "correct": ["a"]})
    assert {pick["given"] for pick in item().choices if pick["right"]} == {"a", "b"}
    assert item().chance == pytest.approx(2 / 3)
    upper = {pick["given"]: pick["count"] for pick in item().choices}
    assert upper["a"] + upper["b"] == item().facility * 20
    assert "RIVAL" not in flagged(version)


def test_share_of_those_who_know_least_is_that_of_all_right_choices(version):
    respond(version, [*all_right(5), *[sheet(["a"], ["b"], ["b"])] * 10])
    regrade("accept", structure={**STRUCTURES["single"], "correct": ["a"]})
    assert item().lowest_right == pytest.approx(item().lowest)


@pytest.mark.parametrize("method", ["everyone", "drop"])
def test_question_of_which_everyone_has_the_points_is_not_flagged(version, method):
    respond(version, [*all_right(5), *[sheet(["a"], ["b"], ["b"])] * 10, *all_wrong(5)])
    actions.compute_statistics()
    assert flagged(version)
    regrade(method)
    assert flagged(version) == set()


def test_choices_of_a_gap_are_counted_and_what_was_typed_is_not():
    version = make_version(make_quiz(["gaps"] * 2))
    wrong = {"1": "a", "2": "c"}
    respond(version, [{"gaps-1": wrong, "gaps-2": RIGHT["gaps"]}] * 12)
    actions.compute_statistics()
    rows = {(row.pick["part"], row.pick["given"]): row for row in choice_rows(item("gaps-1"))}
    assert (rows["1", "a"].pick["count"], rows["1", "b"].pick["count"]) == (12, 0)
    assert rows["1", "a"].text.startswith("a of")
    assert ("2", "c") not in rows


def test_time_is_known_only_where_answers_came_one_by_one(version):
    respond(version, all_right(11), seconds=[20, 50, 51])
    respond(version, all_right(4), seconds=[40, 140, 300])
    # A page without a script sends all answers at once.
    respond(version, all_right(30))
    actions.compute_statistics()
    assert [item(f"single-{number}").seconds for number in (1, 2, 3)] == [20, 30, 1]
    AttemptQuestion.objects.filter(attempt__started_at=MONDAY).update(
        answered_at=MONDAY + timedelta(minutes=5)
    )
    actions.compute_statistics()
    assert item().seconds is None


def test_single_question_has_no_rest_score():
    version = make_version(make_quiz(["single"]))
    respond(version, [{"single-1": ["a"]}, {"single-1": ["b"]}] * 6)
    actions.compute_statistics()
    assert (item().facility, item().discrimination, item().upper_lower) == (0.5, None, None)
    assert [(row.share, row.lower, row.upper) for row in choice_rows(item())] == [
        (0.5, None, None),
        (0.5, None, None),
        (0.0, None, None),
    ]
    assert QuizStatistics.objects.get().reliability is None


def test_running_again_changes_nothing_and_what_nobody_was_asked_any_longer_goes(version):
    attempts = respond(version, [*all_right(6), *all_wrong(6)])
    actions.compute_statistics(at=MONDAY)
    first = list(ItemStatistics.objects.order_by("id").values())
    actions.compute_statistics(at=MONDAY)
    assert list(ItemStatistics.objects.order_by("id").values()) == first
    Attempt.objects.filter(pk__in=[one.pk for one in attempts]).update(late=Attempt.Late.REFUSED)
    actions.compute_statistics(at=MONDAY + timedelta(days=1))
    assert not ItemStatistics.objects.exists()
    assert not QuizStatistics.objects.exists()


def test_job_that_dies_leaves_what_was_there(version, monkeypatch):
    respond(version, all_right(10))
    actions.compute_statistics(at=MONDAY)
    respond(version, all_wrong(10))

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(QuizStatistics.objects, "bulk_create", die)
    with pytest.raises(KeyboardInterrupt):
        actions.compute_statistics(at=MONDAY + timedelta(days=1))
    assert (item().asked, item().computed_at) == (10, MONDAY)
    monkeypatch.undo()
    actions.compute_statistics(at=MONDAY + timedelta(days=1))
    assert item().asked == 20


def test_queries_do_not_grow_with_answers(version):
    respond(version, all_right(12))
    with CaptureQueriesContext(connection) as few:
        actions.compute_statistics()
    respond(version, all_wrong(60))
    with CaptureQueriesContext(connection) as many:
        actions.compute_statistics()
    assert len(many) == len(few) <= 40


def test_languages_of_a_quiz_are_read_once(version):
    respond(version, all_right(12))
    with CaptureQueriesContext(connection) as queries:
        actions.compute_statistics()
    read = [one for one in queries if "SELECT DISTINCT" in one["sql"] and '"language"' in one["sql"]]
    assert len(read) == 1


def test_figures_of_one_question_are_read_without_those_of_others(version):
    respond(version, all_right(12))
    actions.compute_statistics()
    shown, read = item().question_version_id, []

    def see(instance, **more):
        read.append(instance.question_version_id)

    post_init.connect(see, ItemStatistics)
    try:
        table = table_of(version.quiz, shown)
    finally:
        post_init.disconnect(see, ItemStatistics)
    assert table.key == "single-1"
    assert set(read) == {shown}


def test_command_computes_now_and_names_a_quiz_that_is_unknown(version):
    respond(version, all_right(12))
    out = StringIO()
    call_command("question_statistics", version.quiz.key, stdout=out)
    assert out.getvalue() == "1 quiz computed.\n"
    assert item().asked == 12
    with pytest.raises(CommandError, match="No quiz has the key “water/none”"):
        call_command("question_statistics", "water/none")


def test_question_that_does_not_count_in_its_attempt_says_nothing(version):
    """An attempt that was graded has a score for each question, unless the question was dropped."""
    attempts = respond(version, [*all_right(6), *all_wrong(6)])
    dropped = AttemptQuestion.objects.filter(question_version__question__key="single-3")
    dropped.update(score=None)
    for attempt in attempts:
        attempt.maximum, attempt.score = attempt.maximum // 3 * 2, attempt.score // 3 * 2
        attempt.save()
    actions.compute_statistics()
    assert not ItemStatistics.objects.filter(question_version__question__key="single-3").exists()
    # Two questions that always agree.
    assert item().discrimination == pytest.approx(1.0)
    assert QuizStatistics.objects.get().reliability == pytest.approx(1.0)
