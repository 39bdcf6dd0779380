"""Files as people have them, uploaded by a coordinator who reads French: each fault is said so that she can fix it."""

import codecs
import io
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from maarifa.cohorts import actions
from maarifa.cohorts.models import CohortMember, RosterImport
from tests.cohorts.pages import heading, listed, tallies, words
from tests.factories.cohorts import csv_of

FIXTURES = Path(__file__).parent / "fixtures"
HEADER = ["No", "Nom complet", "Courriel", "Matricule", "Langue"]
ROWS = [
    ["1", "Zuberi Mfano", "zuberi@example.org", "R-001", "en"],
    ["2", "Aïssatou Exemple", "aissatou@example.org", "R-002", "français"],
    ["3", "Léopold Ouédraogo", "leopold@example.org", "R-003", "FR"],
    ["4", "Chipo Muenzaniso", "", "R-004", ""],
    ["5", "Aïssatou Exemple", "AISSATOU@Example.org", "R-005", "fr"],
    ["6", "Fatoumata Exemple", "fatoumata.example.org", "R-006", "fr"],
    ["7", "", "personne@example.org", "R-007", "fr"],
    ["8", "Rakoto Ohatra", "", "", "fr"],
    ["9", "Inês Exemplo", "ines@example.org", "R-009", "klingon"],
]
FIRST = 2
# What the page says of the rows that cannot be used, by the place of the row in ROWS.
FAULTS = {
    4: "Colonne Courriel (cellule C{row}), « AISSATOU@Example.org » : L’adresse « aissatou@example.org » figure déjà à "
    "la ligne {first}. Gardez l’une des deux lignes.",
    5: "Colonne Courriel (cellule C{row}), « fatoumata.example.org » : « fatoumata.example.org » n’a pas de @. Une "
    "adresse s’écrit sous la forme nom@example.org.",
    6: "Colonne Nom complet (cellule B{row}) : Le nom manque. Écrivez-le comme la personne l’écrit. Un seul nom "
    "suffit.",
    7: "Il n’y a ni adresse e-mail ni matricule. Ajoutez une adresse e-mail pour envoyer une invitation, ou un "
    "matricule pour créer une carte d’accès.",
}
# The audit has the upload, and that the coordinator then read the page of the list.
LIST = {"cohorts_rosterimport": 1, "accounts_auditentry": 2}


@pytest.fixture
def coordinator(coordinator):
    coordinator.language = "fr"
    coordinator.save()
    return coordinator


@pytest.fixture
def upload(browser, here, changed):
    """The page that answers; but for the plan itself no table has a row more or less."""
    address = here.replace("/en/", "/fr/") + "roster/"

    def upload(name, content):
        before = changed()
        page = browser.post(address, {"file": SimpleUploadedFile(name, content)}, follow=True)
        after = changed()
        written = {table: n - before.get(table, 0) for table, n in after.items() if n != before.get(table)}
        rows = written.pop("cohorts_rosterrow", 0)
        assert written in (LIST, {})
        assert (rows > 0) <= (written == LIST)
        return page

    return upload


def said(page) -> str:
    return words(page).replace("\u00a0", " ").replace("\u202f", " ")


def workbook(rows, *, title=None) -> bytes:
    """As a ministry makes it: a merged title over all columns, an empty row, the headings, then people."""
    book = openpyxl.Workbook()
    sheet = book.active
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
        sheet.append([])
    for row in rows:
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def old_excel() -> bytes:
    """As Excel writes it in Dakar: semicolons, and the code page of Western Europe."""
    return csv_of(ROWS, header=HEADER, delimiter=";", encoding="cp1252")


def unicode_text() -> bytes:
    """What Excel calls “Unicode text”: UTF-16 with its mark, divided by tabs."""
    return codecs.BOM_UTF16_LE + csv_of(ROWS, header=HEADER, delimiter="\t", encoding="utf-16-le")


@pytest.mark.parametrize(
    ("name", "content", "first"),
    [
        ("liste.csv", old_excel(), 2),
        ("liste.csv", csv_of(ROWS, header=HEADER, delimiter=";", encoding="utf-8-sig"), 2),
        ("liste.csv", csv_of(ROWS, header=HEADER), 2),
        ("liste.txt", unicode_text(), 2),
        ("liste.xlsx", workbook([HEADER, *ROWS]), 2),
        ("liste.xlsx", workbook([HEADER, *ROWS], title="Liste des participants"), 4),
    ],
    ids=["cp1252", "utf-8 with mark", "utf-8", "utf-16", "xlsx", "xlsx with title"],
)
def test_faults_are_named_by_row_cell_and_value_and_the_others_are_applied(
    upload, browser, name, content, first
):
    page = upload(name, content)
    assert heading(page) == "Ce que cette liste va modifier"
    assert tallies(page) == ["4", "1", "0", "4"]
    for place, sentence in FAULTS.items():
        assert f"{first + place} " in said(page)
        assert sentence.format(row=first + place, first=first + 1) in said(page)
    assert said(page).count("✗ inutilisable") == 4
    # A language that this site does not have keeps nobody out: it is said, and with it what is written in instead.
    assert (
        "« klingon » n’est pas une langue de ce site. Les messages à cette personne seront dans la langue de la "
        "cohorte : English."
    ) in said(page)
    roster = RosterImport.objects.get()
    assert [row.number for row in roster.rows.filter(action="error")] == [first + place for place in FAULTS]
    assert "Appliquer 5 lignes, en laisser 4 de côté" in said(page)

    # Whoever applies it has said that they know of the four.
    [question] = roster.questions
    assert question["problem"]["code"] == "left_out"
    assert question["problem"]["params"] == {"count": 4}
    plan = {"action": "confirm", "plan": roster.plan_digest, "known": question["key"]}
    page = browser.post(page.request["PATH_INFO"], plan, follow=True)
    assert heading(page) == "La liste est en cours d’application"
    actions.apply_roster(roster_id=roster.pk)
    page = browser.get(page.request["PATH_INFO"])
    assert (heading(page), tallies(page)) == ("La liste a été appliquée", ["4", "1", "0", "4"])
    assert list(CohortMember.objects.order_by("staff_number").values_list("given_name", "language")) == [
        ("Zuberi Mfano", "en"),
        ("Aïssatou Exemple", "fr"),
        ("Léopold Ouédraogo", "fr"),
        ("Chipo Muenzaniso", "en"),
        ("Inês Exemplo", "en"),
    ]


def test_code_page_that_was_guessed_is_said_and_can_be_chosen(upload):
    page = said(upload("liste.csv", old_excel()))
    assert "Le fichier n’indique pas l’encodage de son texte. Il a été lu en Windows-1252" in page
    assert "Si des noms s’affichent mal, choisissez un autre encodage." in page
    assert "Les noms s’affichent mal ? Changer la façon dont la liste est lue" in page


# Files that cannot be used ----------------------------------------------------------------------------------


def one_row(*header) -> bytes:
    return csv_of([["x"] * len(header)], header=header, delimiter=";", encoding="cp1252")


@pytest.mark.parametrize(
    ("name", "content", "sentences"),
    [
        (
            "villes.csv",
            one_row("Ville", "Pays"),
            [
                "villes.csv n’a pas de colonne pour les noms. Écrivez le titre « Nom » au-dessus des noms, ou "
                "« Prénom » et « Nom de famille » au-dessus de deux colonnes.",
                "villes.csv n’a pas de colonne pour les adresses e-mail ni pour les matricules. Ajoutez-en au moins "
                "une, avec le titre « E-mail » ou « Matricule ».",
            ],
        ),
        (
            "liste.csv",
            one_row("Nom", "Pays"),
            ["Ajoutez-en au moins une, avec le titre « E-mail » ou « Matricule »."],
        ),
        (
            "liste.csv",
            one_row("Nom", "Couriel"),
            ["liste.csv : la colonne B a pour titre « Couriel ». Vouliez-vous dire « courriel » ?"],
        ),
        (
            "liste.csv",
            one_row("Nom", "Courriel", "E-mail"),
            ["liste.csv : les colonnes B, C ont toutes pour titre « Courriel »."],
        ),
        ("vide.csv", b"", ["vide.csv est vide. Choisissez le fichier qui contient la liste."]),
        ("vide.xlsx", workbook([[]]), ["vide.xlsx est vide."]),
        (
            "titres.csv",
            csv_of([], header=HEADER, delimiter=";"),
            [
                "titres.csv a des titres à la ligne 1, mais aucune ligne en dessous. Ajoutez une ligne par personne."
            ],
        ),
        (
            "titres.xlsx",
            workbook([HEADER], title="Liste"),
            ["titres.xlsx a des titres à la ligne 3, mais aucune ligne en dessous."],
        ),
        (
            "photo.csv",
            bytes(range(256)) * 20,
            [
                "photo.csv est un fichier d’un type inconnu, pas un tableau. Enregistrez la liste au format Excel "
                "(.xlsx) ou CSV, et choisissez ce fichier."
            ],
        ),
        ("liste.xlsx", b"%PDF-1.7\n%\xe2\xe3", ["liste.xlsx est un document PDF, pas un tableau."]),
        (
            "liste.xlsx",
            workbook([HEADER, *ROWS])[:3000],
            ["liste.xlsx est endommagé et ne peut pas être ouvert."],
        ),
        (
            "secret.xlsx",
            (FIXTURES / "password.xlsx").read_bytes(),
            [
                "secret.xlsx est protégé par un mot de passe. Enregistrez une copie sans le mot de passe, et "
                "choisissez ce fichier."
            ],
        ),
        (
            "liste.csv",
            b'Nom;Courriel\r\n"Fatou;fatou@example.org\r\n',
            ['liste.csv, ligne 2 : un guillemet (") ouvre une cellule', "La cellule commence par « Fatou"],
        ),
        (
            "liste.csv",
            b"Nom;Courriel\r\nFatou;fatou@example.org;de trop\r\n",
            ["liste.csv, ligne 2 : il y a 3 cellules, mais la ligne de titres en a 2.", "« de trop »"],
        ),
        (
            "liste.csv",
            csv_of([["x" * 1001, "fatou@example.org"]], header=["Nom", "Courriel"], delimiter=";"),
            [
                "liste.csv, ligne 2, colonne « Nom » (cellule A2) : le texte compte 1 001 caractères, "
                "mais 1 000 au plus"
            ],
        ),
    ],
)
def test_file_that_cannot_be_used_says_what_to_fix(upload, name, content, sentences):
    page = upload(name, content)
    assert "La liste ne peut pas servir telle quelle" in said(page)
    assert "Personne n’a été ajouté. Corrigez la liste et envoyez-la de nouveau" in said(page)
    for sentence in sentences:
        assert sentence in said(page)
    assert 'value="confirm"' not in page.content.decode()
    assert RosterImport.objects.get().rows.count() == 0


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        (5_000_001, "grande.csv est trop volumineux. La limite est de 5 Mo."),
        (6_500_000, "Le fichier est trop volumineux. La limite est de 5 Mo."),
    ],
)
def test_file_over_the_limit_is_not_even_kept(upload, changed, size, sentence):
    page = upload("grande.csv", b"x" * size)
    assert (page.status_code, changed()) == (422, {})
    assert f"{sentence} Divisez la liste en deux fichiers." in said(page)


def test_file_of_two_megabytes_is_read_and_its_faults_are_said(upload):
    rows = [[f"Personne {n} {'a' * 120}", f"p{n}@example.org"] for n in range(20_001)]
    page = upload("grande.csv", csv_of(rows, header=["Nom", "Courriel"], delimiter=";"))
    assert (
        "grande.csv va jusqu’à la ligne 20002, mais 20 000 lignes au plus peuvent être lues à la fois."
        in said(page)
    )


# Files that look strange and are fine -----------------------------------------------------------------------


def test_old_workbook_under_a_new_name_is_read_and_says_so(upload):
    page = upload("liste.xlsx", (FIXTURES / "excel-97.xls").read_bytes())
    assert "Le fichier a été lu au format XLS, alors que son nom se termine par .xlsx." in said(page)
    assert tallies(page) == ["1", "0", "0", "1"]
    assert "Colonne Courriel (cellule B3), « leopold.exemple » : « leopold.exemple » n’a pas de @." in said(
        page
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_names_of_every_script_are_kept_as_they_are_written(upload, kind):
    names = [
        "محمد الأمين ولد سيدي",
        "ሰላማዊት ምሳሌ",
        "अर्जुन उदाहरण",
        "Ngozi Ọmụmaatụ",
        "Đặng Thị Ví Dụ",
        "Suharto",
    ]
    rows = [[name, "", f"N-{n}"] for n, name in enumerate(names)]
    header = ["Nom", "Courriel", "Matricule"]
    content = (
        csv_of(rows, header=header, encoding="utf-8-sig") if kind == "csv" else workbook([header, *rows])
    )
    page = upload(f"liste.{kind}", content)
    assert (tallies(page), listed(page)) == (["0", "6", "0", "0"], names)
    roster = RosterImport.objects.get()
    actions.confirm_roster(roster=roster, plan_digest=roster.plan_digest, by=None)
    actions.apply_roster(roster_id=roster.pk)
    assert list(CohortMember.objects.order_by("staff_number").values_list("given_name", flat=True)) == names


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        (["Prénom", "Nom", "Courriel"], ["Aïssatou", "Exemple"], "Aïssatou Exemple"),
        (["NOM DE FAMILLE", "PRÉNOMS", "Adresse e-mail"], ["KABORÉ", "Issa Paul"], "Issa Paul KABORÉ"),
        (["Nom et prénoms", "  E-mail :", "x"][:2], ["Ouédraogo Awa"], "Ouédraogo Awa"),
        (["الاسم الأول", "اسم العائلة", "البريد الإلكتروني"], ["سلمى", "مثال"], "سلمى مثال"),
        (["الاسم الكامل", "البريد الالكتروني"], ["يوسف مثال"], "يوسف مثال"),
    ],
)
def test_headings_are_understood_in_the_languages_of_the_lists(upload, header, row, name):
    content = csv_of([[*row, "a@example.org"]], header=header, delimiter=";", encoding="utf-8-sig")
    page = upload("liste.csv", content)
    assert (tallies(page), listed(page)) == (["1", "0", "0", "0"], [name])


def test_fault_of_a_name_in_two_columns_points_at_a_cell(upload):
    content = csv_of([["", "", "a@example.org"]], header=["Prénom", "Nom", "Courriel"], delimiter=";")
    assert "Colonne Nom (cellule B2) : Le nom manque." in said(upload("liste.csv", content))
