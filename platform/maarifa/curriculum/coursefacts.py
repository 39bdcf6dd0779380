"""What the pages of questions say of courses."""

from maarifa.curriculum.models import Course, CourseText
from maarifa.curriculum.titles import lesson_title
from maarifa.curriculum.translations import in_language
from maarifa.quizzes.courses import CourseFacts, Titles


def course_facts(key: str) -> CourseFacts | None:
    course = Course.objects.filter(key=key).prefetch_related("texts").first()
    if course is None:
        return None
    text = in_language(course.texts.all(), course.source_language)
    outcomes = text.outcomes if text else {}
    lessons = course.lessons.filter(retired_at=None, activity__module__retired_at=None)
    rows = lessons.order_by("activity__module__position", "activity__position", "id").prefetch_related(
        "texts"
    )
    return CourseFacts(
        key=course.key,
        languages=sorted(course.languages, key=lambda code: code != course.source_language),
        lessons=[(row.key, lesson_title(row)) for row in rows],
        outcomes=[(key, outcomes.get(key) or key) for key in course.outcomes],
    )


def course_titles() -> Titles:
    rows = CourseText.objects.filter(state=CourseText.State.SOURCE)
    titles = Titles()
    for key, title, quizzes in rows.values_list("course__key", "title", "quizzes"):
        titles.courses[key] = title
        titles.quizzes.update(
            {f"{key}/{own}": one["title"] for own, one in quizzes.items() if one.get("title")}
        )
    return titles
