"""Where apps above add to the learners' pages, and what they are given."""

from dataclasses import dataclass

from maarifa.curriculum.activities.lesson import OutlineLesson
from maarifa.curriculum.editions import Outline
from maarifa.learning.models import CourseCompletion, Enrolment
from maarifa.learning.progress import Progress
from maarifa.ui.panels import Slot


@dataclass(frozen=True)
class Learning:
    """Somebody who takes a course, as one of its pages shows them; `language` is the one that they read it in."""

    enrolment: Enrolment
    outline: Outline
    progress: Progress
    language: str


@dataclass(frozen=True)
class CoursePage(Learning):
    completion: CourseCompletion | None


@dataclass(frozen=True)
class LessonPage(Learning):
    """Its `enrolment` is what the hot path reads of it: another field of it is one more query."""

    lesson: OutlineLesson


FINISHED: Slot[Learning] = Slot("learning.finished")
"""Links, once a course is finished: on the course's page and on the result of its last quiz."""
REQUIREMENTS: Slot[CoursePage] = Slot("learning.course.requirements")
"""Items of the list of what the certificate asks."""
LESSON_TOP: Slot[LessonPage] = Slot("learning.lesson.top")
"""Before the text of a lesson."""
LESSON_END: Slot[LessonPage] = Slot("learning.lesson.end")
"""Below the way on."""
