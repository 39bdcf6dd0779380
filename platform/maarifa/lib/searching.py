"""Searching people in the admin as one types."""

from django.db.models import Q

from maarifa.lib.text import casefold_key, search_key


class FoldedSearch:
    """Every word typed must be found: in a column of search keys (`…_search`) folded as `lib.text.search_key` does,
    in any other without regard to case.
    """

    def get_search_results(self, request, queryset, search_term):
        # Whoever watches what is read hears of it.
        queryset, _doubles = super().get_search_results(request, queryset, "")
        fields = self.get_search_fields(request)
        for word in search_term.split():
            folded = search_key(word)
            found = Q()
            for name in fields:
                if not name.endswith("_search"):
                    found |= Q(**{f"{name}__icontains": word}) | Q(
                        **{f"{name}__icontains": casefold_key(word)}
                    )
                elif folded:
                    found |= Q(**{f"{name}__contains": folded})
            queryset = queryset.filter(found)
        return queryset, False
