"""The formulas of classical test theory, out of sums that a database computes. Pure; scores are shares, from 0 to 1."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log, sqrt

from maarifa.lib.proportions import Z_95
from maarifa.quizzes.stored import Category, Difference

ETS_SCALE = -2.35
"""Makes a logarithm of odds a difference on the delta scale of ETS, on which questions have a deviation of about 4."""
Z_ONE_SIDED = 1.6448536269514722
"""Of 5 % on one side."""
TINY = 1e-12
"""What is left of a variance of 0 when it is computed from sums."""


@dataclass(frozen=True)
class Moments:
    """Of one variable: how many values, their sum, and the sum of their squares."""

    count: int
    total: float
    squares: float

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None

    @property
    def spread(self) -> float:
        """The sum of the squared distances from the mean."""
        spread = self.squares - self.total * self.total / self.count if self.count else 0.0
        return spread if spread > TINY * max(1.0, self.squares) else 0.0

    @property
    def deviation(self) -> float | None:
        """The standard deviation of a sample: divided by one less than there are values. None for fewer than two."""
        return sqrt(self.spread / (self.count - 1)) if self.count > 1 else None


def correlation(one: Moments, other: Moments, products: float) -> float | None:
    """Pearson's r of two variables with the same count; `products` is the sum of their products.

    Of a score and its rest score it is the corrected point-biserial correlation. None where either does not vary.
    """
    spreads = one.spread * other.spread
    if not spreads:
        return None
    r = (products - one.total * other.total / one.count) / sqrt(spreads)
    return max(-1.0, min(1.0, r))


@dataclass(frozen=True)
class Pair:
    """Two questions, or one with itself, among the attempts that asked both: sums of their scores in points."""

    count: int
    first: float
    second: float
    products: float

    @property
    def spread(self) -> float:
        return self.products - self.first * self.second / self.count


def reliability(variances: Iterable[Pair], covariances: Iterable[Pair], *, asked: float) -> float | None:
    """The reliability of a quiz that asks so many questions, on average: Cronbach's alpha, which is KR-20 where each
    question is right or wrong. None where it is not defined.

    With k questions, the mean v of their variances, and the mean c of the covariances of their pairs,

        alpha = k c ÷ (v + (k − 1) c)

    which is another form of k ÷ (k − 1) × (1 − sum of variances ÷ variance of the total), since the total varies by
    k v + k (k − 1) c. (L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16, 1951,
    formulas 2 and 16.) Where all attempts asked the same questions, the two agree to the last digit. Where each attempt
    asks a sample, only the first form can be computed: each variance is that among the attempts that asked the
    question, each covariance that among the attempts that asked both, and the means are pooled: sums of squares and of
    products, divided by the sums of their degrees of freedom. It is then the reliability of one sampled quiz.
    """
    variance, covariance = _pooled(variances), _pooled(covariances)
    if asked < 2 or variance is None or covariance is None:
        return None
    whole = variance + (asked - 1) * covariance
    return asked * covariance / whole if whole > TINY else None


def _pooled(pairs: Iterable[Pair]) -> float | None:
    spread, freedom = 0.0, 0
    for pair in pairs:
        if pair.count > 1:
            spread += pair.spread
            freedom += pair.count - 1
    return spread / freedom if freedom else None


def standard_error(deviation: float | None, coefficient: float | None) -> float | None:
    """Of measurement: how far a score is from the one that the learner would have on average, in the unit of the
    deviation. Deviation × √(1 − reliability).
    """
    if deviation is None or coefficient is None:
        return None
    return deviation * sqrt(max(0.0, 1 - coefficient))


@dataclass(frozen=True)
class Stratum:
    """Learners of two languages with about the same score for the whole attempt: how many got the question right, and
    how many did not.
    """

    right: int
    wrong: int
    reference_right: int
    reference_wrong: int

    @property
    def count(self) -> int:
        return self.right + self.wrong + self.reference_right + self.reference_wrong


def mantel_haenszel(strata: Iterable[Stratum], *, reference: str) -> Difference | None:
    """Differential item functioning of a language against the `reference`. None where no stratum compares the two.

    The common odds ratio of N. Mantel and W. Haenszel (1959) on the delta scale, −2.35 ln; its standard error after
    J. Robins, N. Breslow and S. Greenland (1986). Categories after ETS (R. Zwick and K. Ercikan, 1989): A, negligible,
    where the difference is less than 1 or not significant (5 %); C, large, where it is at least 1.5 and significantly
    greater than 1 (5 %, one side); B otherwise.
    """
    better = worse = both = mixed = alone = 0.0
    for one in strata:
        if not one.count:
            continue
        for_reference = one.reference_right * one.wrong / one.count
        for_language = one.reference_wrong * one.right / one.count
        agree = (one.reference_right + one.wrong) / one.count
        differ = (one.reference_wrong + one.right) / one.count
        better += for_reference
        worse += for_language
        both += agree * for_reference
        mixed += agree * for_language + differ * for_reference
        alone += differ * for_language
    if not better or not worse:
        return None
    delta = ETS_SCALE * log(better / worse)
    variance = both / (2 * better**2) + mixed / (2 * better * worse) + alone / (2 * worse**2)
    error = abs(ETS_SCALE) * sqrt(variance)
    return {"reference": reference, "delta": delta, "error": error, "category": _category(delta, error)}


def _category(delta: float, error: float) -> Category:
    size = abs(delta)
    if size < 1 or size <= Z_95 * error:
        return "A"
    return "C" if size >= 1.5 and size - 1 > Z_ONE_SIDED * error else "B"
