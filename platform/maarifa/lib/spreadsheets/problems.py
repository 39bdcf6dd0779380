"""What can be wrong with a table, in words for the person who made it."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from maarifa.lib.errors import DomainError

# Kinds of file that are no table, as they stand in the sentence of `wrong_kind`.
FILE_KINDS = {
    "pdf": _("a PDF document"),
    "image": _("a picture"),
    "word": _("a Word document"),
    "slides": _("a presentation"),
    "document": _("a text document"),
    "numbers": _("an Apple Numbers document"),
    "xlsb": _("a binary Excel workbook (.xlsb)"),
    "archive": _("an archive file"),
    "json": _("a JSON file"),
    "xml": _("an XML file"),
    "contacts": _("a file of contacts"),
    "calendar": _("a calendar file"),
    "mail": _("a saved e-mail or web archive"),
    "binary": _("a file of an unknown kind"),
}


class _Words(DomainError):
    """Sentences whose limits are written as the reader's language writes numbers."""

    @property
    def message(self) -> str:
        values = {
            name: number_format(value, use_l10n=True, force_grouping=True)
            if name in {"limit", "length"}
            else value
            for name, value in self.params.items()
        }
        return str(self.MESSAGES[self.code] % values)


class TableProblem(_Words):
    """A file cannot be read as a table. Always names the file; where there is one, the row, cell and value.

    `more` holds the further problems of the same kind that the same reading found, so that a person can fix
    them all at once; `all` is this one and those.
    """

    more: tuple["TableProblem", ...] = ()

    MESSAGES = {
        "file_too_large": _(
            "%(filename)s is too large: a file may have at most %(limit)s kB. Split the list into two files, "
            "or delete the sheets and pictures that are not part of it."
        ),
        "empty_file": _("%(filename)s is empty. Choose the file that contains the list."),
        "no_rows": _(
            "%(filename)s has headings in row %(row)s, but no rows below them. Add one row for each person."
        ),
        "wrong_kind": _(
            "%(filename)s is %(found)s, not a table. Save the list as an Excel workbook (.xlsx) or as CSV, "
            "and choose that file."
        ),
        "html_table": _(
            "%(filename)s is a web page named as a spreadsheet: some systems export lists this way. "
            "Open it in Excel or LibreOffice, save it as an Excel workbook (.xlsx), and choose that "
            "file."
        ),
        "xml_table": _(
            "%(filename)s is a spreadsheet saved as XML. Open it in Excel or LibreOffice, save it as an "
            "Excel workbook (.xlsx), and choose that file."
        ),
        "old_excel": _(
            "%(filename)s was saved by a very old version of Excel. Open it in Excel or LibreOffice, "
            "save it as an Excel workbook (.xlsx), and choose that file."
        ),
        "encrypted": _(
            "%(filename)s is protected by a password. Save a copy without the password, and choose that file."
        ),
        "damaged": _(
            "%(filename)s is damaged and cannot be opened. If it still opens in Excel or LibreOffice, "
            "save it again as an Excel workbook (.xlsx). Otherwise ask for a new copy."
        ),
        "too_big_inside": _(
            "%(filename)s contains much more than a list, or has something in a cell far below the "
            "list or far to its right. Copy only the list into a new workbook, and choose that file."
        ),
        "unknown_encoding": _(
            "%(filename)s cannot be read as “%(value)s”, because this encoding is not supported. "
            "Choose one of these: %(right)s."
        ),
        "undecodable": _(
            "%(filename)s cannot be read as %(encoding)s: row %(row)s contains a character (code "
            "%(value)s) that this encoding does not have. Choose another encoding, or save the file as "
            "“CSV UTF-8”."
        ),
        "bad_delimiter": _(
            "%(filename)s cannot be split into columns at “%(value)s”. Choose one of these separators: "
            "comma (,), semicolon (;), vertical bar (|) or tab."
        ),
        "quote_not_closed": _(
            '%(filename)s, row %(row)s: a quotation mark (") opens a cell and is never closed, so the '
            "next rows cannot be read. The cell begins with “%(value)s”. Close the quotation mark, or "
            "delete it."
        ),
        "quote_misplaced": _(
            '%(filename)s, row %(row)s: there is text after a closing quotation mark ("). If a '
            'quotation mark is part of a cell, write it twice ("").'
        ),
        "too_many_rows": _(
            "%(filename)s reaches down to row %(row)s, but at most %(limit)s rows can be read at once. "
            "Split the list into two files, or delete everything below it."
        ),
        "too_many_columns": _(
            "%(filename)s has something in cell %(cell)s, but at most %(limit)s columns can be read. "
            "Delete everything to the right of the list."
        ),
        "cell_too_long": _(
            "%(filename)s, row %(row)s, column “%(column)s” (cell %(cell)s): the text has %(length)s "
            "characters, but at most %(limit)s are allowed. Shorten it. It begins with “%(value)s”."
        ),
        "too_many_cells": _(
            "%(filename)s, row %(row)s: there are %(found)s cells, but the heading row has "
            "%(expected)s. The text after the last column is “%(value)s”. If a cell contains the "
            "separator “%(delimiter)s”, put that cell in quotation marks."
        ),
        "sheet_missing": _("%(filename)s has no sheet “%(value)s”. Its sheets are: %(right)s."),
    }

    def __init__(
        self, code: str, *, filename: str, more: tuple["TableProblem", ...] = (), **params: Any
    ) -> None:
        super().__init__(code, filename=filename, **params)
        self.more = tuple(more)

    @property
    def all(self) -> tuple["TableProblem", ...]:
        """This problem and the further ones, in the order of the file."""
        return (self, *self.more)


class TableNote(_Words):
    """Something to know about a table that was read: shown beside its preview, never raised."""

    MESSAGES = {
        "encoding_guessed": _(
            "The file does not say which text encoding it uses. It was read as %(encoding)s. If names "
            "look wrong, choose another encoding."
        ),
        "misnamed": _("The file was read as %(kind)s, although its name ends in .%(extension)s."),
        "other_sheets": _("Only the sheet “%(sheet)s” was read. The file also has: %(others)s."),
        "rows_above_header": ngettext_lazy(
            "%(count)s row above the headings was skipped.",
            "%(count)s rows above the headings were skipped.",
            "count",
        ),
        "hidden_rows": ngettext_lazy(
            "%(count)s hidden row was skipped: row %(row)s. If it is part of the list, remove the "
            "filter and save the file again.",
            "%(count)s hidden rows were skipped. The first is row %(row)s. If they are part of the "
            "list, remove the filter and save the file again.",
            "count",
        ),
        "repeated_header": _("Row %(row)s repeats the headings and was skipped."),
        "header_like_data": _(
            "Row %(row)s was read as the heading row, but “%(value)s” looks like a person’s data. The "
            "first row must contain the column headings."
        ),
        "nameless_column": _("Column %(letter)s has no heading, so it is not used."),
        "control_characters": _("Cell %(cell)s contained invisible control characters. They were removed."),
        "replacement_characters": _(
            "Cell %(cell)s contains “%(value)s”. Some of its characters were already lost in the file. "
            "Correct the cell."
        ),
        "garbled_letters": _(
            "Cell %(cell)s contains “%(value)s”, which looks like text read in the wrong encoding. "
            "Choose another encoding, or correct the cell in the file."
        ),
        "digits_lost": _(
            "Cell %(cell)s has a number of more than 15 digits, and Excel has replaced the last digits "
            "with zeros. Format the column as text and enter the number again."
        ),
        "merged_cells": _(
            "The cells %(cell)s are merged across several rows. Only row %(row)s has their value."
        ),
    }
