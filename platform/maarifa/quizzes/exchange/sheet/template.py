"""An empty spreadsheet to fill in: the headings, an example, and a sheet that says what belongs into each column."""

from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from maarifa.lib.languages import direction
from maarifa.lib.spreadsheets import write_xlsx
from maarifa.quizzes.exchange.sheet.columns import (
    COLUMNS,
    EXAMPLE_NAME,
    EXAMPLE_QUESTION,
    TRUTHS,
    VERDICTS,
    kinds,
    levels,
    listed,
)

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

NOTES: "dict[str, StrPromise]" = {
    "name": gettext_lazy("Optional. A short name in Latin letters, which becomes the key of the question."),
    "kind": gettext_lazy("One of these: %(kinds)s."),
    "question": gettext_lazy("What is asked, as plain text."),
    "choices": gettext_lazy(
        "Each choice on its own line (in Excel, press Alt and Enter). For pairs, write: left -> right. List items to "
        "put in order in their correct order."
    ),
    "correct": gettext_lazy(
        "The letters of the correct choices (A is the first choice), or a number, or the accepted texts, or one of "
        "these: %(truths)s."
    ),
    "tolerance": gettext_lazy("Only for numbers. Answers up to this much above or below are also accepted."),
    "unit": gettext_lazy("Only for numbers. The unit of the answer."),
    "feedback": gettext_lazy(
        "What learners read afterwards. Begin each line with the letter of its choice and a colon. For numbers and "
        "texts, begin it with one of these: %(verdicts)s."
    ),
    "explanation": gettext_lazy("Optional. What every learner reads when the correct answers are shown."),
    "points": gettext_lazy("A whole number from 1 to 100. Without a number, the question has 1 point."),
    "lesson": gettext_lazy("Optional. The title of the lesson that learners read again."),
    "outcome": gettext_lazy("Optional. The outcome that the question tests."),
    "level": gettext_lazy("Optional. One of these: %(levels)s."),
}


def template() -> bytes:
    """A workbook in the reader's language. Its example is left out when the file is imported."""
    example = {
        "name": str(EXAMPLE_NAME),
        "kind": str(kinds()["single"]),
        "question": str(EXAMPLE_QUESTION),
        "choices": _("Mombasa\nNairobi\nKisumu"),
        "correct": "B",
        "feedback": _("A: Mombasa is the largest port.\nB: Nairobi has been the capital since 1907."),
        "points": "1",
        "level": str(levels()["recall"]),
    }
    words = {
        "kinds": listed(kinds().values()),
        "truths": listed(TRUTHS.values()),
        "verdicts": listed(VERDICTS.values()),
        "levels": listed(levels().values()),
    }
    notes = [[str(COLUMNS[name]), str(text) % words] for name, text in NOTES.items()]
    return write_xlsx(
        [str(heading) for heading in COLUMNS.values()],
        [[example.get(name, "") for name in COLUMNS]],
        rtl=direction(get_language() or "en") == "rtl",
        title=_("Questions"),
        more=[(_("Help"), [_("Column"), _("What to write")], notes)],
    )
