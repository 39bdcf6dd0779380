"""The coordinator's part of the walk, and the spreadsheets that she has at hand."""

import io
import re

from openpyxl import Workbook

HAND = (
    ("No", "Nom complet", "Courriel", "Matricule", "Langue"),
    (1, "Zuberi Mfano", "zuberi.mfano@example.org", "R-001", "en"),
    (2, "Aïssatou Exemple", "aissatou.exemple@example.org", "R-002", "fr"),
    (3, "Léopold Exemple", "leopold.exemple@example.org", "R-003", "fr"),
    (4, "Inês Exemplo", "ines.exemplo@example.org", "R-004", "en"),
    (5, "Joaquín Ejemplo", "joaquin.ejemplo@example.org", "R-005", "en"),
    (6, "Chipo Muenzaniso", "", "R-006", "en"),
    (7, "Ngozi Ọmụmaatụ", "ngozi.omumaatu@example.org", "R-007", "en"),
    # The same person once more in capitals, an address that is none, nobody, and no way to reach somebody.
    (8, "Aïssatou Exemple", "AISSATOU.EXEMPLE@EXAMPLE.ORG", "R-008", "fr"),
    (9, "Fatoumata Exemple", "fatoumata.exemple@example", "R-009", "fr"),
    (10, "", "personne@example.org", "R-010", "fr"),
    (11, "Rakoto Ohatra", "", "", "fr"),
)
SCREEN = (
    ("م", "الاسم الكامل", "البريد الإلكتروني", "الرقم الوظيفي", "اللغة"),
    (1, "سلمى مثال", "salma.mithal@example.org", "R-001", "ar"),
    (2, "يوسف مثال", "youssef.mithal@example.org", "R-002", "ar"),
    (3, "فاطمة الزهراء مثال", "fatima.mithal@example.org", "R-003", "ar"),
    (4, "Aïssatou Exemple", "aissatou.exemple@example.org", "R-004", "fr"),
    (5, "عبد الرحمن مثال", "abdou.mithal@example.org", "R-005", "ar"),
    (6, "ሰላማዊት ምሳሌ", "", "R-006", "ar"),
    (7, "अर्जुन उदाहरण", "arjun.udaharan@example.org", "R-007", "en"),
    (8, "يوسف مثال", "Youssef.Mithal@Example.org", "R-008", "ar"),
    (9, "مريم مثال", "mariam.mithal@", "R-009", "ar"),
    (10, "", "nobody@example.org", "R-010", "ar"),
    (11, "خديجة مثال", "", "", "ar"),
)
PLANNED = {"invite": 6, "card": 1, "nothing": 0, "error": 4}
BROKEN_ROWS = 4


def csv_of_old_excel(rows) -> bytes:
    """As Excel wrote it in Dakar: divided by semicolons, in the code page of Western Europe."""
    lines = [";".join(str(cell) for cell in row) for row in rows]
    return "\r\n".join([*lines, ""]).replace("Ọmụmaatụ", "Omumaatu").encode("cp1252")


def workbook(rows) -> bytes:
    """As a ministry makes it: a title over all columns, an empty row, the headings, then people."""
    book = Workbook()
    sheet = book.active
    sheet.append(["قائمة المشاركين"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
    sheet.append([])
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


class Coordinator:
    def __init__(self, walker):
        self.walker = walker
        self.institution = f"/{walker.language}/institution/"

    def look_at(self, cohort):
        """A group that has been learning for a while."""
        self.walker.go(f"{self.institution}cohorts/{cohort}/")
        assert self._figures()[1] > 0
        self.walker.photograph("cohort", height=860)

    def make_cohort(self, name, *, language):
        """The path of its page."""
        self.walker.go(self.institution)
        self.walker.follow(f"{self.institution}cohorts/new/")
        self.walker.fill(name=name, language=language)
        self.walker.press("form button.arrow")
        assert name in self.walker.text("h1")
        self.cohort = self.walker.path
        return self.cohort

    def upload(self, file_name, content):
        """From the file to the plan, which has written nothing."""
        self.walker.follow(f"{self.cohort}roster/")
        self.walker.page.locator('input[type="file"]').set_input_files(
            {"name": file_name, "mimeType": "application/octet-stream", "buffer": content}
        )
        self.walker.press("form button.arrow")
        assert re.fullmatch(rf"{self.cohort}roster/[0-9a-f-]{{36}}/", self.walker.path)
        assert self._figures() == list(PLANNED.values())
        return self

    def broken_rows(self) -> list[str]:
        """What the plan says of each row that cannot be used, in the order of the file."""
        self.walker.follow(f"{self.walker.path}?show=problems#rows")
        rows = self.walker.page.locator("table.people tbody tr", has=self.walker.page.locator(".bad"))
        return [row.inner_text() for row in rows.all()]

    def apply(self):
        """Say that one knows what is left out, confirm this plan, and watch until every row has its outcome."""
        here = self.walker.path
        for known in self.walker.page.locator("main input[type=checkbox][required]").all():
            known.check()
        self.walker.press('button[value="confirm"]')
        assert self.walker.path == here
        self._wait()
        assert self._figures() == [PLANNED["invite"], PLANNED["card"], 0, PLANNED["error"]]

    def _wait(self):
        """With a script the page goes on by itself; without one, one loads it again."""
        done = self.walker.page.locator(f'main a[href="{self.cohort}cards/"]')
        if self.walker.javascript:
            done.wait_for(timeout=30_000)
            self.walker.look()
            return
        for _ in range(60):
            if done.count():
                return
            self.walker.page.wait_for_timeout(500)
            self.walker.reload()
        raise AssertionError(f"the list was not applied: {self.walker.text()}")

    def _figures(self) -> list[int]:
        """The big numbers of the page, whatever digits they are written in."""
        return [int(figure) for figure in self.walker.page.locator(".tally strong").all_inner_texts()]

    def card_of(self, name) -> tuple[str, str, str]:
        """Address, code and user name of the card that is printed for this person."""
        self.walker.go(f"{self.cohort}cards/")
        card = self.walker.page.locator(".access-card", has_text=name)
        address, username, code, *_more = card.locator("dd bdi").all_inner_texts()
        return address, code, username

    def certificates(self) -> int:
        self.walker.go(self.cohort)
        return self._figures()[3]

    def finished(self) -> list[str]:
        """Who has a certificate, by the name that the institution gave."""
        self.walker.go(self.cohort)
        self.walker.follow(f"{self.cohort}?show=certified")
        return self.walker.page.locator("table.people tbody td:first-child a").all_inner_texts()
