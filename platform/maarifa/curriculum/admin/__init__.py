from maarifa.curriculum.admin import courses, lessons, materials  # noqa: F401 - registers
