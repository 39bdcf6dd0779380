from maarifa.curriculum.actions.drafting import (
    bring_back,
    place,
    retire,
    save_course,
    save_course_text,
    save_lesson_text,
    save_material,
    save_plan,
)
from maarifa.curriculum.actions.instructors import INSTRUCTORS, make_instructor, make_instructors_group
from maarifa.curriculum.actions.practice import keep_practice
from maarifa.curriculum.actions.publishing import PublishingError, choose_edition, publish_course

__all__ = [
    "INSTRUCTORS",
    "PublishingError",
    "bring_back",
    "choose_edition",
    "keep_practice",
    "make_instructor",
    "make_instructors_group",
    "place",
    "publish_course",
    "retire",
    "save_course",
    "save_course_text",
    "save_lesson_text",
    "save_material",
    "save_plan",
]
