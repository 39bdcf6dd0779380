"""What pages and machines read of certificates."""

from typing import Required, TypedDict

from django.db.models import Q

from maarifa.accounts.models import User
from maarifa.certificates.enums import NameCheck
from maarifa.certificates.models import Certificate
from maarifa.learning.models import Enrolment


class VerifiedCourse(TypedDict):
    key: str
    title: str
    title_language: str
    titles: dict[str, str]
    edition: int
    minutes: int
    outcomes: list[str]


class VerifiedEarning(TypedDict):
    how: str
    place: str
    on: str


class VerifiedVersion(TypedDict):
    version: int
    at: str
    by: str
    reason: str


class VerifiedRevocation(TypedDict):
    at: str
    reason: str


class Verification(TypedDict, total=False):
    code: Required[str]
    state: Required[str]
    name: str
    name_latin: str
    name_check: str
    name_as_stated_by_holder: bool
    course: VerifiedCourse
    institution: str
    earned: VerifiedEarning
    issued_on: str
    language: str
    pdf_sha256: str
    history: list[VerifiedVersion]
    revoked: VerifiedRevocation


def learnt_now(user: User) -> Enrolment | None:
    """The course that the next certificate is most likely for: of those not finished, else of all, the last one in
    which the person did something.
    """
    own = Enrolment.objects.for_page().visible_to(user).current().order_by("-last_activity_at", "-pk")
    own = own.filter(Q(held_edition__isnull=False) | Q(course__current_edition__isnull=False))
    return own.filter(completion__isnull=True).first() or own.first()


def find_for_verification(code: str | None) -> Certificate | None:
    """The certificate with this code, bare as `normalise_code` gives it, for whoever has the paper."""
    if not code:
        return None
    return Certificate.objects.for_verification().filter(code=code).first()


def verification(certificate: Certificate) -> Verification:
    """All that the certificate prints, how it was earned and whether it is in force, for a machine. The state is a
    field of its own: found does not mean in force. Of one that was withdrawn, nothing else.
    """
    answer: Verification = {"code": certificate.display_code, "state": certificate.status}
    if certificate.status != "withdrawn":
        versions = list(certificate.versions.all())
        version = versions[-1]
        answer |= {
            "name": version.name,
            "name_latin": version.name_latin,
            "name_check": version.name_check,
            "name_as_stated_by_holder": version.name_check == NameCheck.STATED,
            "course": {
                "key": version.course_key,
                "title": version.course_title,
                "title_language": version.title_language,
                "titles": {code: texts["title"] for code, texts in version.texts.items()},
                "edition": version.edition_number,
                "minutes": version.minutes,
                "outcomes": version.outcomes,
            },
            "institution": version.institution,
            "earned": {
                "how": version.earned,
                "place": version.earned_place,
                "on": version.earned_on.isoformat(),
            },
            "issued_on": version.issued_on.isoformat(),
            "language": version.language,
            "pdf_sha256": version.pdf_digest,
            "history": [
                {
                    "version": v.number,
                    "at": v.made_at.isoformat(),
                    "by": "holder" if v.by_holder else "issuer",
                    "reason": v.reason,
                }
                for v in versions
            ],
        }
        if certificate.status == "revoked":
            answer["revoked"] = {
                "at": certificate.revocation.at.isoformat(),
                "reason": certificate.revocation.reason,
            }
    return answer
