"""Fields of the authors' forms that several kinds have."""

from django import forms


def author_text(label, initial: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        initial=initial,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 70, "dir": "auto"}),
    )
