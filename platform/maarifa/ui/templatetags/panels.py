"""What other apps show on a page."""

from django import template
from django.utils.safestring import SafeString

from maarifa.ui.menu import destination as destination_url
from maarifa.ui.panels import Filled

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context: template.Context, slot: str) -> SafeString:
    """The panels of a slot, in place of the tag; with `as`, "" where none is shown."""
    filled: Filled = context["panels"]
    return filled.html(slot, context)


@register.simple_tag
def destination(name: str) -> str:
    """The address of a page that every app may lead to: see `maarifa.ui.menu.destination`."""
    return destination_url(name)
