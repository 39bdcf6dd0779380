"""The words of a certificate, in the language active now: the same on paper and on the page that verifies it."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from maarifa.certificates.enums import Earned, NameCheck
from maarifa.certificates.models import Certificate, CertificateVersion
from maarifa.certificates.pdf import Labels, Printed
from maarifa.certificates.stored import CourseTexts
from maarifa.curriculum import editions
from maarifa.curriculum.editions import Outline
from maarifa.learning.models import Enrolment
from maarifa.lib import dates, numbers
from maarifa.lib.languages import direction


class ShownWords(CourseTexts):
    language: str
    # The title on the paper, where that is another one.
    printed: str


def hours(minutes: int) -> str:
    """The course's length as printed, rounded as on every page (see `dates.rounded`)."""
    language = get_language()
    amount, unit = dates.rounded(minutes)
    figure = numbers.number(amount, language=language)
    if unit == "minutes":
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": figure}
    return ngettext("%(hours)s hour", "%(hours)s hours", dates.plural_of(amount)) % {"hours": figure}


def course_line(version: CertificateVersion) -> str:
    return _("%(hours)s, edition %(edition)s") % {
        "hours": hours(version.minutes),
        "edition": numbers.number(version.edition_number, language=get_language()),
    }


def name_line(version: CertificateVersion) -> str:
    """Who says that this is the holder's name. Never empty: a name that nobody checked says so."""
    return version.get_name_check_display() % {"institution": version.institution or _("Maarifa")}


def earned_line(version: CertificateVersion) -> str:
    """How it was earned, where and when."""
    when = dates.day(version.earned_on, language=get_language())
    match version.earned:
        case Earned.SUPERVISED_EXAM:
            text = _("Supervised examination passed in %(place)s on %(date)s, identity checked.")
        case Earned.OPEN_EXAM:
            text = _("Unsupervised examination passed on %(date)s.")
        case _:
            text = _("Course completed on %(date)s: lessons read and module quizzes passed, no examination.")
    return text % {"place": version.earned_place, "date": when}


def printed_words(display_code: str, version: CertificateVersion, verify_url: str) -> Printed:
    """Everything `certificates.pdf` prints."""
    language = get_language()
    return {
        "language": language,
        "dir": direction(language),
        "name": version.name,
        "name_latin": version.name_latin,
        "name_line": name_line(version),
        "course_title": version.course_title,
        "statement": _("has completed the course"),
        "institution": version.institution or _("Maarifa"),
        "hours_line": course_line(version),
        "earned_line": earned_line(version),
        "outcomes": version.outcomes,
        "issued_line": _("Issued on %(date)s") % {"date": dates.day(version.issued_on, language=language)},
        "code": display_code,
        "verify_url": verify_url,
        "issued_on": version.issued_on.isoformat(),
        "labels": _labels(with_maarifa=bool(version.institution)),
    }


def words_in(version: CertificateVersion, language: str, certificate: Certificate) -> ShownWords:
    """Title and outcomes as a reader of `language` sees them: `title`, `outcomes`, their `language`, and `printed`, the
    title on the paper where that is another one.

    What was issued before versions kept all languages is looked up in the edition that was finished, if that is what
    was printed.
    """
    texts = version.texts or _texts_of_edition(version, certificate)
    if language == version.title_language or language not in texts:
        return {
            "title": version.course_title,
            "outcomes": version.outcomes,
            "language": version.title_language,
            "printed": "",
        }
    return {**texts[language], "language": language, "printed": version.course_title}


def _texts_of_edition(version: CertificateVersion, certificate: Certificate) -> dict[str, CourseTexts]:
    outline = editions.outline(certificate.completion.edition_id)
    texts = {code: texts_of(outline, code) for code in outline.languages}
    own = texts.get(version.title_language)
    same = own is not None and own["title"] == version.course_title
    return texts if same and outline.number == version.edition_number else {}


def texts_of(outline: Outline, language: str) -> CourseTexts:
    """Title and outcomes of an edition in a language, as a certificate keeps them."""
    texts = outline.texts(language)
    return {
        "title": texts["title"],
        "outcomes": [texts["outcomes"][key] for key in outline.outcomes if key in texts["outcomes"]],
    }


def preview_words(version: CertificateVersion) -> Printed:
    """As `printed_words` in the language of the certificate, marked as a preview across the page: nobody can take it
    for one.
    """
    with override(version.language):
        texts = printed_words("0000-0000-0000-0000", version, settings.SITE_URL + reverse("verify"))
        return {**texts, "preview": _("Preview, not a certificate")}


def sample_words(name: str, name_latin: str, *, enrolment: Enrolment | None = None) -> Printed:
    """As `preview_words`, before a course is finished: with the title of the course of this enrolment and its
    institution. Without one, what will stand there says so.
    """
    language = get_language()
    today = timezone.localdate()
    title, institution = _("Course title"), _("Maarifa")
    edition = enrolment.edition_id if enrolment else None
    if enrolment and edition:
        outline = editions.outline(edition)
        codes = (code for code in (language, enrolment.language) if code in outline.languages)
        title = outline.texts(next(codes, outline.source_language))["title"]
        institution = enrolment.institution.name if enrolment.institution else institution
    return {
        "language": language,
        "dir": direction(language),
        "name": name,
        "name_latin": name_latin,
        "name_line": str(NameCheck.STATED.label),
        "course_title": title,
        "statement": _("has completed the course"),
        "institution": institution,
        "hours_line": "",
        "earned_line": "",
        "outcomes": [],
        "issued_line": _("Issued on %(date)s") % {"date": dates.day(today, language=language)},
        "code": "0000-0000-0000-0000",
        "verify_url": settings.SITE_URL + reverse("verify"),
        "issued_on": today.isoformat(),
        "preview": _("Preview, not a certificate"),
        "labels": _labels(with_maarifa=bool(enrolment and enrolment.institution)),
    }


def _labels(*, with_maarifa: bool = False) -> Labels:
    return {
        "certificate": _("Certificate"),
        "with_maarifa": _("with Maarifa") if with_maarifa else "",
        "awarded_to": _("This is to certify that"),
        "outcomes": _("The holder can"),
        "code": _("Code"),
        "verify": _("Check this certificate at"),
        "qr": _("QR code of the page where this certificate can be checked"),
    }
