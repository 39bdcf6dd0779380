"""A course as its authors have it now, read at once."""

from dataclasses import dataclass
from functools import cached_property

from maarifa.curriculum.materials import Materials
from maarifa.curriculum.models import Activity, Course, CourseText, Lesson, Material, Module
from maarifa.curriculum.titles import title_within
from maarifa.curriculum.translations import in_language
from maarifa.quizzes.models import Quiz


@dataclass
class Draft:
    """What is not retired of a course, in order. `read` makes one with five queries, whatever the size."""

    course: Course
    texts: list[CourseText]
    modules: list[Module]
    activities: list[Activity]
    materials: Materials

    @classmethod
    def read(cls, course: Course) -> "Draft":
        modules = list(
            Module.objects.filter(course=course, retired_at__isnull=True).order_by("position", "id")
        )
        activities = (
            course.activities.filter(module__retired_at__isnull=True)
            .select_related("lesson", "quiz__bank")
            .prefetch_related("lesson__texts")
            .order_by("module__position", "module_id", "position", "id")
        )
        activities_in_use = [activity for activity in activities if activity.content.retired_at is None]
        for activity in activities_in_use:
            if activity.lesson:
                activity.lesson.course = course
        materials = Materials(Material.objects.filter(course=course), course.source_language)
        return cls(course, list(course.texts.all()), modules, activities_in_use, materials)

    @property
    def source_language(self) -> str:
        return self.course.source_language

    @cached_property
    def source(self) -> CourseText | None:
        return in_language(self.texts, self.source_language)

    def text(self, language: str) -> CourseText | None:
        return in_language(self.texts, language)

    def module_title(self, module: Module) -> str:
        return title_within(self.source, "modules", module.key)

    def quiz_title(self, quiz: Quiz) -> str:
        return title_within(self.source, "quizzes", quiz.own_key)

    @cached_property
    def languages(self) -> list[str]:
        """Those of the course that it has words in."""
        return [code for code in self.course.languages if self.text(code)]

    def activities_of(self, module: Module) -> list[Activity]:
        return [activity for activity in self.activities if activity.module_id == module.pk]

    @cached_property
    def lessons(self) -> list[Lesson]:
        return [activity.lesson for activity in self.activities if activity.lesson]

    @cached_property
    def quizzes(self) -> dict[int, Quiz]:
        """By their ids, in order."""
        return {activity.quiz.pk: activity.quiz for activity in self.activities if activity.quiz}

    def keys(self) -> dict[str, list[str]]:
        """The keys of what it holds, by kind, in order."""
        keys: dict[str, list[str]] = {}
        for activity in self.activities:
            keys.setdefault(activity.kind, []).append(activity.key)
        return keys

    def module_of(self, content: Lesson | Quiz) -> Module:
        """In which it stands."""
        return next(module for module in self.modules if module.pk == content.activity.module_id)
