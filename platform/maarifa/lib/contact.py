"""Whom a person can ask: their institution's own contact, else that of the people who run the site."""

import re
from dataclasses import asdict, dataclass
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

SESSION_KEY = "contact"
"""The session's note of the contact of the person's institution, or None. A page with an ETag counts it in."""


@dataclass(frozen=True)
class Contact:
    """Somebody to ask. Any of these may be empty; without all of them it is false."""

    name: str = ""
    email: str = ""
    phone: str = ""
    url: str = ""

    def __bool__(self) -> bool:
        return any(self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        return (self.name, self.email, self.phone, self.url)

    def __str__(self) -> str:
        """For a plain text: name, address and number with commas between."""
        return _(", ").join(part for part in self.parts if part)

    @property
    def html(self) -> SafeString:
        """As the plain text, each part kept from turning the words around it, and what can be pressed a link."""
        links = [
            (format_html('<bdi dir="auto">{}</bdi>', self.name), self.name),
            # An address reads the same within words from right to left; a number with a plus does not.
            (format_html('<a href="mailto:{0}">{0}</a>', self.email), self.email),
            (_link("tel:" + re.sub(r"[^+0-9]", "", self.phone), self.phone), self.phone),
            (_link(self.url, self.url), self.url),
        ]
        return format_html_join(_(", "), "{}", ((link,) for link, text in links if text))

    def for_session(self) -> dict[str, str]:
        return asdict(self)


def _link(address: str, text: str) -> SafeString:
    return format_html('<a href="{}" dir="ltr">{}</a>', address, text)


def contact_of_site() -> Contact:
    """Of the people who run this site, as the operator set it."""
    return Contact(
        settings.CONTACT_NAME, settings.CONTACT_EMAIL, settings.CONTACT_PHONE, settings.CONTACT_URL
    )


class HasContact(Protocol):
    """An institution, of which nothing else is known here."""

    @property
    def contact(self) -> str: ...
    @property
    def contact_email(self) -> str: ...
    @property
    def contact_phone(self) -> str: ...


def contact_of_institution(institution: HasContact | None) -> Contact:
    if institution is None:
        return Contact()
    return Contact(institution.contact, institution.contact_email, institution.contact_phone)


def forget_contact(request: HttpRequest) -> None:
    """The person has joined a group, or left one: the next page looks up whom they ask now."""
    request.session.pop(SESSION_KEY, None)


def contact_for(*, request: HttpRequest | None = None, institution: HasContact | None = None) -> Contact:
    """Whom this person asks, without asking the database: the institution of what the page shows, the one that the
    session knows of, the site's.
    """
    session = getattr(request, "session", None)
    known = session.get(SESSION_KEY) if session is not None else None
    return contact_of_institution(institution) or Contact(**(known or {})) or contact_of_site()
