"""The pages of the admin on which the grading of a question is corrected."""

from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from maarifa.accounts.actions import record_audit
from maarifa.accounts.audited import AuditedAdmin
from maarifa.accounts.guarded import GuardedAdmin
from maarifa.accounts.models import User
from maarifa.accounts.proof import ask_for_proof, proved_recently
from maarifa.accounts.requests import user_of
from maarifa.lib import numbers
from maarifa.lib.languages import direction
from maarifa.lib.problems import shown
from maarifa.quizzes import actions
from maarifa.quizzes.checks import title_of
from maarifa.quizzes.courses import all_titles
from maarifa.quizzes.errors import RegradeError
from maarifa.quizzes.kinds import POINT, kind_named
from maarifa.quizzes.models import Attempt, Question, QuestionVersion, Regrade, RegradedAnswer
from maarifa.quizzes.regradeforms import RegradeForm
from maarifa.quizzes.regrading import Band, Change, Preview, preview
from maarifa.ui.change_links import ChangeLink, links_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    # What a class stands before.
    _Admin = admin.ModelAdmin[Any]
else:
    _Admin = object

PAGE = 50
# Of the picture: the width of a band, of a bar, and the height of the highest one.
PITCH, BAR, HEIGHT = 30, 12, 120


def may_regrade(request: HttpRequest, row: Model | None = None) -> bool:
    return request.user.has_perm("quizzes.regrade_question")


links_of(Question).register(
    ChangeLink("quizzes.regrade", _("Correct grading"), "admin:quizzes_question_regrade", may_regrade)
)


class ShownChange(TypedDict):
    """A row of the table: `before` and `after` as texts."""

    learner: User
    quiz: str
    number: int
    before: str
    after: str
    result: "StrOrPromise"


class RegradesQuestions(_Admin):
    """For the admin of questions, before ModelAdmin: a page that corrects the grading of one."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.regrade)
        return [path("<int:pk>/regrade/", view, name="quizzes_question_regrade"), *super().get_urls()]

    def regrade(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What to do; with an answer to that, what it would change; with POST, it is done."""
        if not may_regrade(request):
            raise PermissionDenied
        question = self.get_object(request, str(pk))
        if not isinstance(question, Question):
            raise Http404("no such question")
        versions = _asked_versions(question)
        given = request.POST if request.method == "POST" else request.GET
        form = None
        if versions:
            form = RegradeForm(given if "note" in given else None, question=question, versions=versions)
        if form is None or "edit" in given or not (form.is_bound and form.is_valid()):
            return self._page(request, question, "regrade", {"form": form})
        # It tells many people something, and cannot be taken back.
        if not proved_recently(request):
            return ask_for_proof(request)
        try:
            if request.method == "POST":
                regrade = actions.regrade_question(
                    correction=form.correction,
                    note=form.cleaned_data["note"],
                    by=user_of(request),
                    seen=given.get("seen", ""),
                    lowers="known" in given,
                )
                messages.success(request, _("The correction is saved. Attempts are being graded again."))
                return redirect("admin:quizzes_regrade_change", regrade.pk)
            found = preview(form.correction)
        except RegradeError as refusal:
            messages.error(request, refusal.message)
            return self._after_refusal(request, question, form, refusal)
        return self._previewed(request, question, form, found)

    def _after_refusal(
        self, request: HttpRequest, question: Question, form: RegradeForm, refusal: RegradeError
    ) -> HttpResponse:
        if refusal.code in ("CHANGED", "NOT_CONFIRMED"):
            return redirect(f"{request.path}?{_chosen(request.POST).urlencode()}")
        return self._page(request, question, "regrade", {"form": form})

    def _previewed(
        self, request: HttpRequest, question: Question, form: RegradeForm, found: Preview
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "form": form,
            "found": found,
            "method": Regrade.Method(form.chosen_method).label,
            "versions": ", ".join(form.cleaned_data["versions"]),
            "given": _chosen(request.GET).lists(),
            "edit": _chosen(request.GET).urlencode() + "&edit",
            "picture": _picture(found.bands),
            "names_shown": request.user.has_perm("quizzes.view_attempt"),
        }
        if context["names_shown"]:
            page = Paginator(found.changes, PAGE).get_page(request.GET.get("page"))
            context |= {"page": page, "rows": _shown(list(page.object_list), found)}
            details = {"question": f"{question.bank.key}/{question.key}", "page": page.number}
            record_audit(actor=user_of(request), action="question.regrade-previewed", details=details)
        return self._page(request, question, "regrade_preview", context)

    def _page(
        self, request: HttpRequest, question: Question, name: str, context: dict[str, Any]
    ) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Correct grading"),
            "question": question,
            "asked": shown(title_of(question), 90),
            "opts": self.opts,
            "earlier": question.regrades.select_related("by").all(),
            **context,
        }
        return TemplateResponse(request, f"admin/quizzes/question/{name}.html", context)


def _asked_versions(question: Question) -> list[tuple[QuestionVersion, str]]:
    """The versions that were asked in submitted attempts, each with how people know it."""
    submitted = Count("asked", filter=Q(asked__attempt__submitted_at__isnull=False))
    versions = question.versions.annotate(submitted=submitted).filter(submitted__gt=0)
    return [
        (version, _version_label(version, version.submitted))
        for version in versions.select_related("grading_rule").order_by("number")
    ]


def _version_label(version: QuestionVersion, submitted: int) -> str:
    kind, language = kind_named(version.kind), version.source_language
    texts = version.texts[language]
    order = kind.choice_keys(version.structure)
    right = kind.sample(version.structure, version.texts, right=True)
    said = kind.said(kind.shows_after(version.structure, texts, order, language, right), right)
    text = ngettext(
        "Version %(number)s, %(count)s attempt. Correct answer: %(answer)s",
        "Version %(number)s, %(count)s attempts. Correct answer: %(answer)s",
        submitted,
    )
    figures = {"number": version.number, "count": numbers.number(submitted, language=get_language() or "en")}
    return text % {**figures, "answer": shown(", ".join(said), 120)}


def _chosen(given: QueryDict) -> QueryDict:
    """What the author chose, without what belongs to one page or button."""
    chosen = given.copy()
    for name in ("page", "edit", "seen", "known", "csrfmiddlewaretoken"):
        chosen.pop(name, None)
    return chosen


def _shown(changes: list[Change], found: Preview) -> list[ShownChange]:
    attempts = Attempt.objects.select_related("learner", "quiz").in_bulk([one.attempt for one in changes])
    titles = all_titles().quizzes if changes else {}
    return [
        {
            "learner": attempts[one.attempt].learner,
            "quiz": titles.get(attempts[one.attempt].quiz.key, attempts[one.attempt].quiz.own_key),
            "number": attempts[one.attempt].number,
            "before": points_of(one.before.score, one.before.maximum),
            "after": points_of(one.after.score, one.after.maximum),
            "result": _result(one, found),
        }
        for one in changes
    ]


def _result(change: Change, found: Preview) -> "StrOrPromise":
    if found.gets_attempt_back(change):
        return _("one more attempt")
    if change.newly_passed:
        return _("now passed")
    if change.no_longer_passed:
        return _("no longer passed")
    if change.kept:
        return _("stays passed")
    return _("passed") if change.after.passed else _("not passed")


def points_of(score: int, maximum: int) -> str:
    """“3.5 / 10”, in the reader's language."""
    language = get_language() or "en"
    return " / ".join(
        numbers.number(part / POINT, decimals=2, language=language) for part in (score, maximum)
    )


class Bar(TypedDict):
    x: int
    y: int
    height: int
    opacity: str


def _picture(bands: list[Band]) -> dict[str, Any]:
    """The bars of a drawing: two for each band, from where the reader's script begins."""
    most = max([1, *(count for band in bands for count in (band.before, band.after))])
    width, rtl = PITCH * len(bands), direction(get_language() or "en") == "rtl"
    bars: list[Bar] = []
    for place, band in enumerate(bands):
        for offset, count, opacity in ((3, band.before, "0.35"), (3 + BAR, band.after, "1")):
            x = PITCH * place + offset
            height = round(HEIGHT * count / most)
            bars.append(
                {
                    "x": width - x - BAR if rtl else x,
                    "y": HEIGHT - height,
                    "height": height,
                    "opacity": opacity,
                }
            )
    return {"bars": bars, "width": width, "height": HEIGHT, "bar": BAR}


@admin.register(Regrade)
class RegradeAdmin(GuardedAdmin[Regrade]):
    """Corrections that were made, how far each is, and what it changed."""

    list_display = ["asked", "method", "created_at", "by", "state", "attempts", "graded"]
    list_select_related = ["question", "by"]
    list_filter = ["state", "method"]
    fields = readonly_fields = (
        *("asked", "versions_shown", "method", "lower", "note", "by", "created_at"),
        *("attempts", "raised", "lowered", "newly_passed", "no_longer_passed", "attempts_back"),
        *("state", "finished_at"),
    )
    change_form_template = "admin/quizzes/regrade/change_form.html"
    actions = ["try_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Regrade]:
        return super().get_queryset(request).prefetch_related("question__texts")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress)
        return [path("<int:pk>/progress/", view, name="quizzes_regrade_progress"), *super().get_urls()]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Regrade | None = None) -> bool:
        return may_regrade(request)

    def has_regrade_permission(self, request: HttpRequest) -> bool:
        return may_regrade(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Regrade | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Regrade | None = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        names_shown = request.user.has_perm("quizzes.view_attempt")
        return super().change_view(request, object_id, form_url, {"names_shown": names_shown})

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far it is: a fragment for the page that waits."""
        if not may_regrade(request):
            raise PermissionDenied
        regrade = Regrade.objects.filter(pk=pk).first()
        if regrade is None:
            raise Http404("no such correction")
        return render(request, "admin/quizzes/regrade/progress.html", {"regrade": regrade})

    @admin.display(description=_("question"))
    def asked(self, regrade: Regrade) -> str:
        return shown(title_of(regrade.question), 90)

    @admin.display(description=_("versions of the question"))
    def versions_shown(self, regrade: Regrade) -> str:
        return ", ".join(str(number) for number in regrade.versions)

    @admin.action(description=_("Try failed corrections again"), permissions=["regrade"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Regrade]) -> None:
        try:
            again = sum(actions.try_regrade_again(regrade=one, by=user_of(request)) for one in queryset)
        except RegradeError as refusal:
            self.message_user(request, refusal.message, messages.ERROR)
            return
        text = ngettext(
            "We will try again to apply %(count)s correction.",
            "We will try again to apply %(count)s corrections.",
            again,
        )
        figure = numbers.number(again, language=get_language() or "en")
        self.message_user(request, text % {"count": figure}, messages.SUCCESS)


@admin.register(RegradedAnswer)
class RegradedAnswerAdmin(AuditedAdmin, GuardedAdmin[RegradedAnswer]):
    """What corrections changed for learners: to be read by those who may see attempts."""

    person_field = "learner"
    listed_as, read_as = "regraded-answers.listed", "regraded-answer.read"
    list_display = ["learner", "quiz", "number", "before", "after", "passed_before", "passed_after"]
    list_filter = ["regrade", "passed_after"]
    list_select_related = ["attempt_question__attempt__learner", "attempt_question__attempt__quiz"]
    fields = readonly_fields = (
        *("regrade", "learner", "quiz", "number", "before", "after", "passed_before", "passed_after"),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: RegradedAnswer | None = None) -> bool:
        return request.user.has_perm("quizzes.view_attempt")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: RegradedAnswer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RegradedAnswer | None = None) -> bool:
        return False

    @admin.display(description=_("learner"))
    def learner(self, answer: RegradedAnswer) -> User:
        return answer.learner

    @admin.display(description=_("quiz"))
    def quiz(self, answer: RegradedAnswer) -> str:
        return answer.attempt_question.attempt.quiz.key

    @admin.display(description=_("attempt"))
    def number(self, answer: RegradedAnswer) -> int:
        return answer.attempt_question.attempt.number

    @admin.display(description=_("points before"))
    def before(self, answer: RegradedAnswer) -> str:
        return points_of(answer.attempt_before, answer.maximum_before)

    @admin.display(description=_("points now"))
    def after(self, answer: RegradedAnswer) -> str:
        return points_of(answer.attempt_after, answer.maximum_after)
