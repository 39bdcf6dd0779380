"""Reading text: encodings, delimiters, rows and headers."""

import pytest

from maarifa.lib import spreadsheets
from maarifa.lib.spreadsheets import (
    UnmatchedColumn,
    match_columns,
)
from tests.lib.spreadsheets.tables import VOCABULARY, read, refused, rows_of

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
    refusal = refused(b"name,email\nx,z\n", delimiter="ab")
    assert refusal.code == "bad_delimiter"
    assert refusal.message.endswith("comma (,), semicolon (;), vertical bar (|) or tab.")


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
