"""The words that a person agrees to when they accept an invitation: what the institution will see, and what not."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from maarifa.cohorts import queries
from maarifa.cohorts.models import CohortMember


def seen_by(member: CohortMember) -> list[str]:
    """What the institution will see, line by line."""
    return [
        _("when you joined the group, and when you were last active in this course"),
        _(
            "your progress in lessons and quizzes, your quiz results, and whether any work came after the "
            "deadline"
        ),
        _("whether you have a certificate for this course"),
        _("The institution does not see your answers or your other courses."),
    ]


def agreement(member: CohortMember) -> str:
    """The sentence beside the box."""
    return _(
        "I agree that %(institution)s may see the information listed above. I can end this access at "
        "any time by leaving the group."
    ) % {"institution": member.cohort.institution.name}


def agreed_words(member: CohortMember) -> str:
    """What the consent keeps: all that was shown, so that it can be understood alone."""
    cohort = member.cohort
    course = queries.course_title(cohort, get_language())
    return "\n".join(
        [
            _("Course: %(course)s. Group: %(cohort)s.") % {"course": course, "cohort": cohort.name},
            _("What %(institution)s will see") % {"institution": cohort.institution.name},
            *seen_by(member),
            agreement(member),
        ]
    )
