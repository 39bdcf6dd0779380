"""What other apps show on a page."""

from django import template

from maarifa.ui.menu import destination as destination_url

register = template.Library()


@register.simple_tag(takes_context=True)
def panels(context, slot):
    """The panels of a slot, in place of the tag; with `as`, "" where none is shown."""
    return context["panels"].html(slot, context)


@register.simple_tag
def destination(name):
    """The address of a page that every app may lead to: see `maarifa.ui.menu.destination`."""
    return destination_url(name)
