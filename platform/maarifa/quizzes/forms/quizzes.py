"""How authors say what a bank and a quiz are."""

import re
from typing import Annotated, Any, TypeVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from pydantic import StringConstraints

from maarifa.lib.optimistic_lock import OptimisticLockForm
from maarifa.lib.rows import KEY_RIGHT, Column, RowsField
from maarifa.lib.shapes import Key
from maarifa.quizzes.courses import facts_of
from maarifa.quizzes.enums import BankKind, Level
from maarifa.quizzes.models import Bank, Quiz
from maarifa.quizzes.stored import Cell

Row = TypeVar("Row", bound=Model)
Count = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}$")]

KEY_OF_COURSE = re.compile(r"[a-z0-9-]{1,60}/[a-z0-9-]{1,60}")


class CourseKeyForm(OptimisticLockForm[Row]):
    """Something whose key begins with that of its course."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].help_text = _(
                "Write the key of the course, a slash and a short name, for example water-rules/basics."
            )

    def clean_key(self) -> str:
        key: str = self.cleaned_data["key"]
        if not KEY_OF_COURSE.fullmatch(key):
            raise forms.ValidationError(
                _(
                    "“%(key)s” does not have the right form. Write the key of the course, a slash and "
                    "a short name, for example water-rules/basics. Use only lower-case Latin letters, "
                    "digits and hyphens."
                ),
                code="key",
                params={"key": key},
            )
        if not facts_of(key):
            raise forms.ValidationError(
                _("There is no course with the key “%(key)s”. Start with the key of an existing course."),
                code="no_course",
                params={"key": key.partition("/")[0]},
            )
        return key


class BankForm(CourseKeyForm[Bank]):
    class Meta:
        model = Bank
        fields = ["key", "kind"]


class QuizForm(CourseKeyForm[Quiz]):
    """`cells` are rows: so many questions of each outcome and level."""

    cells = RowsField(
        label=_("Questions for each outcome and level"),
        help_text=_(
            "If there are no rows, questions are chosen from the whole bank. If there are rows, their "
            "numbers of questions must add up to “Questions per attempt”."
        ),
        columns={},
        required=False,
    )

    class Meta:
        model = Quiz
        fields = [
            "key",
            "bank",
            "draw",
            "cells",
            "pass_percent",
            "attempts",
            "wait_minutes",
            "minutes",
            "time_limit",
            "review",
        ]
        labels = {"bank": _("Question bank")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = facts_of(self.instance.key) if self.instance.pk else None
        outcomes = tuple(facts.outcomes) if facts else ()
        self.initial["cells"] = [{**cell, "count": str(cell["count"])} for cell in self.instance.cells]
        cells = self.fields["cells"]
        if isinstance(cells, RowsField):
            cells.show(
                {
                    "outcome": Column(
                        _("Outcome"), choices=outcomes, check=Key, right=KEY_RIGHT, direction="ltr"
                    ),
                    "level": Column(_("Level"), choices=tuple(Level.choices)),
                    "count": Column(
                        _("Questions"),
                        check=Count,
                        right=_("Write a whole number, 1 or more."),
                        direction="ltr",
                    ),
                }
            )

    def clean_cells(self) -> list[Cell]:
        return [
            Cell(outcome=cell["outcome"], level=cell["level"], count=int(cell["count"]))
            for cell in self.cleaned_data["cells"]
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        cells, draw = given.get("cells"), given.get("draw")
        places = [(cell["outcome"], cell["level"]) for cell in cells or ()]
        if len(set(places)) != len(places):
            self.add_error("cells", _("Two rows have the same outcome and level. Combine them into one row."))
        total = sum(cell["count"] for cell in cells or ())
        if cells and draw and total != draw:
            message = _(
                "The rows add up to %(total)s questions, but the quiz chooses %(draw)s. Make the two "
                "numbers the same."
            )
            self.add_error(
                "cells", forms.ValidationError(message % {"total": total, "draw": draw}, code="sum")
            )
        bank = given.get("bank")
        if bank and bank.kind == BankKind.EXAM and "attempts" in given and given["attempts"] is None:
            wrong = _(
                "An exam needs a limit on attempts, because its questions are used again. Write the number "
                "of attempts."
            )
            self.add_error("attempts", wrong)
        return given
