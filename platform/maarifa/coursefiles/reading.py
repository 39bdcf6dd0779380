"""From a folder of files to shapes, or to every problem with its file and line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeGuard, TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maarifa.coursefiles.courseplan import CourseFile
from maarifa.coursefiles.fieldtypes import LANGUAGE
from maarifa.coursefiles.shapes import (
    BankFile,
    BankTextsFile,
    CourseTextsFile,
    FigureFile,
    GlossaryFile,
    LessonFile,
    WorksheetFile,
)
from maarifa.coursefiles.writing import canonical, in_order
from maarifa.curriculum.text.markdown import canonical as canonical_markdown
from maarifa.curriculum.text.markdown import problems as markdown_problems
from maarifa.lib import numbers
from maarifa.lib.figures import problems as figure_problems
from maarifa.lib.problems import Problem, shown
from maarifa.lib.shapes import Shape, shape
from maarifa.lib.strict_yaml import Parsed, YamlError, load
from maarifa.lib.typography import no_break_spaces, no_break_spaces_within

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LARGEST = 1_000_000

TEMPLATES = {
    "no_folder": _(
        "This folder does not exist. Use the folder of a course, or a folder that contains courses."
    ),
    "no_course": _(
        "There is no course in this folder. A course is a folder that contains a file course.yaml."
    ),
    "unknown_file": _(
        "A course cannot have a file with this name. Remove or rename it. Possible files: course.yaml, "
        "course.<lang>.yaml, glossary.<lang>.yaml, <lesson>/lesson.<lang>.md, "
        "worksheets/<key>.<lang>.md, figures/<key>.<lang>.svg, banks/<bank>.yaml, "
        "banks/<bank>.<lang>.yaml and blueprint.md."
    ),
    "too_large": _("The file is %(size)s bytes. Reduce it to %(most)s bytes or less."),
    "not_utf8": _("The file is not encoded as UTF-8. Save it as UTF-8."),
    "no_head": _(
        "The file has no head. Begin it with a line “---”, then the fields, then another line “---”."
    ),
    "byte_order_mark": _(
        "The file begins with a byte order mark, which is invisible. To remove it, run format_courses."
    ),
    "line_ends": _("The file has Windows line endings (CR LF). To change them to LF, run format_courses."),
    "not_canonical": _(
        "This line is not in canonical form. To correct it, run format_courses. It should be: %(right)s"
    ),
}

_KEY = r"[a-z0-9-]{1,60}"
# For people who plan and write, not for learners.
NOT_LOADED = {"blueprint.md"}
PATHS: list[tuple[re.Pattern[str], type[Shape]]] = [
    (re.compile(r"course\.yaml"), CourseFile),
    (re.compile(rf"course\.(?P<language>{LANGUAGE.pattern})\.yaml"), CourseTextsFile),
    (re.compile(rf"glossary\.(?P<language>{LANGUAGE.pattern})\.yaml"), GlossaryFile),
    (re.compile(rf"worksheets/(?P<worksheet>{_KEY})\.(?P<language>{LANGUAGE.pattern})\.md"), WorksheetFile),
    (re.compile(rf"figures/(?P<figure>{_KEY})\.(?P<language>{LANGUAGE.pattern})\.svg"), FigureFile),
    (re.compile(rf"(?P<lesson>{_KEY})/lesson\.(?P<language>{LANGUAGE.pattern})\.md"), LessonFile),
    (re.compile(rf"banks/(?P<bank>{_KEY})\.yaml"), BankFile),
    (re.compile(rf"banks/(?P<bank>{_KEY})\.(?P<language>{LANGUAGE.pattern})\.yaml"), BankTextsFile),
]


@dataclass(frozen=True)
class FileProblem:
    """A problem in a file, which is named as the reader named its folder."""

    path: str
    problem: Problem

    def __str__(self) -> str:
        line = f":{self.problem.line}" if self.problem.line else ""
        return f"{self.path}{line}: {self.problem}"


S = TypeVar("S", bound=Shape)
S_or_None = TypeVar("S_or_None", bound=Shape | None)


@dataclass
class CourseFileRead(Generic[S_or_None]):
    """A file as it was read: `shape` is None where it could not be; `names` are the parts of its path."""

    path: str
    names: dict[str, str]
    text: str
    shape: S_or_None
    parsed: Parsed = field(default_factory=lambda: Parsed(None))
    offset: int = 0
    # The line before the first one of the body, in files that have a head.
    body_line: int = 0

    def line(self, *path: str | int) -> int:
        """The line of a field."""
        return self.parsed.line(path) + self.offset

    @property
    def canonical(self) -> str:
        """Of one that could be read."""
        if self.shape is None:
            raise ValueError(f"{self.path} could not be read")
        return canonical(self.shape)


AnyFile: TypeAlias = CourseFileRead[Any]
"""Of whichever kind its path says, be it readable or not."""


def _is_of(file: AnyFile, kind: type[S]) -> TypeGuard[CourseFileRead[S]]:
    return isinstance(file.shape, kind)


@dataclass
class CourseFolder:
    """A course's folder; `files` by path inside it, `problems` of the files each by itself. What has only warnings is
    loaded.
    """

    root: Path
    files: dict[str, AnyFile] = field(default_factory=dict)
    problems: list[FileProblem] = field(default_factory=list)
    warnings: list[FileProblem] = field(default_factory=list)

    @property
    def course(self) -> CourseFile | None:
        file = self.at("course.yaml", CourseFile)
        return file.shape if file else None

    def at(self, path: str, kind: type[S]) -> CourseFileRead[S] | None:
        """The file of a kind at a path, where it could be read."""
        file = self.files.get(path)
        return file if file and _is_of(file, kind) else None

    def of_kind(self, kind: type[S]) -> list[CourseFileRead[S]]:
        """Those that could be read."""
        return [file for file in self.files.values() if _is_of(file, kind)]

    def find(self, kind: type[S], **names: str) -> CourseFileRead[S] | None:
        """The file of a kind that could be read, by the names in its path."""
        return next((file for file in self.of_kind(kind) if file.names == names), None)

    def refuse(self, path: str, problem: Problem) -> None:
        self.problems.append(FileProblem(str(self.root / path), problem))

    def warn(self, path: str, problem: Problem) -> None:
        self.warnings.append(FileProblem(str(self.root / path), problem))

    def in_order(self) -> list[FileProblem]:
        return sorted(
            self.problems, key=lambda file_problem: (file_problem.path, file_problem.problem.line or 0)
        )


def problem(
    code: str,
    line: int | None = None,
    where: str = "",
    templates: "Mapping[str, StrPromise]" = TEMPLATES,
    **params: Any,
) -> Problem:
    return Problem(code=code, template=templates[code], params=params, line=line, where=where)


def find_folders(named: Iterable[str | Path]) -> tuple[list[Path], list[FileProblem]]:
    """The courses' folders among those named: each is one itself, or holds some."""
    folders: list[Path] = []
    problems: list[FileProblem] = []
    for name in named:
        root = Path(name)
        if not root.is_dir():
            problems.append(FileProblem(str(name), problem("no_folder")))
        elif (root / "course.yaml").exists():
            folders.append(root)
        else:
            inside = sorted(path.parent for path in root.glob("*/course.yaml"))
            folders += inside
            if not inside:
                problems.append(FileProblem(str(name), problem("no_course")))
    return folders, problems


def read_folder(root: Path) -> CourseFolder:
    """Every file of a course, each read by itself. What files say of one another is for `checking`."""
    folder = CourseFolder(root)
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if (
            path.is_dir()
            or name in NOT_LOADED
            or any(part.startswith(".") for part in path.relative_to(root).parts)
        ):
            continue
        _read_file(folder, path, name)
    if folder.course:
        banks = {file.shape.bank: file.shape for file in folder.of_kind(BankFile)}
        for file in folder.files.values():
            file.shape = file.shape and in_order(file.shape, folder.course, banks)
    return folder


def _read_file(folder: CourseFolder, path: Path, name: str) -> None:
    kind, names = _kind_of(name)
    if kind is None:
        folder.refuse(name, problem("unknown_file"))
        return
    folder.files[name] = CourseFileRead(name, names, "", None)
    size = path.stat().st_size
    if size > LARGEST:
        language = get_language() or "en"
        has, most = (numbers.number(count, language=language) for count in (size, LARGEST))
        folder.refuse(name, problem("too_large", size=has, most=most))
        return
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        folder.refuse(name, problem("not_utf8", line=content.count(b"\n", 0, error.start) + 1))
        return
    file: AnyFile = CourseFileRead(name, names, content.decode(), None)
    for text_problem in _read_text(file, kind, text.replace("\r\n", "\n")):
        folder.refuse(name, text_problem)
    folder.files[name] = file


def _kind_of(name: str) -> tuple[type[Shape] | None, dict[str, str]]:
    for pattern, kind in PATHS:
        if match := pattern.fullmatch(name):
            return kind, match.groupdict()
    return None, {}


def _read_text(file: AnyFile, kind: type[Shape], text: str) -> list[Problem]:
    """Fills in `file`, and returns what is wrong with it by itself. Its texts get the no-break spaces that their
    language wants, its syntax none.
    """
    body, body_line, language = None, 0, file.names.get("language", "")
    if kind is FigureFile:
        # Of an SVG all is syntax but the texts between tags, which are left.
        file.shape = FigureFile(svg=no_break_spaces(text.rstrip("\n"), language=language))
        return figure_problems(text)
    if kind in (LessonFile, WorksheetFile):
        lines = text.split("\n")
        if lines[0].rstrip() != "---" or "---" not in (line.rstrip() for line in lines[1:]):
            return [problem("no_head", 1)]
        end = next(number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---")
        text, body, body_line = "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 1
        file.offset, file.body_line = 1, body_line
    try:
        parsed = load(text)
    except YamlError as error:
        return [error.problem.moved(lines=file.offset)]
    file.parsed = replace(parsed, value=no_break_spaces_within(parsed.value, language=language))
    file.shape, problems = shape(kind, file.parsed)
    problems = [one.moved(lines=file.offset) for one in problems]
    if body is not None:
        problems += [one.moved(lines=body_line) for one in markdown_problems(body)]
        if isinstance(file.shape, LessonFile | WorksheetFile):
            file.shape.with_body(canonical_markdown(body, language=language))
    return problems


def first_line_not_canonical(file: AnyFile) -> Problem | None:
    """Where a file that could be read is not as `format_courses` would write it."""
    if file.text.startswith("\ufeff"):
        return problem("byte_order_mark", 1)
    if "\r" in file.text:
        return problem("line_ends", file.text.count("\n", 0, file.text.index("\r")) + 1)
    lines, right = file.text.split("\n"), file.canonical.split("\n")
    for number, line in enumerate(right, 1):
        if number > len(lines) or lines[number - 1] != line:
            return problem("not_canonical", min(number, len(lines)), right=shown(line, 100))
    if len(lines) > len(right):
        return problem("not_canonical", len(right) + 1, right="")
    return None
