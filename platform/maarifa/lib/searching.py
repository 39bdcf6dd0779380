"""Searching people and texts in the admin as one types."""

import json
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from maarifa.lib.text import casefold_key, search_key

if TYPE_CHECKING:
    from django.contrib import admin
    from django.http import HttpRequest

    # Of whatever model: the admin that has the mixin says which.
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = object


class FoldedSearch(_ModelAdmin):
    """Every word typed must be found: in a column of search keys (`…_search`) folded as `lib.text.search_key` does,
    in any other without regard to case.
    """

    def get_search_results(
        self, request: "HttpRequest", queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        # Whoever watches what is read hears of it.
        queryset, _doubles = super().get_search_results(request, queryset, "")
        fields = self.get_search_fields(request)
        for word in search_term.split():
            folded = search_key(word)
            condition = Q()
            for name in fields:
                if not name.endswith("_search"):
                    condition |= Q(**{f"{name}__icontains": word}) | Q(
                        **{f"{name}__icontains": casefold_key(word)}
                    )
                elif folded:
                    condition |= Q(**{f"{name}__contains": folded})
            queryset = queryset.filter(condition)
        return queryset, False


class WordSearch(_ModelAdmin):
    """For an admin whose rows have words in other tables: every word typed must be found in a column of
    `search_fields`, or in what `found_in_texts` looks through. Each row is found once, however many of its texts hold
    the word.
    """

    def found_in_texts(self, word: str) -> Q:
        """The rows whose texts hold the word, as a condition without a join. Where there are no texts, none."""
        return Q(pk__in=[])

    def get_search_results(
        self, request: "HttpRequest", queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        for word in search_term.split():
            queryset = queryset.filter(
                said(word, *self.get_search_fields(request)) | self.found_in_texts(word)
            )
        return queryset, False


def said(word: str, *names: str) -> Q:
    """The word in one of these columns, without regard to case as far as the database knows it."""
    condition = Q()
    for name in names:
        for form in {word, casefold_key(word)}:
            condition |= Q(**{f"{name}__icontains": form})
    return condition


def said_in_json(texts: QuerySet[Any], word: str, name: str = "texts") -> QuerySet[Any]:
    """Those of `texts` whose column of JSON holds the word. One database keeps its letters as escapes."""
    condition = Q()
    for form in {word, casefold_key(word)}:
        condition |= Q(as_text__icontains=form) | Q(as_text__icontains=json.dumps(form)[1:-1])
    holding: QuerySet[Any] = texts.alias(as_text=Cast(name, TextField())).filter(condition)
    return holding
