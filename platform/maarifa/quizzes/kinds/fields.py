"""Fields of the authors' forms that several kinds have."""

from typing import TYPE_CHECKING

from django import forms

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


def author_text(label: "str | StrPromise", initial: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        initial=initial,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 70, "dir": "auto"}),
    )
