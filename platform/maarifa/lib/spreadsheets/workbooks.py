"""Workbooks: which kind of file this is, whatever its name says, and what a workbook holds."""

import importlib.util
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, TypedDict

from .cells import column_letter, shown
from .limits import Limits
from .problems import FILE_KINDS, TableProblem

MEMORY_BYTES = 768 * 1024 * 1024
SECONDS = 20

_BEGINNINGS = [
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "document"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
]
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Excel 2 to 5 wrote bare records; this is how such a file begins.
_OLD_EXCEL = re.compile(rb"\A\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")
_TEXT_BEGINNINGS = [
    (re.compile(r"\{\s*[\"}]|\[\s*[{\]]"), "json"),
    (re.compile(r"begin:vcard", re.IGNORECASE), "contacts"),
    (re.compile(r"begin:vcalendar", re.IGNORECASE), "calendar"),
    (re.compile(r"mime-version:|from - |received:|return-path:", re.IGNORECASE), "mail"),
]
_HTML = re.compile(r"<(!doctype\s+html|html|head|body|meta|style|script|table|tr|div|!--)\b", re.IGNORECASE)


class Book(TypedDict):
    """What opening.py answers. Rows are numbered as a spreadsheet shows them; a column is an index, from 0. JSON
    has lists where it says tuples: nothing but what is in them is used.
    """

    sheet: str
    sheets: list[str]
    rows: list[tuple[int, list[str]]]
    hidden: list[int]
    digits_lost: list[tuple[int, int]]
    merged: list[tuple[int, int, int, int]]


def wrong_kind(filename: str, kind: str) -> TableProblem:
    """The refusal of a file that is something else than a table."""
    return TableProblem("wrong_kind", filename=filename, found=FILE_KINDS[kind], kind=kind)


def recognise(content: bytes, *, filename: str, limits: Limits) -> str:
    """xlsx, xls, ods or text, told by the content alone; anything else is refused by its name."""
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _recognise_archive(content, filename, limits)
    if content.startswith(_COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise TableProblem("encrypted", filename=filename)
        if "WordDocument".encode("utf-16-le") in content:
            raise wrong_kind(filename, "word")
        if "PowerPoint Document".encode("utf-16-le") in content:
            raise wrong_kind(filename, "slides")
        return "xls"
    if _OLD_EXCEL.match(content):
        raise TableProblem("old_excel", filename=filename)
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            raise wrong_kind(filename, kind)
    return "text"


def check_text(text: str, *, filename: str) -> None:
    """Refuses text that is no table: web pages, XML, JSON, contact cards, and bytes that were never text."""
    head = text[:4000].lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        if _HTML.match(head) or (head.startswith("<?xml") and _HTML.search(head)):
            raise TableProblem("html_table", filename=filename)
        if re.search(r"office:spreadsheet|<(\w+:)?workbook\b|opendocument", head, re.IGNORECASE):
            raise TableProblem("xml_table", filename=filename)
        if head.startswith("<?xml"):
            raise wrong_kind(filename, "xml")
    for beginning, kind in _TEXT_BEGINNINGS:
        if beginning.match(head):
            raise wrong_kind(filename, kind)
    if looks_binary(text[:20_000]):
        raise wrong_kind(filename, "binary")


def looks_binary(sample: str) -> bool:
    """Whether there are more control characters than a mishap puts into a text."""
    strange = sum(1 for c in sample if c < " " and c not in "\t\r\n\x0b\x0c")
    return strange > 5 and strange * 50 > len(sample)


def open_workbook(content: bytes, *, kind: str, filename: str, sheet: str | None, limits: Limits) -> Book:
    """What opening.py read from the workbook, in a process with limits on memory and time."""
    library = importlib.util.find_spec("python_calamine")
    request = {
        "kind": kind,
        "sheet": sheet,
        "rows": limits.rows,
        "memory_bytes": MEMORY_BYTES,
        "seconds": SECONDS,
        "library": str(Path(library.origin).parents[1]) if library and library.origin else "",
    }
    program = Path(__file__).with_name("opening.py")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(program)],
            input=json.dumps(request).encode() + b"\n" + content,
            capture_output=True,
            timeout=SECONDS * 3,
            env=os.environ | {"RUST_BACKTRACE": "0"},
            check=False,
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        answer = None
    if not answer:
        # Killed by its own limits, or aborted asking for more than they allow.
        raise TableProblem("too_big_inside", filename=filename)
    if "problem" in answer:
        raise _as_problem(answer["problem"], answer["params"], filename, limits)
    book: Book = answer
    return book


def _as_problem(code: str, params: dict[str, Any], filename: str, limits: Limits) -> TableProblem:
    if code == "too_many_rows":
        return TableProblem(code, filename=filename, row=params["row"], limit=limits.rows)
    if code == "too_many_columns":
        cell = f"{column_letter(params['column'])}{params['row']}"
        return TableProblem(code, filename=filename, cell=cell, limit=limits.columns)
    if code == "sheet_missing":
        return TableProblem(
            code, filename=filename, value=shown(params["value"]), right=", ".join(params["right"])
        )
    return TableProblem(code, filename=filename)


def _recognise_archive(content: bytes, filename: str, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            names = {member.filename.replace("\\", "/").lstrip("/").lower() for member in members}
            unpacked = sum(member.file_size for member in members)
            locked = any(member.flag_bits & 1 for member in members)
            small = {member.filename: member for member in members if member.file_size < 1_000_000}
            if unpacked > limits.unpacked_bytes:
                raise TableProblem("too_big_inside", filename=filename)
            if locked:
                raise TableProblem("encrypted", filename=filename)
            label = archive.read(small["mimetype"]).strip() if "mimetype" in small else b""
            manifest = (
                archive.read(small["META-INF/manifest.xml"]) if "META-INF/manifest.xml" in small else b""
            )
    except TableProblem:
        raise
    except Exception:  # noqa: BLE001 - a broken archive raises nearly anything
        raise TableProblem("damaged", filename=filename)
    if b"opendocument.spreadsheet" in label:
        if b"encryption-data" in manifest:
            raise TableProblem("encrypted", filename=filename)
        return "ods"
    if "xl/workbook.xml" in names:
        return "xlsx"
    for kind, mark in [
        ("xlsb", "xl/workbook.bin"),
        ("word", "word/document.xml"),
        ("slides", "ppt/presentation.xml"),
        ("numbers", "index/document.iwa"),
        ("numbers", "index.zip"),
    ]:
        if mark in names:
            raise wrong_kind(filename, kind)
    if label.startswith(b"application/vnd.oasis.opendocument"):
        raise wrong_kind(filename, "document")
    raise wrong_kind(filename, "archive")
