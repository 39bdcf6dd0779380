"""The words that a person agrees to when they accept an invitation: what the institution will see, and what not."""

from django.utils.translation import gettext as _


def seen_by(seat) -> list[str]:
    """What the institution will see, line by line."""
    return [
        _("that you have accepted, and when you were last here,"),
        _("which lessons you have finished, and your quiz results,"),
        _("your certificate."),
        _("It never sees your answers, and nothing of other courses."),
    ]


def agreement(seat, *, fresh: bool) -> str:
    """The sentence beside the box."""
    institution = seat.cohort.unit.institution.name
    if fresh:
        return _("I agree with what %(institution)s will see, and with what this site keeps of me.") % {
            "institution": institution
        }
    return _("I agree with what %(institution)s will see.") % {"institution": institution}


def terms() -> str:
    """What the site keeps, for somebody whose account begins here."""
    return _(
        "I agree that this site keeps my name, how to reach me, what I have read and answered, and my results, so that"
        " I can learn and be certified. It shows them to nobody else unless I agree, except what stands on a"
        " certificate, to whoever has its code. I can get a copy of everything that is kept of me, and close my"
        " account, at any time."
    )
