"""The question before what cannot be undone."""

from django.shortcuts import render


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
