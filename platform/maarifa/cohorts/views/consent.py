"""The words that a person agrees to when they accept an invitation: what the institution will see, and what not."""

from django.utils.translation import gettext as _

from maarifa.cohorts.models import CohortMember


def seen_by(member: CohortMember) -> list[str]:
    """What the institution will see, line by line."""
    return [
        _("that you have accepted, and when you were last here,"),
        _("which lessons you have finished, and your quiz results,"),
        _("your certificate."),
        _("It never sees your answers, and nothing of other courses."),
    ]


def agreement(member: CohortMember, *, fresh: bool) -> str:
    """The sentence beside the box."""
    institution = member.cohort.unit.institution.name
    if fresh:
        return _("I agree with what %(institution)s will see, and with what this site keeps of me.") % {
            "institution": institution
        }
    return _("I agree with what %(institution)s will see.") % {"institution": institution}
