"""Whom to ask, for every page."""

from django import template

from maarifa.lib.contact import contact_for, contact_of_site

register = template.Library()


@register.simple_tag(takes_context=True)
def whom_to_ask(context: template.Context) -> str:
    """Name, address and number of whom this person can ask, with links; "" where nobody is set.

    Of the institution of the `enrolment` in the context, else of the one that the session knows, else of the site.
    """
    enrolment = context.get("enrolment")
    institution = getattr(enrolment, "institution", None) or context.get("institution")
    if not hasattr(institution, "contact_email"):
        institution = None
    contact = contact_for(request=context.get("request"), institution=institution)
    return contact.html if contact else ""


@register.simple_tag
def site_contact() -> str:
    """As `whom_to_ask`, of the people who run the site: only they erase an account."""
    contact = contact_of_site()
    return contact.html if contact else ""
