"""Reading workbooks, old and new."""

import datetime

from tests.lib.spreadsheets.tables import (
    XLS,
    codes,
    ods,
    ods_row,
    read,
    refused,
    rows_of,
    saved,
    workbook,
)

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
