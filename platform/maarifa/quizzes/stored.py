"""What the JSON columns of this app hold, but for what is the business of a kind of question (see `kinds.base`)."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

from maarifa.quizzes.kinds import Response, StructureData, TextsData

RuleName: TypeAlias = Literal["draw", "pass_percent", "attempts", "wait_minutes", "minutes"]
RULES: tuple[RuleName, ...] = ("draw", "pass_percent", "attempts", "wait_minutes", "minutes")


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
    """`attempts` is None for any number; `deadline` an ISO moment, or None."""

    pass_percent: int
    attempts: int | None
    wait_minutes: int
    deadline: str | None


class QuizRules(TypedDict):
    """Of a version. `attempts` is None for any number; `cells` is there where it draws by cells."""

    draw: int
    pass_percent: int
    attempts: int | None
    wait_minutes: int
    minutes: int
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
