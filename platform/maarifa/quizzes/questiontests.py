"""Tests that a question carries: an answer, the score that it must get, and what its learner must read.

A test is graded once in each language, as a learner would be who is shown the question in it: by the texts of the
source language and of this one. So a translation that makes a wrong answer right is found, and is named.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Annotated, Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pydantic import Field, PlainValidator, ValidationError

from maarifa.lib import numbers
from maarifa.lib.problems import Problem, shown
from maarifa.lib.shapes import Shape, Words
from maarifa.quizzes.errors import AnswerError
from maarifa.quizzes.kinds import RESPONSE, AnyKind, Response, StructureData, TextsData, as_line
from maarifa.quizzes.kinds.problems import refuse
from maarifa.quizzes.stored import StoredTest

TEMPLATES = {
    "TEST_UNREADABLE": _("Test %(number)s: “%(answer)s” cannot be an answer to this question. %(why)s"),
    "TEST_EMPTY": _("Test %(number)s has no answer. Write one, or remove the test."),
    "TEST_SCORE": _(
        "Test %(number)s: the answer “%(answer)s” gets %(found)s of the points, but the test expects %(expected)s. "
        "Correct the question or the test."
    ),
    "TEST_FEEDBACK": _(
        "Test %(number)s: for the answer “%(answer)s”, learners read “%(found)s”, but the test expects “%(expected)s”. "
        "Correct the feedback or the test."
    ),
    "TEST_NO_FEEDBACK": _(
        "Test %(number)s: for the answer “%(answer)s”, learners read no feedback, but the test expects some. Add it."
    ),
}
ANSWER_FORM = _(
    "“%(value)s” is not an answer. Write text in quotation marks, a list such as [a, b], or lines such as “part: key”."
)
_PART = re.compile(r"(?:^|,\s*)([a-z0-9-]{1,60}):\s*")


def _answer(value: object) -> Response:
    try:
        answer: Response = RESPONSE.validate_python(value, strict=True)
    except ValidationError:
        raise refuse("test_answer", template=ANSWER_FORM)
    return answer


class QuestionTest(Shape):
    """`answer` as the kind of the question stores it, `score` in whole percent of its points. `feedback` is what the
    learner reads in the source language; in every other language there must be some.
    """

    answer: Annotated[Any, PlainValidator(_answer)]
    score: Annotated[int, Field(ge=0, le=100)]
    feedback: Words | None = None

    def stored(self) -> StoredTest:
        """As rows keep it."""
        test = StoredTest(answer=self.answer, score=self.score)
        return StoredTest(**test, feedback=self.feedback) if self.feedback else test


@dataclass(frozen=True)
class FailedTest:
    """`number` counts from 1; `language` is empty where it fails whatever the language."""

    number: int
    language: str
    problem: Problem


def failed_tests(
    kind: AnyKind,
    structure: StructureData,
    points: int,
    texts: Mapping[str, TextsData],
    tests: Sequence[StoredTest],
    *,
    source: str,
) -> list[FailedTest]:
    """The tests that a question does not pass; nothing, where it passes all. The question has no other problems, and
    `texts` are those of its languages that are complete, the `source` language among them.

    What is wrong in the source language is not said again for each translation.
    """
    return [
        failed
        for number, test in enumerate(tests, 1)
        for failed in _failures(kind, structure, points, texts, number, test, source)
    ]


def _failures(
    kind: AnyKind,
    structure: StructureData,
    points: int,
    texts: Mapping[str, TextsData],
    number: int,
    test: StoredTest,
    source: str,
) -> Iterator[FailedTest]:
    answer = shown(as_line(test["answer"]) or "")

    def failure(code: str, language: str = "", **params: str) -> FailedTest:
        params = {"number": str(number), "answer": answer, **params}
        return FailedTest(
            number, language, Problem(code=code, template=TEMPLATES[code], params=params, where="tests")
        )

    try:
        response = kind.read(structure, test["answer"], texts)
    except AnswerError as refusal:
        yield failure("TEST_UNREADABLE", why=refusal.message)
        return
    if response is None:
        yield failure("TEST_EMPTY")
        return
    in_source: list[tuple[str, dict[str, str]]] = []
    for language in (source, *sorted(texts.keys() - {source})):
        of_both = {source: texts[source], language: texts[language]}
        problems: list[tuple[str, dict[str, str]]] = []
        score = _percent(kind.grade(structure, points, response, of_both), kind.maximum(points))
        if score != test["score"]:
            problems.append(("TEST_SCORE", {"found": _shown(score), "expected": _shown(test["score"])}))
        if expected := test.get("feedback"):
            order = kind.choice_keys(structure)
            read = feedback_in(kind.review(structure, texts[language], order, response, language, of_both))
            if not read:
                problems.append(("TEST_NO_FEEDBACK", {}))
            elif language == source and _plain(expected) not in map(_plain, read):
                params = {"found": shown(" ".join(read), 200), "expected": shown(expected, 200)}
                problems.append(("TEST_FEEDBACK", params))
        for code, params in problems:
            if (code, params) not in in_source:
                yield failure(code, language, **params)
        if language == source:
            in_source = problems


def feedback_in(reviewed: object) -> list[str]:
    """The texts called feedback in what a kind says of an answer; of a list of choices, those of chosen ones."""
    texts: list[str] = []
    for field in fields(reviewed) if is_dataclass(reviewed) else ():
        value = getattr(reviewed, field.name)
        if field.name == "feedback" and isinstance(value, str) and value:
            texts.append(value)
        elif isinstance(value, tuple | list):
            for one in value:
                if getattr(one, "chosen", True):
                    texts += feedback_in(one)
        elif is_dataclass(value):
            texts += feedback_in(value)
    return texts


def answer_from_line(kind: AnyKind, line: str) -> Response:
    """What an author typed in one line, as `as_line` shows answers, in the form of this kind's answers."""
    form = kind.response.json_schema().get("type")
    if form == "array":
        return [key for key in re.split(r"[,،、\s]+", line) if key]
    if form == "object":
        places = list(_PART.finditer(line))
        ends = [place.start() for place in places[1:]] + [len(line)]
        # Without a part there is one end, and no answer.
        return {place[1]: line[place.end() : end].strip() for place, end in zip(places, ends, strict=False)}
    return line


def _percent(score: int, best: int) -> int:
    """Rounded to the nearest whole, a half up: a third of the points is 33."""
    return (200 * score + best) // (2 * best)


def _shown(percent: int) -> str:
    return numbers.percent(percent, language=get_language() or "en")


def _plain(text: str) -> str:
    """Compared without regard to how a text is divided into lines, and to no-break spaces."""
    return " ".join(text.split())
