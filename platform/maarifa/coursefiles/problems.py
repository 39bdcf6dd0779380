"""The words for what is wrong between the files of a course."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from maarifa.coursefiles.reading import problem as _problem
from maarifa.curriculum import checking
from maarifa.lib.problems import Problem
from maarifa.quizzes.kinds.numeric import NEAR_UNKNOWN, OWN_UNIT_TWICE

TEMPLATES = {
    # What the admin says of the same fault.
    **{
        code: checking.TEMPLATES[code]
        for code in ("few_questions", "objectives_differ", "practice_differs", "requires_nothing")
    },
    "no_plan": _("This file is not in the folder of a course: course.yaml is missing. Create it first."),
    "no_file": _("There is no file at this path. Correct the path."),
    "folder_key": _("The key is “%(key)s”, but the folder is named “%(folder)s”. Give both the same name."),
    "source_first": _(
        "“%(language)s” is the source language, but it is not first in this list. Put it first."
    ),
    "language_unlisted": _("“%(language)s” is not one of the languages in course.yaml. Add it there."),
    "language_differs": _(
        "The file name has the language “%(right)s”. Write the same language here, or rename the file."
    ),
    "bank_differs": _(
        "The file name has the bank “%(right)s”. Write the same bank here, or rename the file."
    ),
    "source_missing": _(
        "“%(path)s” is missing. It must contain the texts in the source language. Create it."
    ),
    "lesson_twice": _("The lesson “%(key)s” appears in the course twice. Keep one."),
    "quiz_twice": _("The quiz “%(key)s” appears in the course twice. Keep one."),
    "module_twice": _("The module “%(key)s” appears in the course twice. Keep one."),
    "lesson_unlisted": _("course.yaml has no lesson “%(key)s”. Add it there, or remove this folder."),
    "bank_unknown": _("There is no file banks/%(key)s.yaml. Create it, or use another bank."),
    "bank_unplanned": _("These texts are for a bank that has no file banks/%(key)s.yaml. Create that file."),
    "exam_bank": _(
        "Exam questions are secret and must never be in course files. Remove this file. If it is a "
        "public sample, change its kind to “sample”."
    ),
    "not_exam_bank": _(
        "This is not a bank of exam questions. Write “kind: exam”, or put the file into the course."
    ),
    "no_bank": _("Only banks of exam questions can be here. Move this file to the folder of the course."),
    "no_exam_bank": _(
        "There is no bank here. Put exam questions into banks/<bank>.yaml and banks/<bank>.<lang>.yaml."
    ),
    "sample_asked": _("The bank “%(key)s” is a sample exam, which no quiz can use. Use another bank."),
    "outcome_unknown": _("The course has no outcome “%(key)s”. Use one of its outcomes."),
    "cells_sum": ngettext_lazy(
        "The cells choose %(count)s question in total, but the quiz chooses %(draw)s. Make the two "
        "numbers the same.",
        "The cells choose %(count)s questions in total, but the quiz chooses %(draw)s. Make the two "
        "numbers the same.",
        "count",
    ),
    "cell_twice": _("The cell %(outcome)s, %(level)s appears in the quiz twice. Keep one."),
    "few_in_cell": ngettext_lazy(
        "The cell %(outcome)s, %(level)s chooses %(draw)s question, but the bank has %(count)s for it. "
        "Add some, or remove the cell.",
        "The cell %(outcome)s, %(level)s chooses %(draw)s questions, but the bank has %(count)s for "
        "it. Choose fewer, or add some.",
        "draw",
    ),
    "unlimited_without_wait": _(
        "If attempts are unlimited, learners must wait between them. Set wait_minutes to 1 or more."
    ),
    "lesson_key_taken": _(
        "A lesson cannot have the key “%(key)s”, because another page uses this address. Choose another key."
    ),
    "term_unknown": _(
        "The glossary has no term “%(key)s”. Add it to glossary.%(language)s.yaml, or remove the link."
    ),
    "worksheet_unknown": _(
        "No module in course.yaml ends with the worksheet “%(key)s”. Correct the key, or remove the link."
    ),
    "figure_unknown": _(
        "There is no file figures/%(key)s.%(language)s.svg. Add it, or remove the figure from the text."
    ),
    "worksheet_unplanned": _(
        "No module in course.yaml ends with the worksheet “%(key)s”. Add it there, or remove this file."
    ),
    "outline_differs": _(
        "The headings, terms, worksheets, figures or jurisdiction cards differ from those in the "
        "source text. Make them the same."
    ),
    "required_lesson": _("The course has no lesson “%(key)s”. Use one of its lessons, or write “all”."),
    "required_quiz": _("The course has no quiz “%(key)s”. Use one of its quizzes."),
    "question_twice": _("The question “%(key)s” appears in the bank twice. Keep one."),
    "reread_unknown": _("The course has no lesson “%(key)s”. Use one of its lessons."),
    "texts_missing": _("“%(key)s” has no text here. Add it."),
    "texts_unknown": _("Nothing in the course has the key “%(key)s”. Remove its texts."),
    "texts_field": _("Questions of the kind “%(kind)s” do not have this text. Remove it."),
    "texts_near": NEAR_UNKNOWN,
    "texts_unit": OWN_UNIT_TWICE,
    "choice_text": _("The choice has no text. Add it."),
    "choice_text_truefalse": _("The texts for true and false are part of the interface. Remove this text."),
    "source_marked": _("Files in the source language do not have this field. Remove it."),
    "translation_unmarked": _(
        "A translation needs this field. To add it, run format_courses --translated on the file."
    ),
    "not_a_translation": _(
        "This file is not a translation: the course is written in “%(language)s”. Use a file in "
        "another language."
    ),
}


def problem(code: str, line: int | None = None, where: str = "", **params: Any) -> Problem:
    return _problem(code, line, where, templates=TEMPLATES, **params)
