"""People and courses to measure with. Many of them are made by the database itself, from one row."""

from django.db import connection
from django.utils import timezone

COURSE = "ai-governance-foundations"


def shipped_course():
    from maarifa.curriculum.models import Course

    return Course.objects.get(key=COURSE)


def learner_of_shipped_course(*, name: str = "reader", done: int = 2):
    """Somebody in the middle of the first shipped course, and the address of the lesson they are at."""
    from maarifa.accounts.models import User
    from maarifa.curriculum.editions import outline
    from maarifa.learning.actions import enrol
    from tests.factories.learning import read_lesson

    course = shipped_course()
    learner = User.objects.create_user(name, name="Amina Reader", time_zone="Africa/Nairobi")
    at = timezone.now()
    enrolment = enrol(learner=learner, course=course, language="en", at=at)
    keys = outline(course.current_edition_id).lesson_order
    for key in keys[: min(done, len(keys) - 1)]:
        read_lesson(enrolment, key, at=at)
    return learner, f"/en/learn/{COURSE}/{keys[min(done, len(keys) - 1)]}/"


def new_uuid() -> str:
    return "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"


def numbers(count: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(1, {count}) AS n(n)"
    return f"(WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {count}) SELECT n FROM s) AS n"


def multiply(row, source: str, *, where: str = "true", **said) -> int:
    """Rows like this one, one for each row of `source`; `said` gives the SQL of columns that differ."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    table = row._meta.db_table
    if any(field.column == "public_id" for field in fields):
        said.setdefault("public_id", new_uuid())
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(said.get(field.column, f'one."{field.column}"') for field in fields)
    statement = (
        f'INSERT INTO "{table}" ({columns}) SELECT {values} '
        f'FROM "{table}" AS one CROSS JOIN {source} WHERE one.id = {row.pk} AND {where}'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


def newest(model) -> int:
    from django.db.models import Max

    return model.objects.aggregate(newest=Max("pk"))["newest"] or 0


def many_learners(count: int, *, course, prefix: str, at, idle_since=None, institution=None):
    """So many accounts with an address, each of whom takes the course; (first, last) id of the enrolments."""
    from maarifa.accounts.models import User
    from maarifa.learning.actions import enrol
    from maarifa.learning.models import Enrolment

    one = User.objects.create_user(f"{prefix}0", email=f"{prefix}0@example.org", name=f"Learner {prefix}")
    enrolment = enrol(learner=one, course=course, language="en", institution=institution, at=at)
    if idle_since:
        Enrolment.objects.filter(pk=enrolment.pk).update(enrolled_at=idle_since, last_activity_at=idle_since)
    if count > 1:
        multiply(
            one,
            numbers(count - 1),
            username=f"'{prefix}' || n.n",
            email=f"'{prefix}' || n.n || '@example.org'",
            name=f"'Learner {prefix} ' || n.n",
            name_search=f"'learner {prefix} ' || n.n",
            name_sort=f"'learner {prefix} ' || n.n",
        )
        multiply(enrolment, "accounts_user AS u", where=f"u.id > {one.pk}", learner_id="u.id")
    return enrolment.pk, newest(Enrolment)


def finished(first: int, last: int, enrolment_of, *, lessons: int, at) -> None:
    """The learners of these enrolments have finished the first so many lessons of the course."""
    from maarifa.curriculum.editions import outline
    from maarifa.learning.models import LessonCompletion

    read = outline(enrolment_of.course.current_edition_id)
    for key in read.lesson_order[:lessons]:
        one, _new = LessonCompletion.objects.get_or_create(
            enrolment_id=first,
            lesson_id=read.lesson(key).id,
            edition_id=read.edition_id,
            language="en",
            defaults={"happened_at": at, "received_at": at},
        )
        if last > first:
            multiply(
                one,
                "learning_enrolment AS e",
                where=f"e.id > {first} AND e.id <= {last}",
                enrolment_id="e.id",
            )


def bulk_enrolled(first: int, last: int, cohort, *, at) -> None:
    """The learners of these enrolments have accepted a member in the cohort."""
    from maarifa.cohorts.models import CohortMember
    from maarifa.learning.models import Enrolment

    enrolment = Enrolment.objects.get(pk=first)
    member = CohortMember.objects.create(
        cohort=cohort,
        state=CohortMember.State.ACCEPTED,
        given_name="Learner 0",
        email=f"member0-{cohort.pk}@example.org",
        language="en",
        learner_id=enrolment.learner_id,
        enrolment=enrolment,
        invited_at=at,
        accepted_at=at,
    )
    if last > first:
        multiply(
            member,
            "learning_enrolment AS e",
            where=f"e.id > {first} AND e.id <= {last}",
            enrolment_id="e.id",
            learner_id="e.learner_id",
            given_name="'Learner ' || e.id",
            given_name_search="'learner ' || e.id",
            given_name_sort="'learner ' || e.id",
            email=f"'member' || e.id || '-{cohort.pk}@example.org'",
        )


def new_cohort(name: str, *, course=None):
    """A cohort at the shipped course, and its coordinator."""
    from tests.factories.cohorts import CohortFactory, staff_of

    cohort = CohortFactory(course=course or shipped_course(), name=name, created_at=timezone.now())
    return cohort, staff_of(cohort)


def take_stock() -> None:
    """The database counts its rows, as it does by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def backend() -> int | None:
    """The process of PostgreSQL that serves this one; None for SQLite, which works in ours."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]
