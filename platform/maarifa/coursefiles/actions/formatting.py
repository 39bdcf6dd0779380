"""Rewriting files."""

from pathlib import Path
from typing import TypeVar

from maarifa.coursefiles.checking import digest_of_texts, source_path
from maarifa.coursefiles.courseplan import CourseFile
from maarifa.coursefiles.problems import problem
from maarifa.coursefiles.reading import AnyFile, CourseFolder, FileProblem, read_folder
from maarifa.coursefiles.shapes import BankTextsFile, Translated
from maarifa.coursefiles.writing import canonical
from maarifa.lib.shapes import Shape

T = TypeVar("T", bound=Translated)

MACHINE = "machine"


def format_course(*, folder: CourseFolder) -> list[Path]:
    """Give every file that could be read its canonical form, and return those that were not in it."""
    changed = []
    for file in folder.files.values():
        if file.shape and file.canonical != file.text:
            changed.append(_write(folder, file, file.shape))
    return changed


def stamp_translation(*, path: Path) -> tuple[list[Path], list[FileProblem]]:
    """Remember in a translation which source words it was made from: those of today.

    A translation that says nothing of who made it is taken for a machine's. Returns what was rewritten, and what
    is wrong where nothing could be.
    """
    if not path.exists():
        return [], [FileProblem(str(path), problem("no_file"))]
    root = next((parent for parent in path.parents if (parent / "course.yaml").exists()), None)
    if root is None:
        return [], [FileProblem(str(path), problem("no_plan"))]
    folder = read_folder(root)
    file = folder.files.get(path.relative_to(root).as_posix())
    if not isinstance(folder.course, CourseFile) or file is None or not file.shape:
        return [], folder.in_order()
    source = folder.course.source_language
    if file.names.get("language") in (None, source):
        return [], [FileProblem(str(path), problem("not_a_translation", language=source))]
    origin = folder.files.get(source_path(file, source))
    if origin is None or not origin.shape:
        return [], [FileProblem(str(path), problem("source_missing", path=source_path(file, source)))]
    stamped = _stamped(file.shape, origin.shape)
    if canonical(stamped) == file.text:
        return [], []
    return [_write(folder, file, stamped)], []


def _stamped(file: Shape, origin: Shape) -> Shape:
    if isinstance(file, BankTextsFile) and isinstance(origin, BankTextsFile):
        questions = {
            key: _marked(texts, origin.questions[key]) if key in origin.questions else texts
            for key, texts in file.questions.items()
        }
        return file.model_copy(update={"questions": questions})
    if not isinstance(file, Translated) or not isinstance(origin, Translated):
        # A figure remembers nothing.
        return file
    return _marked(file, origin)


def _marked(texts: T, origin: Translated) -> T:
    return texts.model_copy(
        update={"source_digest": digest_of_texts(origin), "state": texts.state or MACHINE}
    )


def _write(folder: CourseFolder, file: AnyFile, shape: Shape) -> Path:
    path = folder.root / file.path
    path.write_text(canonical(shape), encoding="utf-8", newline="\n")
    return path
