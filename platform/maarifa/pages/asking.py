"""Whom somebody asks, for the foot of every page: noted in the session, so that no page has to look it up."""

from collections.abc import Iterable

from django.http import HttpRequest

from maarifa.accounts.models import User
from maarifa.learning.models import Enrolment, EnrolmentQuerySet
from maarifa.lib.contact import SESSION_KEY, contact_of_institution


def note_contact(request: HttpRequest, person: User, enrolments: Iterable[Enrolment] | None = None) -> None:
    """Of the institution of the course they were in last. `enrolments`: their current ones, the last one first,
    where the caller has them anyway.
    """
    if enrolments is None:
        enrolments = current_enrolments(person).exclude(institution=None)[:20]
    contacts = (contact_of_institution(enrolment.institution) for enrolment in enrolments)
    contact = next((one.for_session() for one in contacts if one), None)
    if SESSION_KEY not in request.session or request.session[SESSION_KEY] != contact:
        request.session[SESSION_KEY] = contact


def current_enrolments(person: User) -> EnrolmentQuerySet:
    return Enrolment.objects.for_page().visible_to(person).current().order_by("-last_activity_at", "-id")
