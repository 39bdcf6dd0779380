"""People, names and languages that a list would lose: said with a number, and blocking until somebody knows."""

import pytest

from maarifa.cohorts import actions
from maarifa.cohorts.actions.problems import said
from maarifa.cohorts.models import CohortMember
from tests.factories.cohorts import csv_of, planned
from tests.factories.learning import MONDAY

OFFICE = "secretariat@example.org"
ARABIC = "Nom;Courriel\nأحمد بن صالح;ahmed@example.org\nفاطمة الزهراء;fatima@example.org\n"


def asked(roster):
    return [said(question["problem"]) for question in roster.questions]


def would_do(roster):
    return [row.action for row in roster.rows.order_by("number")]


def codes(roster, number):
    return [problem["code"] for problem in roster.rows.get(number=number).problems]


def test_people_left_out_are_counted_and_block(cohort):
    bad = [[f"Person {n}", f"person{n}.example.org", "", ""] for n in range(9)]
    roster = planned([["Fatou", "fatou@example.org", "", ""], *bad], cohort=cohort)
    assert asked(roster) == [
        (
            "9 people in this list will be left out, because their rows cannot be used. The reasons are "
            "shown in the rows."
        )
    ]
    told = {"roster": roster, "plan_digest": roster.plan_digest, "by": None, "at": MONDAY}
    with pytest.raises(actions.RosterImportError) as refused:
        actions.confirm_roster(**told, answered=[])
    assert refused.value.code == "UNANSWERED"
    assert actions.confirm_roster(**told, answered=roster.question_keys).stage == "confirmed"


def test_row_that_says_the_same_twice_leaves_nobody_out(cohort):
    same = ["Fatou", "fatou@example.org", "A-1", ""]
    assert asked(planned([same, same], cohort=cohort)) == []
    other = ["Fatou", "fatou@example.org", "A-2", ""]
    assert len(asked(planned([same, other], cohort=cohort))) == 1


def test_common_address_without_numbers_is_asked_about(cohort):
    roster = planned([["Issa", OFFICE, "", ""], ["Léa", OFFICE, "", ""]], cohort=cohort)
    assert asked(roster)[0] == (
        f"“{OFFICE}” appears in 2 rows, for different people. It may be an office address. One invitation will be sent"
        " there, for Issa. The others will be left out. To include everyone, give each person a staff number. Each"
        " person then gets an access card."
    )
    assert (would_do(roster), codes(roster, 3)) == (["invite", "error"], ["address_of_another"])
    said_of_lea = said(roster.rows.get(number=3).problems[0])
    assert ("give each person a staff number" in said_of_lea, "Keep one" in said_of_lea) == (True, False)


def test_nobody_without_a_number_is_written_to_at_a_shared_address(cohort):
    people = [["Issa", OFFICE, "1", ""], ["Léa", OFFICE, "2", ""], ["Awa", OFFICE, "", ""]]
    roster = planned(people, cohort=cohort)
    assert (would_do(roster), codes(roster, 4)) == (["card", "card", "error"], ["shared_needs_number"])


def test_unknown_language_is_a_note_and_the_cohorts_is_used(cohort, coordinator):
    roster = planned([["Inês", "ines@example.org", "", "klingon"]], cohort=cohort)
    assert (would_do(roster), asked(roster), codes(roster, 2)) == (["invite"], [], ["language_unknown"])
    note = said(roster.rows.get().problems[0])
    assert "Messages to this person will be in the language of the cohort, English." in note
    told = {"roster": roster, "plan_digest": roster.plan_digest, "by": coordinator, "at": MONDAY}
    actions.confirm_roster(**told)
    actions.apply_roster(roster_id=roster.pk, at=MONDAY)
    assert CohortMember.objects.get().language == "en"


def test_row_of_too_many_cells_shows_the_name(cohort):
    people = "".join(f"Personne {n};o{n}@example.org\n" for n in range(5))
    roster = planned(
        content=f"Nom;Courriel\n{people}Traoré Léa;lea@example.org;;en congé\n".encode(), cohort=cohort
    )
    row = roster.rows.get(number=7)
    assert (row.action, row.values["name"], row.values["email"]) == ("error", "Traoré Léa", "")


def test_list_without_headings_is_said_in_one_sentence(cohort):
    content = csv_of([["Issa Kaboré", "issa@example.org"]], header=["Léa Traoré", "lea@example.org"])
    roster = planned(content=content, cohort=cohort, file_name="list.csv")
    assert [said(problem) for problem in roster.reading["problems"]] == [
        (
            "list.csv seems to have no heading row: row 1 looks like a person’s data. Add a row above it "
            "with the headings “Name” and “E-mail” or “Staff number”."
        )
    ]


@pytest.mark.parametrize(
    ("surname", "heading", "right"),
    [("Surname", "Other Names", "First name"), ("First name", "Names in full", "Family name")],
)
def test_names_beside_a_surname_are_first_names(cohort, surname, heading, right):
    content = csv_of([["Otieno", "Achieng", "a@example.org"]], header=[surname, heading, "E-mail"])
    (question,) = asked(planned(content=content, cohort=cohort))
    assert f"change its heading to “{right}”" in question


# Letters --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headings", ["Nom;Courriel", "الاسم;البريد"])
def test_arabic_read_as_western_is_said_and_the_other_reading_offered(cohort, headings):
    text = ARABIC.replace("Nom;Courriel", headings)
    roster = planned(content=text.encode("cp1256"), cohort=cohort, language="fr")
    assert roster.reading["encoding"] == "cp1252"
    assert roster.reading["offer"]["encoding"] == "cp1256"
    assert asked(roster)[0] == (
        "Some characters look wrong. The list was read as Windows-1252 (Western) and contains "
        "“ÇáÒåÑÇÁ”. If it is read as Windows-1256 (Arabic), this becomes “الزهراء”."
    )
    again = actions.plan_again(roster=roster, by=None, reading={"encoding": "cp1256"}, at=MONDAY)
    assert (asked(again), "offer" in again.reading) == ([], False)
    assert again.rows.get(number=2).values["name"] == "أحمد بن صالح"


def test_letters_that_do_not_exist_in_the_guess_are_offered_too(cohort):
    content = "Nom;Courriel\nگلنار نوری;g@example.org\n".encode("cp1256", "replace").replace(b"?", b"\xed")
    roster = planned(content=content, cohort=cohort, language="fr")
    assert (roster.reading["problems"][0]["code"], roster.reading["offer"]["encoding"]) == (
        "undecodable",
        "cp1256",
    )


@pytest.mark.parametrize(
    ("text", "language", "written", "offered"),
    [
        ("Nom;Courriel\nOUÉDRAOGO Zoë;z@example.org\n", "ar", "cp1252", "cp1252"),
        ("Nom;Courriel\nИван Петров;i@example.org\n", "fr", "cp1251", "cp1251"),
        ("Nom;Courriel\nOUÉDRAOGO Zoë;z@example.org\nAÏSSÉÏ Créée;c@example.org\n", "fr", "cp1252", None),
        (ARABIC, "ar", "cp1256", None),
        ("Nom;Courriel\nقاسم Kassem;q@example.org\n", "ar", "cp1256", None),
    ],
)
def test_only_letters_that_spell_nothing_are_doubted(cohort, text, language, written, offered):
    roster = planned(content=text.encode(written), cohort=cohort, language=language)
    assert roster.reading.get("offer", {}).get("encoding") == offered
