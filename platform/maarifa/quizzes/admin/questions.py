"""Questions, and their texts."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import InlineModelAdmin
from django.db.models import Case, Model, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from maarifa.lib.problems import shown
from maarifa.lib.retiring import RetiredFilter
from maarifa.lib.searching import said_in_json
from maarifa.lib.versions import VersionsAdmin
from maarifa.quizzes.admin.common import DRAFT, RetiringAdmin
from maarifa.quizzes.checks import QuestionProblem, question_problems, source_of, text_problems, title_of
from maarifa.quizzes.forms import (
    NewQuestionForm,
    QuestionTextFormSet,
    question_form,
    question_text_form,
)
from maarifa.quizzes.kinds import kind_named
from maarifa.quizzes.models import Question, QuestionText
from maarifa.quizzes.regradepages import RegradesQuestions

if TYPE_CHECKING:
    from django.contrib.admin.options import _FieldsetSpec
    from django_stubs_ext import StrOrPromise


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
class QuestionAdmin(RegradesQuestions, VersionsAdmin, RetiringAdmin[Question]):
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
            (_("Tests"), {"fields": ["tests"]}),
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
            if question_problem.is_failed_test:
                self._say_what_fails(request, question_problem)
                continue
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

    def _say_what_fails(self, request: HttpRequest, failed: QuestionProblem) -> None:
        message = failed.problem.message
        if failed.language:
            message = _("In “%(language)s”: %(problem)s") % {"language": failed.language, "problem": message}
        self.message_user(request, message, messages.WARNING)
