"""On a course: the way to its certificate, and the name that will stand on it."""

from maarifa.learning.slots import FINISHED, REQUIREMENTS


@FINISHED.panel("certificates.certificate", template="certificates/panels/certificate.html")
def certificate(request, page):
    return {}


@REQUIREMENTS.panel("certificates.name", template="certificates/panels/name.html", order=10)
def name(request, page):
    return {"confirmed": request.user.names_confirmed_at is not None, "path": request.path}
