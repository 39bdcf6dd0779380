"""Names of people, and of what people name: one rule wherever they come in, by form, file, admin or command.

A name is one line in normal form C, without anything that cannot be seen: what turns the direction of a line, fills
space or joins letters unseen would let the paper say one thing and the record another. It has a letter of some
script. It may be one word, and as long as `MOST`.
"""

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from maarifa.lib.errors import DomainError
from maarifa.lib.text import clean_name

MOST = 200


class NameProblem(DomainError):
    NO_LETTER = "NO_LETTER"
    TOO_LONG = "TOO_LONG"
    UNREADABLE = "UNREADABLE"
    MESSAGES = {
        NO_LETTER: _(
            "“%(value)s” has no letters. Write the name in letters, in any script. One word is enough."
        ),
        TOO_LONG: _("This name has %(length)s characters. Shorten it to at most %(most)s."),
        UNREADABLE: _(
            "This name has a character that most devices cannot show. Type the name with the letters "
            "of your keyboard."
        ),
    }


def check_name(name: str, *, most: int = MOST) -> None:
    """Raises a `NameProblem` where this cannot be a name. Empty is another question: whether one is needed."""
    if len(name) > most:
        raise NameProblem(NameProblem.TOO_LONG, length=len(name), most=most)
    if name and any(unicodedata.category(c) in ("Co", "Cs") for c in name):
        raise NameProblem(NameProblem.UNREADABLE)
    if name and not any(unicodedata.category(c) in ("Lu", "Ll", "Lt", "Lo") for c in name):
        raise NameProblem(NameProblem.NO_LETTER, value=name)


def validate_name(value: str) -> None:
    """`check_name` as Django asks it: raises a ValidationError."""
    try:
        check_name(clean_name(value))
    except NameProblem as problem:
        raise ValidationError(problem.message, code=problem.code) from None


class NameField(forms.CharField):
    """A name that somebody fills in: cleaned, then checked; only what cannot be a name is refused, in a sentence."""

    def __init__(self, *args: Any, max_length: int = MOST, **kwargs: Any) -> None:
        self.most = max_length
        super().__init__(*args, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # Room for what is taken out: a pasted name may be longer than it looks.
        return {**super().widget_attrs(widget), "maxlength": str(2 * self.most)}

    def to_python(self, value: Any) -> str:
        return clean_name(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        try:
            check_name(value, most=self.most)
        except NameProblem as problem:
            raise ValidationError(problem.message, code=problem.code) from None
