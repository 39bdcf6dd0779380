"""The words that a person agrees to when they accept an invitation: what the institution will see, and what not."""

from django.utils.translation import gettext as _

from maarifa.cohorts.models import CohortMember


def seen_by(member: CohortMember) -> list[str]:
    """What the institution will see, line by line."""
    return [
        _("when you joined the group, and when you were last active in this course"),
        _("your progress in lessons and quizzes, your quiz results and any late work"),
        _("whether you have a certificate for this course"),
        _("The institution does not see your answers or your other courses."),
    ]


def agreement(member: CohortMember, *, fresh: bool) -> str:
    """The sentence beside the box."""
    institution = member.cohort.unit.institution.name
    if fresh:
        return _(
            "I agree that %(institution)s may see the information listed above, and that this site keeps "
            "my data as described above."
        ) % {"institution": institution}
    return _("I agree that %(institution)s may see the information listed above.") % {
        "institution": institution
    }
