from maarifa.curriculum.actions.drafting import (
    save_course,
    save_course_text,
    save_lesson_text,
    save_module_quiz,
    save_plan,
)
from maarifa.curriculum.actions.publishing import PublishingRefused, choose_edition, publish_course

__all__ = [
    "PublishingRefused",
    "choose_edition",
    "publish_course",
    "save_course",
    "save_course_text",
    "save_lesson_text",
    "save_module_quiz",
    "save_plan",
]
