"""Authoring of questions, and attempts to look at."""

from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Case, Count, Model, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.guarded import GuardedAdmin, KeepsForms
from maarifa.lib import numbers
from maarifa.lib.optimistic_lock import OptimisticLockAdmin
from maarifa.lib.problems import shown
from maarifa.lib.retiring import RetiredFilter, Retiring
from maarifa.lib.searching import FoldedSearch, WordSearch, said_in_json
from maarifa.lib.versions import VersionsAdmin
from maarifa.quizzes import actions, views
from maarifa.quizzes.checks import question_problems, source_of, text_problems, title_of
from maarifa.quizzes.courses import Titles, all_titles
from maarifa.quizzes.errors import QuizError
from maarifa.quizzes.forms import (
    BankForm,
    NewQuestionForm,
    QuestionTextFormSet,
    QuizForm,
    question_form,
    question_text_form,
)
from maarifa.quizzes.kinds import POINT, as_line, kind_named
from maarifa.quizzes.models import Attempt, AttemptQuestion, Bank, Question, QuestionText, Quiz
from maarifa.ui.change_links import ChangeLink, links_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.contrib.admin.options import _FieldsetSpec
    from django_stubs_ext import StrOrPromise, WithAnnotations

    # What a class stands before.
    _Admin = admin.ModelAdmin[Any]

    class _InUse(TypedDict):
        in_use: int

    CountedBank = WithAnnotations[Bank, _InUse]
else:
    _Admin = object

Row = TypeVar("Row", bound=Model)


DRAFT = _("What you save here is a draft. Learners see it after the course has been published.")


for link in (
    ChangeLink(
        "quizzes.import", _("Import questions"), "admin:quizzes_bank_import", views.may_import, order=10
    ),
    ChangeLink(
        "quizzes.export", _("Export questions"), "admin:quizzes_bank_export", views.may_export, order=20
    ),
):
    links_of(Bank).register(link)


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


def in_courses_called(word: str, titles: dict[str, str], name: str = "key") -> Q:
    """Rows whose key begins with that of a course with this word in its title."""
    condition = Q(pk__in=[])
    for key, title in titles.items():
        if word.casefold() in title.casefold():
            condition |= Q(**{f"{name}__startswith": f"{key}/"})
    return condition


class RetiringAdmin(WordSearch, OptimisticLockAdmin, Retiring, KeepsForms, GuardedAdmin[Row]):
    fixed: tuple[str, ...] = ("key",)
    follows = _("Learners see the change after the course has been published.")

    def retire_rows(self, request: HttpRequest, rows: QuerySet[Any]) -> int:
        return actions.retire(rows=rows)

    def bring_rows_back(self, request: HttpRequest, rows: QuerySet[Any]) -> int:
        return actions.bring_back(rows=rows)


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
            path("<int:pk>/import/", page(views.import_page), name="quizzes_bank_import"),
            path("<int:pk>/import/template/", page(views.template_file), name="quizzes_bank_template"),
            path("<int:pk>/export/", page(views.export_page), name="quizzes_bank_export"),
            *super().get_urls(),
        ]

    @admin.display(description=_("questions in use"))
    def questions_in_use(self, bank: "CountedBank") -> int:
        return bank.in_use


class QuestionTextInline(admin.StackedInline[QuestionText, Question]):
    model = QuestionText
    formset = QuestionTextFormSet
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[QuestionText]:
        # Each text says how it stands to the source text, which is one of its question's.
        rows = super().get_queryset(request).select_related("question").prefetch_related("question__texts")
        return rows.order_by(Case(When(state=QuestionText.State.SOURCE, then=0), default=1), "language")

    readonly_fields = ["status"]
    _texts: list[str] | None = None
    """The fields of the forms that this page was made with: checking what was sent changes the question's structure."""

    def get_formset(
        self, request: HttpRequest, obj: Question | None = None, **kwargs: Any
    ) -> type[forms.BaseInlineFormSet[QuestionText, Question, forms.ModelForm[QuestionText]]]:
        if obj is not None:
            kwargs["form"] = question_text_form(obj)
        return super().get_formset(request, obj, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Question | None = None) -> "_FieldsetSpec":
        if self._texts is None and obj is not None:
            self._texts = list(kind_named(obj.kind).all_texts_fields(obj.structure, {}))
        texts = self._texts or []
        return [(None, {"fields": [("language", "state"), "status", "up_to_date", *texts, "loaded", "sure"]})]

    @admin.display(description=_("Text status"))
    def status(self, text: QuestionText | None) -> "StrOrPromise":
        if text is None or text.pk is None:
            return _("not translated yet")
        questions = cast("QuestionAdmin", self.admin_site.get_model_admin(Question))
        versions = questions.versions_link(text.question, text.language)
        return format_html("{} · {}", self._status(text), versions)

    def _status(self, text: QuestionText) -> "StrOrPromise":
        source = source_of(list(text.question.texts.all()))
        if source is None or source == text:
            return text.get_state_display()
        if text.is_stale(source.digest()):
            return _("out of date: the source text has changed")
        return _("up to date with the source text")


@admin.register(Question)
class QuestionAdmin(VersionsAdmin, RetiringAdmin[Question]):
    """First the kind and the key, then what is asked: the fields of the second page follow from the kind."""

    list_display = ["asked", "key", "bank", "kind", "points", "lesson_key", "languages", "retired_at"]
    list_filter = ["bank", "kind", RetiredFilter]
    list_select_related = ["bank"]
    search_fields = ["key", "bank__key", "lesson_key"]
    fixed = ("bank", "key", "kind")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        return super().get_queryset(request).prefetch_related("texts")

    def found_in_texts(self, word: str) -> Q:
        return Q(pk__in=said_in_json(QuestionText.objects.all(), word).values("question"))

    @admin.display(description=_("question"), ordering="key")
    def asked(self, question: Question) -> SafeString:
        return format_html('<bdi dir="auto">{}</bdi>', shown(title_of(question), 90))

    @admin.display(description=_("languages"))
    def languages(self, question: Question) -> str:
        texts = sorted(
            question.texts.all(), key=lambda text: (text.state != text.State.SOURCE, text.language)
        )
        return ", ".join(text.language for text in texts)

    def get_form(
        self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        kwargs["form"] = question_form(obj) if isinstance(obj, Question) else NewQuestionForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Question | None = None) -> "_FieldsetSpec":
        if obj is None:
            return [(None, {"fields": ["bank", "key", "kind", "points", "position"]})]
        # Those that the page was made with: checking what was sent changes the structure.
        answers = vars(obj).setdefault(
            "answer_fields", list(kind_named(obj.kind).structure_fields(obj.structure, {}))
        )
        place = ["lesson_key", "outcome_key", "level", "position", "retired_at", "loaded", "sure"]
        return [
            (None, {"description": DRAFT, "fields": ["bank", "key", "kind", "points", *place]}),
            (_("Answers"), {"fields": [*answers]}),
        ]

    def get_inlines(
        self, request: HttpRequest, obj: Question | None
    ) -> list[type[InlineModelAdmin[Any, Any]]]:
        return [QuestionTextInline] if obj else []

    def response_add(
        self, request: HttpRequest, obj: Question, post_url_continue: str | None = None
    ) -> HttpResponse:
        # The question has no words yet: on to the page where they are written.
        if "_addanother" not in request.POST and "_popup" not in request.POST:
            request.POST = QueryDict(f"{request.POST.urlencode()}&_continue=1")
        return super().response_add(request, obj, post_url_continue)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change:
            self._say_what_is_missing(request, form.instance)

    def _say_what_is_missing(self, request: HttpRequest, question: Question) -> None:
        """Drafts may have holes; their authors are told what is still missing before it can be asked."""
        texts = list(QuestionText.objects.filter(question=question))
        for question_problem in question_problems(question, texts):
            problem = question_problem.problem
            place = kind_named(question.kind).place_of(problem.where)
            message = _("This question is not complete yet: %(problem)s") % {"problem": problem.message}
            if place:
                message = _("This question is not complete yet. %(place)s: %(problem)s") % {
                    "place": place,
                    "problem": problem.message,
                }
            self.message_user(request, message, messages.WARNING)
        for text in texts:
            if text.state != QuestionText.State.SOURCE and text_problems(question, text):
                holes = _(
                    "The translation into “%(language)s” is incomplete. Learners see the source text instead."
                )
                self.message_user(request, holes % {"language": text.language}, messages.WARNING)


@admin.register(Quiz)
class QuizAdmin(TitledList, RetiringAdmin[Quiz]):
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
    def points(self, row: AttemptQuestion) -> str:
        return _points(row.score)


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
