"""What a list would do: row by row, with nothing written but the plan."""

import pytest

from maarifa.accounts.models import AuditEntry
from maarifa.cohorts import actions
from maarifa.cohorts.actions.problems import said
from maarifa.cohorts.models import CohortMember, RosterImport, RosterRow
from tests.factories.accounts import UserFactory
from tests.factories.cohorts import (
    CohortFactory,
    CohortMemberFactory,
    accepted_member,
    confirmed,
    csv_of,
    planned,
)
from tests.factories.learning import MONDAY

FATOU = ["Fatou Diop", "fatou@example.org", "A-1", "fr"]


def plan(rows, cohort, **more):
    return list(planned(rows, cohort=cohort, **more).rows.order_by("number"))


def codes(row):
    return [problem["code"] for problem in row.problems]


def problems_of(content, cohort, **more):
    return [
        problem["code"] for problem in planned(content=content, cohort=cohort, **more).reading["problems"]
    ]


# Rows -----------------------------------------------------------------------------------------------------


def test_plan_writes_itself_and_one_line_of_audit_and_nothing_else(cohort, coordinator, changed):
    planned(
        [FATOU, ["Rakoto", "", "A-2", ""], ["", "", "", ""], ["x", "", "", ""]], cohort=cohort, by=coordinator
    )
    assert changed() == {"cohorts_rosterimport": 1, "cohorts_rosterrow": 3, "accounts_auditentry": 1}
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.institution) == (
        coordinator,
        "roster.planned",
        cohort.unit.institution.public_id,
    )


def test_draft_writes_nothing_and_keeping_it_keeps_exactly_it(cohort, changed):
    fields = {"cohort": cohort, "by": None, "file_name": "list.csv", "language": "en", "at": MONDAY}
    draft = actions.draft_roster(content=csv_of([FATOU]), **fields)
    assert (draft.roster.pk, [row.action for row in draft.rows], changed()) == (None, ["invite"], {})
    kept = actions.keep_roster(draft=draft)
    assert kept.plan_digest == planned([FATOU], cohort=cohort).plan_digest
    assert kept.rows.get().values["name"] == "Fatou Diop"


def test_plan_says_what_each_row_would_do(cohort):
    accepted_member(cohort=cohort, email="here@example.org")
    CohortMemberFactory(cohort=cohort, email="", staff_number="a-9", learner=UserFactory())
    rows = [
        FATOU,
        ["Rakoto", "", "A-2", ""],
        ["Here", "HERE@example.org", "", ""],
        ["Also here", "", "A-9", ""],
        ["", "nobody@example.org", "", ""],
    ]
    made = plan(rows, cohort)
    assert [row.action for row in made] == ["invite", "card", "nothing", "nothing", "error"]
    assert [row.number for row in made] == [2, 3, 4, 5, 6]
    assert made[0].values == {
        "name": "Fatou Diop",
        "email": "fatou@example.org",
        "staff_number": "A-1",
        "language": "fr",
    }
    assert made[0].cells == FATOU


@pytest.mark.parametrize(
    ("row", "code", "cell"),
    [
        (["", "a@example.org", "", ""], "no_name", "A2"),
        (["a@example.org", "a@example.org", "", ""], "name_is_address", "A2"),
        (["N" * 201, "a@example.org", "", ""], "too_long", "A2"),
        (["#1", "a@example.org", "", ""], "NO_LETTER", "A2"),
        (["Ngozi", "ngozi", "", ""], "no_at", "B2"),
        (["Ngozi", "", "", ""], "no_way", ""),
        (["Ngozi", "", "9" * 61, ""], "too_long", "C2"),
    ],
)
def test_row_in_error_names_cell_and_value(cohort, row, code, cell):
    (made,) = plan([row], cohort)
    assert (made.action, codes(made)) == ("error", [code])
    (problem,) = made.problems
    assert problem["cell"] == cell
    value = row["ABCD".index(cell[0])] if cell else ""
    assert problem["value"] == value[:80]
    assert "%(" not in said(problem)


def test_name_in_a_list_is_kept_without_what_cannot_be_seen(cohort):
    hidden, turned = plan(
        [["\u3164\u202e", "a@example.org", "", ""], ["Fatou\u202e Diop\u034f", "b@example.org", "", ""]],
        cohort,
    )
    assert (hidden.action, codes(hidden)) == ("error", ["no_name"])
    assert turned.values["name"] == "Fatou Diop"


def test_row_with_several_faults_names_them_all(cohort):
    (made,) = plan([["", "ngozi", "9" * 61, ""]], cohort)
    assert [problem["cell"] for problem in made.problems] == ["A2", "B2", "C2"]


def test_same_person_twice_is_told_by_letter_case_and_number(cohort):
    made = plan(
        [
            FATOU,
            ["fatou  DIOP", "FATOU@Example.org", "", ""],
            ["Rakoto", "", "a-1", ""],
            ["Ngozi", "ngozi@example.org", "ａ-1", ""],
        ],
        cohort,
    )
    assert [row.action for row in made] == ["invite", "error", "error", "error"]
    assert [codes(row) for row in made[1:]] == [
        ["same_address"],
        ["same_staff_number"],
        ["same_staff_number"],
    ]
    assert made[1].problems[0]["params"]["row"] == 2


def test_row_that_joins_two_people_of_the_cohort_is_an_error(cohort):
    CohortMemberFactory(cohort=cohort, email="fatou@example.org", staff_number="A-1")
    CohortMemberFactory(cohort=cohort, email="ngozi@example.org", staff_number="A-2")
    made = plan([["Fatou", "fatou@example.org", "A-2", ""], ["Else", "else@example.org", "A-1", ""]], cohort)
    assert [codes(row) for row in made] == [["two_people"], ["staff_number_held"]]


def test_notes_leave_a_row_usable(cohort):
    CohortMemberFactory(cohort=cohort, email="gone@example.org", state="left", left_at=MONDAY)
    made = plan([["Amina", "amina@gmial.com", "", ""], ["Gone", "gone@example.org", "", ""]], cohort)
    assert [(row.action, codes(row)) for row in made] == [
        ("invite", ["maybe_misspelt_address"]),
        ("nothing", ["has_left"]),
    ]
    assert "amina@gmail.com" in said(made[0].problems[0])


def test_plan_is_the_same_whether_an_account_is_there_or_not(cohort):
    """Proven, unproven, closed or none at all: not a bit of the plan tells."""
    UserFactory(email="proven@example.org", proven=True, name="A secret name")
    UserFactory(email="unproven@example.org", proven=False)
    UserFactory(email="closed@example.org", closed_at=MONDAY)
    rows = [["Same", f"{who}@example.org", "", ""] for who in ("proven", "unproven", "closed", "nobody")]
    made = plan(rows, cohort)
    told = {
        (row.action, row.outcome, str(row.problems), str(row.found), row.member_id, row.values["name"])
        for row in made
    }
    assert told == {("invite", "", "[]", "{'member': ''}", None, "Same")}


@pytest.mark.parametrize(
    ("said_", "code"),
    [
        ("FR", "fr"),
        ("fr-BF", "fr"),
        ("Français", "fr"),
        ("francais", "fr"),
        ("العربية", "ar"),
        ("Anglais", "en"),
    ],
)
def test_language_is_read_as_people_write_it(cohort, said_, code):
    (made,) = plan([["Fatou", "fatou@example.org", "", said_]], cohort)
    assert made.values["language"] == code


# Columns --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        (["Prénom", "Nom", "Courriel"], ["Aïssatou", "Exemple", "a@example.org"], "Aïssatou Exemple"),
        (["First name", "Surname", "Mail"], ["Zuberi", "Mfano", "a@example.org"], "Zuberi Mfano"),
        (["Nom", "Courriel"], ["Rakoto", "a@example.org"], "Rakoto"),
        (["NOM ET PRÉNOMS", "E-mail (pro)"], ["KABORÉ Issa", "a@example.org"], "KABORÉ Issa"),
        (["الاسم الكامل", "البريد الإلكتروني"], ["سلمى مثال", "a@example.org"], "سلمى مثال"),
        (["Matricule", "Nom complet"], ["007", "ሰላማዊት ምሳሌ"], "ሰላማዊት ምሳሌ"),
        (["First name", "Family name", "Email"], ["", "Suharto", "a@example.org"], "Suharto"),
    ],
)
def test_columns_are_found_by_what_people_call_them(cohort, header, row, name):
    (made,) = plan(None, cohort, content=csv_of([row], header=header))
    assert made.values["name"] == name
    assert made.action in ("invite", "card")


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["Ville", "Pays"], ["no_name_column", "no_way_column"]),
        (["Nom", "Pays"], ["no_way_column"]),
        (["Courriel", "Pays"], ["no_name_column"]),
        (["Nom", "Couriel"], ["misspelt_column"]),
        (["Nom", "Courriel", "E-mail"], ["column_twice"]),
        (["Nom", "Courriel", "Matricul"], ["misspelt_column"]),
    ],
)
def test_columns_that_lack_or_mislead_stop_the_whole_list(cohort, header, found):
    assert problems_of(csv_of([["a"] * len(header)], header=header), cohort) == found
    assert RosterRow.objects.count() == 0


def test_columns_that_are_not_used_are_noted(cohort):
    content = csv_of([["Fatou", "a@example.org", "Dakar"]], header=["Nom", "Courriel", "Ville"])
    roster = planned(content=content, cohort=cohort)
    assert [note["code"] for note in roster.reading["notes"]] == ["unused_columns"]


def test_file_that_cannot_be_read_makes_a_plan_without_rows(cohort, changed):
    assert problems_of(b"", cohort) == ["empty_file"]
    assert problems_of(b"%PDF-1.7\n", cohort, file_name="list.pdf") == ["wrong_kind"]
    assert changed() == {"cohorts_rosterimport": 2, "accounts_auditentry": 2}


# Again, and aside -----------------------------------------------------------------------------------------


def test_plan_again_reads_the_same_file_another_way(cohort, coordinator):
    content = csv_of([["Tomás", "tomas@example.org"]], header=["Nom", "Courriel"], encoding="cp1252")
    roster = planned(content=content, cohort=cohort, language="ar")
    assert roster.rows.get().values["name"] != "Tomás"
    again = actions.plan_again(roster=roster, by=coordinator, reading={"encoding": "cp1252", "sheet": ""})
    assert again.rows.get().values["name"] == "Tomás"
    assert again.plan_digest != roster.plan_digest
    kept = RosterImport.objects.get()
    assert (kept.plan_digest, kept.reading["chosen"]) == (again.plan_digest, {"encoding": "cp1252"})


def test_plan_again_is_refused_once_confirmed_or_put_aside(cohort):
    roster = confirmed([FATOU], cohort=cohort)
    aside = planned([FATOU], cohort=cohort)
    assert actions.discard_roster(roster=aside, by=None) is True
    assert actions.discard_roster(roster=aside, by=None) is False
    assert actions.discard_roster(roster=roster, by=None) is False
    for one in (roster, aside):
        with pytest.raises(actions.RosterImportError) as refused:
            actions.plan_again(roster=one, by=None, reading={"delimiter": ";"})
        assert refused.value.code == "NOT_PLANNED"
    assert roster.rows.count() == 1


def test_discard_forgets_file_and_rows(cohort):
    roster = planned([FATOU], cohort=cohort)
    actions.discard_roster(roster=roster, by=None)
    roster.refresh_from_db()
    assert (roster.stage, bytes(roster.file), roster.rows.count()) == ("discarded", b"", 0)


def test_plan_is_refused_where_nobody_can_be_invited(cohort, changed):
    course, institution = cohort.course, cohort.unit.institution

    def refusal():
        with pytest.raises(actions.RosterImportError) as refused:
            planned([FATOU], cohort=cohort)
        return refused.value.code, "%(" in refused.value.message

    course.retired_at = MONDAY
    assert refusal() == ("NOT_PUBLISHED", False)
    institution.retired_at = MONDAY
    assert refusal() == ("INSTITUTION_RETIRED", False)
    cohort.retired_at = MONDAY
    assert refusal() == ("RETIRED", False)
    assert changed() == {}


def test_planning_costs_the_same_queries_for_one_row_and_three(cohort, django_assert_num_queries):
    rows = [[f"Learner {n}", f"learner{n}@example.org", "", ""] for n in range(3)]
    planned(rows, cohort=cohort)
    for count in (1, 3):
        with django_assert_num_queries(6):
            planned(rows[:count], cohort=cohort)
    assert CohortMember.objects.count() == 0


def test_plan_of_one_cohort_knows_nothing_of_another(cohort):
    other = CohortFactory(unit=cohort.unit, course=cohort.course)
    accepted_member(cohort=other, email="fatou@example.org", staff_number="A-1")
    (made,) = plan([FATOU], cohort)
    assert (made.action, made.found) == ("invite", {"member": ""})
