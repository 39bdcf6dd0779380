"""What the admin pages of this app have in common."""

from typing import TYPE_CHECKING, Any, TypeVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.guarded import GuardedAdmin, KeepsForms
from maarifa.lib.optimistic_lock import OptimisticLockAdmin
from maarifa.lib.retiring import Retiring
from maarifa.lib.searching import WordSearch
from maarifa.quizzes import actions
from maarifa.quizzes.courses import Titles, all_titles
from maarifa.quizzes.models import Bank, Quiz

if TYPE_CHECKING:
    # What a class stands before.
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

Row = TypeVar("Row", bound=Model)


DRAFT = _("What you save here is a draft. Learners see it after the course has been published.")


class TitledList(_Admin):
    """For an admin of banks or quizzes, before ModelAdmin: its list knows what courses and quizzes are called. Read
    once a page, and once more for a search.
    """

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        changelist = super().get_changelist_instance(request)
        titles = all_titles() if changelist.result_list else Titles()
        for row in changelist.result_list:
            row.titles = titles
        return changelist

    @admin.display(description=_("course"), ordering="key")
    def course_title(self, row: Bank | Quiz) -> str:
        return row.titles.courses.get(row.key.partition("/")[0], "")


def in_courses_called(word: str, titles: dict[str, str]) -> Q:
    """Rows whose key begins with that of a course with this word in its title."""
    condition = Q(pk__in=[])
    for key, title in titles.items():
        if word.casefold() in title.casefold():
            condition |= Q(key__startswith=f"{key}/")
    return condition


class RetiringAdmin(WordSearch, OptimisticLockAdmin, Retiring, KeepsForms, GuardedAdmin[Row]):
    fixed: tuple[str, ...] = ("key",)
    follows = _("Learners see the change after the course has been published.")

    def retire_rows(self, request: HttpRequest, rows: QuerySet[Any]) -> int:
        return actions.retire(rows=rows)

    def bring_rows_back(self, request: HttpRequest, rows: QuerySet[Any]) -> int:
        return actions.bring_back(rows=rows)
