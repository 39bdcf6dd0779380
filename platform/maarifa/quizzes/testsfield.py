"""The form field in which an author writes the tests of a question."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import StringConstraints

from maarifa.lib.rows import Column, Row, RowsField
from maarifa.quizzes.kinds import AnyKind, as_line
from maarifa.quizzes.questiontests import QuestionTest, answer_from_line
from maarifa.quizzes.stored import StoredTest

Percent = Annotated[str, StringConstraints(pattern=r"^(100|[1-9]?[0-9])$")]


class TestsField(RowsField):
    """Its value is a list of `StoredTest`. What an answer means follows from the kind of the question."""

    kind: AnyKind

    def __init__(self) -> None:
        columns = {
            "answer": Column(_("Answer"), direction="auto"),
            "score": Column(
                _("Percentage of the points"),
                check=Percent,
                right=_("Write a whole number from 0 to 100."),
                direction="ltr",
            ),
            "feedback": Column(
                _("Feedback in the source language (optional)"), required=False, long=True, direction="auto"
            ),
        }
        help_text = _(
            "Write answers and the percentage of the points that each must get. The tests are run in every language "
            "before the course is published. Write choices as keys, such as “a, c”, and parts as “part: key”."
        )
        super().__init__(label=_("Tests"), help_text=help_text, columns=columns, required=False)

    def prepare_value(self, value: Any) -> list[Row]:
        return [_row(one) for one in value or []]

    def _built(self, rows: list[tuple[int, Row]]) -> list[StoredTest]:
        return [
            QuestionTest(
                answer=answer_from_line(self.kind, row["answer"]),
                score=int(row["score"]),
                feedback=row["feedback"] or None,
            ).stored()
            for _number, row in rows
        ]


def _row(test: Mapping[str, Any]) -> Row:
    """A test as stored, or as it was sent back, in the columns of the field."""
    answer = test["answer"]
    return {
        "answer": (answer if isinstance(answer, str) else as_line(answer)) or "",
        "score": str(test["score"]),
        "feedback": test.get("feedback", ""),
    }
