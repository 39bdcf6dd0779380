"""The words for what is wrong between the files of a course."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from maarifa.coursefiles.reading import problem as _problem
from maarifa.lib.problems import Problem

TEMPLATES = {
    "no_plan": _("The course has no course.yaml, or it cannot be read. Write it first."),
    "folder_key": _("The key is “%(key)s”, and the folder “%(folder)s”. Give both the same name."),
    "source_first": _("“%(language)s” is not the first language. Put the source language first."),
    "language_unlisted": _("“%(language)s” is not among the languages in course.yaml. Add it there."),
    "language_differs": _("The file is named for “%(right)s”. Write that here, or rename the file."),
    "bank_differs": _("The file is named for the bank “%(right)s”. Write that here, or rename the file."),
    "source_missing": _("“%(path)s” is missing: the words in the source language. Write it."),
    "lesson_twice": _("The lesson “%(key)s” stands in the course twice. Keep one."),
    "quiz_twice": _("The quiz “%(key)s” stands in the course twice. Keep one."),
    "module_twice": _("The module “%(key)s” stands in the course twice. Keep one."),
    "lesson_unlisted": _("course.yaml has no lesson “%(key)s”. Add it there, or take the folder away."),
    "bank_unknown": _("There is no file banks/%(key)s.yaml. Write it, or name another bank."),
    "bank_unplanned": _("There is no file banks/%(key)s.yaml for these words. Write it."),
    "exam_bank": _(
        "A bank of exam questions is secret and never stands in these files. Take the file away; a public sample is of "
        "the kind “sample”."
    ),
    "sample_asked": _(
        "The bank “%(key)s” is a sample of an exam, and no quiz asks from it. Name another bank."
    ),
    "few_questions": _(
        "The quiz draws %(draw)s questions, and its bank has %(count)s. Draw fewer, or add some."
    ),
    "outcome_unknown": _("The course has no outcome “%(key)s”. Name one that it has."),
    "cells_sum": _("The cells draw %(count)s questions, and the quiz %(draw)s. Give both the same number."),
    "cell_twice": _("The cell %(outcome)s, %(level)s stands in the quiz twice. Keep one."),
    "few_in_cell": _(
        "The cell %(outcome)s, %(level)s draws %(draw)s questions, and the bank has %(count)s. Draw fewer, or add some."
    ),
    "unlimited_without_wait": _(
        "Any number of attempts needs a wait between them. Write wait_minutes: 1 or more."
    ),
    "lesson_key_taken": _(
        "A lesson cannot have the key “%(key)s”: another page stands there. Choose another."
    ),
    "term_unknown": _(
        "The glossary has no term “%(key)s”. Add it to glossary.%(language)s.yaml, or take the link away."
    ),
    "worksheet_unknown": _(
        "No module in course.yaml ends in the worksheet “%(key)s”. Correct the key, or take the link away."
    ),
    "figure_unknown": _(
        "There is no file figures/%(key)s.%(language)s.svg. Draw it, or take the figure away."
    ),
    "worksheet_unplanned": _(
        "No module in course.yaml ends in the worksheet “%(key)s”. Add it there, or take the file away."
    ),
    "outline_differs": _(
        "Headings, terms, worksheets, figures or cards of jurisdictions are not those of the source. "
        "Bring them in line."
    ),
    "required_lesson": _("The course has no lesson “%(key)s”. Name one that it has, or write “all”."),
    "required_quiz": _("The course has no quiz “%(key)s”. Name one that it has."),
    "requires_nothing": _("Completion requires nothing. Name a lesson or a quiz."),
    "question_twice": _("The question “%(key)s” stands in the bank twice. Keep one."),
    "reread_unknown": _("The course has no lesson “%(key)s”. Name one that it has."),
    "texts_missing": _("“%(key)s” has no words here. Add them."),
    "texts_unknown": _("Nothing in the course has the key “%(key)s”. Take its words away."),
    "texts_field": _("A question of the kind “%(kind)s” has no such words. Take them away."),
    "choice_text": _("The choice has no text. Add it."),
    "choice_text_truefalse": _("The words for true and false come from the interface. Take the text away."),
    "source_marked": _("The file in the source language has no such field. Take it away."),
    "translation_unmarked": _(
        "A translation ends with this field. Run format_courses --translated on the file."
    ),
    "not_a_translation": _("The file is no translation: the course is written in “%(language)s”."),
    "practice_differs": _(
        "The practice blocks are not those of the source: same keys, kinds, choices and right answers. "
        "Bring them in line."
    ),
    "objectives_differ": _(
        "There are %(count)s objectives, and %(right)s in the source. Bring them in line."
    ),
}


def problem(code: str, line: int | None = None, where: str = "", **params: Any) -> Problem:
    return _problem(code, line, where, templates=TEMPLATES, **params)
