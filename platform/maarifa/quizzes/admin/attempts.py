"""Attempts, to look at."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.guarded import GuardedAdmin
from maarifa.lib import numbers
from maarifa.lib.searching import FoldedSearch
from maarifa.quizzes.kinds import POINT, as_line
from maarifa.quizzes.models import Attempt, AttemptQuestion

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class AttemptQuestionInline(admin.TabularInline[AttemptQuestion, Attempt]):
    model = AttemptQuestion
    verbose_name, verbose_name_plural = _("question"), _("questions")
    fields = readonly_fields = ("position", "question", "answer", "answered_at", "points")
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[AttemptQuestion]:
        return super().get_queryset(request).select_related("question_version__question")

    def has_view_permission(self, request: HttpRequest, obj: Attempt | None = None) -> bool:
        return request.user.has_perm("quizzes.view_attempt")

    def has_add_permission(self, request: HttpRequest, obj: Attempt | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Attempt | None = None) -> bool:
        return False

    @admin.display(description=_("question"))
    def question(self, row: AttemptQuestion) -> str:
        return row.question_version.question.key

    @admin.display(description=_("answer"))
    def answer(self, row: AttemptQuestion) -> str | None:
        return as_line(row.response)

    @admin.display(description=_("points"))
    def points(self, row: AttemptQuestion) -> "StrOrPromise":
        return _("does not count") if row.dropped else _points(row.score)


@admin.register(Attempt)
class AttemptAdmin(FoldedSearch, AuditedAdmin, GuardedAdmin[Attempt]):
    """Learners' records: to be read by those who have the right to, and every reading is written down."""

    person_field = "learner"
    listed_as, read_as = "attempts.listed", "attempt.read"
    list_display = ["learner", "quiz", "number", "started_at", "submitted_at", "points", "passed", "late"]
    list_filter = ["passed", "late"]
    list_select_related = ["learner", "quiz"]
    search_fields = ["learner__username", "learner__name_search", "quiz__key"]
    fields = readonly_fields = (
        *("learner", "quiz", "number", "language", "started_at", "saved_at", "submitted_at"),
        *("points", "passed", "late"),
    )
    inlines = [AttemptQuestionInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Attempt | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Attempt | None = None) -> bool:
        return False

    @admin.display(description=_("points"))
    def points(self, attempt: Attempt) -> str:
        return f"{_points(attempt.score)} / {_points(attempt.maximum)}"


def _points(score: int | None) -> str:
    return (
        "–" if score is None else numbers.number(score / POINT, decimals=2, language=get_language() or "en")
    )
