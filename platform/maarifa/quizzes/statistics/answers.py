"""Which answers count, and what the database computes for each: its score, its rest score, and its rank."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from django.db import connections
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import Cast, Rank

from maarifa.quizzes.kinds import POINT
from maarifa.quizzes.models import Attempt, AttemptQuestion, QuestionVersion, Quiz
from maarifa.quizzes.texts import texts_for

Answers: TypeAlias = QuerySet[Any, Any]
"""Rows of `AttemptQuestion`, with what `counted_answers` adds to them."""

BILLION = 1_000_000_000
"""Rest scores are whole billionths: the same in every database, so that equal ones are equal."""


def counted_attempts(quiz: Quiz) -> QuerySet[Attempt]:
    """The first submitted attempt of each learner, if it counts."""
    earlier = Attempt.objects.submitted().filter(
        learner=OuterRef("learner"), quiz=OuterRef("quiz"), number__lt=OuterRef("number")
    )
    return Attempt.objects.submitted().filter(~Exists(earlier), quiz=quiz, late__in=Attempt.COUNTED)


def graded(quiz: Quiz) -> QuerySet[AttemptQuestion]:
    """What those attempts were asked, but for questions that do not count in their attempt: they have no score."""
    return AttemptQuestion.objects.filter(attempt__in=counted_attempts(quiz), score__isnull=False)


def languages_of(quiz: Quiz) -> list[str]:
    """Those in which attempts that count were made."""
    return list(counted_attempts(quiz).order_by().values_list("language", flat=True).distinct())


def counted_answers(quiz: Quiz, version: QuestionVersion, languages: Iterable[str]) -> Answers:
    """Those to this version. `share` is the score, `rest` the rest score in billionths (None where the attempt had no
    other question), `shown` the language in which the question was shown, "" where the attempt was made in none of
    `languages`, `given` 1 where there is an answer.
    """
    worth = F("question_version__points") * Value(POINT)
    score = F("score")
    rows: Answers = graded(quiz).filter(question_version=version)
    rows = rows.annotate(
        share=Cast(score, FloatField()) / Cast(worth, FloatField()),
        others=Cast(F("attempt__maximum") - worth, BigIntegerField()),
        given=Case(When(response__isnull=True, then=0), default=1, output_field=IntegerField()),
        shown=_language_shown(version, languages),
    )
    earned = Cast((F("attempt__score") - score) * Value(BILLION), BigIntegerField())
    rest = Case(When(others__gt=0, then=earned), output_field=BigIntegerField()) / F("others")
    with_rest: Answers = rows.annotate(rest=rest).order_by()
    return with_rest


def _language_shown(version: QuestionVersion, languages: Iterable[str]) -> Case:
    """Which is that of the attempt, or another where the question has no texts in it."""
    return Case(
        *(
            When(attempt__language=language, then=Value(texts_for(version, language).language))
            for language in languages
        ),
        default=Value(""),
        output_field=CharField(),
    )


def ranked(answers: Answers, *, by_language: bool) -> Answers:
    """With what `LOWER` and `UPPER` need: `group_size` is how many have a rest score, among the answers to the same
    version, and in the same language where `by_language`; `below` how many of them have a lower one, `peers` how many
    have the same one, itself included.
    """
    group = [F("question_version"), F("shown")] if by_language else [F("question_version")]
    ranked_answers: Answers = answers.annotate(
        group_size=Window(Count("rest"), partition_by=group),
        below=Window(Rank(), partition_by=group, order_by=F("rest").asc(nulls_last=True)) - Value(1),
        peers=Window(Count("rest"), partition_by=[*group, F("rest")]),
    )
    return ranked_answers


def _part(edge: str) -> str:
    """How much of an answer is in the part of its group that begins at one end; `edge` is how many come before it.

    Answers with the same rest score are in it alike: where only some of them fit, each belongs to it in part. No order
    of rows that are equal can change the figures.
    """
    fits = f"%s * group_size - {edge}"
    return (
        f"CASE WHEN rest IS NULL OR {fits} <= 0 THEN 0.0 "
        f"WHEN {fits} >= peers THEN 1.0 ELSE ({fits}) / peers END"
    )


LOWER, UPPER = _part("below"), _part("(group_size - below - peers)")
"""SQL over `ranked`. Each takes the share of the group three times."""

MOMENTS = f"""
    COUNT(*), SUM(given), SUM(share), SUM(share * share),
    COUNT(rest), SUM(CASE WHEN rest IS NULL THEN 0 ELSE share END),
    SUM(CASE WHEN rest IS NULL THEN 0 ELSE share * share END),
    SUM(1e-9 * rest), SUM(1e-9 * rest * 1e-9 * rest), SUM(share * 1e-9 * rest),
    SUM({LOWER}), SUM(({LOWER}) * share), SUM({UPPER}), SUM(({UPPER}) * share), SUM({LOWER})
"""
PICKS = f"COUNT(*), SUM({LOWER}), SUM({UPPER}), SUM({LOWER})"

COLUMNS = ("question_version_id", "shown", "given", "share", "rest", "group_size", "below", "peers")

EACH_PICK: dict[tuple[str, type], str] = {
    ("sqlite", list): "JOIN json_each(answers.response) AS pick",
    ("sqlite", dict): "JOIN json_each(answers.response) AS pick",
    ("postgresql", list): (
        "CROSS JOIN LATERAL (SELECT '' AS key, jsonb_array_elements_text(answers.response) AS value) AS pick"
    ),
    ("postgresql", dict): "CROSS JOIN LATERAL jsonb_each_text(answers.response) AS pick",
}
"""A row for each thing that an answer names, by the database and by the form of the answer."""


def moments(answers: Answers, *, by_language: bool, tail: float, fifth: float) -> list[Any]:
    """A row of sums for each version, and language: the group, then `MOMENTS`. One query."""
    rows = ranked(answers, by_language=by_language).values(*COLUMNS)
    group = "question_version_id, shown" if by_language else "question_version_id"
    return _select(rows, f"{group}, {MOMENTS}", "", [*[tail] * 12, *[fifth] * 3], f"GROUP BY {group}")


def picks(
    answers: Answers,
    offered: Sequence[str],
    form: type,
    *,
    by_language: bool,
    tail: float,
    fifth: float,
) -> list[Any]:
    """How many gave each of what the question offers, of one version: language, part, what was given, then `PICKS`.

    What is not offered, such as what somebody typed, does not leave the database. One query.
    """
    rows = ranked(answers, by_language=by_language).values(*COLUMNS, "response")
    shown = "shown" if by_language else "''"
    part = "''" if form is list else "pick.key"
    places = ", ".join(["%s"] * len(offered))
    return _select(
        rows,
        f"{shown}, {part}, pick.value, {PICKS}",
        EACH_PICK[connections[rows.db].vendor, form],
        [*[tail] * 6, *[fifth] * 3],
        f"WHERE answers.response IS NOT NULL AND pick.value IN ({places}) GROUP BY 1, 2, 3",
        offered,
    )


def _select(
    rows: Answers, columns: str, join: str, params: Sequence[float], rest: str, more: Sequence[str] = ()
) -> list[Any]:
    """Aggregates over rows with windows, which Django's aggregates cannot be grouped over."""
    inner, inner_params = rows.query.sql_with_params()
    sql = f"SELECT {columns} FROM ({inner}) AS answers {join} {rest}"  # noqa: S608 - names of ours
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql, [*params, *inner_params, *more])
        return list(cursor.fetchall())
