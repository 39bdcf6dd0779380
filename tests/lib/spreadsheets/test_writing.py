"""Cells made sane, tables written, and what holds for any input."""

import datetime
import io
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maarifa.lib import spreadsheets
from maarifa.lib.spreadsheets import (
    TableProblem,
    delimiter_for,
    read_table,
    tidy,
    write_csv,
    write_xlsx,
)
from maarifa.lib.spreadsheets import cells as cell_text
from tests.lib.spreadsheets.tables import XLS, ods, ods_row, read, rows_of, saved, workbook

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


def test_number_below_zero_is_a_number_and_no_formula():
    rows = [[-5, -0.25, Decimal("-1.5")], ["-5", "-0.25", "-1.5"]]
    assert write_csv(["=a"], rows) == (
        '\ufeff"\'=a"\r\n"-5","-0.25","-1.5"\r\n"\'-5","\'-0.25","\'-1.5"\r\n'.encode()
    )


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


def test_opening_needs_nothing_of_the_instance():
    program = Path(spreadsheets.__file__).with_name("opening.py")
    code = f"import runpy, sys; runpy.run_path({str(program)!r}); print('maarifa' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
