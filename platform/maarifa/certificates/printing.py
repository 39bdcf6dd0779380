"""The words of a certificate, in the language active now: the same on paper and on the page that verifies it."""

from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from maarifa.lib import dates, numbers
from maarifa.lib.languages import direction


def hours(minutes: int) -> str:
    """The course's length as printed: whole minutes below an hour, else hours to the nearest half."""
    language = get_language()
    if minutes < 60:
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {
            "minutes": numbers.number(minutes, language=language)
        }
    halves = round(minutes / 30)
    return ngettext("%(hours)s hour", "%(hours)s hours", (halves + 1) // 2) % {
        "hours": numbers.number(halves / 2, language=language)
    }


def course_line(version) -> str:
    return _("%(hours)s, edition %(edition)s") % {
        "hours": hours(version.minutes),
        "edition": numbers.number(version.edition_number, language=get_language()),
    }


def earned_line(version) -> str:
    """How it was earned, where and when."""
    how = version.get_earned_display()
    when = dates.day(version.earned_on, language=get_language())
    if version.earned_place:
        return _("%(how)s %(place)s, %(date)s.") % {"how": how, "place": version.earned_place, "date": when}
    return _("%(how)s %(date)s.") % {"how": how, "date": when}


def printed_words(display_code: str, version, verify_url: str) -> dict:
    """Everything `certificates.pdf` prints."""
    language = get_language()
    return {
        "language": language,
        "dir": direction(language),
        "name": version.name,
        "name_latin": version.name_latin,
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
        "labels": {
            "certificate": _("Certificate"),
            "with_maarifa": _("with Maarifa") if version.institution else "",
            "awarded_to": _("This is to certify that"),
            "outcomes": _("The holder can"),
            "code": _("Code"),
            "verify": _("Check this certificate at"),
            "qr": _("A square code that leads to the page where this certificate can be checked"),
        },
    }


def sample_words() -> dict:
    """A certificate without a holder, to try a name on paper."""
    language = get_language()
    return {
        "language": language,
        "dir": direction(language),
        "name": "",
        "name_latin": "",
        "course_title": _("Course"),
        "statement": "",
        "institution": _("Maarifa"),
        "hours_line": "",
        "earned_line": "",
        "outcomes": [],
        "issued_line": "",
        "code": "0000-0000-0000-0000",
        "verify_url": settings.SITE_URL,
        "issued_on": "2026-01-01",
        "labels": dict.fromkeys(
            ("certificate", "with_maarifa", "awarded_to", "outcomes", "code", "verify", "qr"), "·"
        ),
    }
