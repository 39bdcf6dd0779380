"""What is said of a text file that has another shape."""

from typing import Self

import pytest
from pydantic import model_validator

from maarifa.lib.shapes import Shape, shape
from maarifa.lib.strict_yaml import Parsed
from maarifa.quizzes.kinds.problems import refuse

pytestmark = pytest.mark.once


class Wrong(Shape):
    code: str
    count: int

    @model_validator(mode="after")
    def _refused(self) -> Self:
        raise refuse(self.code, count=self.count)


@pytest.mark.parametrize(
    ("code", "count", "said"),
    [
        ("one_right", 0, "0 choices are marked as correct. Mark exactly one."),
        ("one_right", 1, "1 choice is marked as correct. Mark exactly one."),
        ("one_right", 2, "2 choices are marked as correct. Mark exactly one."),
        ("two_choices", 1, "There is 1 choice. A true or false question has two."),
        ("two_choices", 3, "There are 3 choices. A true or false question has two."),
    ],
)
def test_counts_are_said_as_one_says_them(code, count, said):
    _value, (problem,) = shape(Wrong, Parsed({"code": code, "count": count}, {}))

    assert problem.message == said
