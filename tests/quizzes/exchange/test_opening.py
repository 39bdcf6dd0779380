"""From bytes to questions: encodings, archives, formats that are recognised, and limits."""

import io
import zipfile

import pytest

from maarifa.lib.spreadsheets import write_csv
from maarifa.quizzes.exchange.formats import read_file
from maarifa.quizzes.exchange.opening import MOST_BYTES, MOST_QUESTIONS
from maarifa.quizzes.exchange.problems import ExchangeError

GIFT = "Où est-il ? {T}\n"
AIKEN = "Which?\nA. one\nB. two\nANSWER: A\n"
XML = (
    '<quiz><question type="truefalse"><questiontext><text>x</text></questiontext>'
    '<answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer>'
    "</question></quiz>"
)


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return out.getvalue()


def damaged(compression):
    """An archive whose file is not what its compression says."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        made.writestr("q.gift", GIFT * 50)
    content = bytearray(out.getvalue())
    # Behind the heading of the file, its name, and the properties of the compression.
    content[50:70] = b"\xff" * 20
    return bytes(content)


def refused(content, name="questions.txt", language="en"):
    with pytest.raises(ExchangeError) as refusal:
        read_file(content, name=name, language=language)
    assert refusal.value.message
    return refusal.value.code


@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (GIFT.encode(), "q.gift", "gift"),
        (GIFT.encode(), "q.txt", "gift"),
        (AIKEN.encode(), "q.txt", "aiken"),
        (XML.encode(), "q.txt", "moodle-xml"),
        (f"\ufeff{XML}".encode(), "q.xml", "moodle-xml"),
        (write_csv(["Kind", "Question", "Correct answer"], [["true or false", "x", "true"]]), "q.txt", "csv"),
        (write_csv(["Kind", "Question", "Correct answer"], [["true or false", "x", "true"]]), "q.csv", "csv"),
        (archive(q__gift=GIFT), "q.zip", "gift"),
        (archive(q__xml=XML, picture__png=b"\x89PNG"), "q.zip", "moodle-xml"),
    ],
)
def test_format_is_recognised(content, name, found):
    file_format, reading = read_file(content, name=name, language="en")
    assert file_format.name == found
    assert len(reading.questions) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_unicode_is_read(encoding):
    text = "\n".join([GIFT] * 8)
    _format, reading = read_file(text.encode(encoding), name="q.gift", language="fr")
    assert [question.stem for question in reading.questions] == ["Où est-il ?"] * 8


def test_code_page_of_the_reader_is_noted():
    _format, reading = read_file("هل هذا صحيح؟ {T}".encode("cp1256"), name="q.gift", language="ar")
    assert [question.stem for question in reading.questions] == ["هل هذا صحيح؟"]
    assert [note.code for note in reading.notes] == ["ENCODING"]


def test_line_ends_of_other_systems():
    _format, reading = read_file(b"One? {T}\r\n\r\nTwo? {F}\r\rThree? {T}", name="q.gift", language="en")
    assert [question.stem for question in reading.questions] == ["One?", "Two?", "Three?"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY"),
        (b"\n \n", "EMPTY"),
        (b"x" * (MOST_BYTES + 1), "TOO_LARGE"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "BINARY"),
        (b"%PDF-1.7\n", "BINARY"),
        (bytes(range(32)) * 20, "BINARY"),
        (b"just some words", "UNKNOWN_FORMAT"),
        (b"// only a comment {\n", "NOTHING_FOUND"),
        (b"\x8d\x8f{T}", "ENCODING"),
        (b"PK\x03\x04 not really", "ZIP_BROKEN"),
        (damaged(zipfile.ZIP_DEFLATED), "ZIP_BROKEN"),
        (damaged(zipfile.ZIP_BZIP2), "ZIP_BROKEN"),
        (damaged(zipfile.ZIP_LZMA), "ZIP_BROKEN"),
        (archive(a__gift=GIFT, b__gift=GIFT), "ZIP_SEVERAL"),
        (archive(a__png=b"x"), "ZIP_SEVERAL"),
        (archive(a__gift=b" " * (MOST_BYTES + 1)), "ZIP_BIG"),
        (("One? {T}\n\n" * (MOST_QUESTIONS + 1)).encode(), "TOO_MANY"),
        (b"{\n\n" * 200_000, "TOO_MANY"),
    ],
)
def test_file_that_cannot_be_read(content, code):
    assert refused(content) == code


def test_name_of_the_file_is_told_and_no_path():
    with pytest.raises(ExchangeError) as refusal:
        read_file(b"", name="C:\\private\\../q.gift", language="en")
    assert refusal.value.message == "q.gift is empty. Choose the file that contains the questions."
