"""What answers say about the questions of a quiz: pages of its admin."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maarifa.lib.languages import direction
from maarifa.lib.problems import shown
from maarifa.lib.spreadsheets import write_csv, write_xlsx
from maarifa.quizzes.courses import all_titles
from maarifa.quizzes.models import LEAST_ANSWERS, ItemStatistics, Quiz, QuizVersion
from maarifa.quizzes.statistics.items import LEAST_FOR_DIFFERENCE
from maarifa.quizzes.statistics.tables import ItemTable, choice_rows, quiz_statistics, table_of, tables_of

if TYPE_CHECKING:
    from django.contrib import admin

    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = object

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FIGURES = ("facility", "deviation", "discrimination", "upper_lower")


class StatisticsPages(_ModelAdmin):
    """For the admin of quizzes, before ModelAdmin. Who may see a quiz there may see its statistics; nobody else learns
    that there are any. What questions say, and what the figures tell of their keys, is for those alone who may see
    questions. No page names a learner.
    """

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view
        return [
            path("<int:pk>/statistics/", page(self.statistics), name="quizzes_quiz_statistics"),
            path(
                "<int:pk>/statistics/<int:version>/",
                page(self.question_statistics),
                name="quizzes_quiz_question_statistics",
            ),
            path(
                "<int:pk>/statistics/<str:kind>/",
                page(self.statistics_export),
                name="quizzes_quiz_statistics_export",
            ),
            *super().get_urls(),
        ]

    def statistics(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The quiz as a whole, and its questions, those to check first."""
        quiz = self._quiz(request, pk)
        sees_questions = _sees_questions(request)
        tables, versions = tables_of(quiz, by_flags=sees_questions), quiz_statistics(quiz)
        computed = [row.computed_at for row in versions] + [table.whole.computed_at for table in tables]
        context = {
            "versions": versions,
            "sampled": any(_is_sampled(row.quiz_version) for row in versions[:1]),
            "tables": tables,
            "sees_questions": sees_questions,
            "to_check": [table for table in tables if table.flags and table.current],
            "earlier": any(not table.current for table in tables),
            "computed_at": max(computed, default=None),
        }
        title = _("Statistics of “%(quiz)s”") % {"quiz": quiz_title(quiz)}
        return self._page(request, quiz, "statistics", title, context)

    def question_statistics(self, request: HttpRequest, pk: int, version: int) -> HttpResponse:
        """One question version: each language, and each choice."""
        quiz = self._quiz(request, pk)
        table = table_of(quiz, version) if _sees_questions(request) else None
        if table is None:
            raise Http404("not asked in this quiz")
        question = table.version.question
        context = {
            "table": table,
            "choices": [(row, choice_rows(row)) for row in table.rows if row.choices],
            "question_url": reverse("admin:quizzes_question_change", args=[question.pk]),
            "least_for_difference": LEAST_FOR_DIFFERENCE,
            "statistics_url": reverse("admin:quizzes_quiz_statistics", args=[quiz.pk]),
        }
        return self._page(request, quiz, "question_statistics", shown(table.stem, 90), context)

    def statistics_export(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """The table of questions, as CSV or as an Excel workbook."""
        quiz = self._quiz(request, pk)
        if kind not in TYPES:
            raise Http404("no such file")
        flags = _sees_questions(request)
        tables = tables_of(quiz, by_flags=flags)
        rows = [_exported(table, row, flags=flags) for table in tables for row in table.rows]
        language = get_language() or "en"
        if kind == "csv":
            content = write_csv(_header(), rows, language=language)
        else:
            content = write_xlsx(_header(), rows, rtl=direction(language) == "rtl", title=_("Statistics"))
        response = HttpResponse(content, content_type=TYPES[kind])
        name = f"{quiz.key.replace('/', '-')}-statistics.{kind}"
        response.headers["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def _quiz(self, request: HttpRequest, pk: int) -> Quiz:
        quiz: Quiz | None = self.get_object(request, str(pk))
        if quiz is None or not self.has_view_or_change_permission(request, quiz):
            raise Http404("no such quiz")
        return quiz

    def _page(
        self, request: HttpRequest, quiz: Quiz, name: str, title: str, context: dict[str, Any]
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "quiz": quiz,
            "quiz_title": quiz_title(quiz),
            "quiz_url": reverse("admin:quizzes_quiz_change", args=[quiz.pk]),
            "list_url": reverse("admin:quizzes_quiz_changelist"),
            "least": LEAST_ANSWERS,
            **context,
        }
        return TemplateResponse(request, f"admin/quizzes/quiz/{name}.html", context)


def quiz_title(quiz: Quiz) -> str:
    """In the source language of its course. A query for each app that knows titles."""
    return all_titles().quizzes.get(quiz.key, quiz.own_key)


def _sees_questions(request: HttpRequest) -> bool:
    return request.user.has_perm("quizzes.view_question") or request.user.has_perm("quizzes.change_question")


def _is_sampled(version: QuizVersion) -> bool:
    """Whether attempts at this quiz version are asked different questions."""
    return bool(version.rules["draw"] < version.entries.count())


def _header() -> list[str]:
    return [
        *(_("Question"), _("Version"), _("In the latest version of the quiz"), _("Language")),
        *(_("Asked"), _("Answered"), _("Without an answer")),
        *(_("Facility"), _("Standard deviation"), _("Discrimination"), _("Discrimination index")),
        *(_("Median time in seconds"), _("To check")),
    ]


def _exported(table: ItemTable, row: ItemStatistics, *, flags: bool) -> list[object]:
    hidden = _("Hidden: fewer than %(least)s answers, here or in another language") if row.is_hidden else ""
    figures = [getattr(row, name) for name in FIGURES]
    to_check = " ".join(flag.sentence for flag in table.flags_in(row.language)) if flags else ""
    return [
        *(table.key, table.version.number, _("yes") if table.current else _("no")),
        *(row.language or _("all languages"), row.asked, row.answered, row.omitted),
        *(value if value is None else round(value, 4) for value in figures),
        *(row.seconds, hidden % {"least": LEAST_ANSWERS} if hidden else to_check),
    ]
