import base64
import datetime
import io
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maarifa.lib import spreadsheets
from maarifa.lib.spreadsheets import (
    Limits,
    TableProblem,
    UnmatchedColumn,
    delimiter_for,
    match_columns,
    read_table,
    tidy,
    write_csv,
    write_xlsx,
)
from maarifa.lib.spreadsheets import cells as cell_text

# A workbook as Excel 97 to 2003 wrote it: a title in row 1, the header in row 2, an empty row 4.
XLS = zlib.decompress(
    base64.b85decode(
        r"""
c-rk)Pe>F|82`Q5S$9`-cl{S=Ad8TdNfvhKqHAS&Y0V<2B&bn`SX_5xT%kOaWgdf|QxSn+hdNkY`a=bE>kue;2!g<^lXMCSI;hk4
zL~MLws4_@WPZc@=6&D$-tWCP-+OP~%*=Gz+{A;LEPg^Od|0wVD9W)3N+DN?g32vRX5D*`lI7vQLMTXqEb`-N>Fa=up^SGH3ht{f
Ndg}zox~tIjkF$HL+s@~XhQa(g`~huvV>91y((wf%d&#yJ@$OYvW+cQShkSwoan}Myt84qGmDQabzByP<bA|--mzsTs_;tA;tN-W
?d!)LGpVK4OF^w#f=N)MJM^?}N<D(xC<fZwn-Ynp6NEWb(kz(7S1Sg5ahLmxm}g&Gy8zk0t+WSzV-Hdg^Vvgr?AH_(7=?A3SJgO5
aZ8mYejH2=W%LCy(R|=k0(5C+CfS=D)Y6$DA7~pGpk02SF>IPiJw-2rgqAUry~8P;ING(0PSv`N`PflYGtBu2Fk<L!`dMvYFr{xd
%ri9e4h;_tXlcCyFzj4zIg#&R>}r-Buy?2EiruM{S8WN&K14WQ#%ni9PhsKC=QoL-uJ|dojPe`Fes67(qlSfxvIbQS!ydDQENS2x
+gM&=){UI6VOdF@bg%EKaxw?T*yl2r)>AvpjM@0+octEbkAFJ+xOV(wd@JRrI<g~`Q*YxFsH4dAQGI!hp;0u78`mYC#NE4a_PF;f
tAE+=f=bjGo8`QmBUt31fu08(55c2b=^@xdN?UWEpRFmR`Ia>wX{y7e<l$17%kTKxv5+x(&b^mhcX_uC&nUztS=2l%DzgL}7L{3o
%bH}7r;hWA)O<Ala$;*$%JEP(PrLmO6vKlD4<0;t@ZiD2pCQkI@)+fF&cS}?lpS#X>nu`Q@_v)7TO5HwSBAb3_ajYr6Xyz=KO5i|
E|*wk9ru5s#4&2!L_d1CAN>W-U;54vx#L-N#pvH#LWQ=!R7gMnar@r^DK7*e
""".replace("\n", "")
    )
)

VOCABULARY = {
    "name": ["Full name", "Nom", "الاسم الكامل", "Имя"],
    "email": ["E-mail", "Courriel", "البريد الإلكتروني", "Электронная почта"],
    "staff_number": ["Staff no.", "Matricule", "الرقم الوظيفي"],
    "phone": ["Téléphone"],
}


def read(content, filename="list.csv", language="en", **kwargs):
    return read_table(content, filename=filename, language=language, **kwargs)


def refused(content, filename="list.csv", language="en", **kwargs):
    with pytest.raises(TableProblem) as caught:
        read_table(content, filename=filename, language=language, **kwargs)
    problem = caught.value
    assert problem.params["filename"] == filename
    assert filename in problem.message
    assert "%(" not in problem.message
    return problem


def rows_of(table):
    return [(row.number, *row.cells) for row in table.rows]


def codes(table):
    return [note.code for note in table.notes]


def workbook(*rows, **sheets):
    """An XLSX with these rows, as openpyxl writes it; further sheets by name."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, more in sheets.items():
        sheet = book.create_sheet(name)
        for row in more:
            sheet.append(row)
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rewritten(content, more=None, **changes):
    """The workbook with these members changed, by the stem of their names, and with more members."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = changes.get(Path(name).stem, bytes)
            new.writestr(name, change(old.read(name)))
        for name, text in (more or {}).items():
            new.writestr(name, text)
    return out.getvalue()


def ods(body, *, name="Liste", encrypted=False):
    """An ODS with these table rows, written by hand."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in [("office", "office"), ("table", "table"), ("text", "text")]
    )
    entry = "<manifest:encryption-data/>" if encrypted else ""
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{manifest}">{entry}</manifest:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
            f'<office:spreadsheet><table:table table:name="{name}">{body}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return out.getvalue()


def ods_row(*texts, attributes=""):
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'
        for text in texts
    )
    return f"<table:table-row {attributes}>{cells}</table:table-row>"


# Encodings


def test_csv_of_french_excel_is_read_in_its_code_page_and_says_so():
    table = read("Nom;Courriel\r\nZoé Traoré;zoe@example.org\r\n".encode("cp1252"), language="fr")
    assert (table.kind, table.encoding, table.delimiter, table.header_row) == ("csv", "cp1252", ";", 1)
    assert table.columns == ["Nom", "Courriel"]
    assert rows_of(table) == [(2, "Zoé Traoré", "zoe@example.org")]
    assert not table.certain
    assert [(note.code, note.params) for note in table.notes] == [
        ("encoding_guessed", {"encoding": "Windows-1252 (Western)"})
    ]


@pytest.mark.parametrize(
    ("text", "codec", "language", "encoding", "certain"),
    [
        ("Nom,Courriel\nZoé,zoe@example.org\n", "utf-8-sig", "fr", "utf-8", True),
        ("Nom,Courriel\nZoé,zoe@example.org\n", "utf-8", "fr", "utf-8", True),
        ("Nom\tCourriel\nZoé\tzoe@example.org\n", "utf-16", "fr", "utf-16", True),
        ("Nom\tCourriel\nZoé\tzoe@example.org\n", "utf-16-be", "fr", "utf-16", False),
        ("الاسم;البريد\nأمينة;amina@example.org\n", "cp1256", "ar", "cp1256", False),
        ("الاسم;البريد\nأمينة;amina@example.org\n", "cp1256", "fa_IR", "cp1256", False),
        ("Имя;Почта\nАйгуль;aigul@example.org\n", "cp1251", "ru", "cp1251", False),
        ("姓名,邮箱\n王芳,fang@example.org\n", "gb18030", "zh-hans", "gb18030", False),
        ("姓名,邮箱\n王芳,fang@example.org\n", "big5hkscs", "zh-hant", "big5hkscs", False),
        ("Ad;Telefon\nŞule;0212\n", "cp1254", "tr", "cp1254", False),
    ],
)
def test_text_is_read_in_the_encoding_of_its_mark_or_of_the_language(
    text, codec, language, encoding, certain
):
    table = read(text.encode(codec), language=language)
    delimiter = next(sign for sign in ";\t," if sign in text)
    header, row = (line.split(delimiter) for line in text.splitlines())
    assert (table.encoding, table.certain, table.delimiter) == (encoding, certain, delimiter)
    assert table.columns == header
    assert rows_of(table) == [(2, *row)]


def test_encoding_that_a_person_picked_holds():
    content = "Имя;Почта\nАйгуль;aigul@example.org\n".encode("cp1251")
    table = read(content, language="en", encoding="cp1251")
    assert rows_of(table) == [(2, "Айгуль", "aigul@example.org")]
    assert (table.certain, table.notes) == (True, [])


def test_byte_that_the_picked_encoding_lacks_is_named_with_its_row():
    problem = refused("name,email\nZoé,a@example.org\n".encode("cp1252"), encoding="utf-8")
    assert (problem.code, problem.params["row"], problem.params["value"]) == ("undecodable", 2, "0xE9")
    problem = refused(b"name;email\nA;a@example.org\n\x81;b@example.org\n", language="fr")
    assert (problem.code, problem.params["row"], problem.params["value"]) == ("undecodable", 3, "0x81")


def test_unknown_encoding_is_refused_with_those_that_are_known():
    assert refused(b"name,email\na,b\n", encoding="rot13").params["right"] == ", ".join(
        spreadsheets.ENCODINGS
    )


# Dialects and rows of text


def test_excels_separator_line_is_honoured_and_not_counted():
    table = read(b"sep=|\r\nname|note\r\nAmina|a;b;c\r\n")
    assert (table.delimiter, table.header_row) == ("|", 1)
    assert rows_of(table) == [(2, "Amina", "a;b;c")]


def test_tab_separated_text_is_read():
    assert rows_of(read(b"name\temail\nYusuf, Amina\tamina@example.org\n", "list.tsv")) == [
        (2, "Yusuf, Amina", "amina@example.org")
    ]


def test_delimiter_is_the_one_that_shows_the_header():
    table = read(b"Name;Email;Notes\nAmina;a@example.org;one, two, three, four\n")
    assert (table.delimiter, table.columns) == (";", ["Name", "Email", "Notes"])


def test_delimiter_of_unknown_headers_is_found():
    table = read("Jméno;Škola\nEva;Praha 1, Nové Město\nJan;Brno, Židenice\n".encode())
    assert (table.delimiter, table.columns) == (";", ["Jméno", "Škola"])


def test_delimiter_that_a_person_picked_holds():
    assert read(b"name,first;email\nx,y;z\n", delimiter=";").columns == ["name,first", "email"]
    assert read(b"name\temail\nx\tz\n", delimiter="tab").columns == ["name", "email"]
    assert refused(b"name,email\nx,z\n", delimiter="ab").code == "bad_delimiter"


def test_row_numbers_are_those_that_excel_shows():
    text = 'name,note\r\nAmina,"two\r\nlines, and ""more"""\r\n\r\n,,\r\nYusuf,\r\n'
    assert rows_of(read(text.encode())) == [(2, "Amina", 'two\nlines, and "more"'), (5, "Yusuf", "")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_read(end):
    assert rows_of(read(end.join(["name,email", "A,a@example.org", ""]).encode())) == [
        (2, "A", "a@example.org")
    ]


def test_quote_that_is_never_closed_is_named_with_its_row():
    problem = refused(b'name,note\nA,b\nC,"d\nE,f\nG,h\n')
    assert (problem.code, problem.params["row"], problem.params["value"]) == ("quote_not_closed", 3, "d")


def test_text_after_a_closed_quote_is_named_with_its_row():
    problem = refused(b'name,note\nA,b\n"Jean "Jr" Dupont",x\n')
    assert (problem.code, problem.params["row"]) == ("quote_misplaced", 3)


def test_rows_with_too_many_cells_are_named_all_at_once():
    problem = refused(b"name,email\nDoe, Jane,jane@example.org\nA,a@example.org,,\nRoe, Jo,jo@example.org\n")
    assert [(p.code, p.params["row"], p.params["value"]) for p in problem.all] == [
        ("too_many_cells", 2, "jane@example.org"),
        ("too_many_cells", 4, "jo@example.org"),
    ]


def test_one_column_is_a_table():
    table = read(b"Courriel\na@example.org\nb@example.org\n")
    assert (table.columns, rows_of(table)) == (["Courriel"], [(2, "a@example.org"), (3, "b@example.org")])


# Headers


def test_titles_above_the_header_are_skipped():
    table = read("Ministère;2026\n\nListe des agents;;\nNom;Courriel;\nZoé;zoe@example.org;\n".encode())
    assert (table.header_row, table.columns) == (4, ["Nom", "Courriel"])
    assert rows_of(table) == [(5, "Zoé", "zoe@example.org")]
    assert [(note.code, note.params) for note in table.notes] == [("rows_above_header", {"count": 2})]


def test_words_of_the_reader_find_the_header():
    content = b"Report,March\nShoe size,Blood group\n42,A\n"
    assert read(content).header_row == 1
    assert read(content, vocabulary={"shoe": ["shoe size"], "blood": ["Blood group"]}).header_row == 2


def test_header_that_comes_twice_is_skipped_the_second_time():
    table = read(b"Name,Email\nA,a@example.org\nNAME,e-mail\nB,b@example.org\n")
    assert rows_of(table) == [(2, "A", "a@example.org"), (4, "B", "b@example.org")]
    assert [(note.code, note.params) for note in table.notes] == [("repeated_header", {"row": 3})]


def test_data_in_the_place_of_a_header_is_noted():
    table = read(b"Amina,amina@example.org\nYusuf,yusuf@example.org\n")
    assert [(note.code, note.params) for note in table.notes] == [
        ("header_like_data", {"row": 1, "value": "amina@example.org"})
    ]


def test_empty_columns_are_dropped_and_nameless_ones_noted():
    table = read(b",name,,email,,\n,A,x,a@example.org,,\n,B,,b@example.org,,\n")
    assert (table.columns, table.letters) == (["name", "", "email"], ["B", "C", "D"])
    assert [(note.code, note.params) for note in table.notes] == [("nameless_column", {"letter": "C"})]


def test_columns_are_matched_forgivingly():
    match = match_columns(
        ["FULL_NAME *", " e mail", "Staff No", "Telephone (required)", "Remarks"], VOCABULARY
    )
    assert match.matched == {"name": 0, "email": 1, "staff_number": 2, "phone": 3}
    assert match.unmatched == [UnmatchedColumn(4, "Remarks")]
    assert match.duplicates == {}


def test_columns_are_matched_in_every_spelling_of_arabic():
    match = match_columns(["الإسم الكامل", "البريد الالكترونى", "الـرقم الوظيفي"], VOCABULARY)
    assert match.matched == {"name": 0, "email": 1, "staff_number": 2}


def test_column_that_comes_twice_is_matched_with_neither():
    match = match_columns(["Name", "Email", "E-mail"], VOCABULARY)
    assert (match.matched, match.duplicates) == ({"name": 0}, {"email": [1, 2]})


def test_hint_in_brackets_does_not_make_a_second_column():
    match = match_columns(["Full name", "Full name (Arabic)"], VOCABULARY)
    assert (match.matched, match.duplicates) == ({"name": 0}, {})
    assert match.unmatched == [UnmatchedColumn(1, "Full name (Arabic)")]


def test_misspelt_header_is_not_taken_but_named_with_the_closest_word():
    match = match_columns(["Name", "Couriel", ""], VOCABULARY)
    assert match.matched == {"name": 0}
    assert match.unmatched == [UnmatchedColumn(1, "Couriel", "email", "Courriel"), UnmatchedColumn(2, "")]


# Workbooks


def test_merged_title_above_the_header_is_skipped():
    book = workbook(["Liste des participants"], [], ["Nom", "Courriel"], ["Zoé", "zoe@example.org"])
    book.active.merge_cells("A1:B1")
    table = read(saved(book), "liste.xlsx")
    assert (table.kind, table.header_row, table.columns) == ("xlsx", 3, ["Nom", "Courriel"])
    assert rows_of(table) == [(4, "Zoé", "zoe@example.org")]
    assert (table.encoding, table.delimiter, table.sheet, table.sheets) == (None, None, "Sheet", ["Sheet"])
    assert codes(table) == ["rows_above_header"]


def test_cells_of_a_workbook_read_as_a_person_sees_them():
    moment = datetime.datetime.fromisoformat("2026-03-02 09:05")
    book = workbook(
        ["name", "id", "count", "part", "day", "moment", "time", "yes"],
        ["A", "00000042", 42, 4.5, datetime.date(2026, 3, 2), moment, datetime.time(9, 5), True],
        ["B", 42, -7, 0.1 + 0.2, None, moment.replace(second=7), datetime.timedelta(hours=30), False],
    )
    book.active["B3"].number_format = "00000000"
    assert rows_of(read(saved(book), "list.xlsx")) == [
        (2, "A", "00000042", "42", "4.5", "2026-03-02", "2026-03-02 09:05", "09:05", "TRUE"),
        (3, "B", "00000042", "-7", "0.3", "", "2026-03-02 09:05:07", "30:00", "FALSE"),
    ]


def test_number_that_excel_has_shortened_is_noted():
    table = read(saved(workbook(["name", "id"], ["A", 1234567890123456789])), "list.xlsx")
    assert rows_of(table) == [(2, "A", "1234567890123460000")]
    assert [(note.code, note.params) for note in table.notes] == [("digits_lost", {"cell": "B2"})]


def test_hidden_rows_of_a_filter_are_skipped_and_noted():
    book = workbook(["name", "email"], ["A", "a@example.org"], ["B", "b@example.org"], ["C", "c@example.org"])
    book.active.row_dimensions[3].hidden = True
    table = read(saved(book), "list.xlsx")
    assert [row.number for row in table.rows] == [2, 4]
    assert [(note.code, note.params) for note in table.notes] == [("hidden_rows", {"count": 1, "row": 3})]


def test_cells_merged_over_several_rows_are_noted():
    book = workbook(["name", "unit"], ["A", "North"], ["B", None])
    book.active.merge_cells("B2:B3")
    table = read(saved(book), "list.xlsx")
    assert [(note.code, note.params) for note in table.notes] == [
        ("merged_cells", {"cell": "B2:B3", "row": 2})
    ]


def test_first_visible_sheet_with_something_in_it_is_read():
    book = workbook(
        Hidden=[["x", "y"]], Liste=[["name", "email"], ["A", "a"]], Other=[["name", "phone"], ["B", "1"]]
    )
    book["Hidden"].sheet_state = "hidden"
    content = saved(book)
    table = read(content, "list.xlsx")
    assert (table.sheet, table.sheets) == ("Liste", ["Sheet", "Liste", "Other"])
    assert codes(table) == ["other_sheets"]
    assert rows_of(read(content, "list.xlsx", sheet="Other")) == [(2, "B", "1")]
    problem = refused(content, "list.xlsx", sheet="Autre")
    assert (problem.code, problem.params["right"]) == ("sheet_missing", "Sheet, Liste, Other")


def test_old_excel_workbook_is_read():
    table = read(XLS, "liste.xls")
    assert (table.kind, table.header_row) == ("xls", 2)
    assert rows_of(table) == [
        (3, "Zoé Traoré", "zoe@example.org", "42", "2026-03-02"),
        (5, "Ousmane", "ousmane@example.org", "00000043", "2026-03-03"),
    ]


def test_ods_is_read_with_its_row_numbers_and_without_hidden_rows():
    empty = '<table:table-row table:number-rows-repeated="2"/>'
    content = ods(
        empty
        + ods_row("Nom", "Courriel")
        + ods_row("Zoé", "zoe@example.org")
        + ods_row("Caché", "cache@example.org", attributes='table:visibility="filter"')
        + ods_row("Ousmane", "ousmane@example.org"),
        name="L&amp;M",
    )
    table = read(content, "liste.ods")
    assert (table.kind, table.sheet, table.header_row) == ("ods", "L&M", 3)
    assert rows_of(table) == [(4, "Zoé", "zoe@example.org"), (6, "Ousmane", "ousmane@example.org")]
    assert codes(table) == ["hidden_rows"]


def test_content_tells_the_kind_whatever_the_name_says():
    table = read(b"name,email\nA,a@example.org\n", "list.xlsx")
    assert table.kind == "csv"
    assert [(note.code, note.params) for note in table.notes] == [
        ("misnamed", {"extension": "xlsx", "kind": "CSV"})
    ]
    table = read(saved(workbook(["name", "email"], ["A", "a@example.org"])), "list.csv")
    assert (table.kind, codes(table)) == ("xlsx", ["misnamed"])


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
            "list.csv reaches down to row 20002; at most 20,000 rows can be read at once. "
            "Split the list into two files, or delete what stands below it."
        )
    with translation.override("fr"):
        assert "20\xa0000" in problem.message


# Cells


def test_text_of_cells_is_made_sane():
    raw = "\u00a0 \u200bZoe\u0301\u00a0Traore\u0301\u200f\u00a0"
    assert tidy(raw) == "Zoé Traoré"
    assert tidy("می\u200cخواهم\u200c") == "می\u200cخواهم"
    assert tidy("\u202a+254 700 000 001\u202c") == "+254 700 000 001"
    assert tidy("one\r\ntwo\u2028three\x0bfour\x07") == "one\ntwo\nthree\nfour"


def test_control_characters_are_taken_out_and_noted():
    table = read(b"name,email\nA\x00mi\x07na,a@example.org\nB,b@example.org\n")
    assert rows_of(table) == [(2, "Amina", "a@example.org"), (3, "B", "b@example.org")]
    assert [(note.code, note.params) for note in table.notes] == [("control_characters", {"cell": "A2"})]


def test_zeros_that_a_power_cut_left_at_the_end_are_taken_out():
    assert rows_of(read(b"name,email\nA,a@example.org\n" + bytes(4000))) == [(2, "A", "a@example.org")]


def test_letters_lost_before_the_upload_are_noted():
    table = read("name,email\nZo\ufffd,a@example.org\nZoÃ©,b@example.org\n".encode())
    assert [(note.code, note.params["cell"], note.params["value"]) for note in table.notes] == [
        ("replacement_characters", "A2", "Zo\ufffd"),
        ("garbled_letters", "A3", "ZoÃ©"),
    ]


# Writing


def test_csv_for_people_opens_in_their_excel():
    content = write_csv(["Nom", "Note"], [["Zoé", "a;b"], ["=1+1", None], ["x", 5]], language="fr")
    assert content == '\ufeff"Nom";"Note"\r\n"Zoé";"a;b"\r\n"\'=1+1";""\r\n"x";"5"\r\n'.encode()
    assert [
        delimiter_for(language) for language in ["en", "fr", "pt-br", "ar", "sw", "zh-hans", "hi"]
    ] == list(",;;;,,,")


@pytest.mark.parametrize(
    "text", ["=1+1", "+254700", "-x", "@x", "\tx", "\rx", "＝1", "a;=cmd", 'a;"=cmd', "a\n=cmd", " =1"]
)
def test_text_that_a_spreadsheet_would_compute_is_written_with_an_apostrophe(text):
    for language in ["en", "fr"]:
        written = write_csv(["name"], [[text]], language=language).decode("utf-8-sig")
        # Whatever the list separator of who opens it, and blind to quotes, no cell starts like a formula.
        for sign in ";,\t":
            for line in written.replace("\r\n", "\n").split("\n"):
                assert not [
                    cell for cell in line.split(sign) if cell.lstrip(' "').startswith(tuple("=+-@＝\t\r"))
                ]


def test_apostrophe_stays_where_it_belongs_to_the_text():
    for text in ["'hello'", "d'Almeida", "O'Neil", "'Abd", "it's -5"]:
        assert cell_text.guard(text) == text
        assert cell_text.unguard(text) == text


def test_workbook_for_people_is_frozen_wide_and_right_to_left():
    rows = [["أمينة", "00000042", 42, datetime.date(2026, 3, 2), "=1+1"]]
    content = write_xlsx(["الاسم", "الرقم", "العدد", "اليوم", "ملاحظات"], rows, rtl=True, title="قائمة: 1/2")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert (sheet.title, sheet.freeze_panes, sheet.sheet_view.rightToLeft) == ("قائمة  1 2", "A2", True)
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [
        ("أمينة", "s"),
        ("00000042", "s"),
        (42, "n"),
        (datetime.datetime.fromisoformat("2026-03-02"), "d"),
        ("=1+1", "s"),
    ]
    assert [cell.quotePrefix for cell in sheet[2]] == [False, False, False, False, True]
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [8, 10]
    assert read(content, "list.xlsx").rows[0].cells == ("أمينة", "00000042", "42", "2026-03-02", "=1+1")


def test_moment_with_a_zone_is_written_in_its_local_time():
    nairobi = datetime.timezone(datetime.timedelta(hours=3))
    content = write_xlsx(["name", "at"], [["A", datetime.datetime(2026, 3, 2, 9, 5, tzinfo=nairobi)]])
    assert rows_of(read(content, "list.xlsx")) == [(2, "A", "2026-03-02 09:05")]


# What holds for any input

TEXT = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("'\"=+-@;,|\t\n\r ＝\u200f\u00a0_x0041éأ"),
    ),
    max_size=30,
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(TEXT, min_size=width, max_size=width).filter(lambda row: any(map(tidy, row))),
        min_size=1,
        max_size=6,
    )
)


def _expected(header, rows):
    """The rows as a reader should find them, without those that repeat the header."""
    return [
        [tidy(cell) for cell in row] for row in rows if [spreadsheets.header_key(c) for c in row] != header
    ]


@settings(max_examples=150, deadline=None)
@given(rows=TABLES, language=st.sampled_from(["en", "fr"]))
def test_csv_written_reads_back_as_it_was(rows, language):
    header = ["name", "email", "phone", "notes"][: len(rows[0])]
    rows = [[tidy(cell) for cell in row] for row in rows]
    expected = _expected(header, rows)
    if not expected:
        return
    table = read(write_csv(header, rows, language=language), vocabulary={"name": []})
    assert table.columns == header
    assert [list(row.cells) for row in table.rows] == expected


@settings(max_examples=30, deadline=None)
@given(rows=TABLES)
def test_workbook_written_reads_back_as_it_was(rows):
    header = ["name", "email", "phone", "notes"][: len(rows[0])]
    rows = [[tidy(cell) for cell in row] for row in rows]
    expected = _expected(header, rows)
    if not expected:
        return
    table = read(write_xlsx(header, rows), "list.xlsx")
    assert table.columns == header
    assert [list(row.cells) for row in table.rows] == expected


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    content=st.one_of(
        st.binary(max_size=400),
        st.text(max_size=200).map(lambda text: text.encode("utf-8")),
        st.text("ab,;\t\"'\r\n\x00", max_size=60).map(lambda text: text.encode()),
        st.text("ab,;é\n", max_size=60).map(lambda text: text.encode("utf-16")),
    ),
    language=st.sampled_from(["en", "ar", "zh-hans", ""]),
    filename=st.sampled_from(["list.csv", "list.xlsx", "", "../%(x)s.xls"]),
)
def test_reading_any_bytes_raises_nothing_but_a_table_problem(content, language, filename):
    try:
        table = read_table(content, filename=filename, language=language)
        said = table.notes
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
    except TableProblem as problem:
        said = problem.all
    assert all(each.message for each in said)


@settings(max_examples=40, deadline=None)
@given(
    place=st.floats(0, 1),
    junk=st.binary(min_size=1, max_size=8),
    which=st.sampled_from(["xlsx", "xls", "ods"]),
)
def test_reading_a_damaged_workbook_raises_nothing_but_a_table_problem(place, junk, which):
    content = {
        "xlsx": saved(workbook(["name", "email"], ["A", "a@example.org"])),
        "xls": XLS,
        "ods": ods(ods_row("name", "email") + ods_row("A", "a@example.org")),
    }[which]
    at = int(place * len(content))
    try:
        read_table(content[:at] + junk + content[at + len(junk) :], filename=f"list.{which}", language="en")
    except TableProblem:
        return


def test_opening_needs_nothing_of_the_house():
    program = Path(spreadsheets.__file__).with_name("opening.py")
    code = f"import runpy, sys; runpy.run_path({str(program)!r}); print('maarifa' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
