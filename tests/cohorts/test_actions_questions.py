"""What would be lost without a word: asked, and nothing is applied before somebody says that they know."""

import io

import pytest
from openpyxl import Workbook

from maarifa.cohorts import actions
from maarifa.cohorts.actions.problems import said
from maarifa.cohorts.models import CohortMember, RosterRow
from maarifa.lib.spreadsheets import write_xlsx
from tests.factories.cohorts import csv_of, planned
from tests.factories.learning import MONDAY


def read(text, cohort):
    return planned(content=text.encode(), cohort=cohort, language="fr")


def asked(roster):
    return [said(question["problem"]) for question in roster.questions]


def would_do(roster):
    return [(row.number, row.action) for row in roster.rows.order_by("number")]


def codes(row):
    return [problem["code"] for problem in row.problems]


def test_heading_of_an_official_address_is_read(cohort):
    roster = read(
        "Matricule;Nom;Prénom;E-mail professionnel\n100;KABORÉ;Issa;issa@ministere.example\n"
        "101;TRAORÉ;Léa;lea@ministere.example\n",
        cohort,
    )
    assert (asked(roster), would_do(roster)) == ([], [(2, "invite"), (3, "invite")])


def test_column_of_addresses_under_any_heading_is_asked_about(cohort):
    roster = read("Matricule;Nom;Où écrire\n100;KABORÉ;issa@ministere.example\n", cohort)
    assert asked(roster) == [
        (
            "Column C, “Où écrire”, will not be used, although it contains e-mail addresses such as "
            "“issa@ministere.example”. To use it, change its heading to “E-mail” and upload the list again."
        )
    ]
    nameless = read("Matricule;Nom;\n100;KABORÉ;issa@ministere.example\n", cohort)
    assert [question["problem"]["code"] for question in nameless.questions] == ["unread_addresses_nameless"]


def test_column_whose_heading_speaks_of_names_is_asked_about(cohort):
    roster = read("Nom;Prénoms de l’agent;Courriel\nKABORÉ;Issa;issa@ministere.example\n", cohort)
    assert asked(roster) == [
        "Column B, “Prénoms de l’agent”, will not be used, although its heading suggests “First name”. It contains, "
        "for example, “Issa”. To use it, change its heading to “First name” and upload the list again."
    ]


@pytest.mark.parametrize("heading", ["Nom du service", "Direction", "Observations", "Name of the unit"])
def test_columns_about_something_else_are_not_asked_about(cohort, heading):
    content = csv_of([["Issa", "issa@example.org", "DRH"]], header=["Name", "E-mail", heading])
    assert asked(planned(content=content, cohort=cohort)) == []


def test_sheets_and_rows_that_are_left_out_are_asked_about(cohort):
    book = Workbook()
    for name in ("DRH", "DAF"):
        sheet = book.create_sheet(name)
        sheet.append(["Nom", "Courriel"])
        sheet.append([f"Issa {name}", f"issa.{name}@example.org"])
        sheet.append([f"Léa {name}", f"lea.{name}@example.org"])
    book["DRH"].row_dimensions[3].hidden = True
    file = io.BytesIO()
    book.save(file)
    roster = planned(content=file.getvalue(), cohort=cohort, file_name="list.xlsx")
    assert [question["problem"]["code"] for question in roster.questions] == ["other_sheets", "hidden_rows"]
    assert roster.reading["notes"] == []
    told = {"roster": roster, "plan_digest": roster.plan_digest, "by": None, "at": MONDAY}
    one = {roster.questions[0]["key"]}
    with pytest.raises(actions.RosterImportError) as refused:
        actions.confirm_roster(**told, answered=one)
    assert refused.value.code == "UNANSWERED"
    assert actions.confirm_roster(**told, answered=roster.question_keys).stage == "confirmed"


def test_letters_read_in_the_wrong_encoding_are_asked_about(cohort):
    roster = planned([["KonÃ© ZoÃ«", "zoe@example.org", "", ""]], cohort=cohort)
    assert [question["problem"]["code"] for question in roster.questions] == ["garbled_letters"]


def test_words_for_nothing_are_no_address(cohort):
    roster = read(
        "Nom;Courriel;Matricule\nKoné Zoë;néant;4\nSy Hervé;-;5\nDiallo Issa;N/A;6\nBa;#N/A;7\n", cohort
    )
    rows = list(roster.rows.order_by("number"))
    assert [(row.action, codes(row)) for row in rows] == [("card", ["no_address"])] * 4
    assert said(rows[0].problems[0]) == "“néant” was read as “no e-mail address”."


def test_words_for_nothing_are_no_number_either(cohort):
    roster = read(
        "Nom;Courriel;Matricule\nKoné Zoë;zoe@example.org;néant\nSy Hervé;herve@example.org;néant\nBa;-;-\n",
        cohort,
    )
    rows = list(roster.rows.order_by("number"))
    assert [(row.action, codes(row)) for row in rows] == [
        ("invite", ["no_number"]),
        ("invite", ["no_number"]),
        ("error", ["no_way"]),
    ]


def test_one_row_of_too_many_cells_is_left_out_alone(cohort):
    people = "".join(f"Personne {n};o{n}@ministere.example;\n" for n in range(5))
    strange = "Traoré; Léa;lea.o@ministere.example;;observations : en congé\n"
    roster = read(f"Nom;Courriel;\n{people}{strange}", cohort)
    assert would_do(roster) == [*((n, "invite") for n in range(2, 7)), (7, "error")]
    last = roster.rows.get(number=7)
    assert codes(last) == ["too_many_cells"]
    assert "row 7: there are 5 cells, but the heading row has 3." in said(last.problems[0])
    assert last.values["email"] == ""


def test_address_of_several_people_makes_cards_for_all_once_somebody_knows(cohort, coordinator):
    people = "".join(f"{n};Agent {n};Prénom;secretariat.drh@ministere.example\n" for n in range(1, 5))
    roster = read(f"Matricule;Nom;Prénom;Courriel\n{people}", cohort)
    assert asked(roster) == [
        (
            "“secretariat.drh@ministere.example” appears in 4 rows, for different people. They will get "
            "access cards, and nothing will be sent to this address."
        )
    ]
    assert would_do(roster) == [(n, "card") for n in range(2, 6)]
    told = {"roster": roster, "plan_digest": roster.plan_digest, "by": coordinator, "at": MONDAY}
    for answers in ([], ["nonsense"]):
        with pytest.raises(actions.RosterImportError) as refused:
            actions.confirm_roster(**told, answered=answers)
        assert refused.value.code == "UNANSWERED"
    actions.confirm_roster(**told, answered=roster.question_keys)
    actions.apply_roster(roster_id=roster.pk, at=MONDAY)
    assert CohortMember.objects.filter(cohort=cohort, email="", entry_code__isnull=False).count() == 4


def test_same_person_twice_is_no_shared_address(cohort):
    roster = read("Matricule;Nom;Courriel\n1;Issa;issa@example.org\n1;Issa;issa@example.org\n", cohort)
    assert (asked(roster), would_do(roster)) == ([], [(2, "invite"), (3, "error")])


@pytest.mark.parametrize(
    ("name", "number", "found"),
    [
        ("#N/A", "1", ["cell_error"]),
        ("#NOM?", "1", ["cell_error"]),
        ("-", "1", ["NO_LETTER"]),
        ("0", "1", ["NO_LETTER"]),
        ("TRUE", "1", ["cell_boolean"]),
        ("FAUX", "1", ["cell_boolean"]),
        ("Issa", "2.02401E+11", ["number_shortened"]),
        ("Issa", "2,02401E+11", ["number_shortened"]),
        ("Issa", "#REF!", ["cell_error"]),
        ("Issa", "######", ["cell_error"]),
        ("E. True", "2E", []),
    ],
)
def test_damage_of_spreadsheets_is_named_in_csv_as_in_workbooks(cohort, name, number, found):
    header, row = ["Name", "Staff number"], [name, number]
    for content in (csv_of([row], header=header), write_xlsx(header, [row])):
        row_ = planned(content=content, cohort=cohort).rows.get()
        assert codes(row_) == found
        assert row_.action == (RosterRow.Action.ERROR if found else RosterRow.Action.CARD)
        assert all("%(" not in said(problem) for problem in row_.problems)
