"""Lists to take out: who is in them, what is in them, and that no spreadsheet computes them."""

import csv
import io

import openpyxl
import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.cohorts.models import CohortMember
from maarifa.learning.models import LessonCompletion
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import CohortFactory, CohortMemberFactory, accepted_member, applied, planned
from tests.factories.learning import MONDAY, RIGHT, read_lesson, send_answers, start_quiz

FORMULAS = ['=HYPERLINK("http://evil.example.org";"x")', "+254700", "-1+1", "@SUM(A1)", "\t=1", "＝1"]


def read(response) -> list[list]:
    """The rows of the file, the header first."""
    if response["Content-Type"].startswith("text/csv"):
        text = response.content.decode("utf-8-sig")
        delimiter = ";" if text.split("\r\n")[0].count('";"') else ","
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    return [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.fixture(params=["csv", "xlsx"])
def export(request, browser, here):
    return lambda name="export": browser.get(f"{here}{name}.{request.param}")


def test_export_has_everybody_with_what_the_institution_may_see(export, cohort, coordinator):
    amina = accepted_member(cohort=cohort, given_name="Amina", email="amina@example.org", staff_number="007")
    read_lesson(amina.enrolment, "first")
    send_answers(start_quiz(amina.enrolment), RIGHT)
    CohortMemberFactory(cohort=cohort, given_name="Ines", email="ines@example.org")
    accepted_member(
        cohort=CohortFactory(unit=cohort.unit, course=cohort.course), given_name="Of another cohort"
    )
    response = export()
    header, *rows = read(response)
    assert header[:5] == ["Name", "E-mail", "Staff number", "Language", "Status"]
    assert [row[0] for row in rows] == ["Amina", "Ines"]
    assert rows[0][1:5] == ["amina@example.org", "007", "en", "accepted"]
    assert [str(value) for value in rows[0][7:10]] == ["1", "1", "100"]
    assert "attachment" in response["Content-Disposition"]
    assert "autumn." in response["Content-Disposition"]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.actor, entry.action, entry.details) == (
        coordinator,
        "cohort.exported",
        {"cohort": str(cohort.public_id)},
    )


def test_export_shows_nothing_of_who_has_not_accepted_or_has_left(export, cohort):
    for number, fields in enumerate(
        ({"state": "left", "left_at": MONDAY}, {"state": "invited", "accepted_at": None})
    ):
        member = accepted_member(cohort=cohort, given_name=f"Learner {number}")
        read_lesson(member.enrolment, "first")
        send_answers(start_quiz(member.enrolment), RIGHT)
        LessonCompletion.objects.update(late="awaiting")
        CohortMember.objects.filter(pk=member.pk).update(**fields)
    _header, *rows = read(export())
    assert [row[4] for row in rows] == ["left", "invited"]
    for row in rows:
        assert row[6:13] == [""] * 7
        assert "late" not in str(row[13])


def test_export_shows_the_names_that_the_institution_gave_and_none_of_an_account(export, cohort):
    UserFactory(email="there@example.org", proven=True, name="Secret Name", language="ar")
    applied([["Given", f"{who}@example.org", "", "fr"] for who in ("there", "none")], cohort=cohort)
    _header, *rows = read(export())
    there, none = sorted(rows, key=lambda row: row[1], reverse=True)
    assert (there[1], none[1]) == ("there@example.org", "none@example.org")
    assert [value for value in there if value != there[1]] == [value for value in none if value != none[1]]


@pytest.mark.parametrize("formula", FORMULAS)
def test_export_is_computed_by_no_spreadsheet(browser, here, cohort, formula):
    CohortMemberFactory(cohort=cohort, given_name=formula, staff_number=f"{formula}1"[:60])
    text = browser.get(f"{here}export.csv").content.decode("utf-8-sig")
    row = next(csv.reader(io.StringIO(text.split("\r\n", 1)[1])))
    assert row[0].startswith("'")
    assert row[2].startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{here}export.xlsx").content))
    assert {cell.data_type for line in book.active.iter_rows() for cell in line if cell.value} <= {
        "s",
        "n",
        "d",
    }


@pytest.mark.parametrize("formula", FORMULAS[:4])
def test_result_is_computed_by_no_spreadsheet(browser, here, cohort, formula):
    """Cells and headings come from the file of a stranger."""
    content = f"Name,E-mail,{formula.replace(',', ' ')}\n".replace('"', "") + "Fatou,fatou@example.org,=1+1\n"
    roster = planned(content=content.encode(), cohort=cohort)
    text = browser.get(f"{here}roster/{roster.public_id}/result.csv").content.decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]
    book = openpyxl.load_workbook(
        io.BytesIO(browser.get(f"{here}roster/{roster.public_id}/result.xlsx").content)
    )
    assert "f" not in {cell.data_type for line in book.active.iter_rows() for cell in line}


def test_export_can_be_uploaded_again_and_finds_everybody_there(export, cohort):
    for number, name in enumerate(["'Abd", "=Amina", "सीता", "ሰላማዊት"]):
        CohortMemberFactory(cohort=cohort, given_name=name, staff_number=f"00{number}")
    response = export()
    kind = "csv" if response["Content-Type"].startswith("text") else "xlsx"
    roster = planned(content=response.content, cohort=cohort, file_name=f"again.{kind}")
    assert [row.action for row in roster.rows.all()] == ["nothing"] * 4
    assert {row.values["name"] for row in roster.rows.all()} == {"'Abd", "=Amina", "सीता", "ሰላማዊት"}


def test_export_of_nobody_has_its_headings(export):
    assert [len(row) for row in read(export())] == [14]


def test_result_says_what_became_of_each_row(export, cohort, coordinator):
    CohortMemberFactory(cohort=cohort, email="here@example.org")
    rows = [
        ["Fatou", "fatou@example.org", "1", "fr"],
        ["Rakoto", "", "2", ""],
        ["Here", "here@example.org", "", ""],
        ["Ngozi", "ngozi", "", ""],
    ]
    waiting, done = planned(rows, cohort=cohort), applied(rows, cohort=cohort)
    header, *found = read(export(f"roster/{done.public_id}/result"))
    assert header == ["Row", "Name", "E-mail", "Staff number", "Language", "Result", "Reason"]
    assert [(str(row[0]), row[1], row[5]) for row in found] == [
        ("2", "Fatou", "invited"),
        ("3", "Rakoto", "access card created"),
        ("4", "Here", "nothing to do"),
        ("5", "Ngozi", "left out"),
    ]
    assert found[3][6].startswith("“ngozi” has no @.")
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.details["roster"]) == ("roster.exported", str(done.public_id))
    _header, *found = read(export(f"roster/{waiting.public_id}/result"))
    assert [row[5] for row in found][:2] == [
        "planned: invite by e-mail",
        "planned: create an account with an access card",
    ]


def test_exports_are_divided_as_the_readers_excel_expects(browser, here, cohort):
    CohortMemberFactory(cohort=cohort)
    french = browser.get(f"{here}export.csv".replace("/en/", "/fr/")).content.decode("utf-8-sig")
    assert french.split("\r\n")[1].count('";"') > 3
    arabic = browser.get(f"{here}export.xlsx".replace("/en/", "/ar/")).content
    assert openpyxl.load_workbook(io.BytesIO(arabic)).active.sheet_view.rightToLeft is True


def test_exports_cost_the_same_queries_for_one_row_and_three(
    browser, here, cohort, django_assert_num_queries
):
    browser.get(f"{here}export.csv")
    for count in (1, 3):
        while CohortMember.objects.count() < count:
            member = accepted_member(cohort=cohort)
            read_lesson(member.enrolment, "first")
        roster = planned([[f"L{n}", f"l{n}@x.org", "", ""] for n in range(count)], cohort=cohort)
        for kind in ("csv", "xlsx"):
            with django_assert_num_queries(7):
                browser.get(f"{here}export.{kind}")
            with django_assert_num_queries(6):
                browser.get(f"{here}roster/{roster.public_id}/result.{kind}")
