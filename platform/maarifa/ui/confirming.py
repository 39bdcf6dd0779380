"""The question before what cannot be undone."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse

from maarifa.lib.text import casefold_key

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django_stubs_ext import StrOrPromise


def confirm_page(
    request: HttpRequest,
    *,
    question: "StrOrPromise",
    follows: "Iterable[StrOrPromise]",
    yes: "StrOrPromise",
    back: str,
    about: "StrOrPromise" = "",
    form: BaseForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of its own that asks: `follows` says, one sentence each, what comes of it; `yes` stands on the button that
    posts to this same address, and `back` is where the other one leads. `about` names what it happens to. With `form`,
    its fields are asked for as well.
    """
    context = {
        "question": question,
        "follows": follows,
        "yes": yes,
        "back": back,
        "about": about,
        "form": form,
    }
    return render(request, "ui/confirm.html", context, status=status)


def confirm_action(
    options: "ModelAdmin[Any]",
    request: HttpRequest,
    rows: Iterable[object],
    *,
    title: "StrOrPromise",
    follows: "Iterable[StrOrPromise]",
    yes: "StrOrPromise",
    typed: str = "",
) -> TemplateResponse | None:
    """As `confirm_page`, for an action of the admin over `rows`; None once it was answered with yes.

    With `typed`, yes is said by typing these words.
    """
    given = request.POST.get("typed", "")
    wrong = bool(typed) and casefold_key(given) != casefold_key(typed)
    answered = "confirmed" in request.POST
    if answered and not wrong:
        return None
    context = {
        **options.admin_site.each_context(request),
        "title": title,
        "opts": options.opts,
        "rows": rows,
        "follows": follows,
        "yes": yes,
        "typed": typed,
        "given": given,
        "wrong": answered,
        "action": request.POST.get("action", ""),
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)
