"""Tables and workbooks to read in tests."""

import base64
import io
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pytest

from maarifa.lib.spreadsheets import (
    TableProblem,
    read_table,
)

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
