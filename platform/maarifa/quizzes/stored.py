"""What the JSON columns of this app hold, but for what is the business of a kind of question (see `kinds.base`)."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from maarifa.quizzes.kinds import Response, StructureData, TextsData

RuleName: TypeAlias = Literal[
    "draw", "pass_percent", "attempts", "wait_minutes", "minutes", "time_limit", "review"
]
RULES: tuple[RuleName, ...] = (
    *("draw", "pass_percent", "attempts", "wait_minutes", "minutes"),
    *("time_limit", "review"),
)

LONGEST_TIME_LIMIT = 24 * 60
"""In minutes: a day."""


def time_allowed(limit: int | None, extra_percent: int) -> int:
    """The minutes that a learner has with so much extra time, rounded up; 0 where there is no limit."""
    return -(-(limit or 0) * (100 + extra_percent) // 100)


ReviewName: TypeAlias = Literal["all", "score", "after-close"]
"""A value of `enums.ReviewRule`."""

LevelName: TypeAlias = Literal["recall", "application", "judgement"]
"""A value of `enums.Level`."""


class Cell(TypedDict):
    """So many questions of this outcome (a key) and level."""

    outcome: str
    level: LevelName
    count: int


class CellWithQuestions(Cell):
    """With the keys of the questions that were in it then."""

    questions: list[str]


class AttemptRules(TypedDict):
    """`attempts` is None for any number; `deadline` an ISO moment, or None. `review` is there where it is not "all",
    `closes_at` where the quiz closes. Of timed attempts `time_limit` is there, in minutes, and `extra_percent`: how
    much of it comes on top for this learner.
    """

    pass_percent: int
    attempts: int | None
    wait_minutes: int
    review: NotRequired[ReviewName]
    deadline: str | None
    closes_at: NotRequired[str]
    time_limit: NotRequired[int]
    extra_percent: NotRequired[int]


class QuizRules(TypedDict):
    """Of a version. `attempts` is None for any number; `time_limit` is there where there is one, `review` where it is
    not "all", and `cells` where it draws by cells.
    """

    draw: int
    pass_percent: int
    attempts: int | None
    wait_minutes: int
    minutes: int
    time_limit: NotRequired[int]
    review: NotRequired[ReviewName]
    cells: NotRequired[list[CellWithQuestions]]


class QuestionContent(TypedDict):
    """What a version of a question keeps: its columns, by their names."""

    kind: str
    points: int
    lesson_key: str
    structure: StructureData
    texts: dict[str, TextsData]
    states: dict[str, str]
    source_language: str


class Key(TypedDict):
    """What is right, as a version of a question would say it: `texts` by language hold accepted answers of some
    kinds.
    """

    structure: StructureData
    texts: dict[str, TextsData]


MethodName: TypeAlias = Literal["accept", "corrected", "everyone", "drop"]
"""A value of `Regrade.Method`."""


class RuleData(TypedDict):
    """How a version of a question is graded since its key was corrected.

    An answer earns the most that any of `keys` gives it, and the version's own key, if `own_key`; with "everyone", all
    the points. With "drop", the question does not count; unless `lower`, it does where that is better for the learner.
    """

    method: MethodName
    keys: list[Key]
    own_key: bool
    lower: bool


class StoredTest(TypedDict):
    """An answer that a question carries as a test, with the score that it must get, in percent of the points, and what
    its learner must read. See `quizzes.questiontests`.
    """

    answer: Response
    score: int
    feedback: NotRequired[str]


class ChoiceFigures(TypedDict):
    """How many gave this: `part` is the part of the question, or "" for a question that has no parts; `given` is a key.

    `lower` and `upper` are how many of the third with the lowest and with the highest scores for the other questions;
    a person at the border of a third counts for a part.
    """

    part: str
    given: str
    right: bool
    count: int
    lower: float
    upper: float


Category: TypeAlias = Literal["A", "B", "C"]
"""Of a difference between languages: negligible, moderate or large."""


class Difference(TypedDict):
    """How far a language differs from the `reference` language, among learners who are equally good otherwise.

    `delta` is below 0 where the question is harder in this language; `category` is A, B or C, after ETS.
    """

    reference: str
    delta: float
    error: float
    category: Category
