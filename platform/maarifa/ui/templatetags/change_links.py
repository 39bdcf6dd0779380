"""Links of apps on the admin's change pages."""

from django import template

from maarifa.ui.change_links import ShownLink, shown_links

register = template.Library()


@register.simple_tag(takes_context=True)
def change_links(context: template.Context) -> list[ShownLink]:
    """Of the row that the page shows; none where it adds one."""
    row = context.get("original")
    return shown_links(context["request"], row) if row is not None else []
