"""From the database to files."""

from pathlib import Path

from maarifa.coursefiles.writing import Unwritable, canonical, files_of
from maarifa.curriculum.models import Course


def export_course(*, course: Course, folder: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Write the course's files into a folder of its key, and return their paths.

    What stood there under other names stays. The second value holds what could not be written, by path, and why.
    """
    root = folder / course.key
    paths: list[str] = []
    failed: dict[str, list[str]] = {}
    for path, shape in files_of(course).items():
        if isinstance(shape, Unwritable):
            failed[path] = shape.problems
            continue
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(canonical(shape), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths, failed
