"""Forms of rows that stand in an order: no two of them on one position."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    # Of whatever model: the form that has the mixin says which.
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = object


def taken(position: int, title: str, free: int) -> forms.ValidationError:
    return forms.ValidationError(
        _("“%(title)s” is already at position %(position)s. Choose another position, such as %(free)s."),
        code="position_taken",
        params={"title": title, "position": position, "free": free},
    )


class PositionForm(_ModelForm):
    """Before a ModelForm with `position`: an empty one means the end, one that another row has is refused by its name.

    A row that nobody moves stays where it is, even where two share a place since before.
    """

    # Of the cleaned data: the rows in whose order this one stands, itself included; None while that is not known.
    siblings: Callable[[dict[str, Any]], QuerySet[Any] | None]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "position" in self.fields:
            self.fields["position"].required = False
            self.fields["position"].help_text = _("Leave this field empty to put the item at the end.")
            if not self.instance.pk:
                self.initial["position"] = None

    def others(self, given: dict[str, Any]) -> QuerySet[Any] | None:
        """The same without this one, and without what is retired."""
        rows = self.siblings(given)
        return None if rows is None else rows.filter(retired_at__isnull=True).exclude(pk=self.instance.pk)

    def title_of(self, row: Model) -> str:
        return str(row)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "position" not in given:
            return given
        others = self.others(given)
        if others is None:
            return given
        last = others.order_by("-position").values_list("position", flat=True).first()
        free = 1 if last is None else last + 1
        if given["position"] is None:
            given["position"] = free
        elif self.moves(given):
            other = others.filter(position=given["position"]).first()
            if other:
                self.add_error("position", taken(given["position"], self.title_of(other), free))
        return given

    def moves(self, given: dict[str, Any]) -> bool:
        return not self.instance.pk or "position" in self.changed_data
