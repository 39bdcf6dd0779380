"""What can be wrong with a table, in words for the person who made it."""

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from maarifa.lib.errors import DomainError

# Kinds of file that are no table, as they stand in the sentence of `wrong_kind`.
FOUND = {
    "pdf": _("a PDF document"),
    "image": _("a picture"),
    "word": _("a Word document"),
    "slides": _("a presentation"),
    "document": _("a text document"),
    "numbers": _("a document of Apple Numbers"),
    "xlsb": _("a binary Excel workbook (.xlsb)"),
    "archive": _("an archive of files"),
    "json": _("a JSON file"),
    "xml": _("an XML file"),
    "contacts": _("a file of contact cards"),
    "calendar": _("a calendar"),
    "mail": _("a saved e-mail or web archive"),
    "binary": _("a file of an unknown kind"),
}


class _Words(DomainError):
    """Sentences whose limits are written as the reader's language writes numbers."""

    @property
    def message(self) -> str:
        words = {
            name: number_format(value, use_l10n=True, force_grouping=True)
            if name in {"limit", "length"}
            else value
            for name, value in self.params.items()
        }
        return str(self.MESSAGES[self.code] % words)


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
        "empty_file": _("%(filename)s is empty. Choose the file that holds the list."),
        "no_rows": _(
            "%(filename)s has a header in row %(row)s, but no rows below it. Add one row for each person."
        ),
        "wrong_kind": _(
            "%(filename)s is %(found)s, not a table. Save the list as an Excel workbook (.xlsx) or as CSV, "
            "and choose that file."
        ),
        "html_table": _(
            "%(filename)s is a web page under a spreadsheet's name, as some systems export it. Open it in "
            "Excel or LibreOffice, save it as an Excel workbook (.xlsx), and choose that file."
        ),
        "xml_table": _(
            "%(filename)s is a spreadsheet saved as XML. Open it in Excel or LibreOffice, save it as an "
            "Excel workbook (.xlsx), and choose that file."
        ),
        "old_excel": _(
            "%(filename)s comes from a very old Excel. Open it in Excel or LibreOffice, save it as an Excel "
            "workbook (.xlsx), and choose that file."
        ),
        "encrypted": _(
            "%(filename)s is protected with a password. Save a copy without the password, and choose that "
            "file."
        ),
        "damaged": _(
            "%(filename)s is damaged and cannot be opened. If it still opens in Excel or LibreOffice, "
            "save it again as an Excel workbook (.xlsx); otherwise ask for a new copy."
        ),
        "too_big_inside": _(
            "%(filename)s holds far more than a list, or a cell very far below it or to its right. Copy the "
            "list alone into a new workbook, and choose that file."
        ),
        "unknown_encoding": _(
            "%(filename)s cannot be read as “%(value)s”: no such encoding is known here. Known are: "
            "%(right)s."
        ),
        "undecodable": _(
            "%(filename)s cannot be read as %(encoding)s: row %(row)s holds a byte (%(value)s) that does not "
            "exist there. Choose another encoding, or save the file as “CSV UTF-8”."
        ),
        "bad_delimiter": _(
            "%(filename)s cannot be divided at “%(value)s”. Choose one of these signs: %(right)s"
        ),
        "quote_not_closed": _(
            '%(filename)s, row %(row)s: a quotation mark (") opens a cell and is never closed, so that '
            "the rows after it cannot be told apart. The cell begins with “%(value)s”. Close it or delete "
            "it."
        ),
        "quote_misplaced": _(
            '%(filename)s, row %(row)s: there is text after a closed quotation mark ("). Write a quotation '
            'mark that is part of a cell twice ("").'
        ),
        "too_many_rows": _(
            "%(filename)s reaches down to row %(row)s; at most %(limit)s rows can be read at once. Split the "
            "list into two files, or delete what stands below it."
        ),
        "too_many_columns": _(
            "%(filename)s has something in cell %(cell)s; at most %(limit)s columns can be read. Delete what "
            "stands to the right of the list."
        ),
        "cell_too_long": _(
            "%(filename)s, row %(row)s, column “%(column)s” (cell %(cell)s): the text is %(length)s "
            "characters long, at most %(limit)s are possible. It begins with “%(value)s”."
        ),
        "too_many_cells": _(
            "%(filename)s, row %(row)s: there are %(found)s cells, but the header has %(expected)s. "
            "Beyond the last column stands “%(value)s”. If a cell contains the separator “%(delimiter)s”, "
            "put that cell in quotation marks."
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
            "The file does not say how its letters are written; it was read as %(encoding)s. If names look "
            "wrong, choose another encoding."
        ),
        "misnamed": _("The name ends in .%(extension)s, but the file is %(kind)s. It was read as such."),
        "other_sheets": _("Only the sheet “%(sheet)s” was read. The file also has: %(others)s."),
        "rows_above_header": ngettext_lazy(
            "%(count)s row above the header was skipped.",
            "%(count)s rows above the header were skipped.",
            "count",
        ),
        "hidden_rows": ngettext_lazy(
            "%(count)s hidden row was skipped, the first is row %(row)s. If it belongs to the list, take the "
            "filter off and save the file again.",
            "%(count)s hidden rows were skipped, the first is row %(row)s. If they belong to the list, "
            "take the filter off and save the file again.",
            "count",
        ),
        "repeated_header": _("Row %(row)s repeats the header and was skipped."),
        "header_like_data": _(
            "Row %(row)s was taken for the header, but “%(value)s” looks like a person's data. The first row "
            "must name the columns."
        ),
        "nameless_column": _("Column %(letter)s has no name in the header, so that it is not used."),
        "control_characters": _("Cell %(cell)s held invisible control characters; they were taken out."),
        "replacement_characters": _(
            "Cell %(cell)s holds “%(value)s”: its letters were lost before the file came here. Correct it."
        ),
        "garbled_letters": _(
            "Cell %(cell)s holds “%(value)s”, which looks like letters read in the wrong encoding. "
            "Correct it at the source, or choose another encoding."
        ),
        "digits_lost": _(
            "Cell %(cell)s is a number of more than 15 digits, and Excel has put zeros for the last ones. "
            "Format the column as text and type it again."
        ),
        "merged_cells": _(
            "The cells %(cell)s are merged over several rows; only row %(row)s has their value."
        ),
    }
