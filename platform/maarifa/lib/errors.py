"""Errors are data: a code for machines, parameters, and a sentence for the person."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DomainError(Exception):
    """An action says no.

    A subclass lists its sentences in `MESSAGES`, by code, each a lazy translation with named placeholders. One with a
    number says by which parameter its form is chosen (`ngettext_lazy`).
    """

    MESSAGES: ClassVar[Mapping[str, "StrOrPromise"]] = {}

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    @property
    def message(self) -> str:
        """The sentence, in the language active now."""
        template = self.MESSAGES.get(self.code, self.code)
        # Not str() first: a sentence with a number chooses its form by the parameters.
        return str(template % self.params if self.params else template)

    def __str__(self) -> str:
        return self.message
