"""What cannot be read from a file, or written to one: codes for machines, sentences for people.

A refusal or a note is about one question; an `ExchangeError` is about a whole file.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from maarifa.lib.errors import DomainError
from maarifa.lib.problems import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrPromise

BAD_SYNTAX: "Mapping[str, StrPromise]" = {
    "BRACE_UNCLOSED": _(
        "The answers begin with { and do not end. Write } after the last answer, with no empty line before it."
    ),
    "BRACE_UNOPENED": _("There is a } without a { before it. Write { before the first answer, or write \\}."),
    "BRACE_NESTED": _("There is a { inside the answers. Write it as \\{ if it is part of a text."),
    "BRACES_TWICE": _(
        "There are two sets of answers. Write each question with one set, or write braces in a text as \\{ and \\}."
    ),
    "EMPTY_LINE_INSIDE": _(
        "There is an empty line inside the answers. Remove it: an empty line ends a question."
    ),
    "NAME_UNCLOSED": _("The name of the question begins with :: and does not end. Write :: after it."),
    "TEXT_LONG": _("A text is too long. Write at most %(limit)s characters."),
    "NO_STEM": _("The question has no text. Write what is asked."),
    "TOO_FEW_ANSWERS": _("There are too few answers (%(found)s). Write at least %(least)s."),
    "TOO_MANY_ANSWERS": _("There are too many answers. Write at most %(most)s."),
    "ANSWER_EMPTY": _("Answer %(number)s has no text. Write it, or remove the answer."),
    "NO_ARROW": _("“%(value)s” has no -> in it. Write each pair as =left -> right."),
    "PAIR_EMPTY": _("The pair “%(value)s” has nothing on the right of ->. Write the answer there."),
    "NOT_A_NUMBER": _(
        "“%(value)s” is not a number. Write it in digits with a point before decimals, such as 12.5."
    ),
    "RANGE_REVERSED": _("The range “%(value)s” ends before it begins. Write the smaller number first."),
    "BAD_WEIGHT": _(
        "“%(value)s” is not a percentage that answers can have. Write a number from -100 to 100."
    ),
    "AIKEN_NO_CHOICES": _(
        "The question has fewer than two choices. Write each on its own line, such as “A. Nairobi”."
    ),
    "AIKEN_LETTER": _(
        "The choice begins with “%(value)s”, but “%(right)s” is next. Letter choices A, B, C in order."
    ),
    "AIKEN_NO_ANSWER": _(
        "The question has no answer line. Write “ANSWER: A” directly below its last choice."
    ),
    "AIKEN_BAD_ANSWER": _("“%(value)s” is not one of the choices. Write one letter after ANSWER: %(right)s."),
    "AIKEN_ANSWER_ALONE": _(
        "There is an answer line without a question above it. Write the question and its choices."
    ),
    "AIKEN_AFTER_CHOICES": _(
        "There is text between the choices and the answer line. Write each choice on one line, such as “A. Nairobi”."
    ),
    "XML_FIELD": _("The field “%(field)s” is missing. Add it inside <question>."),
    "XML_NO_TYPE": _('The question has no type. Write one, such as <question type="multichoice">.'),
    "CLOZE_BROKEN": _("The gap “%(value)s” cannot be read. Write it as {1:SHORTANSWER:=answer}."),
    "GAP_UNKNOWN": _("The text has a gap [[%(value)s]], but the question has no choice with this number."),
    "GAPS_MANY": _("There are %(count)s gaps. A question can have at most %(most)s."),
    "GAP_MISSING": _("The text has no gap. Write [[1]] where the first gap is."),
    "MARKER_IN_TEXT": _("“%(value)s” in the text looks like a gap. Remove the double brackets."),
    "CELL_EMPTY": _("Column “%(column)s” is empty. %(right)s"),
    "CELL_BAD": _("“%(value)s” in column “%(column)s” cannot be used. %(right)s"),
    "ROW_BROKEN": _(
        "The row has more cells than the heading row. Put cells with a separator in quotation marks."
    ),
}
"""A question that is not written as its format asks."""

UNSUPPORTED: "Mapping[str, StrPromise]" = {
    "KIND": _("“%(kind)s” questions cannot be imported: Maarifa has no such kind of question."),
    "KIND_ESSAY": _("“essay” questions cannot be imported: Maarifa grades every answer itself."),
    "KIND_DESCRIPTION": _(
        "“description” is a text without a question, and cannot be imported. Put it into a lesson."
    ),
    "MEDIA": _(
        "The question contains “%(value)s”. Questions in Maarifa are text only, so describe it in words."
    ),
    "FILES": _(
        "The question comes with the file “%(value)s”. Questions in Maarifa are text only, so describe it in words."
    ),
    "NO_RIGHT": _("No answer is worth all points. Mark the correct answer."),
    "SEVERAL_RIGHT": _(
        "%(count)s answers are worth all points, but learners choose one. Keep one, or let learners choose "
        "several."
    ),
    "SHARES": _("The correct answers are worth different shares. In Maarifa each is worth the same."),
    "SEVERAL_NUMBERS": _(
        "Several numbers are correct. A question in Maarifa has one number with its tolerance."
    ),
    "PART_OF_TEXT": _(
        "“%(value)s” is worth a part of the points. In Maarifa a text answer is worth all points or none."
    ),
    "PART_OF_GAP": _(
        "“%(value)s” is worth a part of its gap. In Maarifa a gap is worth its whole share or nothing."
    ),
    "GAP_RIGHT": _("Gap %(gap)s has %(count)s correct choices. Mark exactly one."),
    "GAP_KIND": _(
        "Gap %(gap)s is of the kind “%(kind)s”. Gaps in Maarifa are chosen from a list or typed as words."
    ),
    "ORDER_KIND": _(
        "In the file, only some of the items are shown. In Maarifa, learners put all of them in order."
    ),
    "FIELD_OUT": _("The question uses “%(field)s”, which no other system has. It cannot be exported."),
    "KIND_OUT": _("Questions of the kind “%(kind)s” cannot be exported: other systems do not have them."),
    "FIELD": _("The question uses “%(field)s”, which this kind of question does not have."),
    "LESSON": _("“%(value)s” is not a lesson of this course. Write the title or the key of one."),
    "OUTCOME": _("“%(value)s” is not an outcome of this course. Write its title or its key."),
    "LEVEL": _("“%(value)s” is not a level. Write one of these: %(right)s."),
    "POINTS": _("“%(value)s” cannot be the points of a question. Write a whole number from 1 to 100."),
    "LANGUAGE_MISSING": _("The question has no text in “%(language)s”."),
    "INCOMPLETE": _("The question is not complete. %(place)s: %(problem)s"),
    # What a format cannot hold.
    "OUT_KIND": _("Questions of the kind “%(kind)s” cannot be written as %(format)s."),
    "OUT_FEEDBACK": _("The question has feedback or an explanation, and %(format)s has no place for it."),
    "OUT_UNIT": _("The question has a unit, and %(format)s has no place for it. Export it as Moodle XML."),
    "OUT_CONTROL": _("The text contains a control character that %(format)s cannot hold. Remove it."),
    "OUT_LINES": _("A text has several lines, but %(format)s allows only one. Put the text on one line."),
    "OUT_ARROW": _("A text contains “->”, which separates pairs in %(format)s. Write an arrow (→) instead."),
    "OUT_GAPS": _("%(format)s can hold a passage only if it has one gap, with text after it."),
    "OUT_CASE": _("The question compares capital letters or accents strictly, and %(format)s cannot say so."),
    "OUT_CREDIT": _("An answer is worth a part of the points, and %(format)s cannot say so."),
    "OUT_GRADING": _("The question gives all points or none, and %(format)s cannot say so."),
    "OUT_MANY": _("The question has more choices than %(format)s has letters."),
    "OUT_SYNTAX": _("The text “%(value)s” has a special meaning in %(format)s. Write it in another way."),
    "OUT_LAST": _("The question keeps choices last, and %(format)s cannot say so."),
}
"""A question that is written well, and that we do not have, or that a format cannot hold."""

NOTES: "Mapping[str, StrPromise]" = {
    "FORMATTING": _("Bold, italic and other formatting is left out: questions are plain text."),
    "TABLE_LINES": _("A table becomes lines of text."),
    "FORMULA": _("A formula stays as it is typed, for example $$x^2$$."),
    "HINTS": _("Hints are left out."),
    "OVERALL_FEEDBACK": _("Feedback on the answer as a whole is left out."),
    "ANSWER_FEEDBACK": _("Answers of this question share one feedback. Of several texts, the first is kept."),
    "WRONG_NUMBERS": _("Single incorrect numbers with their feedback are left out."),
    "NEAR_FEEDBACK": _("Feedback for nearly correct answers is left out."),
    "PENALTY": _(
        "Each incorrect choice costs as much as a correct choice earns. In the file it costs something else."
    ),
    "NEGATIVE": _("An incorrect answer costs nothing. In the file it costs points."),
    "PERCENT": _("%(value)s %% becomes %(whole)s %%: only whole percentages are kept."),
    "POINTS": _("%(value)s points become %(whole)s. Only whole numbers from 1 to 100 are kept."),
    "LESSON": _("“%(value)s” is not a lesson of this course. The question has no lesson to read again."),
    "OUTCOME": _("“%(value)s” is not an outcome of this course. The question will have no outcome."),
    "LEVEL": _("“%(value)s” is not a level. The question has no level."),
    "SHUFFLED": _(
        "Choices are shown in a different order in each attempt. In the file, their order is fixed."
    ),
    "UNIT_GRADED": _("The unit is not graded. Learners may type it with the number."),
    "GAP_WEIGHT": _("Every gap is worth an equal share of the points. In the file the shares are different."),
    "ITEM_FEEDBACK": _("Feedback on single items is left out."),
    "ORDER_GRADED": _("Points are given for each item that is directly followed by the correct next item."),
    "SAME_TEXT": _("The bank already has a question with this text: “%(key)s”."),
    "SAME_IN_FILE": _("Line %(line)s of the file has a question with the same text."),
    "CATEGORIES": _("The file sorts its questions into categories. All questions go into this bank."),
    "ENCODING": _(
        "The file does not say which text encoding it uses. It was read as %(encoding)s. If "
        "letters look wrong, save the file as UTF-8 and import it again."
    ),
    "CONTROL": _("Invisible control characters were removed."),
    "COMMENT": _("The text contains //, which stays in it. Write a comment on a line of its own."),
    "TAGS": _("Tags are left out."),
    "OUT_LANGUAGES": _("The file contains only the texts in “%(language)s”. Translations are not in it."),
    "OUT_PLACES": _(
        "The file does not contain the points, lessons, outcomes and levels: %(format)s has no place for them."
    ),
    "OUT_SPACES": _(
        "No-break spaces become plain spaces in the file, and invisible characters are left out."
    ),
    "OUT_PAIR_FEEDBACK": _(
        "Moodle leaves out the feedback on pairs. If you import the file here, it comes back."
    ),
    "OUT_PLUGIN": _(
        "Questions that give all points or none need the Moodle plugin “All-or-nothing multiple choice”."
    ),
    "EXAMPLE": _("The example row of the template was not imported."),
    "TABLE": _("%(message)s"),
}
"""What was changed so that a question can be read."""


class Refused(Exception):
    """A question cannot be read, or not be written. Always caught where questions are listed."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def problem(self, *, name: str = "", line: int | None = None) -> Problem:
        template = BAD_SYNTAX.get(self.code) or UNSUPPORTED[self.code]
        return Problem(code=self.code, template=template, params=_shown(self.params), where=name, line=line)


def note(code: str, **params: Any) -> Problem:
    return Problem(code=code, template=NOTES[code], params=_shown(params))


def once_each(notes: Iterable[Problem]) -> tuple[Problem, ...]:
    """Of notes that say the same, the first."""
    return tuple({(one.code, str(one.params)): one for one in notes}.values())


def _shown(params: dict[str, Any]) -> dict[str, Any]:
    return {name: shown(value) if isinstance(value, str) else value for name, value in params.items()}


class ExchangeError(DomainError):
    """A whole file cannot be read or written. Names the file."""

    MESSAGES = {
        "TOO_LARGE": _(
            "%(file)s is too large. A file may have at most %(limit)s MB. Split it into several files."
        ),
        "TOO_MANY": _("%(file)s has more than %(limit)s questions. Split it into several files."),
        "EMPTY": _("%(file)s is empty. Choose the file that contains the questions."),
        "NOTHING_FOUND": _(
            "%(file)s contains no questions in the format %(format)s. Choose another file or format."
        ),
        "UNKNOWN_FORMAT": _(
            "The format of %(file)s is unknown. Choose a GIFT, Moodle XML, Aiken or spreadsheet file, or name "
            "its format."
        ),
        "BINARY": _("%(file)s is not a text file. Choose a GIFT, Moodle XML, Aiken or spreadsheet file."),
        "ENCODING": _(
            "%(file)s cannot be read as %(encoding)s because of line %(line)s. Save the file as UTF-8."
        ),
        "XML_BROKEN": _(
            "%(file)s, line %(line)s: the XML is not complete or has an error here. Export the file again from Moodle."
        ),
        "XML_DOCTYPE": _(
            "%(file)s, line %(line)s: the file has a DOCTYPE or entities of its own. Remove them."
        ),
        "XML_DEEP": _(
            "%(file)s, line %(line)s: there are too many elements in total, or too many inside one "
            "another. Split the file."
        ),
        "XML_NOT_QUIZ": _(
            "%(file)s begins with <%(value)s>, but a Moodle XML file begins with <quiz>. Export it from Moodle as XML."
        ),
        "ZIP_BROKEN": _(
            "%(file)s is damaged and cannot be opened. Save it again, or choose the file inside it."
        ),
        "ZIP_SEVERAL": _(
            "%(file)s must contain exactly one file with questions, but has %(count)s. Choose one file."
        ),
        "ZIP_BIG": _(
            "%(file)s contains more than %(limit)s MB. Choose the file with the questions inside it."
        ),
        "TABLE": _("%(message)s"),
        "NO_ROWS": _("%(file)s has headings, but no questions below them. Write one question in each row."),
        "NO_COLUMN": _("%(file)s has no column “%(column)s”. Download the template and use its headings."),
        "COLUMN_TWICE": _("%(file)s has the column “%(column)s” more than once. Keep one."),
        "EXAM": _("Exam banks are secret. Their questions are never exported."),
        "LANGUAGE": _("“%(value)s” is not a language of this course. Write one of these: %(right)s."),
        "STALE": _(
            "The bank has changed since you checked the file. Nothing was imported. Check the file again."
        ),
        "NOTHING": _("No question of the file can be imported. Nothing was changed."),
        "TOO_LONG_TO_CONFIRM": _(
            "%(file)s has too much text to import at once. Split it into several files."
        ),
        "EXPIRED": _("This page is too old, or was changed. Nothing was imported. Choose the file again."),
        "NOTHING_TO_WRITE": _("No question of the bank can be written as %(format)s."),
    }
