"""Pages of a question bank in the admin: bring questions in from a file, and write them into one."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maarifa.accounts.requests import user_of
from maarifa.quizzes import actions
from maarifa.quizzes.enums import BankKind
from maarifa.quizzes.exchange import sheet
from maarifa.quizzes.exchange.exporting import plan_export
from maarifa.quizzes.exchange.formats import FORMATS
from maarifa.quizzes.exchange.forms import ExportForm, ImportForm, kept, unsealed
from maarifa.quizzes.exchange.planning import plan_import
from maarifa.quizzes.exchange.problems import ExchangeError
from maarifa.quizzes.models import Bank

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

MOST_SHOWN = 200
"""Problems on one page."""
_MAY_IMPORT = ("quizzes.change_bank", "quizzes.add_question", "quizzes.add_questiontext")


def may_import(request: HttpRequest, bank: object) -> bool:
    return all(request.user.has_perm(right) for right in _MAY_IMPORT)


def may_export(request: HttpRequest, bank: object) -> bool:
    """Who may change the bank; nobody, where it is secret."""
    return (
        isinstance(bank, Bank) and bank.kind != BankKind.EXAM and request.user.has_perm("quizzes.change_bank")
    )


def import_page(admin: "ModelAdmin[Bank]", request: HttpRequest, pk: int) -> HttpResponse:
    """With a file, what it holds and what is wrong with it, and nothing is written; sent back, the import."""
    bank = _found(admin, request, pk)
    if not may_import(request, bank):
        raise PermissionDenied
    if "plan" in request.POST:
        return _import(admin, request, bank)
    form = ImportForm(request.POST or None, request.FILES or None, bank=bank)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            plan = plan_import(
                bank=bank,
                content=file.read(),
                file=file.name,
                reader_language=get_language() or "en",
                language=form.cleaned_data["language"],
                format_name=form.cleaned_data["format"],
            )
            sealed = kept(plan, user_of(request)) if plan.questions else ""
        except ExchangeError as refusal:
            form.add_error("file", refusal.message)
        else:
            context = {
                "plan": plan,
                "sealed": sealed,
                "problems": plan.problems[:MOST_SHOWN],
                "more": max(len(plan.problems) - MOST_SHOWN, 0),
            }
            return _page(admin, request, bank, "import_plan", _("Check the questions"), context)
    return _page(admin, request, bank, "import", _("Import questions"), {"form": form})


def _import(admin: "ModelAdmin[Bank]", request: HttpRequest, bank: Bank) -> HttpResponse:
    try:
        plan = unsealed(request.POST["plan"], bank=bank, by=user_of(request))
        made = actions.import_questions(
            bank=bank,
            questions=plan.questions,
            file=plan.file,
            format_name=plan.format_name,
            language=plan.language,
            by=user_of(request),
        )
    except ExchangeError as refusal:
        messages.error(request, refusal.message)
        return redirect("admin:quizzes_bank_import", bank.pk)
    text = ngettext("%(count)s question was imported.", "%(count)s questions were imported.", len(made))
    text %= {"count": len(made)}
    admin.log_change(request, bank, text)
    messages.success(request, text)
    messages.info(request, _("Learners see the change after the course has been published."))
    return redirect(f"{reverse('admin:quizzes_question_changelist')}?bank__id__exact={bank.pk}")


def export_page(admin: "ModelAdmin[Bank]", request: HttpRequest, pk: int) -> HttpResponse:
    """The file; before that, once, which questions it cannot hold."""
    bank = _found(admin, request, pk)
    if not may_export(request, bank):
        raise PermissionDenied
    form = ExportForm(request.POST or None, bank=bank)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        file_format = FORMATS[form.cleaned_data["format"]]
        plan = plan_export(bank=bank, file_format=file_format, language=form.cleaned_data["language"])
        # Whoever has read what is left out sends the same choice again.
        told = request.POST.get("told") == f"{file_format.name} {plan.language}"
        if plan.questions and (told or not (plan.problems or plan.notes)):
            content = file_format.write(plan.questions)
            actions.note_export(plan=plan, by=user_of(request))
            name = f"{bank.key.replace('/', '-')}.{plan.language}.{file_format.suffix}"
            return _file(content, name, file_format.content_type)
        context |= {"plan": plan, "told": f"{file_format.name} {plan.language}"}
        context |= {"problems": plan.problems[:MOST_SHOWN], "more": max(len(plan.problems) - MOST_SHOWN, 0)}
    return _page(admin, request, bank, "export", _("Export questions"), context)


def template_file(admin: "ModelAdmin[Bank]", request: HttpRequest, pk: int) -> HttpResponse:
    bank = _found(admin, request, pk)
    if not may_import(request, bank):
        raise PermissionDenied
    return _file(sheet.template(), "questions.xlsx", FORMATS["xlsx"].content_type)


def _found(admin: "ModelAdmin[Bank]", request: HttpRequest, pk: int) -> Bank:
    bank: Bank | None = admin.get_object(request, str(pk))
    if bank is None:
        raise Http404("no such bank")
    return bank


def _file(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response


def _page(
    admin: "ModelAdmin[Bank]",
    request: HttpRequest,
    bank: Bank,
    name: str,
    title: str,
    context: dict[str, Any],
) -> TemplateResponse:
    context = {
        **admin.admin_site.each_context(request),
        "title": title,
        "bank": bank,
        "opts": admin.opts,
        "bank_url": reverse("admin:quizzes_bank_change", args=[bank.pk]),
        **context,
    }
    return TemplateResponse(request, f"admin/quizzes/bank/{name}.html", context)
