"""What grows and what does not: with ever more learners, and with ever longer courses. As pictures."""

import os
from datetime import timedelta

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.bench import asking, measuring, people, serving
from tests.bench.parts.roster import places_name

SIZES = {
    "full": {"learners": (1_000, 10_000, 100_000), "lessons": (10, 50, 100, 250, 500), "times": 40},
    "large": {
        "learners": (1_000, 10_000, 100_000, 1_000_000),
        "lessons": (10, 50, 100, 250, 500),
        "times": 40,
    },
    "tiny": {"learners": (10, 20), "lessons": (3, 5), "times": 2},
}
MEMBERS = 200


def measure(size) -> measuring.Result:
    found = measuring.Result()
    with_learners(size, found)
    with_lessons(size, found)
    return found


def with_learners(size, found) -> None:
    from maarifa.accounts.models import User
    from tests.factories.reminders import plan_reminders

    database = places_name(os.environ["BENCH_DATABASE"])
    at = timezone.now()
    learner, path = people.learner_of_shipped_course()
    cohort, coordinator = people.new_cohort("One among many")
    first, last = people.many_learners(
        min(MEMBERS, size["learners"][0] // 2), course=cohort.course, prefix="member", at=at
    )
    people.bulk_enrolled(first, last, cohort, at=at)
    reader, staff = asking.Asker(serving.cookies_of(learner)), asking.Asker(serving.cookies_of(coordinator))
    pages = measuring.Curve(f"CPU by number of learners, {database}", "learners", "CPU ms")
    work = measuring.Curve(f"Deciding on reminders by number of learners, {database}", "learners", "seconds")
    counts = []
    backend = people.backend()
    for number, target in enumerate(size["learners"]):
        missing = target - User.objects.count()
        people.many_learners(
            missing, course=cohort.course, prefix=f"g{number}x", at=at, idle_since=at - timedelta(days=30)
        )
        people.take_stock()
        asks = {
            "lesson page": lambda: reader.get(path),
            "my learning": lambda: reader.get("/en/learning/"),
            f"cohort page of {MEMBERS}": lambda: staff.get(f"/en/institution/cohorts/{cohort.public_id}/"),
            "finding an account": lambda: User.objects.named(f"g0x{1}@example.org"),
        }
        for name, ask in asks.items():
            pages.add(name, target, 1000 * cost(ask, size["times"], backend))
            counts.append([name, f"{target:,} learners", queries_of(ask)])
        with transaction.atomic():
            with measuring.Stopwatch(backend) as watch:
                plan_reminders(at=at)
            transaction.set_rollback(True)
        work.add("deciding on reminders", target, watch.cpu)
    found.curves += [pages, work]
    least, most = size["learners"][0], size["learners"][-1]
    for name, points in pages.lines.items():
        if name != "finding an account":
            found.add(f"{name}: {most:,} learners ÷ {least:,}, CPU", "×", [points[-1][1] / points[0][1]])
    for name, points in work.lines.items():
        found.add(f"{name}: {most:,} learners ÷ {least:,}, CPU", "×", [points[-1][1] / points[0][1]])
    found.tables.append(("Queries by number of learners", ["what", "with", "queries"], counts))


def with_lessons(size, found) -> None:
    from maarifa.accounts.models import User
    from maarifa.curriculum.actions import publish_course
    from maarifa.curriculum.models import Course
    from maarifa.learning.actions import enrol
    from tests.bench.parts.publishing import long_course

    database = places_name(os.environ["BENCH_DATABASE"])
    backend = people.backend()
    curve = measuring.Curve(f"CPU by length of the course, {database}", "lessons", "CPU ms")
    counts = []
    for lessons in size["lessons"]:
        course = long_course(lessons)
        with measuring.Stopwatch(backend) as watch:
            publish_course(course=course, by=None, at=timezone.now())
        course = Course.objects.get(pk=course.pk)
        learner = User.objects.create_user(f"long{lessons}", name="Amina Reader")
        enrolment = enrol(learner=learner, course=course, language="en")
        people.finished(enrolment.pk, enrolment.pk, enrolment, lessons=lessons // 2, at=timezone.now())
        reader = asking.Asker(serving.cookies_of(learner))
        path = f"/en/learn/{course.key}/lesson-{lessons // 2 + 1}/"
        tag = reader.get(path)["ETag"]
        asks = {
            "lesson page": lambda reader=reader, path=path: reader.get(path),
            "lesson's 304": lambda reader=reader, path=path, tag=tag: reader.get(path, tag=tag),
            "course page": lambda reader=reader, key=course.key: reader.get(f"/en/courses/{key}/"),
        }
        for name, ask in asks.items():
            curve.add(name, lessons, 1000 * cost(ask, size["times"], backend))
            counts.append([name, f"{lessons} lessons", queries_of(ask)])
        curve.add("publishing", lessons, 1000 * watch.cpu)
    found.curves.append(curve)
    least, most = size["lessons"][0], size["lessons"][-1]
    for name, points in curve.lines.items():
        found.add(f"{name}: {most} lessons ÷ {least}, CPU", "×", [points[-1][1] / points[0][1]])
    found.tables.append(("Queries by length of the course", ["what", "with", "queries"], counts))


def cost(ask, times, backend) -> float:
    """CPU seconds for one, the database's included: the middle one of three rounds."""
    ask()
    rounds = []
    for _ in range(3):
        with measuring.Stopwatch(backend) as watch:
            for _ in range(times):
                ask()
        rounds.append(watch.cpu / times)
    return sorted(rounds)[1]


def queries_of(ask) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)
