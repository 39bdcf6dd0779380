from maarifa.curriculum.admin import courses, lessons  # noqa: F401 - registers
