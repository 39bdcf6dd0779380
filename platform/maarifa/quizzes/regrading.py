"""What a correction of the grading of a question changes. Nothing is written here: see `actions.regrading`."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from maarifa.lib.digests import digest_of
from maarifa.lib.problems import Problem
from maarifa.quizzes.checks import question_problems
from maarifa.quizzes.compiling import content_of
from maarifa.quizzes.eligibility import Rules, attempts_with_grants, eligibility_from
from maarifa.quizzes.errors import RegradeError
from maarifa.quizzes.grading import AttemptGrade, graded_again, own_key_holds, rule_of
from maarifa.quizzes.kinds import POINT, AnyKind, StructureData, kind_named
from maarifa.quizzes.models import Attempt, AttemptQuestion, Question, QuestionVersion
from maarifa.quizzes.relied import relied_upon
from maarifa.quizzes.stored import Key, MethodName, RuleData

if TYPE_CHECKING:
    from maarifa.quizzes.eligibility import AttemptWithGrants

PIECE = 500
BAND_PERCENT = 10


@dataclass(frozen=True)
class Correction:
    """What an author chose: for these `versions` of the question, this method. `structure` is, with "accept", the one
    that says which answer is right as well. `lower`: scores may fall, too.
    """

    question: Question
    versions: tuple[QuestionVersion, ...]
    method: MethodName
    structure: StructureData | None = None
    lower: bool = False

    @cached_property
    def rules(self) -> dict[int, RuleData]:
        """The rule of each version from now on, by its id. What earlier regrades accepted stays accepted, unless
        scores may fall and the question as it is now takes its place.

        Refuses NO_VERSIONS; OTHER_ANSWERS (versions) where the answers to a version are not those of the new key;
        INCOMPLETE (problem), and SAME_KEY where the new key says what is right already.
        """
        if not self.versions:
            raise RegradeError("NO_VERSIONS")
        key = self._key()
        if key:
            self._check(key)
        return {version.pk: self._rule(version, key) for version in self.versions}

    def _key(self) -> Key | None:
        if self.method == "accept":
            structure = self.structure or {}
            self._refuse_incomplete(kind_named(self.question.kind).structure_problems(structure))
            return Key(structure=structure, texts={})
        if self.method == "corrected":
            problems = question_problems(self.question, list(self.question.texts.all()))
            self._refuse_incomplete([one.problem for one in problems])
            content = content_of(self.question)
            return Key(structure=content["structure"], texts=content["texts"])
        return None

    def _refuse_incomplete(self, problems: list[Problem]) -> None:
        if problems:
            raise RegradeError("INCOMPLETE", problem=problems[0].message)

    def _check(self, key: Key) -> None:
        kind = kind_named(self.question.kind)
        answers = _answers(kind, key["structure"])
        others = [one.number for one in self.versions if _answers(kind, one.structure) != answers]
        if others:
            raise RegradeError("OTHER_ANSWERS", versions=sorted(others))
        alone = self.lower and self.method == "corrected"
        if all(_says(one, self._for(one, key), rule_of(one), alone=alone) for one in self.versions):
            raise RegradeError("SAME_KEY")

    def _for(self, version: QuestionVersion, key: Key) -> Key:
        """Another answer is accepted beside those that the texts of the version say."""
        return Key(structure=key["structure"], texts=key["texts"] or version.texts)

    def _rule(self, version: QuestionVersion, key: Key | None) -> RuleData:
        earlier = rule_of(version)
        key = self._for(version, key) if key else None
        keys, own_key = (list(earlier["keys"]) if earlier else []), own_key_holds(earlier)
        if key and self.lower and self.method == "corrected":
            keys, own_key = [key], False
        elif key and key not in keys:
            keys.append(key)
        return RuleData(method=self.method, keys=keys, own_key=own_key, lower=self.lower)

    def asked(self) -> "QuerySet[AttemptQuestion]":
        """The versions, as they were asked in attempts that were submitted."""
        return asked_in(version.pk for version in self.versions)


def _answers(kind: AnyKind, structure: StructureData) -> tuple[object, ...]:
    """What an answer can name: the parts of the question, and the choices. Their order may be what is right. And the
    ways through it, where there are several.
    """
    parts = {field: set(keys) for field, keys in kind.keyed_texts(structure).items()}
    return parts, set(kind.choice_keys(structure)), kind.ways(structure)


def asked_in(versions: Iterable[int]) -> "QuerySet[AttemptQuestion]":
    return AttemptQuestion.objects.filter(
        question_version__in=list(versions), attempt__submitted_at__isnull=False
    )


def _says(version: QuestionVersion, key: Key, rule: RuleData | None, *, alone: bool) -> bool:
    """Whether answers to the version are graded by this key already, and by no other method; where `alone`, by no other
    key either.
    """
    if rule and rule["method"] in ("everyone", "drop"):
        return False
    if rule and alone and len(rule["keys"]) + rule["own_key"] > 1:
        return False
    if rule and key in rule["keys"]:
        return True
    same_texts = all(version.texts.get(language) == texts for language, texts in key["texts"].items())
    return own_key_holds(rule) and version.structure == key["structure"] and same_texts


@dataclass(frozen=True, slots=True)
class Change:
    """One question of one attempt, before and after."""

    row: int
    attempt: int
    learner: int
    quiz: int
    before: AttemptGrade
    after: AttemptGrade
    kept: bool = False
    """It would fall below the pass mark, and somebody relies on its pass."""

    @property
    def changes(self) -> bool:
        return self.before != self.after

    @property
    def rises(self) -> bool:
        return self.before.is_below(self.after)

    @property
    def falls(self) -> bool:
        return self.after.is_below(self.before)

    @property
    def newly_passed(self) -> bool:
        return self.after.passed and not self.before.passed

    @property
    def no_longer_passed(self) -> bool:
        return self.before.passed and not self.after.passed


def attempt_grade(attempt: Attempt, row: AttemptQuestion, version: QuestionVersion) -> AttemptGrade:
    return AttemptGrade(
        score=attempt.score or 0,
        maximum=attempt.maximum,
        passed=bool(attempt.passed),
        pass_percent=attempt.rules["pass_percent"],
        question=None if row.dropped else row.score or 0,
        question_best=version.points * POINT,
    )


def changes_in(
    rows: Sequence[AttemptQuestion], versions: Mapping[int, QuestionVersion], rules: Mapping[int, RuleData]
) -> list[Change]:
    """What the rules make of these answers, each with its `attempt` loaded; also of those that stay as they are. One
    query at most.
    """
    found = []
    for row in rows:
        version, attempt = versions[row.question_version_id], row.attempt
        before = attempt_grade(attempt, row, version)
        after = graded_again(before, version, rules[version.pk], row.response)
        found.append(Change(row.pk, attempt.pk, attempt.learner_id, attempt.quiz_id, before, after))
    kept = relied_upon([one.attempt for one in found if one.no_longer_passed])
    return [_kept(one) if one.attempt in kept else one for one in found]


def _kept(change: Change) -> Change:
    if not change.no_longer_passed:
        return change
    before = change.before
    return Change(change.row, change.attempt, change.learner, change.quiz, before, before, kept=True)


def learners_with_attempt_back(changes: Collection[Change]) -> dict[tuple[int, int], int]:
    """Who gets one more attempt, as learner and quiz, each with the number of that attempt.

    They have used all their attempts, none of them is passed after grading again, and one of them failed by this
    question alone: with all of its points it would be passed. Or a pass of theirs was undone. A query for each 500.
    """
    wanted = {
        (one.learner, one.quiz) for one in changes if one.no_longer_passed or one.after.failed_by_the_question
    }
    passed = {one.attempt: one.after.passed for one in changes}
    found: dict[tuple[int, int], int] = {}
    learners = sorted({learner for learner, _quiz in wanted})
    quizzes = sorted({quiz for _learner, quiz in wanted})
    for start in range(0, len(learners), PIECE):
        attempts_of: dict[tuple[int, int], list[AttemptWithGrants]] = {}
        some = attempts_with_grants().filter(learner__in=learners[start : start + PIECE], quiz__in=quizzes)
        for attempt in some.order_by("number"):
            if not attempt.is_open:
                attempt.passed = passed.get(attempt.pk, attempt.passed)
            attempts_of.setdefault((attempt.learner_id, attempt.quiz_id), []).append(attempt)
        for place, attempts in attempts_of.items():
            if place not in wanted:
                continue
            rules = {place[1]: Rules.of(attempts[-1].rules)}
            eligibility = eligibility_from(rules=rules, attempts=attempts)[place[1]]
            if eligibility.used_all:
                found[place] = eligibility.last_number + 1
    return found


@dataclass(frozen=True)
class Band:
    """Attempts with at least `low` and less than `high` percent of the points; the last band holds 100 as well."""

    low: int
    high: int
    before: int
    after: int


@dataclass
class Preview:
    """What a correction would change. `changes` are those attempts alone that something would happen to."""

    attempts: int = 0
    rising: int = 0
    falling: int = 0
    newly_passed: int = 0
    no_longer_passed: int = 0
    kept: int = 0
    rules: Mapping[int, RuleData] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    back: dict[tuple[int, int], int] = field(default_factory=dict)
    before: Counter[int] = field(default_factory=Counter)
    after: Counter[int] = field(default_factory=Counter)

    @property
    def digest(self) -> str:
        """Of the figures that a person reads before they apply it, and of the rules that lead to them."""
        figures = [self.attempts, self.rising, self.falling, self.newly_passed, self.no_longer_passed]
        return digest_of([*figures, self.kept, len(self.back), sorted(self.rules.items())])[:16]

    @property
    def bands(self) -> list[Band]:
        return [
            Band(low, low + BAND_PERCENT, self.before[low], self.after[low])
            for low in range(0, 100, BAND_PERCENT)
        ]

    def gets_attempt_back(self, change: Change) -> bool:
        return (change.learner, change.quiz) in self.back

    def add(self, change: Change) -> None:
        self.attempts += 1
        self.rising += change.rises
        self.falling += change.falls
        self.newly_passed += change.newly_passed
        self.no_longer_passed += change.no_longer_passed
        self.kept += change.kept
        self.before[_band(change.before)] += 1
        self.after[_band(change.after)] += 1


def _band(graded: AttemptGrade) -> int:
    percent = graded.score * 100 // graded.maximum
    return min(percent // BAND_PERCENT * BAND_PERCENT, 100 - BAND_PERCENT)


def preview(correction: Correction) -> Preview:
    """What would be changed, and nothing is. Refuses as `Correction.rules`. A query for each 500 attempts, and a few
    more.
    """
    rules, told = correction.rules, []
    result, versions = Preview(rules=rules), {version.pk: version for version in correction.versions}
    last = 0
    while True:
        rows = list(correction.asked().filter(pk__gt=last).select_related("attempt").order_by("pk")[:PIECE])
        if not rows:
            break
        last = rows[-1].pk
        for change in changes_in(rows, versions, rules):
            result.add(change)
            if change.changes or change.kept or change.after.failed_by_the_question:
                told.append(change)
    result.back = learners_with_attempt_back(told)
    result.changes = [one for one in told if one.changes or one.kept or result.gets_attempt_back(one)]
    return result
