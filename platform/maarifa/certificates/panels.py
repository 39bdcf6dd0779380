"""On a course: the way to its certificate, and the name that will stand on it."""

from django.http import HttpRequest

from maarifa.accounts.requests import user_of
from maarifa.learning.slots import FINISHED, REQUIREMENTS, CoursePage, Learning


@FINISHED.panel("certificates.certificate", template="certificates/panels/certificate.html")
def certificate(request: HttpRequest, page: Learning) -> dict[str, object]:
    return {}


@REQUIREMENTS.panel("certificates.name", template="certificates/panels/name.html", order=10)
def name(request: HttpRequest, page: CoursePage) -> dict[str, object]:
    return {"confirmed": user_of(request).names_confirmed_at is not None, "path": request.path}
