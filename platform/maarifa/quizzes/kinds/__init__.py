"""The kinds of question. A new one is a file here with a subclass of `Kind`, its line below, and its name in
`enums`.

A kind says what an author writes (`structure`, the same in every language, and `words`), what a page shows
before submission, how an answer is read, what it is worth, and what is said about it afterwards. It knows no
database and no request.
"""

from maarifa.quizzes.kinds.base import Kind, Response, Reviewed, ReviewedChoice, Shown
from maarifa.quizzes.kinds.multiple import Multiple
from maarifa.quizzes.kinds.numeric import Numeric
from maarifa.quizzes.kinds.single import Single
from maarifa.quizzes.kinds.truefalse import TrueFalse

__all__ = ["KINDS", "Kind", "Response", "Reviewed", "ReviewedChoice", "Shown", "kind_named"]

KINDS: dict[str, Kind] = {kind.name.value: kind for kind in (Single(), Multiple(), TrueFalse(), Numeric())}


def kind_named(name: str) -> Kind:
    return KINDS[name]
