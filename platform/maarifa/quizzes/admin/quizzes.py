"""Quizzes, and their statistics."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from maarifa.lib.retiring import RetiredFilter
from maarifa.quizzes.admin.common import DRAFT, RetiringAdmin, TitledList, in_courses_called
from maarifa.quizzes.courses import all_titles
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.forms import (
    QuizForm,
)
from maarifa.quizzes.models import Quiz
from maarifa.quizzes.views.statistics import StatisticsPages
from maarifa.ui.change_links import ChangeLink, links_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

links_of(Quiz).register(ChangeLink("quizzes.statistics", _("Statistics"), "admin:quizzes_quiz_statistics"))


@admin.register(Quiz)
class QuizAdmin(StatisticsPages, TitledList, RetiringAdmin[Quiz]):
    list_display = [
        *("title", "key", "course_title", "bank"),
        *("draw", "pass_percent", "tries", "wait_minutes", "retired_at"),
    ]
    list_filter = [RetiredFilter]
    list_select_related = ["bank"]
    search_fields = ["key", "bank__key"]
    form = QuizForm
    fieldsets = [
        (
            None,
            {
                "description": DRAFT,
                "fields": [
                    *(
                        "key",
                        "bank",
                        "draw",
                        "cells",
                        "pass_percent",
                        "attempts",
                        "wait_minutes",
                        "minutes",
                        "time_limit",
                    ),
                    *("review", "retired_at", "loaded"),
                ],
            },
        )
    ]

    def found_in_texts(self, word: str) -> Q:
        titles = all_titles()
        keys = [key for key, title in titles.quizzes.items() if word.casefold() in title.casefold()]
        return Q(key__in=keys) | in_courses_called(word, titles.courses)

    @admin.display(description=_("title"), ordering="key")
    def title(self, quiz: Quiz) -> str:
        return quiz.titles.quizzes.get(quiz.key, quiz.own_key)

    @admin.display(description=_("attempts"), ordering="attempts")
    def tries(self, quiz: Quiz) -> "int | StrOrPromise":
        return _("no limit") if quiz.attempts is None else quiz.attempts

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        count = obj.bank.questions.filter(retired_at__isnull=True).count()
        if count < obj.draw:
            refusal = QuizError("TOO_FEW_QUESTIONS", draw=obj.draw, found=count)
            self.message_user(request, refusal.message, messages.WARNING)
