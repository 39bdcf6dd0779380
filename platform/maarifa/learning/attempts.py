"""Attempts of many learners at once: who can try no more, and whose course is finished. What holds of one learner says
`quizzes.eligibility`.
"""

from collections.abc import Collection

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf

from maarifa.curriculum.models import EditionQuiz
from maarifa.learning.models import EnrolmentAttempt
from maarifa.quizzes.models import Attempt, AttemptGrant
from maarifa.quizzes.querysets import AttemptQuerySet


def _attempts_in(rules: str) -> Cast:
    """The number of attempts in a column of rules; NULL where there is no limit."""
    # SQLite gives the word for JSON's null.
    value = NullIf(KeyTextTransform("attempts", rules), Value("null"), output_field=CharField())
    return Cast(value, IntegerField())


def last_attempts_of_who_used_all() -> AttemptQuerySet:
    """The last attempt of each learner at each quiz that they have not passed, and may not try again before somebody
    grants an attempt: by the rules that the attempt was started under, and by those of the edition read now.
    """
    same = {"learner": OuterRef("learner"), "quiz": OuterRef("quiz")}
    grants = AttemptGrant.objects.filter(**same).order_by().values("quiz")
    # The rules frozen at the start of an attempt are never harder than those of the attempts before it.
    last = (
        Attempt.objects.submitted()
        .exclude(Exists(Attempt.objects.filter(**same, number__gt=OuterRef("number"))))
        .exclude(Exists(Attempt.objects.passed().filter(**same)))
        .order_by()
        .annotate(
            used=F("number") - Coalesce(Subquery(grants.annotate(n=Count("pk")).values("n")), 0),
            limit=_attempts_in("rules"),
        )
        .filter(used__gte=F("limit"))
    )
    edition_quizzes = (
        EditionQuiz.objects.annotate(limit=_attempts_in("quiz_version__rules"))
        .filter(
            edition=Coalesce(
                OuterRef("enrolment_attempt__enrolment__held_edition"),
                OuterRef("enrolment_attempt__enrolment__course__current_edition"),
            ),
            quiz=OuterRef("quiz"),
            limit__lte=OuterRef("used"),
        )
        .order_by()
    )
    return last.filter(Exists(edition_quizzes))


def attempts_of_finished_courses(attempts: Collection[int]) -> set[int]:
    """Those of these attempts, by id, whose course their learner has finished: a certificate may say so."""
    finished = EnrolmentAttempt.objects.filter(attempt__in=attempts, enrolment__completion__isnull=False)
    return set(finished.values_list("attempt", flat=True))
