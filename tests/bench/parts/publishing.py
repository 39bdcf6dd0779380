"""Publishing a long course in three languages, against rendering and deflating its texts in a bare loop."""

from django.utils import timezone

from tests.bench import measuring, people

SIZES = {"full": {"lessons": 60, "rounds": 5}, "tiny": {"lessons": 3, "rounds": 2}}
LANGUAGES = ("en", "fr", "ar")


def measure(size) -> measuring.Result:
    from maarifa.curriculum.actions import publish_course
    from maarifa.curriculum.models import LessonText
    from maarifa.curriculum.text.markdown import render
    from maarifa.lib.stitching import deflate

    course = long_course(size["lessons"])
    bodies = list(LessonText.objects.filter(lesson__course=course).values_list("body", flat=True))
    backend = people.backend()
    number = 0

    def publish():
        nonlocal number
        number += 1
        texts = list(LessonText.objects.filter(lesson__course=course))
        for text in texts:
            text.body = text.body.rpartition("\n\nEdition")[0] or text.body
            text.body += f"\n\nEdition {number}.\n"
        LessonText.objects.bulk_update(texts, ["body"], batch_size=50)
        with measuring.Stopwatch(backend) as watch:
            publish_course(course=course, by=None, at=timezone.now())
        return watch.cpu

    def bare():
        with measuring.Stopwatch() as watch:
            for body in bodies:
                deflate(render(body).encode())
        return watch.cpu

    publish()
    rounds = measuring.interleaved(size["rounds"], {"publish": publish, "bare": bare})
    found = measuring.Result()
    named = f"publishing {size['lessons']} lessons in {len(LANGUAGES)} languages"
    found.add(f"{named} ÷ rendering in a bare loop, CPU", "×", measuring.ratios(rounds, "publish", "bare"))
    found.add(f"{named}, CPU", "s", measuring.column(rounds, "publish"))
    return found


def long_course(lessons: int):
    """The shipped course over and over: its own words under new keys, none of them published yet."""
    from maarifa.curriculum.models import Activity, Course, CourseText, Lesson, LessonText, Material, Module

    shipped = people.shipped_course()
    course = Course.objects.create(
        key=f"the-long-one-of-{lessons}",
        source_language=shipped.source_language,
        languages=list(LANGUAGES),
        licence=shipped.licence,
        authors=shipped.authors,
        outcomes=[],
        requirements={"lessons": "all", "quizzes": []},
    )
    words = {text.language: text for text in CourseText.objects.filter(course=shipped)}
    module = Module.objects.create(course=course, key="all", position=1)
    # Translations of earlier words, so stale ones: that bars nothing.
    for language in LANGUAGES:
        text = words[language]
        text.pk, text.course, text._state.adding = None, course, True
        text.outcomes, text.quizzes = {}, {}
        text.modules = {"all": {"title": "All", "summary": "All lessons."}}
        text.save()
    # What the lessons point at.
    for row in Material.objects.filter(
        course=shipped, kind__in=[Material.Kind.GLOSSARY, Material.Kind.FIGURE]
    ):
        row.pk, row.course, row._state.adding = None, course, True
        row.save()
    patterns = list(
        LessonText.objects.filter(lesson__course=shipped).order_by("lesson__activity__position", "language")
    )
    keys = list(dict.fromkeys(text.lesson_id for text in patterns))
    made = Lesson.objects.bulk_create(
        Lesson(course=course, key=f"lesson-{number}", activity_minutes=5) for number in range(1, lessons + 1)
    )
    Activity.objects.bulk_create(
        Activity(course=course, module=module, lesson=lesson, position=position)
        for position, lesson in enumerate(made, 1)
    )
    copies = []
    for number, lesson in enumerate(made):
        for text in patterns:
            if text.lesson_id == keys[number % len(keys)] and text.language in LANGUAGES:
                fields = {
                    field.attname: getattr(text, field.attname)
                    for field in text._meta.concrete_fields
                    if not field.primary_key and field.attname != "lesson_id"
                }
                copies.append(LessonText(lesson=lesson, **fields))
    LessonText.objects.bulk_create(copies)
    return course
