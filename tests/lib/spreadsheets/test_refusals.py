"""Files that are refused, and how that is said."""

import io
import zipfile

import openpyxl
import pytest
from django.utils import translation

from maarifa.lib.spreadsheets import (
    Limits,
    write_csv,
    write_xlsx,
)
from tests.lib.spreadsheets.tables import ods, ods_row, read, refused, rewritten, saved, workbook

# What is refused


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b"\x00\x00", b",,,\n,,\n", "﻿;\n".encode("utf-16")]
)
def test_empty_file_is_refused(content):
    assert refused(content).code == "empty_file"


def test_empty_workbook_is_refused():
    assert refused(saved(openpyxl.Workbook()), "list.xlsx").code == "empty_file"


def test_header_alone_is_refused():
    problem = refused(b"\nname,email\n")
    assert (problem.code, problem.params["row"]) == ("no_rows", 2)
    assert refused(saved(workbook(["name", "email"])), "list.xlsx").code == "no_rows"


@pytest.mark.parametrize(
    ("content", "code", "found"),
    [
        (b"<html><body><table><tr><td>Nom</td></tr></table></body></html>", "html_table", None),
        (b"\xef\xbb\xbf\n<!DOCTYPE html>\n<html></html>", "html_table", None),
        ("<table><tr><td>Nom</td></tr></table>".encode("utf-16"), "html_table", None),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:office:spreadsheet"/>', "xml_table", None),
        (b"\x09\x08\x08\x00\x00\x05\x10\x00", "old_excel", None),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "old_excel", None),
        (b"%PDF-1.7\n", "wrong_kind", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "wrong_kind", "image"),
        (b'{"name": "A"}', "wrong_kind", "json"),
        (b"BEGIN:VCARD\nFN:A\nEND:VCARD\n", "wrong_kind", "contacts"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related\n", "wrong_kind", "mail"),
        (bytes(range(256)) * 20, "wrong_kind", "binary"),
        (b"PK\x03\x04 and no more", "damaged", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "damaged", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "wrong_kind", "word"),
    ],
)  # fmt: skip
def test_file_that_is_no_table_is_named_for_what_it_is(content, code, found):
    problem = refused(content, "list.xls")
    assert (problem.code, problem.params.get("kind")) == (code, found)


@pytest.mark.parametrize(
    ("member", "found"),
    [
        ("word/document.xml", "word"),
        ("xl/workbook.bin", "xlsb"),
        ("Index/Document.iwa", "numbers"),
        ("a.txt", "archive"),
    ],
)
def test_archive_that_is_no_workbook_is_named_for_what_it_is(member, found):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, "x")
    assert refused(out.getvalue(), "list.xlsx").params["kind"] == found


def test_encrypted_ods_is_refused():
    assert refused(ods(ods_row("a", "b"), encrypted=True), "list.ods").code == "encrypted"


def test_workbook_cut_in_the_middle_is_refused():
    content = saved(workbook(["name", "email"], ["A", "a@example.org"]))
    assert refused(content[: len(content) // 2], "list.xlsx").code == "damaged"


def test_workbook_with_broken_xml_is_refused():
    content = saved(workbook(["name", "email"], ["A", "a@example.org"]))
    broken = rewritten(content, sheet1=lambda old: old[: old.index(b"</sheetData>")])
    assert refused(broken, "list.xlsx").code == "damaged"


def test_zip_bomb_is_refused_before_it_is_opened():
    content = saved(workbook(["name", "email"], ["A", "a@example.org"]))
    bomb = rewritten(content, sheet1=lambda old: old + bytes(101_000_000))
    assert len(bomb) < 200_000
    assert refused(bomb, "list.xlsx").code == "too_big_inside"


def test_zip_bomb_that_lies_about_its_size_costs_an_upload_and_no_server():
    content = saved(workbook(["name", "email"], ["A", "a@example.org"]))
    member = b"xl/worksheets/sheet1.xml"
    bomb = rewritten(
        content,
        sheet1=lambda old: old.replace(
            b"<sheetData>", b"<sheetData>" + b"<row><c><v>1</v></c></row>" * 4_000_000
        ),
    )
    # The unpacked size in the archive's list of members, 22 bytes before the name.
    place = bomb.rindex(member) - 22
    lying = bomb[:place] + (1000).to_bytes(4, "little") + bomb[place + 4 :]
    assert refused(bomb, "list.xlsx").code == "too_big_inside"
    assert refused(lying, "list.xlsx").code in {"damaged", "too_big_inside", "too_many_rows"}


def test_cell_in_the_last_corner_costs_an_upload_and_no_server():
    book = workbook(["name", "email"], ["A", "a@example.org"])
    book.active["XFD1048576"] = "x"
    assert refused(saved(book), "list.xlsx").code == "too_big_inside"


def test_shared_text_that_multiplies_is_refused():
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 50 + b"</row>"
    content = rewritten(
        saved(workbook(["name", "email"], ["A", "a@example.org"])),
        sheet1=lambda old: old.replace(b"</sheetData>", row * 2000 + b"</sheetData>"),
        more={"xl/sharedStrings.xml": b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>"},
    )
    assert len(content) < 100_000
    assert refused(content, "list.xlsx").code == "too_big_inside"


def test_ods_row_that_repeats_without_end_is_refused():
    content = ods(
        ods_row("name", "email") + ods_row("x", "y", attributes='table:number-rows-repeated="1048576"')
    )
    assert refused(content, "list.ods").code == "too_many_rows"


def test_file_that_is_too_large_is_refused():
    problem = refused(b"name,email\n" + b"a,b\n" * 1_300_000)
    assert (problem.code, problem.params["limit"]) == ("file_too_large", 5000)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_twenty_thousand_rows_are_read_and_not_one_more(kind):
    write = {"csv": write_csv, "xlsx": write_xlsx}[kind]
    rows = [[f"A{i}", f"a{i}@example.org"] for i in range(20_001)]
    assert len(read(write(["name", "email"], rows[:-1]), f"list.{kind}").rows) == 20_000
    problem = refused(write(["name", "email"], rows), f"list.{kind}")
    assert (problem.code, problem.params["row"], problem.params["limit"]) == ("too_many_rows", 20_002, 20_000)


def test_too_many_columns_are_refused_with_the_cell():
    header = ",".join(f"name {i}" for i in range(61))
    problem = refused(f"{header}\n{header}\n".encode() + b"x\n")
    assert (problem.code, problem.params["cell"], problem.params["limit"]) == ("too_many_columns", "BI1", 60)


def test_cells_that_are_too_long_are_named_all_at_once():
    long = b"y" * 1001
    problem = refused(b"name,note\nA,%s\nB,x\nC,%s\n" % (long, long))
    assert [(p.code, p.params["cell"], p.params["column"], p.params["length"]) for p in problem.all] == [
        ("cell_too_long", "B2", "note", 1001),
        ("cell_too_long", "B4", "note", 1001),
    ]
    assert problem.params["value"] == "y" * 59 + "…"


def test_limits_can_be_given():
    assert refused(b"name,email\na,b\nc,d\n", limits=Limits(rows=1)).params["limit"] == 1


def test_message_speaks_the_language_and_writes_its_numbers():
    problem = refused(b"name,email\n" + b"a,b\n" * 20_001)
    with translation.override("en"):
        assert problem.message == (
            "list.csv reaches down to row 20002, but at most 20,000 rows can be read at once. Split "
            "the list into two files, or delete everything below it."
        )
    with translation.override("fr"):
        assert "20\xa0000" in problem.message
