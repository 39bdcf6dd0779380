"""Question banks."""

from functools import partial
from typing import TYPE_CHECKING, TypedDict

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from maarifa.lib.retiring import RetiredFilter
from maarifa.quizzes.admin.common import RetiringAdmin, TitledList, in_courses_called
from maarifa.quizzes.courses import all_titles
from maarifa.quizzes.forms import (
    BankForm,
)
from maarifa.quizzes.models import Bank
from maarifa.quizzes.views import exchange
from maarifa.ui.change_links import ChangeLink, links_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import WithAnnotations

    class _InUse(TypedDict):
        in_use: int

    CountedBank = WithAnnotations[Bank, _InUse]


for link in (
    ChangeLink(
        "quizzes.import", _("Import questions"), "admin:quizzes_bank_import", exchange.may_import, order=10
    ),
    ChangeLink(
        "quizzes.export", _("Export questions"), "admin:quizzes_bank_export", exchange.may_export, order=20
    ),
):
    links_of(Bank).register(link)


@admin.register(Bank)
class BankAdmin(TitledList, RetiringAdmin[Bank]):
    form = BankForm
    follows = _(
        "If you retire the bank of a quiz, choose another bank for the quiz before you publish its course."
    )
    list_display = ["key", "course_title", "kind", "questions_in_use", "retired_at"]
    list_filter = ["kind", RetiredFilter]
    search_fields = ["key"]
    fields = ["key", "kind", "retired_at", "loaded"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Bank]:
        in_use = Count("questions", filter=Q(questions__retired_at__isnull=True))
        rows: QuerySet[Bank] = super().get_queryset(request).annotate(in_use=in_use)
        return rows

    def found_in_texts(self, word: str) -> Q:
        return in_courses_called(word, all_titles().courses)

    def get_urls(self) -> list[URLPattern]:
        def page(view: "Callable[..., HttpResponse]") -> "Callable[..., HttpResponse]":
            return self.admin_site.admin_view(partial(view, self))

        return [
            path("<int:pk>/import/", page(exchange.import_page), name="quizzes_bank_import"),
            path("<int:pk>/import/template/", page(exchange.template_file), name="quizzes_bank_template"),
            path("<int:pk>/export/", page(exchange.export_page), name="quizzes_bank_export"),
            *super().get_urls(),
        ]

    @admin.display(description=_("questions in use"))
    def questions_in_use(self, bank: "CountedBank") -> int:
        return bank.in_use
