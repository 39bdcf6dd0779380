"""The figures of the questions of a quiz."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from maarifa.quizzes.grading import own_key_holds, rule_of
from maarifa.quizzes.kinds import POINT, kind_named
from maarifa.quizzes.models import LEAST_ANSWERS, AttemptQuestion, ItemStatistics, QuestionVersion, Quiz
from maarifa.quizzes.picking import takes_one
from maarifa.quizzes.statistics import answers as sql
from maarifa.quizzes.statistics.formulas import Moments, Stratum, correlation, mantel_haenszel
from maarifa.quizzes.stored import ChoiceFigures, Difference

TAIL = 0.27
"""The part with the highest, and with the lowest, rest scores whose facilities the discrimination index compares: the
one that tells them apart best (T. L. Kelley, 1939)."""
THIRD, FIFTH = 1 / 3, 1 / 5
LEAST_FOR_DIFFERENCE = 100
"""So many answers in each of two languages: with fewer, differences that matter are found by chance only."""
STRATA = 10
"""Learners are matched by their scores for the whole attempt, in so many steps, and the full score. Quizzes of up to
ten questions that are worth the same have a step for each score. The score includes the question that is compared:
without it, a question on which nobody differs is flagged where one group knows more (Holland and Thayer, 1988; Zwick,
1990)."""
ALL = ""


@dataclass
class _Row:
    """What the database counted for a version and a language."""

    asked: int
    answered: int
    shares: Moments
    with_rest: Moments
    rests: Moments
    products: float
    upper_lower: float | None
    """The facility in the upper part less that in the lower part; None where there are no rest scores."""
    lowest: float
    picks: list[ChoiceFigures] = field(default_factory=list)
    lowest_right: float | None = None

    @classmethod
    def of(cls, sums: Sequence[Any]) -> "_Row":
        count, given, share, squares, with_rest, s, ss, r, rr, rs, *tails = (float(one or 0) for one in sums)
        low, low_share, high, high_share, lowest = tails
        return cls(
            asked=int(count),
            answered=int(given),
            shares=Moments(int(count), share, squares),
            with_rest=Moments(int(with_rest), s, ss),
            rests=Moments(int(with_rest), r, rr),
            products=rs,
            # Parts of people count in parts.
            upper_lower=high_share / high - low_share / low if with_rest else None,
            lowest=lowest,
        )


def item_rows(quiz: Quiz, *, at: datetime) -> Iterator[ItemStatistics]:
    """A row for each question version that was asked in an attempt that counts, and for each language in which it was
    shown; not saved. Of one version at a time, so that memory does not grow with answers nor with questions.
    """
    asked = sql.graded(quiz).values("question_version")
    versions = QuestionVersion.objects.filter(pk__in=asked).select_related("grading_rule").order_by("pk")
    languages = sql.languages_of(quiz)
    for version in versions.iterator(chunk_size=50):
        yield from _rows_of(quiz, version, languages, at)


def _rows_of(
    quiz: Quiz, version: QuestionVersion, languages: Sequence[str], at: datetime
) -> list[ItemStatistics]:
    answers = sql.counted_answers(quiz, version, languages)
    whole = sql.moments(answers, by_language=False, tail=TAIL, fifth=FIFTH)
    by_language = sql.moments(answers, by_language=True, tail=TAIL, fifth=FIFTH)
    # What is submitted while we count, in a language that nobody had before, is in none, and counts the next time.
    sums = [(ALL, row[1:]) for row in whole] + [(str(row[1]), row[2:]) for row in by_language if row[1]]
    found = {language: _Row.of(row) for language, row in sums}
    shown = _shown({language: row.answered for language, row in found.items()})
    question = _Offered.of(version)
    for together in (True, False):
        question.count(answers, found, together=together)
    for row in found.values():
        row.picks = question.complete(row.picks)
    differences = _differences(answers, version, {name: found[name].answered for name in shown if name})
    return [
        _item(quiz, version, language, at, found[language], language in shown, question, answers, differences)
        for language in sorted(found)
    ]


def _shown(answered: dict[str, int]) -> set[str]:
    """The languages whose figures may be shown: those with enough answers, and not so that the figures of the others
    could be found by taking those that are shown from those of all languages.
    """
    shown = {language for language, count in answered.items() if count >= LEAST_ANSWERS}
    languages = sorted((name for name in shown if name != ALL), key=lambda name: (answered[name], name))
    hidden = sum(count for name, count in answered.items() if name not in shown)
    for name in languages:
        if hidden == 0 or hidden >= LEAST_ANSWERS:
            break
        shown.discard(name)
        hidden += answered[name]
    return shown


@dataclass(frozen=True)
class _Offered:
    """What a version offers to choose, and what of it is right."""

    version: QuestionVersion
    form: type
    right: frozenset[tuple[str, str]]
    given: tuple[str, ...]
    places: frozenset[tuple[str, str]]
    """Which part offers what, where each offers its own choices."""
    chance: float | None

    @classmethod
    def of(cls, version: QuestionVersion) -> "_Offered":
        """By the keys that grade it now: its own, unless a regrade took its place, and those of regrades."""
        kind, rule = kind_named(version.kind), rule_of(version)
        best = kind.sample(version.structure, version.texts, right=True)
        # "1.a" is the choice "a" of the gap "1".
        split = [key.rpartition(".") for key in kind.choice_keys(version.structure)]
        keys = list(dict.fromkeys(key for _part, _dot, key in split))
        places = frozenset((part, key) for part, dot, key in split if dot)
        if not isinstance(best, list | dict):
            # What is typed is counted nowhere: it may say who typed it.
            return cls(version, str, frozenset(), (), frozenset(), None)
        right = [best] if own_key_holds(rule) else []
        right += [
            kind.sample(key["structure"], key["texts"], right=True) for key in (rule["keys"] if rule else ())
        ]
        picks: set[tuple[str, str]] = set()
        for one in right:
            picks |= set(one.items()) if isinstance(one, dict) else {("", key) for key in one}
        offered = tuple(dict.fromkeys([*keys, *(given for _part, given in sorted(picks))]))
        chance = (
            len(picks) / len(keys) if isinstance(best, list) and takes_one(kind, version.structure) else None
        )
        return cls(version, type(best), frozenset(picks), offered, places, chance)

    def count(self, answers: sql.Answers, found: dict[str, _Row], *, together: bool) -> None:
        """Fill in who chose what: for all languages together, or for each."""
        if not self.given:
            return
        counted = sql.picks(answers, self.given, self.form, by_language=not together, tail=THIRD, fifth=FIFTH)
        for language, part, given, count, lower, upper, lowest in counted:
            if language not in found or (language == ALL) != together:
                continue
            place = (str(part), str(given))
            row, is_right = found[str(language)], place in self.right
            # What somebody typed into one gap may be what another offers.
            if self.places and not is_right and place not in self.places:
                continue
            row.picks.append(
                ChoiceFigures(
                    part=str(part),
                    given=str(given),
                    right=is_right,
                    count=int(count),
                    lower=float(lower or 0),
                    upper=float(upper or 0),
                )
            )
            if is_right and self.chance is not None:
                row.lowest_right = (row.lowest_right or 0) + float(lowest or 0)

    def complete(self, picks: list[ChoiceFigures]) -> list[ChoiceFigures]:
        """With what nobody chose, in the order of the question. Of a part, only what is right is missed."""
        known = {(pick["part"], pick["given"]): pick for pick in picks}
        wanted = [("", given) for given in self.given] if self.form is list else sorted(self.right)
        for part, given in wanted:
            if (part, given) not in known:
                known[part, given] = ChoiceFigures(
                    part=part, given=given, right=(part, given) in self.right, count=0, lower=0.0, upper=0.0
                )
        order = {given: number for number, given in enumerate(self.given)}
        return [known[place] for place in sorted(known, key=lambda place: (place[0], order[place[1]]))]


def _item(
    quiz: Quiz,
    version: QuestionVersion,
    language: str,
    at: datetime,
    row: _Row,
    shown: bool,
    question: _Offered,
    answers: sql.Answers,
    differences: dict[str, Difference],
) -> ItemStatistics:
    item = ItemStatistics(
        quiz=quiz, question_version=version, language=language, computed_at=at, asked=row.asked
    )
    if not shown:
        return item
    item.answered = row.answered
    item.facility = row.shares.mean
    item.deviation = row.shares.deviation
    item.discrimination = correlation(row.with_rest, row.rests, row.products)
    item.upper_lower = row.upper_lower
    item.seconds = _median_seconds(answers if language == ALL else answers.filter(shown=language))
    item.choices = row.picks
    item.chance = question.chance
    if question.chance is not None and row.with_rest.count:
        item.lowest, item.lowest_right = row.lowest, row.lowest_right or 0.0
    item.difference = differences.get(language)
    return item


def _median_seconds(answers: sql.Answers) -> int | None:
    """How long a question took: from the answer before it in the same attempt, or the start, to its own answer.

    Known only where answers arrived one by one: those that came with others of their attempt at one moment, as from a
    page without a script, are left out. None for fewer than `LEAST_ANSWERS`. The median, so that who went away for a
    night weighs no more than anybody else.
    """
    others = AttemptQuestion.objects.filter(attempt=OuterRef("attempt")).exclude(pk=OuterRef("pk"))
    before = others.filter(answered_at__lt=OuterRef("answered_at")).order_by("-answered_at")
    together = others.filter(answered_at=OuterRef("answered_at"))
    since = Coalesce(Subquery(before.values("answered_at")[:1]), F("attempt__started_at"))
    taken = ExpressionWrapper(F("answered_at") - since, output_field=DurationField())
    timed = answers.filter(
        ~Exists(together), response__isnull=False, answered_at__gt=F("attempt__started_at")
    )
    count = timed.count()
    if count < LEAST_ANSWERS:
        return None
    times = timed.annotate(taken=taken).order_by("taken").values_list("taken", flat=True)
    middle: list[timedelta] = list(times[(count - 1) // 2 : count // 2 + 1])
    seconds = [one.total_seconds() for one in middle]
    return round(sum(seconds) / len(seconds))


def _differences(
    answers: sql.Answers, version: QuestionVersion, answered: dict[str, int]
) -> dict[str, Difference]:
    """Of each language with enough answers, against the source language, or the one with most answers where the source
    language has too few.
    """
    enough = {name for name, count in answered.items() if count >= LEAST_FOR_DIFFERENCE}
    if len(enough) < 2:
        return {}
    by_count = sorted(enough, key=lambda name: (-answered[name], name))
    reference = version.source_language if version.source_language in enough else by_count[0]
    counts = (
        answers.filter(rest__isnull=False)
        .annotate(
            stratum=Cast(F("attempt__score"), BigIntegerField()) * Value(STRATA) / F("attempt__maximum")
        )
        .values("shown", "stratum")
        .annotate(right=Count("pk", filter=Q(score=version.points * POINT)), asked=Count("pk"))
    )
    tables: dict[int, dict[str, tuple[int, int]]] = {}
    for row in counts:
        tables.setdefault(row["stratum"], {})[row["shown"]] = (row["right"], row["asked"] - row["right"])
    found = {
        name: mantel_haenszel(_strata(tables.values(), name, reference), reference=reference)
        for name in sorted(enough - {reference})
    }
    return {name: difference for name, difference in found.items() if difference}


def _strata(tables: Iterable[dict[str, tuple[int, int]]], language: str, reference: str) -> Iterator[Stratum]:
    for table in tables:
        yield Stratum(*table.get(language, (0, 0)), *table.get(reference, (0, 0)))
