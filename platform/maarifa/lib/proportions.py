"""What a share of a sample says about the share behind it."""

from math import sqrt

Z_95 = 1.959963984540054
"""Half of the width, in standard deviations, of an interval that holds 95 % of a normal distribution."""


def wilson(successes: float, count: float, *, z: float = Z_95) -> tuple[float, float]:
    """The confidence interval of a share, as two shares from 0 to 1: of `successes` among `count`.

    The score interval of E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927). It stays within 0 and 1, and is of use for small samples. Of
    nothing, everything is possible: from 0 to 1.
    """
    if count <= 0:
        return 0.0, 1.0
    share, spread = successes / count, z * z / count
    middle = share + spread / 2
    reach = z * sqrt(max(0.0, share * (1 - share)) / count + spread / (4 * count))
    # Where the share is 0 or 1, the end is the same to the last digit but one.
    low = 0.0 if successes <= 0 else max(0.0, (middle - reach) / (1 + spread))
    high = 1.0 if successes >= count else min(1.0, (middle + reach) / (1 + spread))
    return low, high
