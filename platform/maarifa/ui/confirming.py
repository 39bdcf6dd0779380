"""The question before what cannot be undone."""

from django.shortcuts import render
from django.template.response import TemplateResponse

from maarifa.lib.text import casefold_key


def confirm_page(request, *, question, follows, yes, back, about="", form=None, status=200):
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


def confirm_action(options, request, rows, *, title, follows, yes, typed=""):
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
